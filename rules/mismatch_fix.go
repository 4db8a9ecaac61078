package rules

import (
	"fmt"
	"strings"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// mendMismatch offers what makes an import agree with the function, where the declaration alone has to
// change.
func (p *Pass) mendMismatch(raw *Raw, ch *abi.Check, d *abi.Difference) {
	if raw.File == nil {
		return
	}
	c := p.Code(ch.File)
	if c == nil {
		return
	}
	safety := SafeFix
	if ch.Binding != nil && ch.Binding.Confidence < link.High {
		safety = UnsafeFix
	}
	switch d.Kind {
	case abi.BoolWidth:
		mendBool(raw, c, ch.Import, d, safety)
	case abi.Convention:
		mendConvention(raw, c, ch.Import, d, safety)
	case abi.Encoding:
		mendEncoding(raw, c, ch, d, safety)
	case abi.PointerSize:
		p.mendPointerSize(raw, c, ch, d)
	}
}

// boolTypes are the unmanaged types of a bool by their width in bytes.
var boolTypes = map[int]string{1: "UnmanagedType.U1", 4: "UnmanagedType.Bool"}

func mendBool(raw *Raw, c *Code, imp *ir.Import, d *abi.Difference, safety FixSafety) {
	as, a := boolTypes[d.WantSize], importAttr(imp)
	if as == "" || a == nil {
		return
	}
	text := fmt.Sprintf("marshal the bool as %s", sized(d.WantSize))
	q := c.Qualifier(a)
	if d.Param == abi.ReturnValue {
		if m := ir.Find(imp.RetAttrs, "MarshalAs"); m != nil {
			mendMarshalAs(raw, c, m, as, safety, text)
		} else if e, ok := c.AddAttribute(imp.Span, "[return: "+q+"MarshalAs("+q+as+")]"); ok && imp.Ret == "bool" {
			raw.Mend(safety, text, e)
		}
		return
	}
	if d.Param < 0 || d.Param >= len(imp.Params) || imp.Params[d.Param].Type != "bool" {
		return
	}
	prm := &imp.Params[d.Param]
	if m := ir.Find(prm.Attrs, "MarshalAs"); m != nil {
		mendMarshalAs(raw, c, m, as, safety, text)
		return
	}
	if i, to := c.Within(prm.Span); i < to {
		raw.Mend(safety, text, c.Before(i, "["+q+"MarshalAs("+q+as+")] "))
	}
}

// mendMarshalAs replaces the unmanaged type of a MarshalAs that has no other argument.
func mendMarshalAs(raw *Raw, c *Code, m *ir.Attr, as string, safety FixSafety, text string) {
	_, to := c.Within(m.Span)
	if !c.Is(to-1, ")") || len(m.Args) != 1 {
		return
	}
	for _, arg := range c.Arguments(c.Match(to-1), to-1) {
		raw.Mend(safety, text, c.Replace(arg[0], arg[1], c.Qualifier(m)+as))
	}
}

// conventions are the members of CallingConvention, and the types of CallConvs, by their spelling in
// messages.
var conventions = map[string][2]string{
	"cdecl":   {"CallingConvention.Cdecl", "CallConvCdecl"},
	"stdcall": {"CallingConvention.StdCall", "CallConvStdcall"},
}

func mendConvention(raw *Raw, c *Code, imp *ir.Import, d *abi.Difference, safety FixSafety) {
	names, ok := conventions[d.Want]
	if !ok {
		return
	}
	text := "import it as " + d.Want
	if !imp.Generated {
		if e, ok := c.SetOnImport(imp, "CallingConvention", names[0]); ok {
			raw.Mend(safety, text, e)
		}
		return
	}
	a := ir.Find(imp.Attrs, "UnmanagedCallConv")
	if a == nil {
		if e, ok := c.AddAttribute(imp.Span, "[UnmanagedCallConv(CallConvs = new[] { typeof(System.Runtime.CompilerServices."+names[1]+") })]"); ok {
			raw.Mend(safety, text, e)
		}
		return
	}
	from, to := c.Within(a.Span)
	for i := from; i < to; i++ {
		if c.Is(i, "CallConvCdecl", "CallConvStdcall") {
			raw.Mend(safety, text, c.Replace(i, i+1, names[1]))
			return
		}
	}
}

// mendEncoding changes the character set of the import, if all its strings are in the wrong one.
func mendEncoding(raw *Raw, c *Code, ch *abi.Check, d *abi.Difference, safety FixSafety) {
	wrong := map[int]bool{}
	for i := range ch.Diffs {
		if ch.Diffs[i].Kind == abi.Encoding {
			wrong[ch.Diffs[i].Param] = true
		}
	}
	imp := ch.Import
	for i := range imp.Params {
		if prm := &imp.Params[i]; isText(prm.Type) && (!wrong[i] || ir.Find(prm.Attrs, "MarshalAs") != nil) {
			return
		}
	}
	if isText(imp.Ret) && !wrong[abi.ReturnValue] {
		return
	}
	name, value := "CharSet", "CharSet.Unicode"
	switch {
	case imp.CharSet == "Unicode" || imp.CharSet == "Auto":
		value = "CharSet.Ansi"
	case imp.Generated && imp.CharSet == "Utf16":
		name, value = "StringMarshalling", "StringMarshalling.Utf8"
	case imp.Generated:
		name, value = "StringMarshalling", "StringMarshalling.Utf16"
	}
	if e, ok := c.SetOnImport(imp, name, value); ok {
		raw.Mend(safety, "marshal its strings as "+value[strings.IndexByte(value, '.')+1:], e)
	}
}

// isText tells whether values of a type are converted between encodings.
func isText(t ir.Type) bool {
	s := strings.TrimSuffix(string(t), "?")
	s = s[strings.LastIndexByte(s, '.')+1:]
	switch s {
	case "string", "String", "StringBuilder", "char", "char[]", "string[]", "String[]":
		return true
	}
	return false
}

// native integers that an int or uint converts to by itself, so that callers need no change.
var wider = map[ir.Type]string{"int": "nint", "uint": "nuint", "Int32": "nint", "UInt32": "nuint"}

// mendPointerSize widens a parameter that is passed by value.
func (p *Pass) mendPointerSize(raw *Raw, c *Code, ch *abi.Check, d *abi.Difference) {
	if d.Param < 0 || d.Param >= len(ch.Import.Params) || d.Behind || !p.Project(ch.File).Language(9) {
		return
	}
	prm := &ch.Import.Params[d.Param]
	as := wider[prm.Type]
	if as == "" || prm.Ref != ir.ByValue || len(prm.Attrs) > 0 {
		return
	}
	from, to := c.Within(prm.Span)
	for i := from; i < to; i++ {
		if c.Is(i, string(prm.Type)) {
			raw.Mend(UnsafeFix, "declare the parameter as "+as, c.Replace(i, i+1, as))
			return
		}
	}
}
