package abi

import (
	"sort"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// StructCheck is the comparison of a C# struct with the native one that it stands for.
type StructCheck struct {
	Name   string // of the C# struct
	Native string
	Decl   *ir.TypeDecl
	File   *ir.File
	Source Source
	// Import is the first import that brought the two together.
	Import     *ir.Import
	ImportFile *ir.File
	NativeDecl *ir.TypeDecl // for Source Tree
	NativeFile *ir.File
	Targets    TargetSet
	Diffs      []StructDiff
	Why        string // why it was not compared
}

type pairKey struct {
	decl   *ir.TypeDecl
	native string
}

// pairSet collects the structs that meet at imports.
type pairSet struct {
	seen map[pairKey]*StructCheck
	all  []*StructCheck
}

// note compares the structs behind two parameters, if there are two.
func (s *pairSet) note(ch *Check, m *managed, h, w *Param) {
	he, we := &h.Type, &w.Type
	for he.Kind == Pointer && we.Kind == Pointer && he.Elem != nil && we.Elem != nil {
		he, we = he.Elem, we.Elem
	}
	if he.Rec == nil || we.Rec == nil || he.Rec.Decl == nil {
		return
	}
	s.add(ch, m, he.Rec, we.Rec)
}

func (s *pairSet) add(ch *Check, m *managed, h, w *Record) {
	key := pairKey{h.Decl, w.Name}
	x := s.seen[key]
	if x == nil {
		x = &StructCheck{Name: h.Name, Native: w.Name, Decl: h.Decl, File: h.File, Source: ch.Source, Import: ch.Import, ImportFile: ch.File,
			NativeDecl: w.Decl, NativeFile: w.File}
		s.seen[key] = x
		s.all = append(s.all, x)
	}
	if x.Targets.Has(m.t) {
		return
	}
	x.Targets |= SetOf(m.t)
	switch {
	case h.Why != "":
		x.Why = h.Why
	case w.Why != "":
		x.Why = w.Why
	default:
		for _, d := range CompareStruct(h, w, m.t) {
			x.merge(d, m.t)
		}
	}
}

func (x *StructCheck) merge(d StructDiff, t Target) {
	for i := range x.Diffs {
		if o := &x.Diffs[i]; o.Kind == d.Kind && o.Field == d.Field {
			o.Targets |= SetOf(t)
			return
		}
	}
	d.Targets = SetOf(t)
	x.Diffs = append(x.Diffs, d)
}

func (s *pairSet) list() []*StructCheck {
	sort.SliceStable(s.all, func(i, j int) bool {
		a, b := s.all[i], s.all[j]
		if a.File.Path != b.File.Path {
			return a.File.Path < b.File.Path
		}
		return a.Decl.Span.Start < b.Decl.Span.Start
	})
	return s.all
}
