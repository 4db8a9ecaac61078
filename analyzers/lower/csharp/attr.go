package csharp

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// attrs are the attributes of a declaration.
func (u *unit) attrs(n syntax.NodeID) []ir.Attr {
	var out []ir.Attr
	for c := u.first(n); c != syntax.None; c = u.next(c) {
		switch u.kind(c) {
		case syntax.CsAttributeList:
			out = append(out, u.attrList(c)...)
		case syntax.CsPreprocIfInAttributeList, syntax.CsPreprocIf, syntax.CsPreprocElse, syntax.CsPreprocElif:
			out = append(out, u.attrs(c)...)
		case syntax.CsModifier, syntax.CsComment:
		default:
			if u.field(c) != 0 {
				return out // attributes come first
			}
		}
	}
	return out
}

func (u *unit) attrList(n syntax.NodeID) []ir.Attr {
	var out []ir.Attr
	target := ""
	for c := u.first(n); c != syntax.None; c = u.next(c) {
		switch u.kind(c) {
		case syntax.CsAttributeTargetSpecifier:
			target = u.intern(u.bytes(u.first(c)))
		case syntax.CsAttribute:
			out = append(out, u.attr(c, target))
		}
	}
	return out
}

func (u *unit) attr(n syntax.NodeID, target string) ir.Attr {
	name := u.nameOf(u.child(n, syntax.FieldCsName))
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	a := ir.Attr{Name: name, Target: target, Span: u.span(n)}
	if short := strings.TrimSuffix(name, "Attribute"); short != "" {
		a.Name = short
	}
	list := u.t.ChildOfKind(n, syntax.CsAttributeArgumentList)
	if strings.HasSuffix(a.Name, "SuppressMessage") && !normalize.MayNamePinvet(u.bytes(list)) {
		return a // trees may lack the arguments
	}
	for c := u.first(list); c != syntax.None; c = u.next(c) {
		if u.kind(c) == syntax.CsAttributeArgument {
			a.Args = append(a.Args, u.attrArg(c))
		}
	}
	return a
}

func (u *unit) attrArg(n syntax.NodeID) ir.AttrArg {
	var out ir.AttrArg
	name := u.child(n, syntax.FieldCsName)
	value := syntax.None
	for c := u.first(n); c != syntax.None; c = u.next(c) {
		if c != name && u.isExpr(c) {
			value = c
		}
	}
	if name != syntax.None {
		out.Name = u.ident(name)
	}
	if value == syntax.None {
		return out
	}
	out.Expr = u.constExpr(value)
	if out.Expr != nil && out.Expr.Op == ir.OpConst && out.Expr.Kind == ir.ConstString {
		out.Str, out.Text = true, out.Expr.Name
		return out
	}
	out.Text = u.intern(u.bytes(value))
	return out
}
