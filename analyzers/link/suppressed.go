package link

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Export returns the name of the native function that an import declared in file binds (see
// Target.NativeName), and what the models know of it.
func (p *Program) Export(imp *ir.Import, file *ir.File) (string, *models.Func) {
	return p.export(imp, file)
}

// FactName is the name under which what is known of functions of any library holds for an import: ""
// when it has that of a Windows function, but is of another library. runtime tells whether it is of
// the C runtime of some system.
func (p *Program) FactName(imp *ir.Import, file *ir.File) (name string, runtime bool) {
	name, native := p.export(imp, file)
	for _, lib := range p.libraryFiles(imp, file) {
		runtime = runtime || models.RuntimeLibrary(lib)
	}
	if native == nil && !runtime && p.DB.Func(name) != nil {
		return "", false
	}
	return name, runtime
}

// The attribute, and the calling convention of function pointers, for calls without a GC transition.
const suppressGC = "SuppressGCTransition"

// Suppressed is native code that is called without a GC transition: an import, or a call through a
// function pointer of such a type.
type Suppressed struct {
	File    *ir.File
	Import  *ir.Import     // nil for a function pointer
	Func    *ir.Func       // function pointer: the function that calls it
	Span    ir.Span        // name of the import; the call
	Name    string         // of the native function, see FactName; "" when unknown
	Runtime bool           // it is one of the C runtime
	Bound   *NativeBinding // the C side in the unit, nil if there is none
	// Callback is the parameter through which native code can call back, "" if there is none.
	Callback string
}

// Suppressed returns what is called without a GC transition, by file and place.
func (p *Program) Suppressed() []Suppressed {
	p.suppressed.mu.Lock()
	defer p.suppressed.mu.Unlock()
	if p.suppressed.byFile == nil {
		p.suppressed.byFile = make(map[*ir.File][]Suppressed, len(p.Files))
		p.suppressed.named = slices.ContainsFunc(p.Files, declaresSuppressed)
		p.suppressed.given = p.suppressed.named || slices.ContainsFunc(p.Files, takesSuppressed)
	}
	var out []Suppressed
	for _, f := range p.Files {
		if f.Lang != ir.CSharp {
			continue
		}
		list, ok := p.suppressed.byFile[f]
		if !ok {
			list = p.suppressedIn(f)
			p.suppressed.byFile[f] = list
		}
		out = append(out, list...)
	}
	return out
}

func (p *Program) suppressedIn(f *ir.File) (out []Suppressed) {
	for _, imp := range f.Imports {
		if p.Suppresses(imp) {
			out = append(out, p.suppressedImport(imp, f))
		}
	}
	for _, fn := range f.Funcs {
		if p.suppressed.given || fn.Names(suppressWord) {
			out = p.suppressedCalls(out, fn)
		}
	}
	return out
}

// suppressWord is the word of bodies in which such a type is written.
var suppressWord = []ir.Word{ir.WordOf(suppressGC)}

// takesSuppressed tells whether a function of a file has a parameter of such a type: an argument can get
// it from there without the type being written.
func takesSuppressed(f *ir.File) bool {
	return slices.ContainsFunc(f.Funcs, func(d *ir.Func) bool {
		return slices.ContainsFunc(d.Params, func(v ir.VarID) bool { return strings.Contains(string(d.Var(v).Type), suppressGC) })
	})
}

// declaresSuppressed tells whether something in a file that a call can name has a type of function
// pointers without a GC transition.
func declaresSuppressed(f *ir.File) bool {
	is := func(t ir.Type) bool { return strings.Contains(string(t), suppressGC) }
	return slices.ContainsFunc(f.Fields, func(d *ir.Field) bool { return is(d.Type) }) ||
		slices.ContainsFunc(f.Props, func(d *ir.Prop) bool { return is(d.Type) }) ||
		slices.ContainsFunc(f.Typedefs, func(d *ir.TypedefDecl) bool { return is(d.Type) }) ||
		slices.ContainsFunc(f.Usings, func(d ir.Using) bool { return is(ir.Type(d.Name)) }) ||
		slices.ContainsFunc(f.Funcs, func(d *ir.Func) bool { return is(d.Ret) })
}

// Suppresses tells whether an import is called without a GC transition.
func (p *Program) Suppresses(imp *ir.Import) bool {
	if ir.Find(imp.Attrs, suppressGC) != nil {
		return true
	}
	a := ir.Find(imp.Attrs, "UnmanagedCallConv").Arg("CallConvs")
	return a != nil && strings.Contains(a.Text, "CallConv"+suppressGC)
}

func (p *Program) suppressedImport(imp *ir.Import, f *ir.File) Suppressed {
	s := Suppressed{File: f, Import: imp, Span: imp.NameSpan, Bound: p.NativeOf(imp, f)}
	s.Name, s.Runtime = p.FactName(imp, f)
	for i := range imp.Params {
		if p.callable(scope{f, imp.Owner}, imp.Params[i].Type) {
			s.Callback = imp.Params[i].Name
			break
		}
	}
	return s
}

// callable tells whether t is a delegate or function pointer type.
func (p *Program) callable(sc scope, t ir.Type) bool {
	if strings.HasPrefix(string(t), "delegate*") {
		return true
	}
	if ut := p.unitType(sc, t); ut != nil {
		return ut.Kind == ir.TypeDelegate
	}
	ext, _ := p.libraryName(t)
	return ext != "" && (p.lib.derives(ext, "Delegate") || p.lib.hasMember(ext, "Invoke"))
}

func (l *library) hasMember(typ, name string) bool {
	_, ok := l.members[typ+"."+name]
	return ok
}

// suppressedCalls adds calls through function pointers whose type says so.
func (p *Program) suppressedCalls(out []Suppressed, f *ir.Func) []Suppressed {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall || in.Call.New {
				continue
			}
			t, export := p.pointerCalled(f, in)
			conv, args, ok := strings.Cut(t, "<")
			if !ok || !strings.HasPrefix(conv, "delegate*") || !strings.Contains(conv, suppressGC) {
				continue
			}
			s := Suppressed{File: f.File, Func: f, Span: in.Span, Name: export()}
			if strings.Contains(args, "delegate*") {
				s.Callback = "a function pointer"
			}
			out = append(out, s)
		}
	}
	return out
}

// pointerCalled is the type of the function pointer that a call goes through, "" if it does not, and
// what tells the export behind it.
func (p *Program) pointerCalled(f *ir.Func, in *ir.Instr) (typ string, export func() string) {
	if in.Call.Fn != 0 {
		return string(p.TypeOf(f, in.Call.Fn)), func() string { return p.lookedUp(f, in.Call.Fn, 0) }
	}
	if in.Call.Recv != 0 || in.Call.Path == "" || !p.suppressed.named {
		return "", nil
	}
	ref := p.Name(f, in.Call.Path)
	return string(ref.Type), func() string {
		if ref.Field == nil {
			return ""
		}
		return p.lookedUpFor(ref.Field, 0)
	}
}
