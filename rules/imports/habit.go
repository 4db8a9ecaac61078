package imports

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/rules"
)

// Of a library of which no prototypes are known, the imports themselves say what convention it has: where nearly all
// of them are cdecl, the others and the callbacks that they take are as well.

// habit is how the imports of one library are declared.
type habit struct {
	cdecl int
	plain []declared // those that name no convention
}

type declared struct {
	imp  *ir.Import
	file *ir.File
}

// nearlyAll says how many cdecl imports speak against one that names no convention.
const nearlyAll = 10

// reportHabits reports imports and callbacks that differ from what the other imports of their library say.
func reportHabits(p *rules.Pass) {
	libs, order := map[string]*habit{}, []string(nil)
	told := map[*link.Type]bool{}
	for _, ch := range p.ABI.Imports() {
		name, ok := foreign(p, ch)
		if !ok {
			continue
		}
		h := libs[name]
		if h == nil {
			h = &habit{}
			libs[name], order = h, append(order, name)
		}
		switch ch.Import.CallConv {
		case "Cdecl":
			h.cdecl++
			reportCallbacks(p, ch, told)
		case "":
			h.plain = append(h.plain, declared{ch.Import, ch.File})
		}
	}
	for _, name := range order {
		if h := libs[name]; h.cdecl >= nearlyAll*len(h.plain) {
			for _, d := range h.plain {
				reportPlain(p, d, h.cdecl)
			}
		}
	}
}

// foreign is the library of an import of which nothing is known, for code that may run in 32-bit processes of Windows.
func foreign(p *rules.Pass, ch *abi.Check) (name string, ok bool) {
	if ch.Source != abi.NoSource || ch.Import.Generated || !may32(p, ch.File) {
		return "", false
	}
	libs := p.Program.Libraries(ch.Import, ch.File)
	if len(libs) != 1 || libs[0] == "" || strings.HasPrefix(libs[0], "__") || strings.Contains(libs[0], ".so") || strings.Contains(libs[0], ".dylib") {
		return "", false
	}
	if fn, _ := p.Program.FactName(ch.Import, ch.File); fn == "" || p.Program.DB.Func(fn) != nil {
		return "", false
	}
	return libs[0], true
}

// may32 tells whether a file may be compiled for 32-bit x86 on Windows. New frameworks run as 64-bit processes if nobody
// says otherwise.
func may32(p *rules.Pass, f *ir.File) bool {
	cs := p.Project(f)
	any := false
	for _, t := range cs.Targets() {
		switch {
		case t.OS != "" && t.OS != "any" && t.OS != "win" && t.OS != "windows":
		case t.Arch == "x86":
			return true
		case t.Arch == "":
			any = true
		}
	}
	frameworks := cs.Frameworks()
	for _, fw := range frameworks {
		if any && (fw.Kind == project.NetFramework || fw.Kind == project.NetStandard) {
			return true
		}
	}
	return len(frameworks) == 0
}

// reportCallbacks reports delegate types that a cdecl function calls back by another convention.
func reportCallbacks(p *rules.Pass, ch *abi.Check, told map[*link.Type]bool) {
	for i := range ch.Import.Params {
		t := p.Program.DelegateParam(ch.Import, ch.File, i)
		if t == nil || told[t] || len(t.Parts[0].Params) == 0 || ir.Find(t.Parts[0].Attrs, "UnmanagedFunctionPointer") != nil {
			continue
		}
		told[t] = true
		r := p.ReportAt(t.Files[0], t.Parts[0].NameSpan, "%s is called back as stdcall, but %s, which takes it, is cdecl: the stack is unbalanced after the callback on 32-bit Windows",
			rules.Quote(t.Parts[0].Name[strings.LastIndexByte(t.Parts[0].Name, '.')+1:], "the delegate"), rules.Quote(ch.Import.Name, "the function"))
		r.Subject, r.Confidence = t.Name, rules.Medium
	}
}

func reportPlain(p *rules.Pass, d declared, others int) {
	if len(d.imp.Params) == 0 {
		return // nobody has anything to take off
	}
	r := p.ReportAt(d.file, d.imp.NameSpan, "%s is imported as stdcall, but the %d other imports of its library are cdecl: the stack is unbalanced after the call on 32-bit Windows",
		rules.Quote(d.imp.Name, "the import"), others)
	r.Subject, r.Confidence = d.imp.Name, rules.Medium
}
