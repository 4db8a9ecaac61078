package session

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
)

// Outline is where the members and types of a C# file stand, with their attributes.
type Outline struct {
	Namespaces []string // that using directives name

	members, types, none []ir.Span
}

// Outline is that of a C# file; empty in C, and while the file is not analysed as it stands.
func (s *Session) Outline(f *source.File) *Outline {
	o := &Outline{}
	v, g := s.look(f)
	if v == nil {
		return o
	}
	defer s.unlook()
	if g.Lang != ir.CSharp {
		return o
	}
	for _, u := range g.Usings {
		if u.Alias == "" && !u.Static {
			o.Namespaces = append(o.Namespaces, u.Name)
		}
	}
	for _, d := range g.Funcs {
		switch d.Kind {
		case ir.FuncTopLevel:
			o.none = append(o.none, d.Span)
		case ir.FuncInit, ir.FuncLocal, ir.FuncLambda:
		default:
			o.members = append(o.members, d.Span)
		}
	}
	for _, d := range g.Imports {
		o.members = append(o.members, d.Span)
	}
	for _, d := range g.Props {
		o.members = append(o.members, d.Span)
	}
	for _, d := range g.Fields {
		o.none = append(o.none, d.Span)
	}
	for _, d := range g.Types {
		o.types = append(o.types, d.Span)
	}
	return o
}

// At is the offset (in bytes) at which the member round an offset begins, or, outside of members, the innermost type; false where
// there is neither, in fields and in top-level statements.
func (o *Outline) At(offset int) (start int, ok bool) {
	at := ir.Span{Start: uint32(offset), End: uint32(offset)}
	round := func(list []ir.Span, order func(size int) int) (best ir.Span, ok bool) {
		for _, s := range list {
			if s.Contains(at) && (!ok || order(int(s.End-s.Start)) > order(int(best.End-best.Start))) {
				best, ok = s, true
			}
		}
		return best, ok
	}
	if s, ok := round(o.members, func(size int) int { return size }); ok { // a property, not its accessor
		return int(s.Start), true
	}
	if _, ok := round(o.none, func(size int) int { return size }); ok {
		return 0, false
	}
	s, ok := round(o.types, func(size int) int { return -size })
	return int(s.Start), ok
}
