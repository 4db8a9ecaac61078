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
	// Import is the first import that brought the two together, nil where their names do.
	Import     *ir.Import
	ImportFile *ir.File
	NativeDecl *ir.TypeDecl // for Source Tree
	NativeFile *ir.File
	Targets    TargetSet
	Diffs      []StructDiff
	Why        string // why it was not compared

	named  bool      // the names of the fields agree
	agrees TargetSet // where nothing differs
	trials []trial   // what Try needs; nil where nothing differs
}

type pairKey struct {
	decl   *ir.TypeDecl
	native string
}

// pairSet collects the structs that meet at imports.
type pairSet struct {
	seen map[pairKey]*StructCheck
	all  []*StructCheck
	cmp  comparer
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
		got := s.cmp.of(h, w)
		x.trials = append(x.trials, trial{m.t, h.raw, h.typ, w})
		x.named = x.named || got.named
		if got.diff != nil {
			x.merge(*got.diff, m.t)
		} else {
			x.agrees |= SetOf(m.t)
		}
		for _, n := range got.nested {
			s.add(ch, m, n.h.Type.Rec, n.w.Type.Rec)
		}
	}
}

func (x *StructCheck) merge(d StructDiff, t Target) {
	for i := range x.Diffs {
		if o := &x.Diffs[i]; o.Field == d.Field || o.Kind != TotalSize && d.Kind != TotalSize {
			o.Targets |= SetOf(t)
			return
		}
	}
	d.Targets = SetOf(t)
	x.Diffs = append(x.Diffs, d)
}

// settle drops differences of structs that are not each other's counterpart: their names or those of
// the fields differ, and so do the layouts on every target.
func (x *StructCheck) settle() {
	switch {
	case len(x.Diffs) == 0:
	case x.Import == nil && x.agrees != 0:
		x.Diffs, x.Why = nil, "it may be that of a process of the other width"
	case variant(x.Name, x.Native), !sameName(x.Name, x.Native) && (x.agrees == 0 || !x.named), !x.named && x.agrees == 0:
		x.Diffs, x.Why = nil, "the fields do not correspond"
	}
}

func (s *pairSet) list() []*StructCheck {
	for _, x := range s.all {
		if x.settle(); len(x.Diffs) == 0 {
			x.trials = nil
		}
	}
	sort.SliceStable(s.all, func(i, j int) bool {
		a, b := s.all[i], s.all[j]
		if a.File.Path != b.File.Path {
			return a.File.Path < b.File.Path
		}
		return a.Decl.Span.Start < b.Decl.Span.Start
	})
	return s.all
}
