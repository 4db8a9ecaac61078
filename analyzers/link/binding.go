package link

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Confidence is how sure a binding is.
type Confidence uint8

// The degrees of confidence.
const (
	Low    Confidence = iota + 1 // several C functions that disagree bear the name
	Medium                       // the only C function of that name
	High                         // the library and its export are both known from the build files
)

func (c Confidence) String() string { return [...]string{"none", "low", "medium", "high"}[c] }

// NativeBinding is the C side, in the same unit, of a C# import.
type NativeBinding struct {
	Name string // of the C function, after EntryPoint, decoration and the A/W rules
	// Func is the definition, nil if the unit has only a prototype. Funcs are all definitions that
	// the import may reach, Func first: one for each platform or view of a file. Their parameters
	// agree, unless Confidence is Low.
	Func  *ir.Func
	Funcs []*ir.Func
	Proto *ir.Proto // a declaration without body, nil if there is none
	// File holds Func or, without a definition, Proto.
	File       *ir.File
	Confidence Confidence
	Why        string // half a sentence: "the only C function of that name"
}

// NativeOf returns the C function of the unit that an import declared in file binds, nil if there is
// none. An import of a system library binds nothing here, whatever C functions of that name the tree
// holds (stubs, mocks): Target.Native is what is known of it.
func (p *Program) NativeOf(imp *ir.Import, file *ir.File) *NativeBinding {
	if imp == nil || file == nil || len(p.c.funcs) == 0 && len(p.c.protos) == 0 {
		return nil
	}
	if b, ok := p.bindings.Load(imp); ok {
		return b.(*NativeBinding)
	}
	b, _ := p.bindings.LoadOrStore(imp, p.bindNative(imp, file))
	return b.(*NativeBinding)
}

func (p *Program) bindNative(imp *ir.Import, file *ir.File) *NativeBinding {
	if imp.Library == "" && !imp.LibraryIsName {
		return nil
	}
	libs := p.libraryFiles(imp, file)
	if _, native := p.export(imp, file); native != nil {
		return nil
	}
	for _, lib := range libs {
		if p.isSystem(lib) {
			return nil
		}
	}
	for _, name := range exportNames(imp) {
		if b := p.cExport(name, file); b != nil {
			return b
		}
	}
	return nil
}

// isSystem tells whether lib (see libraryFiles) belongs to the system, whatever it exports.
func (p *Program) isSystem(lib string) bool {
	return strings.HasPrefix(lib, "api-ms-") || strings.HasPrefix(lib, "ext-ms-") || p.modules()[lib]
}

// exportNames are the names under which the runtime looks for the export, in its order.
func exportNames(imp *ir.Import) []string {
	name := imp.EntryPoint
	if name == "" {
		name = imp.Name
	}
	if strings.HasPrefix(name, "#") {
		return nil
	}
	name = undecorate(name)
	switch {
	case imp.ExactSpelling || imp.Generated:
		return []string{name}
	case imp.CharSet == "Unicode" || imp.CharSet == "Auto":
		return []string{name + "W", name}
	}
	return []string{name, name + "A"}
}

// cExport finds the C functions with external linkage of that name.
func (p *Program) cExport(name string, from *ir.File) *NativeBinding {
	b := &NativeBinding{Name: name}
	for _, fn := range p.c.funcs[name] {
		if fn.Flags&ir.Static == 0 && !isHeader(fn.File) {
			b.Funcs = append(b.Funcs, fn)
		}
	}
	for _, pr := range p.c.protos[name] {
		if pr.decl.Flags&ir.Static == 0 {
			b.Proto, b.File = pr.decl, pr.file
			break
		}
	}
	switch {
	case len(b.Funcs) > 0:
		b.Func, b.File = b.Funcs[0], b.Funcs[0].File
	case b.Proto == nil:
		return nil
	}
	b.judge()
	return b
}

// judge fills in how sure it is that the name alone is enough.
func (b *NativeBinding) judge() {
	b.Confidence, b.Why = Medium, "the only C function of that name"
	if len(b.Funcs) == 0 {
		b.Why = "the C function that is declared under that name"
	}
	for _, fn := range b.Funcs[min(1, len(b.Funcs)):] {
		if !sameParams(b.Func, fn) {
			b.Confidence, b.Why = Low, "one of several C functions of that name with different parameters"
			return
		}
		b.Why = "a C function that is defined several times with the same parameters"
	}
}

func sameParams(a, b *ir.Func) bool {
	if len(a.Params) != len(b.Params) {
		return false
	}
	for i := range a.Params {
		if a.Vars[a.Params[i]].Type != b.Vars[b.Params[i]].Type {
			return false
		}
	}
	return true
}

// bindC sets the C side of a call of an import.
func (p *Program) bindC(t *Target, imp *ir.Import, file *ir.File) {
	b := p.NativeOf(imp, file)
	if b == nil || b.Confidence == Low {
		return
	}
	t.Bound, t.CFunc = b, b.Func
}
