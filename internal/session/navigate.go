package session

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/check"
)

// Place is a place in a file.
type Place struct {
	File *source.File
	Span ir.Span
}

// view is the linked program as questions of a user see it.
type view struct {
	prog      *link.Program
	summaries map[*ir.Func]*lifetime.Summary
	life      *lifetime.Result // of a settled result, else nil
	res       *check.Result    // as life
	generated bool
	files     []*source.File
}

// look begins to read the view, with the lowered form of f; nil when there is none yet, or when f is
// not the text of the view. Whoever got a view calls unlook.
func (s *Session) look(f *source.File) (*view, *ir.File) {
	s.viewMu.RLock()
	v := s.view
	if v != nil && f != nil {
		i, ok := findFile(v.files, f.Path)
		if g := v.prog.File(f.Path); ok && g != nil && v.files[i].Hash == f.Hash {
			return v, g
		}
	}
	s.viewMu.RUnlock()
	return nil, nil
}

func (s *Session) unlook() { s.viewMu.RUnlock() }

// named is what stands at a place.
type named struct {
	span   ir.Span
	imp    *ir.Import
	fn     *ir.Func // C
	bound  *link.NativeBinding
	native *models.Func
}

// at finds the import, the call of one, or the C function that is named at an offset.
func (v *view) at(g *ir.File, offset int) named {
	o := ir.Span{Start: uint32(offset), End: uint32(offset)}
	for _, imp := range g.Imports {
		if imp.NameSpan.Contains(o) {
			_, native := v.prog.Export(imp, g)
			return named{span: imp.NameSpan, imp: imp, bound: v.prog.NativeOf(imp, g), native: native}
		}
	}
	for _, f := range g.Funcs {
		if g.Lang == ir.C && f.NameSpan.Contains(o) {
			return named{span: f.NameSpan, fn: f}
		}
		if !f.Span.Contains(o) {
			continue
		}
		for i := range f.Blocks() {
			for j := range f.Blocks()[i].Instrs {
				in := &f.Blocks()[i].Instrs[j]
				if in.Op != ir.OpCall || !in.Call.NameSpan.Contains(o) || in.Call.NameSpan == (ir.Span{}) {
					continue
				}
				t := v.prog.Callee(f, in)
				n := named{span: in.Call.NameSpan, imp: t.Import, bound: t.Bound, native: t.Native}
				if g.Lang == ir.C && len(t.Funcs) > 0 {
					n.fn = t.Funcs[0]
				}
				if n.imp != nil || n.native != nil || n.fn != nil {
					return n
				}
			}
		}
	}
	return named{}
}

// Definition goes from an import, or a call of it, to the C function that it binds; from a call in C
// to the function that is called; from a call of an import without C side to the import.
func (s *Session) Definition(f *source.File, offset int) []Place {
	v, g := s.look(f)
	if v == nil {
		return nil
	}
	defer s.unlook()
	var out []Place
	n := v.at(g, offset)
	switch {
	case n.bound != nil && len(n.bound.Funcs) > 0:
		for _, fn := range n.bound.Funcs {
			out = v.add(out, fn.File, fn.NameSpan)
		}
	case n.bound != nil && n.bound.Proto != nil:
		out = v.add(out, n.bound.File, n.bound.Proto.Span)
	case n.fn != nil:
		out = v.add(out, n.fn.File, n.fn.NameSpan)
	case n.imp != nil:
		for _, at := range v.imports(func(imp *ir.Import, _ *ir.File) bool { return imp == n.imp }) {
			out = v.add(out, at.file, at.imp.NameSpan)
		}
	}
	return out
}

// References goes from a C function to the imports that bind it and to the calls of those; from an
// import or its call to its declaration and its calls.
func (s *Session) References(f *source.File, offset int) []Place {
	v, g := s.look(f)
	if v == nil {
		return nil
	}
	defer s.unlook()
	n := v.at(g, offset)
	wanted := map[*ir.Import]bool{}
	switch {
	case n.fn != nil:
		for _, r := range v.prog.ImportsOf(n.fn) {
			wanted[r.Import] = true
		}
	case n.imp != nil:
		wanted[n.imp] = true
	}
	if len(wanted) == 0 && n.fn == nil {
		return nil
	}
	var out []Place
	for _, at := range v.imports(func(imp *ir.Import, _ *ir.File) bool { return wanted[imp] }) {
		out = v.add(out, at.file, at.imp.NameSpan)
	}
	names := map[string]bool{}
	for imp := range wanted {
		names[imp.Name] = true
	}
	if n.fn != nil {
		names[n.fn.Name] = true
	}
	for _, fn := range v.prog.Funcs() {
		for i := range fn.Blocks() {
			for j := range fn.Blocks()[i].Instrs {
				in := &fn.Blocks()[i].Instrs[j]
				if in.Op != ir.OpCall || !names[in.Call.Name] {
					continue
				}
				t := v.prog.Callee(fn, in)
				if wanted[t.Import] || n.fn != nil && len(t.Funcs) > 0 && t.Funcs[0] == n.fn {
					out = v.add(out, fn.File, in.Call.NameSpan)
				}
			}
		}
	}
	return out
}

type importAt struct {
	imp  *ir.Import
	file *ir.File
}

func (v *view) imports(want func(*ir.Import, *ir.File) bool) (out []importAt) {
	for _, f := range v.prog.Files {
		for _, imp := range f.Imports {
			if want(imp, f) {
				out = append(out, importAt{imp, f})
			}
		}
	}
	return out
}

func (v *view) add(out []Place, f *ir.File, at ir.Span) []Place {
	if i, ok := findFile(v.files, f.Path); ok {
		return append(out, Place{v.files[i], at})
	}
	return out
}
