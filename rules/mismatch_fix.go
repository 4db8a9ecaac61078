package rules

import (
	"fmt"
	"slices"
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
	case abi.Width:
		p.mendWidth(raw, c, ch, d)
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
	if i, _, ok := c.parameter(prm); ok {
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
	prm, ok := plainNumber(ch, d)
	if ok && wider[prm.Type] != "" && p.Project(ch.File).Language(9) {
		c.mendType(raw, prm, wider[prm.Type])
	}
}

// plainNumber is the parameter that a difference is about, if it is passed by value and as it is.
func plainNumber(ch *abi.Check, d *abi.Difference) (*ir.Param, bool) {
	if d.Param < 0 || d.Param >= len(ch.Import.Params) || d.Behind {
		return nil, false
	}
	prm := &ch.Import.Params[d.Param]
	return prm, prm.Ref == ir.ByValue && len(prm.Attrs) == 0
}

// mendType gives a parameter another type.
func (c *Code) mendType(raw *Raw, prm *ir.Param, as string) {
	from, name, ok := c.parameter(prm)
	for i := from; ok && i < name; i++ {
		if c.Is(i, string(prm.Type)) {
			raw.Mend(UnsafeFix, "declare the parameter as "+as, c.Replace(i, i+1, as))
			return
		}
	}
}

// parameter returns the tokens of a parameter: its first, with modifiers, and its name.
func (c *Code) parameter(prm *ir.Param) (from, name int, ok bool) {
	name = c.At(prm.Span.End - 1)
	for from = name; from > 0 && !c.Is(from-1, "(", ","); from-- {
		if c.Is(from-1, ")", "]", ">", ";", "{", "}") {
			return 0, 0, false // attributes, or a type of more than names
		}
	}
	return from, name, from > 0 && from < name
}

// mendWidth gives a number that is passed by value the integer type, of the same sign, with which it agrees on all targets. What
// callers pass to a wider one converts by itself; to a narrower one numbers do that are written out.
func (p *Pass) mendWidth(raw *Raw, c *Code, ch *abi.Check, d *abi.Difference) {
	prm, ok := plainNumber(ch, d)
	if !ok || p.overloaded(ch.Import) {
		return
	}
	list := integers[slices.Contains(integers[true], prm.Type)]
	have := slices.Index(list, prm.Type)
	if have < 0 {
		return
	}
	for i, t := range list {
		native := i == len(list)-1
		if i == have || !native && 1<<i != d.WantSize || native && !p.Project(ch.File).Language(9) {
			continue
		}
		imp := *ch.Import
		imp.Params = slices.Clone(imp.Params)
		imp.Params[d.Param].Type = t
		if slices.ContainsFunc(p.ABI.TryImport(ch, &imp), func(x abi.Difference) bool { return x.Param == d.Param }) {
			continue
		}
		if i > have || p.givenLiterals(ch.Import, d.Param) {
			c.mendType(raw, prm, string(t))
		}
		return
	}
}

// overloaded tells whether the class has another method of the import's name.
func (p *Pass) overloaded(imp *ir.Import) bool {
	for _, f := range p.Program.Files {
		for _, other := range f.Imports {
			if other != imp && other.Owner == imp.Owner && other.Name == imp.Name {
				return true
			}
		}
		for _, g := range f.Funcs {
			if g.Owner == imp.Owner && g.Name == imp.Name {
				return true
			}
		}
	}
	return false
}

// givenLiterals tells whether all calls of an import pass a number that is written out.
func (p *Pass) givenLiterals(imp *ir.Import, param int) bool {
	for _, file := range p.Program.Files {
		for _, f := range file.Funcs {
			if file.Lang == ir.CSharp && !p.literalIn(f, imp, param) {
				return false
			}
		}
	}
	return true
}

func (p *Pass) literalIn(f *ir.Func, imp *ir.Import, param int) bool {
	if !f.Names([]ir.Word{ir.WordOf(imp.Name)}) {
		return true
	}
	for in := range Calls(f) {
		if in.Call.Name != imp.Name || p.Program.Callee(f, in).Import != imp {
			continue
		}
		c := p.Code(f.File)
		if c == nil {
			return false
		}
		call, ok := p.callOf(c, f, in)
		if !ok || param >= len(call.Args) {
			return false
		}
		if arg := call.Args[param]; arg[1] != arg[0]+1 || c.Tokens[arg[0]].Kind != Number || strings.ContainsAny(c.Tokens[arg[0]].Text, "uUlL") {
			return false
		}
	}
	return true
}
