package clower

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// record declares a struct or union that has a body and returns its name: the tag, else hint, else
// a name made of its place.
func (l *lowerer) record(n nodeID, hint string) ir.Type {
	nameNode := l.child(n, syntax.FieldCName)
	name := hint
	if nameNode != none {
		name = l.name(nameNode)
	}
	body := l.child(n, syntax.FieldCBody)
	if body == none {
		return ir.Type(name)
	}
	if name == "" {
		name = "$" + strconv.Itoa(int(l.t.Nodes[n].Start))
	}
	d := &ir.TypeDecl{Name: name, Kind: ir.TypeStruct, Pack: l.packAt(l.t.Nodes[n].Start), Span: l.span(n), NameSpan: l.span(nameNode)}
	if l.is(n, syntax.CUnionSpecifier) {
		d.Kind, d.Flags = ir.TypeUnion, ir.Union
	}
	if nameNode == none && hint != "" && !strings.Contains(hint, ".") {
		d.Flags |= ir.Typedef
	}
	for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
		if l.is(c, syntax.CAttributeSpecifier) && bytes.Contains(l.bytes(c), []byte("packed")) {
			d.Pack = 1
		}
	}
	if l.members[name] == nil {
		l.members[name] = []string{}
	}
	if !l.declaredBefore(d) {
		l.out.Types = append(l.out.Types, d)
	}
	l.fieldList(body, name, 0)
	return ir.Type(name)
}

// declaredBefore tells whether an earlier view has the same declaration.
func (l *lowerer) declaredBefore(d *ir.TypeDecl) bool {
	if l.view == 0 {
		return false
	}
	for _, o := range l.out.Types {
		if o.Name == d.Name && o.Span.Start == d.Span.Start {
			return true
		}
	}
	return false
}

// fieldList declares the members in a body.
func (l *lowerer) fieldList(n nodeID, owner string, depth int) {
	if depth > 200 {
		return
	}
	for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
		switch l.kind(c) {
		case syntax.CFieldDeclaration:
			l.field(c, owner, depth)
		case syntax.KindError:
			l.fieldList(c, owner, depth+1)
		}
	}
}

func (l *lowerer) field(n nodeID, owner string, depth int) {
	typeNode := l.child(n, syntax.FieldCType)
	decl := l.child(n, syntax.FieldCDeclarator)
	if decl == none {
		// C11 anonymous struct or union: its members are the owner's.
		if k := l.kind(typeNode); k == syntax.CStructSpecifier || k == syntax.CUnionSpecifier {
			if body := l.child(typeNode, syntax.FieldCBody); body != none && l.child(typeNode, syntax.FieldCName) == none {
				l.anonymous(typeNode)
				l.fieldList(body, owner, depth+1)
				return
			}
		}
		base := l.typeSpec(typeNode, "")
		if c := l.t.ChildOfKind(n, syntax.CBitfieldClause); c != none { // padding: no member, but room
			l.out.Fields = append(l.out.Fields, &ir.Field{Owner: owner, Type: base, Bits: l.bits(c), Span: l.span(n)})
		}
		return
	}
	hint := ""
	if d := l.declare(decl, ""); d.name != none {
		hint = owner + "." + l.name(d.name)
	}
	base := l.typeSpec(typeNode, hint)
	flags := l.modifiers(n) &^ (ir.NoReturn | ir.Exported | ir.Static)
	for c := decl; c != none; c = l.t.NextSibling(c) {
		if l.t.Nodes[c].Field != syntax.FieldCDeclarator {
			continue
		}
		d := l.declare(c, base)
		if d.name == none {
			continue
		}
		f := &ir.Field{Owner: owner, Name: l.name(d.name), Type: d.typ, Flags: flags, Span: l.span(d.name)}
		if next := l.t.NextSibling(c); l.is(next, syntax.CBitfieldClause) {
			f.Bits = l.bits(next)
		}
		l.addField(f)
	}
}

// bits is the width of a bit-field, -1 when it is 0 or no plain number.
func (l *lowerer) bits(clause nodeID) int {
	if n, err := strconv.Atoi(string(l.bytes(l.inner(clause)))); err == nil && n > 0 {
		return n
	}
	return -1
}

// anonymous declares a nameless struct or union inside of another one: which members it holds is
// told by their places.
func (l *lowerer) anonymous(n nodeID) {
	d := &ir.TypeDecl{Name: "$" + strconv.Itoa(int(l.t.Nodes[n].Start)), Kind: ir.TypeStruct, Flags: ir.Generated,
		Pack: l.packAt(l.t.Nodes[n].Start), Span: l.span(n)}
	if l.is(n, syntax.CUnionSpecifier) {
		d.Kind, d.Flags = ir.TypeUnion, ir.Generated|ir.Union
	}
	if !l.declaredBefore(d) {
		l.out.Types = append(l.out.Types, d)
	}
}

func (l *lowerer) addField(f *ir.Field) {
	key := fieldKey{f.Owner, f.Name}
	if old, ok := l.fields[key]; ok && old == f.Type {
		return // the other view, or the other arm of a conditional
	} else if !ok {
		l.members[f.Owner] = append(l.members[f.Owner], f.Name)
	}
	l.fields[key] = f.Type
	l.out.Fields = append(l.out.Fields, f)
}

// enum declares an enum's constants and returns its name, or int.
func (l *lowerer) enum(n nodeID, hint string) ir.Type {
	nameNode := l.child(n, syntax.FieldCName)
	name := hint
	if nameNode != none {
		name = l.name(nameNode)
	}
	if body := l.child(n, syntax.FieldCBody); body != none {
		if name != "" {
			d := &ir.TypeDecl{Name: name, Kind: ir.TypeEnum, Span: l.span(n), NameSpan: l.span(nameNode)}
			if nameNode == none && !strings.Contains(hint, ".") {
				d.Flags |= ir.Typedef
			}
			if !l.declaredBefore(d) {
				l.out.Types = append(l.out.Types, d)
			}
		}
		l.enumerators(body, ir.Type(name), -1, 0)
	}
	if name == "" {
		return "int"
	}
	return ir.Type(name)
}

// enumerators declares the constants in n and returns the index of the last one.
func (l *lowerer) enumerators(n nodeID, typ ir.Type, prev, depth int) int {
	if depth > 200 {
		return prev
	}
	for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
		switch l.kind(c) {
		case syntax.CEnumerator:
			k := &ir.Constant{Name: l.name(l.child(c, syntax.FieldCName)), Type: typ, Enum: true, Prev: -1, Span: l.span(c)}
			if v := l.child(c, syntax.FieldCValue); v != none {
				k.Value = l.constExpr(string(l.bytes(v)))
				if k.Value == nil {
					k.Value = &ir.Expr{Op: ir.OpUnknown}
				}
			} else {
				k.Prev = prev
			}
			if old, ok := l.consts[k.Name]; ok && l.view > 0 {
				prev = old
				continue
			}
			prev = len(l.out.Consts)
			l.consts[k.Name] = prev
			l.out.Consts = append(l.out.Consts, k)
		case syntax.KindError:
			prev = l.enumerators(c, typ, prev, depth+1)
		}
	}
	return prev
}
