package csharp

import (
	"bytes"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// suppressions collects the SuppressMessage attributes of a view that may be about pinvet, wherever they stand.
func (u *unit) suppressions() {
	if !bytes.Contains(u.src, []byte("SuppressMessage")) {
		return
	}
	for i := range u.nodes {
		n := syntax.NodeID(i)
		if u.nodes[i].Kind != syntax.CsAttribute || !bytes.Contains(u.bytes(u.child(n, syntax.FieldCsName)), []byte("SuppressMessage")) || !normalize.MayNamePinvet(u.bytes(u.t.ChildOfKind(n, syntax.CsAttributeArgumentList))) {
			continue
		}
		if d := u.suppression(n); d.Attr.Name == "SuppressMessage" || d.Attr.Name == "UnconditionalSuppressMessage" {
			if !slices.ContainsFunc(u.out.Directives, func(o ir.Directive) bool { return o.Span == d.Span }) {
				u.out.Directives = append(u.out.Directives, d)
			}
		}
	}
}

func (u *unit) suppression(n syntax.NodeID) ir.Directive {
	list := u.t.Parent(n)
	target := ""
	alone := true
	for c := u.first(list); c != syntax.None; c = u.next(c) {
		switch {
		case u.kind(c) == syntax.CsAttributeTargetSpecifier:
			target = u.intern(u.bytes(u.first(c)))
		case u.kind(c) == syntax.CsAttribute && c != n:
			alone = false
		}
	}
	a := u.attr(n, target)
	d := ir.Directive{Kind: ir.DirectiveAttribute, Span: a.Span, Text: string(u.bytes(n)), Attr: &a}
	if alone {
		d.List = u.span(list)
	}
	if u.kind(list) == syntax.CsAttributeList && target != "assembly" && target != "module" {
		d.About = u.span(u.t.Parent(list))
	} else if target == "" {
		a.Target = "assembly"
	}
	return d
}
