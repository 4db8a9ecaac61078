package clower

import (
	"bytes"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// typeSpec is the type that a type specifier names. A struct, union or enum with a body is declared
// on the way, under hint when it has no tag.
func (l *lowerer) typeSpec(n nodeID, hint string) ir.Type {
	switch l.kind(n) {
	case syntax.CPrimitiveType, syntax.CTypeIdentifier:
		return ir.Type(l.name(n))
	case syntax.CSizedTypeSpecifier:
		return l.sizedType(n)
	case syntax.CStructSpecifier, syntax.CUnionSpecifier:
		return l.record(n, hint)
	case syntax.CEnumSpecifier:
		return l.enum(n, hint)
	case syntax.CMacroTypeSpecifier:
		return ir.Type(l.intern(compact(l.bytes(n))))
	}
	return ""
}

// sizedType is "unsigned long", "long long", "unsigned int" ...: the words without qualifiers.
func (l *lowerer) sizedType(n nodeID) ir.Type {
	var buf [32]byte
	out := buf[:0]
	for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
		if l.is(c, syntax.CTypeQualifier) || l.t.IsExtra(c) {
			continue
		}
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, l.bytes(c)...)
	}
	return ir.Type(l.intern(out))
}

// descriptor is the type of a type_descriptor: a cast, sizeof or compound literal.
func (l *lowerer) descriptor(n nodeID) ir.Type {
	if n == none {
		return ""
	}
	t := l.typeSpec(l.child(n, syntax.FieldCType), "")
	if d := l.child(n, syntax.FieldCDeclarator); d != none {
		return l.declare(d, t).typ
	}
	return t
}

// declared is what a declarator declares.
type declared struct {
	name nodeID // none in an abstract declarator
	typ  ir.Type
	// fn is the function_declarator when the name is a function; pointee when it is a pointer to one.
	fn, pointee nodeID
	ret         ir.Type // of fn or pointee
	conv        nodeID  // ms_call_modifier
}

// declare follows a declarator from the outside to the name and builds the type on the way.
func (l *lowerer) declare(n nodeID, base ir.Type) declared {
	d := declared{name: none, typ: base, fn: none, pointee: none, conv: none}
	for n != none {
		switch l.kind(n) {
		case syntax.CPointerDeclarator, syntax.CAbstractPointerDeclarator:
			d.typ = l.pointerTo(d.typ)
			n = l.child(n, syntax.FieldCDeclarator)
		case syntax.CArrayDeclarator, syntax.CAbstractArrayDeclarator:
			d.typ = l.arrayOf(d.typ, l.bytes(l.child(n, syntax.FieldCSize)))
			n = l.child(n, syntax.FieldCDeclarator)
		case syntax.CFunctionDeclarator, syntax.CAbstractFunctionDeclarator:
			in := l.child(n, syntax.FieldCDeclarator)
			d.ret = d.typ
			if name := l.bareName(in); name != none {
				d.fn, d.pointee, d.name = n, none, name
				return d
			}
			d.pointee = n
			d.typ = l.functionType(d.typ, l.child(n, syntax.FieldCParameters))
			n = in
		case syntax.CParenthesizedDeclarator, syntax.CAbstractParenthesizedDeclarator, syntax.CAttributedDeclarator, syntax.CInitDeclarator:
			if c := l.t.ChildOfKind(n, syntax.CMsCallModifier); c != none {
				d.conv = c
			}
			n = l.innerDeclarator(n)
		case syntax.CIdentifier, syntax.CFieldIdentifier, syntax.CTypeIdentifier, syntax.CPrimitiveType:
			d.name = n
			return d
		default:
			return d
		}
	}
	return d
}

// innerDeclarator is the declarator within parentheses or attributes.
func (l *lowerer) innerDeclarator(n nodeID) nodeID {
	if d := l.child(n, syntax.FieldCDeclarator); d != none {
		return d
	}
	for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
		switch l.kind(c) {
		case syntax.CMsCallModifier, syntax.CAttributeDeclaration, syntax.CAttributeSpecifier, syntax.KindError:
			continue
		}
		if l.t.Nodes[c].Flags&(syntax.Named|syntax.Extra) == syntax.Named {
			return c
		}
	}
	return none
}

// bareName is the identifier when n is one, perhaps in parentheses.
func (l *lowerer) bareName(n nodeID) nodeID {
	for n != none {
		switch l.kind(n) {
		case syntax.CIdentifier, syntax.CFieldIdentifier, syntax.CTypeIdentifier, syntax.CPrimitiveType:
			return n
		case syntax.CParenthesizedDeclarator, syntax.CAttributedDeclarator:
			n = l.innerDeclarator(n)
		default:
			return none
		}
	}
	return none
}

func (l *lowerer) pointerTo(t ir.Type) ir.Type { return l.suffix(t, "*") }

func (l *lowerer) suffix(t ir.Type, s string) ir.Type {
	var buf [64]byte
	out := append(append(buf[:0], t...), s...)
	return ir.Type(l.intern(out))
}

// arrayOf is the type of an array of t. Dimensions read as in C: the outermost comes first.
func (l *lowerer) arrayOf(t ir.Type, size []byte) ir.Type {
	at := dimensions(t)
	var buf [64]byte
	out := append(buf[:0], t[:at]...)
	out = append(out, '[')
	out = append(out, compact(size)...)
	out = append(out, ']')
	out = append(out, t[at:]...)
	return ir.Type(l.intern(out))
}

// dimensions is where the array brackets at the end of t begin.
func dimensions(t ir.Type) int {
	at := len(t)
	for at > 0 && t[at-1] == ']' {
		i := opening(string(t[:at]), '[', ']')
		if i < 0 {
			break
		}
		at = i
	}
	return at
}

// opening is the index of the bracket that matches the last byte of s, or -1.
func opening(s string, open, shut byte) int {
	depth := 0
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case shut:
			depth++
		case open:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// functionType is "BOOL(HANDLE,DWORD)".
func (l *lowerer) functionType(ret ir.Type, params nodeID) ir.Type {
	list, varargs := l.params(params)
	var sb strings.Builder
	sb.WriteString(string(ret))
	sb.WriteByte('(')
	for i, p := range list {
		if i > 0 {
			sb.WriteByte(',')
		}
		sb.WriteString(string(p.Type))
	}
	if varargs {
		sb.WriteString(",...")
	}
	sb.WriteByte(')')
	return ir.Type(sb.String())
}

// params lists the parameters of a parameter_list.
func (l *lowerer) params(n nodeID) (list []ir.Param, varargs bool) {
	for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
		switch l.kind(c) {
		case syntax.CVariadicParameter:
			varargs = true
		case syntax.CIdentifier:
			list = append(list, ir.Param{Name: l.name(c), Span: l.span(c)})
		case syntax.CParameterDeclaration:
			p, _ := l.param(c)
			list = append(list, p)
		}
	}
	if len(list) == 1 && list[0].Type == "void" && list[0].Name == "" {
		list = nil
	}
	return list, varargs
}

// param is one parameter; an array is a pointer there.
func (l *lowerer) param(n nodeID) (ir.Param, nodeID) {
	base := l.typeSpec(l.child(n, syntax.FieldCType), "")
	p := ir.Param{Type: base, Span: l.span(n)}
	name := none
	if dn := l.child(n, syntax.FieldCDeclarator); dn != none {
		d := l.declare(dn, base)
		p.Type, name = l.decay(d.typ), d.name
		if d.fn != none {
			p.Type = l.pointerTo(l.functionType(d.ret, l.child(d.fn, syntax.FieldCParameters)))
		}
		if name != none {
			p.Name = l.name(name)
		}
	}
	if l.reference(n) {
		p.Type = l.pointerTo(p.Type)
	}
	if l.t.ChildOfKind(n, syntax.CTypeQualifier) != none && l.qualified(n, "const") {
		p.Flags |= ir.Const
	}
	p.Attrs = l.paramAttrs(n)
	return p, name
}

// reference tells whether the parameter n is a reference of C++, as headers declare whose functions have C names: an address.
func (l *lowerer) reference(n nodeID) bool {
	for ; n != none; n = l.child(n, syntax.FieldCDeclarator) {
		for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
			if l.kind(c) == syntax.KindError && string(l.bytes(c)) == "&" {
				return true
			}
		}
	}
	return false
}

// decay turns an array type into the pointer to its element.
func (l *lowerer) decay(t ir.Type) ir.Type {
	if len(t) > 0 && t[len(t)-1] == ']' {
		return l.pointerTo(l.element(t))
	}
	return t
}

// element is the type of *x for x of type t, "" when that is unknown.
func (l *lowerer) element(t ir.Type) ir.Type {
	t = l.resolvePointer(t)
	if len(t) == 0 {
		return ""
	}
	switch t[len(t)-1] {
	case '*':
		return t[:len(t)-1]
	case ']':
		at := dimensions(t)
		end := at + strings.IndexByte(string(t[at:]), ']') + 1
		if end == len(t) {
			return t[:at]
		}
		return ir.Type(l.intern([]byte(string(t[:at]) + string(t[end:]))))
	}
	return ""
}

// resolvePointer follows typedefs until t is written as a pointer or array.
func (l *lowerer) resolvePointer(t ir.Type) ir.Type {
	for i := 0; i < 8 && len(t) > 0; i++ {
		if c := t[len(t)-1]; c == '*' || c == ']' || c == ')' {
			return t
		}
		u, ok := l.typedefs[string(t)]
		if !ok {
			return t
		}
		t = u
	}
	return t
}

// isArray tells whether a value of type t is its own address: arrays, and functions.
func (l *lowerer) isArray(t ir.Type) bool {
	if len(t) == 0 {
		return false
	}
	c := t[len(t)-1]
	return c == ']' || c == ')' || len(l.arrays) > 0 && l.arrays[string(t)]
}

// fieldType is the type of a member of a struct that this file defines, else "".
func (l *lowerer) fieldType(owner ir.Type, name string) ir.Type {
	for i := 0; i < 8 && owner != ""; i++ {
		if t, ok := l.fields[fieldKey{string(owner), name}]; ok {
			return t
		}
		owner = l.typedefs[string(owner)]
	}
	return ""
}

// memberNames are the members of a struct that this file defines, in order, else nil.
func (l *lowerer) memberNames(t ir.Type) []string {
	for i := 0; i < 8 && t != ""; i++ {
		if m := l.members[string(t)]; m != nil {
			return m
		}
		t = l.typedefs[string(t)]
	}
	return nil
}

// qualified tells whether n has that type qualifier or storage class as a child.
func (l *lowerer) qualified(n nodeID, word string) bool {
	for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
		if k := l.kind(c); (k == syntax.CTypeQualifier || k == syntax.CStorageClassSpecifier) && string(l.bytes(c)) == word {
			return true
		}
	}
	return false
}

// modifiers are the flags that storage classes, qualifiers and attributes of a declaration give.
func (l *lowerer) modifiers(n nodeID) ir.Flags {
	var fl ir.Flags
	for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
		switch l.kind(c) {
		case syntax.CStorageClassSpecifier:
			switch string(l.bytes(c)) {
			case "static", "thread_local", "__thread":
				fl |= ir.Static
			case "extern":
				fl |= ir.Extern
			}
		case syntax.CTypeQualifier:
			switch string(l.bytes(c)) {
			case "const", "constexpr":
				fl |= ir.Const
			case "volatile":
				fl |= ir.Volatile
			case "_Noreturn", "noreturn":
				fl |= ir.NoReturn
			}
		case syntax.CMsDeclspecModifier, syntax.CAttributeSpecifier, syntax.CAttributeDeclaration:
			fl |= attributeFlags(l.bytes(c))
		case syntax.CFunctionDeclarator, syntax.CPointerDeclarator, syntax.CAttributedDeclarator:
			fl |= l.declaratorFlags(c)
		}
	}
	return fl
}

// declaratorFlags are those of attributes after the parameters.
func (l *lowerer) declaratorFlags(n nodeID) ir.Flags {
	var fl ir.Flags
	for n != none {
		for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
			if k := l.kind(c); k == syntax.CAttributeSpecifier || k == syntax.CAttributeDeclaration {
				fl |= attributeFlags(l.bytes(c))
			}
		}
		next := l.child(n, syntax.FieldCDeclarator)
		if next == none && l.is(n, syntax.CAttributedDeclarator) {
			next = l.innerDeclarator(n)
		}
		n = next
	}
	return fl
}

func attributeFlags(text []byte) ir.Flags {
	var fl ir.Flags
	if bytes.Contains(text, []byte("noreturn")) {
		fl |= ir.NoReturn
	}
	if bytes.Contains(text, []byte("dllexport")) || bytes.Contains(text, []byte(`visibility("default")`)) {
		fl |= ir.Exported
	}
	if bytes.Contains(text, []byte("thread)")) {
		fl |= ir.Static
	}
	return fl
}
