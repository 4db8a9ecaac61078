package abi

import (
	"maps"
	"slices"
	"strconv"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// Change is another way to declare a C# struct, to be tried. The zero value changes nothing.
type Change struct {
	Layout map[string]string      // arguments of StructLayout: Pack, CharSet
	Fields map[string]FieldChange // by name
}

// FieldChange is another way to declare a field. What is not said stays.
type FieldChange struct {
	Type  ir.Type
	As    string // name of the UnmanagedType
	Count int    // elements of an inline array or text
}

// With adds to a change of a field.
func (c Change) With(field string, more FieldChange) Change {
	fields := maps.Clone(c.Fields)
	if fields == nil {
		fields = map[string]FieldChange{}
	}
	f := fields[field]
	if more.Type != "" {
		f.Type = more.Type
	}
	if more.As != "" {
		f.As = more.As
	}
	if more.Count != 0 {
		f.Count = more.Count
	}
	fields[field] = f
	c.Fields = fields
	return c
}

// WithLayout sets an argument of StructLayout.
func (c Change) WithLayout(name, value string) Change {
	layout := maps.Clone(c.Layout)
	if layout == nil {
		layout = map[string]string{}
	}
	layout[name] = value
	c.Layout = layout
	return c
}

// trial is what a struct was compared with on one target.
type trial struct {
	t    Target
	raw  bool
	typ  *link.Type
	with *Record
}

// Try compares a struct with the native one as if it were declared in another way. It returns the first difference on any target,
// nil if there is none, and the index of its field, which is the number of fields for one of the size; not ok where the
// layout cannot be told.
func (r *Result) Try(s *StructCheck, c Change) (first *StructDiff, index int, ok bool) {
	for _, x := range s.trials {
		m := newManaged(r.p, x.t)
		h := m.record(c.apply(x.typ), x.raw)
		if h.Why != "" {
			return nil, 0, false
		}
		d := differs(comparer{}, h, x.with)
		if d == nil {
			continue
		}
		at := slices.IndexFunc(h.Fields, func(f Field) bool { return f.Name == d.Field })
		if at < 0 {
			at = len(h.Fields)
		}
		if first == nil || at < index {
			first, index = d, at
		}
	}
	return first, index, len(s.trials) > 0
}

// differs is the first difference of two structs, or of what they hold.
func differs(c comparer, h, w *Record) *StructDiff {
	got := c.of(h, w)
	if got.diff != nil {
		return got.diff
	}
	for _, n := range got.nested {
		if d := differs(c, n.h.Type.Rec, n.w.Type.Rec); d != nil {
			return d
		}
	}
	return nil
}

// TryImport compares an import with its prototype as if it were declared in another way: the differences on all targets.
func (r *Result) TryImport(ch *Check, imp *ir.Import) (all []Difference) {
	for _, t := range ch.Targets.List() {
		m := newManaged(r.p, t)
		_, diffs, _ := r.closest(ch, m.importFunc(imp, ch.File), m, newCTypes(r.p, t))
		all = append(all, diffs...)
	}
	return all
}

// Pack is the packing of the native struct, 0 if it is laid out by the alignment of its fields.
func (s *StructCheck) Pack() int {
	if len(s.trials) == 0 {
		return 0
	}
	return s.trials[0].with.Pack
}

// Own tells whether a field is one of the struct itself, and the one before it, "" if it is the first.
func (s *StructCheck) Own(name string) (f *ir.Field, before string, ok bool) {
	if len(s.trials) == 0 {
		return nil, "", false
	}
	for _, f := range storage(s.trials[0].typ) {
		if f.Name == name {
			return f, before, true
		}
		before = f.Name
	}
	return nil, "", false
}

// apply makes a declaration with the change.
func (c Change) apply(d *link.Type) *link.Type {
	out := &link.Type{Name: d.Name, Kind: d.Kind, Lang: d.Lang, Flags: d.Flags, Files: d.Files, Bases: d.Bases,
		Parts: slices.Clone(d.Parts), Fields: slices.Clone(d.Fields)}
	for i, f := range out.Fields {
		if x, ok := c.Fields[f.Name]; ok {
			out.Fields[i] = x.apply(f)
		}
	}
	for i, part := range out.Parts {
		if a := ir.Find(part.Attrs, "StructLayout"); a != nil && len(c.Layout) > 0 {
			p := *part
			p.Attrs = slices.Clone(part.Attrs)
			ir.Find(p.Attrs, "StructLayout").Args = withArgs(a.Args, c.Layout)
			out.Parts[i] = &p
			break
		}
	}
	return out
}

func (x FieldChange) apply(f *ir.Field) *ir.Field {
	out := *f
	if x.Type != "" {
		out.Type = x.Type
	}
	args := map[string]string{}
	if x.As != "" {
		args[""] = "UnmanagedType." + x.As
	}
	if x.Count != 0 && f.Flags&ir.Fixed == 0 {
		args["SizeConst"] = strconv.Itoa(x.Count)
	}
	if len(args) == 0 {
		return &out
	}
	out.Attrs = slices.Clone(f.Attrs)
	if ir.Find(out.Attrs, "MarshalAs") == nil {
		out.Attrs = append(out.Attrs, ir.Attr{Name: "MarshalAs"})
	}
	a := ir.Find(out.Attrs, "MarshalAs")
	a.Args = withArgs(a.Args, args)
	return &out
}

// withArgs sets arguments of an attribute.
func withArgs(args []ir.AttrArg, set map[string]string) []ir.AttrArg {
	args = slices.DeleteFunc(slices.Clone(args), func(a ir.AttrArg) bool { _, ok := set[a.Name]; return ok })
	for _, name := range slices.Sorted(maps.Keys(set)) {
		args = append(args, ir.AttrArg{Name: name, Text: set[name]})
	}
	return args
}
