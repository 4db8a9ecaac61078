package abi

import (
	"sort"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// record lays out a C struct or union.
func (c *ctypes) record(d *link.Type) *Record {
	if r, ok := c.recs[d]; ok {
		return r
	}
	r := &Record{Name: d.Name, Why: "it holds itself"}
	c.recs[d] = r
	if len(d.Parts) == 0 {
		r.Why = "the struct " + d.Name + " is not defined here"
		return r
	}
	r.Decl, r.File, r.Pack, r.Union = d.Parts[0], d.Files[0], d.Parts[0].Pack, d.Kind == ir.TypeUnion
	switch {
	case len(d.Parts) > 1:
		r.Why = "the struct " + d.Name + " is defined several times"
	case conditional(d):
		r.Why = "parts of " + d.Name + " are compiled conditionally"
	case len(d.Fields) == 0:
		r.Why = "the struct " + d.Name + " has no members"
	default:
		root := nest(d.Files[0], d.Parts[0], d.Fields)
		p := &placer{c: c, file: d.Files[0], pack: r.Pack}
		r.Why = p.place(root, 0, r)
		r.Size, r.Align = root.size, root.align
	}
	if r.Why != "" {
		r.Size, r.Align, r.Fields = 0, 0, nil
	}
	return r
}

// node is a record with its own members and the nameless records inside.
type node struct {
	span  ir.Span
	union bool
	items []item
	size  int
	align int
}

type item struct {
	at    uint32
	field *ir.Field
	inner *node
}

// nest sorts the members of a record to the nameless records that hold them.
func nest(file *ir.File, decl *ir.TypeDecl, fields []*ir.Field) *node {
	root := &node{span: decl.Span, union: decl.Kind == ir.TypeUnion}
	nodes := []*node{root}
	for _, d := range file.Types {
		if strings.HasPrefix(d.Name, "$") && d.Flags&ir.Generated != 0 && decl.Span.Contains(d.Span) && d.Span != decl.Span {
			nodes = append(nodes, &node{span: d.Span, union: d.Kind == ir.TypeUnion})
		}
	}
	holder := func(s ir.Span, not *node) *node {
		best := root
		for _, n := range nodes {
			if n != not && n.span.Contains(s) && n.span != s && best.span.Contains(n.span) {
				best = n
			}
		}
		return best
	}
	for _, n := range nodes[1:] {
		h := holder(n.span, n)
		h.items = append(h.items, item{at: n.span.Start, inner: n})
	}
	for _, f := range fields {
		h := holder(f.Span, nil)
		h.items = append(h.items, item{at: f.Span.Start, field: f})
	}
	for _, n := range nodes {
		sort.SliceStable(n.items, func(i, j int) bool { return n.items[i].at < n.items[j].at })
	}
	return root
}

// placer gives offsets to members.
type placer struct {
	c    *ctypes
	file *ir.File
	pack int
}

// bitRun is the storage that bit-fields share.
type bitRun struct {
	unit  int // size of its type in bytes, 0 = none is open
	start int // offset in bytes
	used  int // bits
}

// place lays out n from offset base on, and appends the members to r.
func (p *placer) place(n *node, base int, r *Record) string {
	n.align = 1
	end := 0 // relative to base
	var run bitRun
	for _, it := range n.items {
		if n.union {
			end, run = 0, bitRun{}
		}
		if it.inner != nil {
			run = bitRun{}
			if why := p.inner(n, it.inner, base, &end, r); why != "" {
				return why
			}
		} else if why := p.field(n, it.field, base, &end, &run, r); why != "" {
			return why
		}
		n.size = max(n.size, end)
	}
	n.size = align(n.size, n.align)
	return ""
}

func (p *placer) inner(n, in *node, base int, end *int, r *Record) string {
	var scratch Record
	if why := p.place(in, 0, &scratch); why != "" {
		return why
	}
	at := align(*end, in.align)
	for _, f := range scratch.Fields {
		f.Offset += base + at
		r.Fields = append(r.Fields, f)
	}
	n.align, *end = max(n.align, in.align), at+in.size
	return ""
}

func (p *placer) field(n *node, f *ir.Field, base int, end *int, run *bitRun, r *Record) string {
	ty, count, tail, why := p.fieldType(f)
	if why != "" {
		return "`" + f.Name + "`: " + why
	}
	a := max(ty.Align, 1)
	if p.pack > 0 {
		a = min(a, p.pack)
	}
	if f.Bits != 0 {
		if f.Bits < 0 {
			return "the bit-field `" + f.Name + "` has an unknown width"
		}
		at := p.bits(f.Bits, ty.Size, a, end, run)
		n.align = max(n.align, a)
		if f.Name != "" {
			r.Fields = append(r.Fields, Field{Name: f.Name, Offset: base + at, Type: ty, Bits: f.Bits, Span: f.Span, File: p.file})
		}
		return ""
	}
	*run = bitRun{}
	at := align(*end, a)
	n.align = max(n.align, a)
	out := Field{Name: f.Name, Offset: base + at, Type: ty, Count: count, Span: f.Span, File: p.file}
	if tail {
		r.Tail = true
		r.Fields = append(r.Fields, out)
		*end = at
		return ""
	}
	r.Fields = append(r.Fields, out)
	*end = at + out.Size()
	return ""
}

// bits places a bit-field and returns the offset of its unit. Microsoft's compiler opens a new unit
// when the type's size changes or the unit is full; others let fields of any type share what is left
// as long as no unit is crossed.
func (p *placer) bits(width, unit, a int, end *int, run *bitRun) int {
	if p.c.t.OS == Windows {
		if run.unit != unit || run.used+width > unit*8 {
			*run = bitRun{unit: unit, start: align(*end, a)}
			*end = run.start + unit
		}
		run.used += width
		return run.start
	}
	pos := *end * 8
	if run.unit > 0 {
		pos = run.start*8 + run.used
	}
	if pos/(unit*8) != (pos+width-1)/(unit*8) {
		pos = align(pos, unit*8)
	}
	*run = bitRun{unit: unit, start: 0, used: pos + width}
	*end = (pos + width + 7) / 8
	return pos / (unit * 8) * unit
}

// fieldType is the type of a member, the number of elements of an array, and whether it is one
// without length at the end.
func (p *placer) fieldType(f *ir.Field) (ty Type, count int, tail bool, why string) {
	t := f.Type
	if u := p.c.p.Underlying(&ir.Func{File: p.file}, t); strings.HasSuffix(string(u), "]") {
		t = u
	}
	if !strings.HasSuffix(string(t), "]") {
		ty = p.c.value(p.file, t)
		return ty, 0, false, whyOf(ty)
	}
	elem, n, ok := p.c.cutArray(p.file, string(t))
	ty = p.c.value(p.file, elem)
	if strings.HasSuffix(string(t), "[]") || ok && n == 0 {
		return ty, 1, true, whyOf(ty)
	}
	if !ok {
		return ty, 0, false, "an array of unknown length"
	}
	return ty, n, false, whyOf(ty)
}

func whyOf(t Type) string {
	if t.Kind == Unknown {
		return t.Why
	}
	return ""
}
