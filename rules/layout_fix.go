package rules

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
)

// mostLayoutChanges is the largest number of places of a struct that one fix changes.
const mostLayoutChanges = 8

// mendLayout declares a struct so that it is laid out as the native one on every target. Each step is tried, and the
// fix is offered only if no difference is left. What else the struct is used for nobody sees: the fix is unsafe.
func (p *Pass) mendLayout(raw *Raw, s *abi.StructCheck) {
	c := p.Code(s.File)
	if c == nil || raw.File == nil {
		return
	}
	change, ok := p.agreeing(s)
	if !ok || len(change.Layout) > 1 {
		return
	}
	var edits []Edit
	for _, name := range slices.Sorted(maps.Keys(change.Fields)) {
		more, ok := p.declareField(c, s, name, change.Fields[name])
		if !ok {
			return
		}
		edits = append(edits, more...)
	}
	if a := ir.Find(s.Decl.Attrs, "StructLayout"); len(change.Layout) > 0 {
		e, ok := c.setLayout(a, change.Layout)
		if !ok {
			return
		}
		edits = append(edits, e)
	}
	raw.Mend(UnsafeFix, "lay it out as "+s.Native, edits...)
}

// agreeing is a change with which nothing differs: of each step, the first that moves the first difference on.
func (p *Pass) agreeing(s *abi.StructCheck) (c abi.Change, ok bool) {
	d, at, ok := p.ABI.Try(s, c)
	for n := 0; ok && d != nil; n++ {
		steps := p.layoutSteps(s, c, d)
		i := slices.IndexFunc(steps, func(next abi.Change) bool {
			nextDiff, nextAt, ok := p.ABI.Try(s, next)
			if ok && (nextDiff == nil || nextAt > at) {
				d, at = nextDiff, nextAt
				return true
			}
			return false
		})
		if i < 0 || n == mostLayoutChanges {
			return c, false
		}
		c = steps[i]
	}
	return c, ok
}

// layoutSteps are changes that may remove a difference, likely ones first.
func (p *Pass) layoutSteps(s *abi.StructCheck, c abi.Change, d *abi.StructDiff) (out []abi.Change) {
	if d.Kind != abi.FieldWidth {
		out = append(out, c.WithLayout("Pack", strconv.Itoa(s.Pack())))
	}
	f, before, ok := s.Own(d.Field)
	if !ok || d.To == nil {
		return out
	}
	switch m := ir.Find(f.Attrs, "MarshalAs"); {
	case f.Type == "bool" && m == nil:
		out = append(out, c.With(f.Name, abi.FieldChange{As: map[int]string{1: "U1", 2: "VariantBool", 4: "Bool"}[d.To.Type.Size]}))
	case d.Kind == abi.FieldWidth && d.To.Count > 0 && (m != nil || f.Flags&ir.Fixed != 0):
		out = append(out, textSteps(c, f, d)...)
	default:
		out = append(out, p.typeSteps(s, c, f, d)...)
	}
	if prev, _, ok := s.Own(before); ok && d.Kind == abi.FieldOffset {
		out = append(out, p.typeSteps(s, c, prev, nil)...)
	}
	return out
}

// textSteps change the width of inline text, or the length of an inline array.
func textSteps(c abi.Change, f *ir.Field, d *abi.StructDiff) (out []abi.Change) {
	if charset := map[int]string{1: "CharSet.Ansi", 2: "CharSet.Unicode"}[d.To.Type.Size]; f.Type == "string" && charset != "" {
		out = append(out, c.WithLayout("CharSet", charset))
	}
	next := abi.FieldChange{Count: d.To.Count}
	if f.Flags&ir.Fixed != 0 {
		elem, _, _ := strings.Cut(string(f.Type), "[")
		next.Type = ir.Type(elem + "[" + strconv.Itoa(d.To.Count) + "]")
	}
	return append(out, c.With(f.Name, next))
}

// integers are the integer types of C# by width; those as wide as a pointer come last.
var integers = map[bool][]ir.Type{
	true:  {"sbyte", "short", "int", "long", "nint"},
	false: {"byte", "ushort", "uint", "ulong", "nuint"},
}

// typeSteps give a field another type of integer; d is nil where it is not the field itself that differs.
func (p *Pass) typeSteps(s *abi.StructCheck, c abi.Change, f *ir.Field, d *abi.StructDiff) (out []abi.Change) {
	var list []ir.Type
	switch f.Type {
	case "sbyte", "short", "int", "long", "nint", "IntPtr":
		list = integers[true]
	case "byte", "ushort", "uint", "ulong", "nuint", "UIntPtr":
		list = integers[false]
	default:
		return nil
	}
	if ir.Find(f.Attrs, "MarshalAs") != nil || f.Flags&ir.Fixed != 0 {
		return nil
	}
	if d != nil && (d.To.Type.Kind == abi.Pointer || d.To.Type.Kind == abi.Word) {
		list = list[len(list)-1:]
	} else if d != nil && (d.To.Type.Kind != abi.Int || d.To.Count > 0) {
		return nil
	}
	for _, t := range list {
		if t == "nint" && !p.Project(s.File).Language(9) {
			t = "IntPtr"
		} else if t == "nuint" && !p.Project(s.File).Language(9) {
			t = "UIntPtr"
		}
		out = append(out, c.With(f.Name, abi.FieldChange{Type: t}))
	}
	return out
}

// declareField writes the change of a field that is declared alone.
func (p *Pass) declareField(c *Code, s *abi.StructCheck, name string, x abi.FieldChange) (edits []Edit, ok bool) {
	f, _, ok := s.Own(name)
	if !ok {
		return nil, false
	}
	at := c.Word(f.Span, name)
	if at < 1 {
		return nil, false
	}
	end := at + 1
	if f.Flags&ir.Fixed != 0 {
		end = c.Match(end) + 1
	}
	typ := at - 1
	if !c.Is(end, ";") || x.Type != "" && f.Flags&ir.Fixed == 0 && c.Tokens[typ].Text != string(f.Type) || c.Is(typ-1, ".", "::") {
		return nil, false
	}
	switch m := ir.Find(f.Attrs, "MarshalAs"); {
	case f.Flags&ir.Fixed != 0:
		return []Edit{c.Replace(at+2, end-1, strconv.Itoa(x.Count))}, x.Count > 0 && end-1 > at+2
	case x.Count > 0:
		e, ok := c.SetArgument(m, "SizeConst", strconv.Itoa(x.Count))
		edits = append(edits, e)
		if !ok {
			return nil, false
		}
	case x.As != "":
		q := c.interop(ir.Find(s.Decl.Attrs, "StructLayout"))
		first := typ
		for c.Tokens[first-1].Kind == Word {
			first--
		}
		edits = append(edits, c.Before(first, "["+q+"MarshalAs("+q+"UnmanagedType."+x.As+")] "))
	}
	if x.Type != "" {
		edits = append(edits, c.Replace(typ, typ+1, c.systemType(x.Type)))
	}
	return edits, true
}

// interop is what stands before a type of System.Runtime.InteropServices: as before the attribute a, if there is one.
func (c *Code) interop(a *ir.Attr) string {
	if a != nil {
		return c.Qualifier(a)
	}
	return c.namespace("System.Runtime.InteropServices")
}

// systemType writes a type that is a word of the language, or one of System.
func (c *Code) systemType(t ir.Type) string {
	if t == "IntPtr" || t == "UIntPtr" {
		return c.namespace("System") + string(t)
	}
	return string(t)
}

// namespace is what has to stand before a type of a namespace, with a dot; "" where the file uses it.
func (c *Code) namespace(name string) string {
	for _, u := range c.File.Usings {
		if u.Name == name && u.Alias == "" && !u.Static {
			return ""
		}
	}
	return name + "."
}

// setLayout sets an argument of StructLayout; Pack 0 is none.
func (c *Code) setLayout(a *ir.Attr, set map[string]string) (Edit, bool) {
	if a == nil {
		return Edit{}, false
	}
	if set["Pack"] == "0" {
		return c.RemoveArgument(a, "Pack")
	}
	for name, value := range set {
		if strings.Contains(value, ".") {
			value = c.Qualifier(a) + value
		}
		return c.SetArgument(a, name, value)
	}
	return Edit{}, false
}
