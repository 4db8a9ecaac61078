package abi

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// layoutOf is the kind of layout that a type states, "" if it states none.
func layoutOf(d *link.Type) string {
	arg := d.Attr("StructLayout").Arg("")
	if arg == nil {
		return ""
	}
	switch text := arg.Text; {
	case strings.HasSuffix(text, "Sequential"), strings.HasSuffix(text, "(short)0"), text == "0":
		return "Sequential"
	case strings.HasSuffix(text, "Explicit"), strings.HasSuffix(text, "(short)2"), text == "2":
		return "Explicit"
	case strings.HasSuffix(text, "Auto"):
		return "Auto"
	}
	return "?"
}

// record lays out a C# struct, or a class with a layout. raw: as its bytes are in memory, not as the
// marshaller copies it.
func (m *managed) record(d *link.Type, raw bool) *Record {
	key := recKey{d, raw}
	if r, ok := m.recs[key]; ok {
		return r
	}
	r := &Record{Name: d.Name[strings.LastIndexByte(d.Name, '.')+1:], Why: "it holds itself", typ: d, raw: raw}
	m.recs[key] = r
	r.Why = m.lay(r, d, raw)
	if r.Why != "" {
		r.Size, r.Align = 0, 0
	}
	return r
}

// lay fills in r; what it returns is why it cannot.
func (m *managed) lay(r *Record, d *link.Type, raw bool) string {
	layout := layoutOf(d)
	switch {
	case layout == "Auto" || layout == "?":
		return "the layout of " + r.Name + " is not stated"
	case conditional(d):
		return "parts of " + r.Name + " are compiled conditionally"
	case len(d.Parts) > 0 && d.Parts[0].TypeParams > 0:
		return r.Name + " is generic"
	}
	at, one := home(d)
	if !one {
		return "the fields of " + r.Name + " are spread over several files"
	}
	r.Decl, r.File = d.Parts[at], d.Files[at]
	s := site{file: r.File, owner: d.Name, raw: raw, field: true, chars: Ansi}
	attr := d.Attr("StructLayout")
	if a := attr.Arg("CharSet"); a != nil {
		s.chars = charset(a.Text[strings.LastIndexByte(a.Text, '.')+1:])
	}
	pack, ok := m.attrInt(s, attr.Arg("Pack"))
	size, ok2 := m.attrInt(s, attr.Arg("Size"))
	if !ok || !ok2 {
		return "the layout of " + r.Name + " could not be computed"
	}
	r.Pack, r.Align, r.Union = pack, 1, layout == "Explicit"
	if d.Kind == ir.TypeClass && len(d.Bases) > 0 && m.p.TypeDecl(s.scope(), ir.Type(d.Bases[0])) != nil {
		return r.Name + " inherits fields"
	}
	for _, f := range storage(d) {
		if why := m.addField(r, s, f, layout == "Explicit"); why != "" {
			return why
		}
	}
	if len(r.Fields) == 0 && size == 0 {
		return r.Name + " has no fields"
	}
	m.inlineArray(r, d, s)
	r.Size = max(align(r.Size, r.Align), size, 1)
	return ""
}

// storage are the fields that take room. The parameters of a primary constructor do only when members
// use them: that is taken to be so where there is no other field.
func storage(d *link.Type) []*ir.Field {
	var out, captured []*ir.Field
	for _, f := range d.Fields {
		switch {
		case f.Flags&(ir.Static|ir.Const) != 0:
		case f.Flags&ir.Generated != 0 && f.Flags&ir.Property == 0 && !strings.HasPrefix(f.Name, "<"):
			captured = append(captured, f)
		default:
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		return captured
	}
	return out
}

// addField places one field at the end of r, or where FieldOffset says.
func (m *managed) addField(r *Record, s site, f *ir.Field, explicit bool) string {
	ty, count := m.fieldType(s, f)
	if ty.Kind == Unknown {
		return "`" + f.Name + "`: " + ty.Why
	}
	a := max(ty.Align, 1)
	if r.Pack > 0 {
		a = min(a, r.Pack)
	}
	at := align(r.Size, a)
	if explicit {
		off := ir.Find(f.Attrs, "FieldOffset")
		n, ok := m.attrInt(s, off.Arg(""))
		if off == nil || !ok {
			return "the offset of `" + f.Name + "` is not known"
		}
		at = n
	}
	out := Field{Name: fieldName(f.Name), Offset: at, Type: ty, Count: count, Span: f.Span, File: s.file}
	r.Fields = append(r.Fields, out)
	r.Align = max(r.Align, a)
	r.Size = max(r.Size, at+out.Size())
	return ""
}

func align(n, a int) int { return (n + a - 1) / max(a, 1) * max(a, 1) }

// fieldName takes the name of an auto-implemented property out of its storage's.
func fieldName(name string) string {
	if rest, ok := strings.CutPrefix(name, "<"); ok {
		name, _, _ = strings.Cut(rest, ">")
	}
	return name
}

// fieldType is the native form of a field, and the number of elements of an inline array.
func (m *managed) fieldType(s site, f *ir.Field) (Type, int) {
	t := string(f.Type)
	if at := strings.IndexByte(t, '['); f.Flags&ir.Fixed != 0 || at > 0 && !strings.HasSuffix(t, "[]") && !strings.Contains(t, ",") {
		if at < 0 {
			return unknown(t, "a buffer of unknown length"), 0
		}
		n, ok := m.number(s, strings.TrimSuffix(t[at+1:], "]"))
		if !ok {
			return unknown(t, "a buffer of unknown length"), 0
		}
		s.raw = true
		return m.value(s, ir.Type(t[:at]), nil), n
	}
	ma := marshalling(f.Attrs)
	if ma == nil || s.raw {
		return m.value(s, f.Type, nil), 0
	}
	switch ma.kind {
	case "ByValTStr":
		n, ok := m.attrInt(s, ma.size)
		if !ok || ma.size == nil || s.chars == NoText {
			return unknown(t, "text of unknown length"), 0
		}
		return m.char(s, "char"), n
	case "ByValArray":
		n, ok := 1, true
		if ma.size != nil {
			n, ok = m.attrInt(s, ma.size)
		}
		at := strings.LastIndexByte(t, '[')
		if !ok || at < 0 {
			return unknown(t, "an array of unknown length"), 0
		}
		var sub *marshalAs
		if ma.sub != "" && ma.sub != "Struct" {
			sub = &marshalAs{kind: ma.sub}
		}
		return m.value(s, ir.Type(t[:at]), sub), n
	case "LPArray":
		return m.t.pointer(nil, t), 0
	}
	return m.value(s, f.Type, ma), 0
}

// inlineArray repeats the only field of a struct with the attribute InlineArray.
func (m *managed) inlineArray(r *Record, d *link.Type, s site) {
	for _, part := range d.Parts {
		if a := ir.Find(part.Attrs, "InlineArray"); a != nil && len(r.Fields) == 1 {
			if n, ok := m.attrInt(s, a.Arg("")); ok && n > 0 {
				r.Fields[0].Count = n
				r.Size = r.Fields[0].Size()
			}
		}
	}
}

// attrInt is the value of an attribute's argument; 0 if there is none.
func (m *managed) attrInt(s site, arg *ir.AttrArg) (int, bool) {
	if arg == nil {
		return 0, true
	}
	if arg.Expr != nil && arg.Expr.Op == ir.OpConst && arg.Expr.Kind == ir.ConstInt {
		return int(arg.Expr.Int), true
	}
	if v, ok := m.p.Eval(s.scope(), arg.Expr); ok {
		return int(v), true
	}
	return m.number(s, arg.Text)
}

// number reads a plain number or the name of a constant.
func (m *managed) number(s site, text string) (int, bool) {
	n, digits := 0, len(text) > 0
	for _, c := range text {
		if c < '0' || c > '9' || n > 1<<28 {
			digits = false
			break
		}
		n = n*10 + int(c-'0')
	}
	if digits {
		return n, true
	}
	v, ok := m.p.Const(s.scope(), text)
	return int(v), ok && v >= 0 && v < 1<<31
}

// conditional tells whether fields of the type depend on conditional compilation.
func conditional(d *link.Type) bool {
	for i, part := range d.Parts {
		for _, f := range d.Fields {
			if part.Span.Contains(f.Span) && armWithin(d.Files[i], part.Span, f.Span) {
				return true
			}
		}
	}
	return false
}

// armWithin tells whether an arm of conditional compilation that begins inside of decl touches at.
func armWithin(f *ir.File, decl, at ir.Span) bool {
	for _, a := range f.Arms {
		if a.Start > decl.Start && a.Start < decl.End && a.Start < at.End && at.Start < a.End {
			return true
		}
	}
	return false
}

// home is the one declaration (index of the part) that has all fields, so that their order is
// certain; false if there are several.
func home(d *link.Type) (int, bool) {
	if len(d.Parts) < 2 {
		return 0, len(d.Parts) == 1
	}
	holder := -1
	for i, part := range d.Parts {
		for _, f := range d.Files[i].Fields {
			if f.Owner != d.Name || f.Flags&(ir.Static|ir.Const) != 0 || !part.Span.Contains(f.Span) {
				continue
			}
			if holder >= 0 && holder != i {
				return 0, false
			}
			holder = i
		}
	}
	return max(holder, 0), true
}

// blittable tells whether a type is copied byte by byte, so that it is pinned instead of copied.
func (m *managed) blittable(d *link.Type, depth int) bool {
	if depth > maxNesting {
		return false
	}
	for _, f := range d.Fields {
		if f.Flags&ir.Static != 0 {
			continue
		}
		t := strings.TrimRight(string(f.Type), "*")
		if t != string(f.Type) {
			continue
		}
		s := site{file: d.Files[0], owner: d.Name}
		if sub := m.p.TypeDecl(s.scope(), f.Type); sub != nil && sub.Kind != ir.TypeEnum {
			if sub.Kind != ir.TypeStruct || !m.blittable(sub, depth+1) {
				return false
			}
			continue
		}
		switch m.p.Underlying(s.scope(), f.Type) {
		case "bool", "char", "string", "object":
			return false
		}
		if strings.HasSuffix(t, "[]") {
			return false
		}
	}
	return true
}
