package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// typeOf is the type as written, normalised as ir.Type says.
func (u *unit) typeOf(n syntax.NodeID) ir.Type {
	switch u.kind(n) {
	case syntax.KindError:
		return ""
	case syntax.CsImplicitType:
		return "var"
	case syntax.CsPredefinedType:
		return ir.Type(u.intern(u.bytes(n)))
	case syntax.CsIdentifier:
		return ir.Type(u.ident(n))
	}
	b := u.bytes(n)
	for _, c := range b {
		if c <= ' ' || c == ':' || c == '/' || c == '@' || c == ',' {
			u.buf = u.writeType(u.buf[:0], n, 0)
			return ir.Type(u.intern(u.buf))
		}
	}
	return ir.Type(u.intern(b))
}

// writeType appends the normalised text of type n.
func (u *unit) writeType(b []byte, n syntax.NodeID, depth int) []byte {
	if n < 0 || depth > 200 {
		return b
	}
	depth++
	switch u.kind(n) {
	case syntax.CsIdentifier:
		return append(b, u.identBytes(n)...)
	case syntax.CsArrayType:
		b = u.writeType(b, u.child(n, syntax.FieldCsType), depth)
		b = append(b, '[')
		rank := u.child(n, syntax.FieldCsRank)
		for c := u.first(rank); c != syntax.None; c = u.next(c) {
			if u.kind(c) == syntax.CsTokComma {
				b = append(b, ',')
			}
		}
		return append(b, ']')
	case syntax.CsNullableType:
		return append(u.writeType(b, u.child(n, syntax.FieldCsType), depth), '?')
	case syntax.CsPointerType:
		return append(u.writeType(b, u.child(n, syntax.FieldCsType), depth), '*')
	case syntax.CsRefType, syntax.CsScopedType:
		return u.writeType(b, u.child(n, syntax.FieldCsType), depth)
	case syntax.CsQualifiedName:
		b = u.writeType(b, u.child(n, syntax.FieldCsQualifier), depth)
		b = append(b, '.')
		return u.writeType(b, u.child(n, syntax.FieldCsName), depth)
	case syntax.CsAliasQualifiedName:
		if alias := u.child(n, syntax.FieldCsAlias); string(u.bytes(alias)) != "global" {
			b = append(append(b, u.identBytes(alias)...), '.')
		}
		return u.writeType(b, u.child(n, syntax.FieldCsName), depth)
	case syntax.CsFunctionPointerType:
		return u.writeFunctionPointer(b, n, depth)
	case syntax.CsTupleElement, syntax.CsFunctionPointerParameter:
		for c := u.first(n); c != syntax.None; c = u.next(c) {
			switch u.kind(c) {
			case syntax.CsKwRef, syntax.CsKwOut, syntax.CsKwIn:
				b = append(append(b, u.bytes(c)...), ' ')
			}
		}
		return u.writeType(b, u.child(n, syntax.FieldCsType), depth)
	case syntax.CsGenericName, syntax.CsTypeArgumentList, syntax.CsTupleType:
		for c := u.first(n); c != syntax.None; c = u.next(c) {
			switch {
			case u.nodes[c].Flags&syntax.Extra != 0:
			case u.t.IsNamed(c):
				b = u.writeType(b, c, depth)
			default:
				b = append(b, u.bytes(c)...)
			}
		}
		return b
	}
	for _, c := range u.bytes(n) {
		if c > ' ' {
			b = append(b, c)
		}
	}
	return b
}

func (u *unit) writeFunctionPointer(b []byte, n syntax.NodeID, depth int) []byte {
	b = append(b, "delegate*"...)
	if cc := u.t.ChildOfKind(n, syntax.CsCallingConvention); cc != syntax.None {
		b = append(b, ' ')
		for _, c := range u.bytes(cc) {
			if c > ' ' {
				b = append(b, c)
			}
		}
	}
	b = append(b, '<')
	for c := u.first(n); c != syntax.None; c = u.next(c) {
		if u.kind(c) == syntax.CsFunctionPointerParameter {
			b = append(u.writeType(b, c, depth), ',')
		}
	}
	b = u.writeType(b, u.child(n, syntax.FieldCsReturns), depth)
	return append(b, '>')
}

// bareName is the text of a name without type arguments and global::.
func (u *unit) bareName(b []byte, n syntax.NodeID) []byte {
	switch u.kind(n) {
	case syntax.CsGenericName:
		return append(b, u.identBytes(u.first(n))...)
	case syntax.CsQualifiedName:
		b = append(u.bareName(b, u.child(n, syntax.FieldCsQualifier)), '.')
		return u.bareName(b, u.child(n, syntax.FieldCsName))
	case syntax.CsAliasQualifiedName:
		if alias := u.child(n, syntax.FieldCsAlias); string(u.bytes(alias)) != "global" {
			b = append(append(b, u.identBytes(alias)...), '.')
		}
		return u.bareName(b, u.child(n, syntax.FieldCsName))
	}
	return append(b, u.identBytes(n)...)
}

func (u *unit) nameOf(n syntax.NodeID) string {
	u.buf = u.bareName(u.buf[:0], n)
	return u.intern(u.buf)
}

// typeArgs are the type arguments of a generic name, nil for other names.
func (u *unit) typeArgs(n syntax.NodeID) []ir.Type {
	if u.kind(n) != syntax.CsGenericName {
		return nil
	}
	var out []ir.Type
	list := u.t.ChildOfKind(n, syntax.CsTypeArgumentList)
	for c := u.first(list); c != syntax.None; c = u.next(c) {
		if u.nodes[c].Flags&(syntax.Named|syntax.Extra) == syntax.Named {
			out = append(out, u.typeOf(c))
		}
	}
	return out
}

// unwrapType takes ref and scoped off a type: they are kinds of passing, not of type.
func (u *unit) unwrapType(n syntax.NodeID) (inner syntax.NodeID, fl ir.Flags) {
	for {
		switch u.kind(n) {
		case syntax.CsRefType:
			fl |= ir.RefLocal
		case syntax.CsScopedType:
			fl |= ir.Scoped
		default:
			return n, fl
		}
		n = u.child(n, syntax.FieldCsType)
	}
}

// elemType is the element type of an array, pointer or span-like type, "" when it has none.
func elemType(t ir.Type) ir.Type {
	n := len(t)
	switch {
	case n > 2 && t[n-1] == ']':
		for i := n - 2; i >= 0; i-- {
			if t[i] == '[' {
				return t[:i]
			}
		}
	case n > 1 && t[n-1] == '*':
		return t[:n-1]
	case n > 2 && t[n-1] == '>':
		for i := 0; i < n; i++ {
			if t[i] == '<' {
				return t[i+1 : n-1]
			}
		}
	}
	return ""
}
