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
// of them are cdecl, the others are as well. So are callbacks, if others of the library are said to be: by themselves cdecl
// functions say nothing, as many take callbacks that are CALLBACK, which is stdcall.

// habit is how the imports of one library, and the callbacks that they take, are declared.
type habit struct {
	cdecl int
	plain []declared // those that name no convention
	calls int        // callbacks that are cdecl
	bare  []callback // those that say nothing
	other bool       // some callback is said to be of another convention
	seen  map[*link.Type]bool
}

// callback is a delegate type that a cdecl import takes.
type callback struct {
	t   *link.Type
	imp *ir.Import
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
	for _, ch := range p.ABI.Imports() {
		name, ok := foreign(p, ch)
		if !ok {
			continue
		}
		h := libs[name]
		if h == nil {
			h = &habit{seen: map[*link.Type]bool{}}
			libs[name], order = h, append(order, name)
		}
		switch ch.Import.CallConv {
		case "Cdecl":
			h.cdecl++
			h.callbacks(p, ch)
		case "":
			h.plain = append(h.plain, declared{ch.Import, ch.File})
		}
	}
	for _, name := range order {
		h := libs[name]
		if h.cdecl >= nearlyAll*len(h.plain) {
			for _, d := range h.plain {
				reportPlain(p, d, h.cdecl)
			}
		}
		if h.calls > 0 && !h.other {
			for _, c := range h.bare {
				reportCallback(p, c)
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

// callbacks notes the delegate types that an import takes.
func (h *habit) callbacks(p *rules.Pass, ch *abi.Check) {
	for i := range ch.Import.Params {
		t := p.Program.DelegateParam(ch.Import, ch.File, i)
		if t == nil || h.seen[t] {
			continue
		}
		h.seen[t] = true
		switch attr := ir.Find(t.Parts[0].Attrs, "UnmanagedFunctionPointer"); {
		case attr == nil && len(t.Parts[0].Params) > 0:
			h.bare = append(h.bare, callback{t, ch.Import})
		case attr == nil:
		case len(attr.Args) > 0 && strings.HasSuffix(attr.Args[0].Text, "Cdecl"):
			h.calls++
		default:
			h.other = true
		}
	}
}

func reportCallback(p *rules.Pass, c callback) {
	short := c.t.Name[strings.LastIndexByte(c.t.Name, '.')+1:]
	r := p.ReportAt(c.t.Files[0], c.t.Parts[0].NameSpan, "%s is called back as stdcall, but other callbacks of the library of %s are cdecl: the stack is unbalanced after the callback on 32-bit Windows",
		rules.Quote(short, "the delegate"), rules.Quote(c.imp.Name, "the function"))
	r.Subject, r.Confidence = c.t.Name, rules.Medium
}

func reportPlain(p *rules.Pass, d declared, others int) {
	if len(d.imp.Params) == 0 {
		return // nobody has anything to take off
	}
	r := p.ReportAt(d.file, d.imp.NameSpan, "%s is imported as stdcall, but the %d other imports of its library are cdecl: the stack is unbalanced after the call on 32-bit Windows",
		rules.Quote(d.imp.Name, "the import"), others)
	r.Subject, r.Confidence = d.imp.Name, rules.Medium
}
