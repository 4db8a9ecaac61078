package abi

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// namesake is a C# struct that bears the name of a Windows structure, and is taken by no import that was seen.
type namesake struct {
	typ    *link.Type
	native string
	ch     *Check
}

// byName compares the structs that reach native code in another way, by a block of bytes or as part of another
// struct: where one states its layout and all fields bear the names of the Windows structure's, it stands for that.
func (r *Result) byName(pairs *pairSet) {
	bound := r.takenByOthers()
	for key := range pairs.seen {
		bound[key.decl] = true
	}
	named := r.namesakes(bound)
	for _, t := range Targets {
		m := newManaged(r.p, t)
		for _, n := range named {
			if !n.ch.Targets.Has(t) {
				continue
			}
			h, w := m.record(n.typ, false), m.structure(n.native, 0).Rec
			if h.Why == "" && w.Why == "" && sameFields(h, w) {
				pairs.add(n.ch, m, h, w)
			}
		}
	}
}

// takenByOthers are the structs that imports of other libraries than Windows' take, with those that lie in them: what such a
// library means by them counts.
func (r *Result) takenByOthers() map[*ir.TypeDecl]bool {
	taken := map[*ir.TypeDecl]bool{}
	var take func(*ir.Func, ir.Type)
	take = func(scope *ir.Func, t ir.Type) {
		d := r.p.TypeDecl(scope, ir.Type(strings.TrimSuffix(string(t), "[]")))
		if d == nil || d.Kind != ir.TypeStruct || len(d.Parts) == 0 || taken[d.Parts[0]] {
			return
		}
		taken[d.Parts[0]] = true
		for _, f := range d.Fields {
			take(&ir.Func{File: d.Files[0], Owner: d.Name}, f.Type)
		}
	}
	for _, ch := range r.checks {
		if ch.Source == Models {
			continue
		}
		scope := &ir.Func{File: ch.File, Owner: ch.Import.Owner}
		take(scope, ch.Import.Ret)
		for i := range ch.Import.Params {
			take(scope, ch.Import.Params[i].Type)
		}
	}
	return taken
}

func (r *Result) namesakes(bound map[*ir.TypeDecl]bool) (out []namesake) {
	for _, d := range r.p.Types() {
		if d.Kind != ir.TypeStruct || len(d.Parts) == 0 || bound[d.Parts[0]] || layoutOf(d) == "" || slices.ContainsFunc(d.Fields, managedArray) || ownMarshaller(d) {
			continue
		}
		if native := r.nativeName(d); native != "" && native != strings.ToLower(native) { // timeval and its like are as often those of POSIX
			ch := &Check{File: d.Files[0], Source: Models}
			ch.Targets, ch.Stated = r.targets(ch)
			out = append(out, namesake{d, native, ch})
		}
	}
	return out
}

// nativeName is the Windows structure of the same name; where there is one for each kind of text, that which the struct's
// CharSet chooses.
func (r *Result) nativeName(d *link.Type) string {
	name, text := d.Name[strings.LastIndexByte(d.Name, '.')+1:], "A"
	if a := d.Attr("StructLayout").Arg("CharSet"); a != nil && !strings.HasSuffix(a.Text, "Ansi") {
		text = "W"
	}
	for _, try := range []string{name + text, name + "_" + text, name} {
		if r.p.DB.Struct(try) != nil {
			return try
		}
	}
	return ""
}

// ownMarshaller tells whether an attribute of d names a class that converts it.
func ownMarshaller(d *link.Type) bool {
	return slices.ContainsFunc(d.Parts, func(part *ir.TypeDecl) bool {
		return slices.ContainsFunc(part.Attrs, func(a ir.Attr) bool {
			return strings.HasSuffix(a.Name, "Marshaler") || strings.HasSuffix(a.Name, "Marshaller") || strings.HasSuffix(a.Name, "Marshalling")
		})
	})
}

// managedArray tells whether a field is an array of which nothing says how it is marshalled: the struct is converted by hand.
func managedArray(f *ir.Field) bool {
	return f.Flags&(ir.Static|ir.Const|ir.Fixed) == 0 && strings.HasSuffix(string(f.Type), "[]") && marshalling(f.Attrs) == nil
}

// sameFields tells whether all fields, or all but one of many that have the same place, have one of the same name on the other side.
func sameFields(h, w *Record) bool {
	const many = 6
	if len(h.Fields) < 2 || len(h.Fields) != len(w.Fields) {
		return false
	}
	byName, missing, moved := match(h, w), 0, false
	for i := range h.Fields {
		f := byName[&h.Fields[i]]
		switch {
		case f == nil:
			missing++
		case (h.Fields[i].Type.Kind == Float) != (f.Type.Kind == Float):
			return false // a point of another library
		case f != &w.Fields[i]:
			moved = true
		}
	}
	return missing == 0 || missing == 1 && !moved && len(h.Fields) > many
}
