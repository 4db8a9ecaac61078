package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// place lowers n up to its address when it is an lvalue (val 0), else to its value (addr 0).
func (x *fn) place(n syntax.NodeID) (addr, val ir.Temp) {
	if x.hasConditional(n) {
		return 0, x.nullChain(n, true)
	}
	return x.placeIn(n)
}

// placeIn is place inside of a null-conditional chain: links that are null leave it.
func (x *fn) placeIn(n syntax.NodeID) (addr, val ir.Temp) {
	if n == syntax.None || !x.enter() {
		return 0, x.expr(n)
	}
	defer x.leave()
	s := x.span(n)
	switch x.kind(n) {
	case syntax.CsIdentifier:
		if v := x.lookup(x.identBytes(n)); v != ir.NoVar {
			return x.varPlace(v, s), 0
		}
		return x.name(x.ident(n), n), 0
	case syntax.CsGenericName, syntax.CsAliasQualifiedName, syntax.CsQualifiedName, syntax.CsPredefinedType:
		return x.name(x.nameOf(n), n), 0
	case syntax.CsKwThis:
		return 0, x.this(s)
	case syntax.CsKwBase:
		x.usesThis = true
		return x.name("base", n), 0
	case syntax.CsMemberAccessExpression, syntax.CsElementAccessExpression:
		if star := x.looseStar(n); star != x.star {
			return x.starred(n, star), 0
		}
		if x.kind(n) == syntax.CsElementAccessExpression {
			return x.elementPlace(n)
		}
		return x.memberPlace(n), 0
	case syntax.CsConditionalAccessExpression:
		return x.conditionalPlace(n)
	case syntax.CsInvocationExpression:
		return 0, x.call(n)
	case syntax.CsParenthesizedExpression:
		return x.place(x.operandOf(n))
	case syntax.CsPostfixUnaryExpression:
		if x.isNullLink(n) {
			_, v := x.linkTest(x.operandOf(n))
			return 0, v
		}
		if !x.hasToken(n, syntax.CsTokPlusPlus) && !x.hasToken(n, syntax.CsTokMinusMinus) {
			return x.placeIn(x.operandOf(n))
		}
	case syntax.CsPrefixUnaryExpression:
		if n == x.star {
			return x.placeIn(x.starOperand(n))
		}
		if x.kind(x.first(n)) == syntax.CsTokStar {
			return x.pointee(n), 0
		}
	case syntax.CsDeclarationExpression:
		return x.declared(n), 0
	}
	return 0, x.expr(n)
}

// pointee is the address of *p.
func (x *fn) pointee(n syntax.NodeID) ir.Temp {
	e := x.operandOf(n)
	if op, front, ok := x.lostStep(n, e); ok {
		old, now := x.increment(e, op, x.span(n))
		if front {
			return now
		}
		return old
	}
	return x.expr(e)
}

// looseStar is the *p at the bottom of *p.m and *p[i], where the grammar binds the star tighter
// than the language does; x.star when there is none.
func (x *fn) looseStar(n syntax.NodeID) syntax.NodeID {
	for x.kind(n) == syntax.CsMemberAccessExpression || x.kind(n) == syntax.CsElementAccessExpression {
		n = x.child(n, syntax.FieldCsExpression)
	}
	if x.kind(n) == syntax.CsPrefixUnaryExpression && x.kind(x.first(n)) == syntax.CsTokStar {
		return n
	}
	return x.star
}

// starOperand is the operand below all stars of **p.
func (x *fn) starOperand(n syntax.NodeID) syntax.NodeID {
	for x.kind(n) == syntax.CsPrefixUnaryExpression && x.kind(x.first(n)) == syntax.CsTokStar {
		n = x.operandOf(n)
	}
	return n
}

// starred is the address of *(l.m) where the tree at n reads (*l).m, star being its *l.
func (x *fn) starred(n, star syntax.NodeID) ir.Temp {
	saved := x.star
	x.star = star
	a, v := x.placeIn(n)
	x.star = saved
	s := x.span(n)
	v = x.value(a, v, s)
	for star = x.operandOf(star); x.kind(star) == syntax.CsPrefixUnaryExpression && x.kind(x.first(star)) == syntax.CsTokStar; star = x.operandOf(star) {
		v = x.Load(v, s)
	}
	return v
}

// value is the value of a place.
func (x *fn) value(addr, val ir.Temp, s ir.Span) ir.Temp {
	if addr != 0 {
		return x.Load(addr, s)
	}
	return val
}

// loaded is the value of an expression that place knows.
func (x *fn) loaded(n syntax.NodeID) ir.Temp {
	a, v := x.place(n)
	return x.value(a, v, x.span(n))
}

// address is the address of n; a value without one is put into a hidden variable.
func (x *fn) address(n syntax.NodeID) ir.Temp {
	if x.kind(n) == syntax.CsRefExpression {
		n = x.operandOf(n)
	}
	a, v := x.place(n)
	if a != 0 {
		return a
	}
	return x.spill(v, x.span(n))
}

func (x *fn) spill(v ir.Temp, s ir.Span) ir.Temp {
	h := x.hidden("$temp", "", s)
	a := x.VarAddr(h, s)
	x.Store(a, v, ir.Init, s)
	return a
}

// this is the value of the receiver.
func (x *fn) this(s ir.Span) ir.Temp {
	for f := x; f != nil; f = f.parent {
		f.usesThis = true
	}
	if x.F.This == ir.NoVar {
		return x.Load(x.Value(ir.Instr{Op: ir.OpName, Name: "this", Var: ir.NoVar, Span: s}), s)
	}
	return x.LoadVar(x.F.This, s)
}

// name is the address of what a name that is no local means.
func (x *fn) name(name string, n syntax.NodeID) ir.Temp {
	if name == "field" && x.prop != "" && !x.declaresField() {
		x.usesField = true
		name = backingName(x.prop)
	}
	return x.Value(ir.Instr{Op: ir.OpName, Name: name, Var: ir.NoVar, Span: x.span(n)})
}

// declaresField tells whether the type part has a field named field, so that accessors mean that.
func (x *fn) declaresField() bool {
	if x.owner == nil || x.owner.body == syntax.None {
		return false
	}
	for c := x.first(x.owner.body); c != syntax.None; c = x.next(c) {
		if x.kind(c) != syntax.CsFieldDeclaration {
			continue
		}
		decl := x.t.ChildOfKind(c, syntax.CsVariableDeclaration)
		for d := x.first(decl); d != syntax.None; d = x.next(d) {
			if x.kind(d) == syntax.CsVariableDeclarator && string(x.bytes(x.child(d, syntax.FieldCsName))) == "field" {
				return true
			}
		}
	}
	return false
}

// dotted is the name of a chain of member accesses whose root is no local.
func (x *fn) dotted(n syntax.NodeID) (string, bool) {
	for m := n; ; {
		switch x.kind(m) {
		case syntax.CsMemberAccessExpression:
			if x.isArrow(m) {
				return "", false
			}
			m = x.child(m, syntax.FieldCsExpression)
			continue
		case syntax.CsPostfixUnaryExpression:
			if x.hasToken(m, syntax.CsTokBang) && m != n && !x.isNullLink(m) {
				m = x.operandOf(m)
				continue
			}
			return "", false
		case syntax.CsPrefixUnaryExpression:
			if m != x.star {
				return "", false
			}
			m = x.starOperand(m)
			continue
		case syntax.CsIdentifier:
			if x.lookup(x.identBytes(m)) != ir.NoVar {
				return "", false
			}
			if x.prop != "" && string(x.bytes(m)) == "field" && !x.declaresField() {
				return "", false
			}
		case syntax.CsGenericName, syntax.CsAliasQualifiedName, syntax.CsQualifiedName, syntax.CsPredefinedType:
		case syntax.CsKwThis, syntax.CsKwBase:
			for f := x; f != nil; f = f.parent {
				f.usesThis = true
			}
		default:
			return "", false
		}
		break
	}
	b := x.bytes(n)
	for _, c := range b {
		if c <= ' ' || c == '<' || c == ':' || c == '@' || c == '!' || c == '/' || c == '*' {
			x.buf = x.dottedName(x.buf[:0], n)
			return x.intern(x.buf), true
		}
	}
	return x.intern(b), true
}

// isArrow tells p->f from p.f.
func (x *fn) isArrow(n syntax.NodeID) bool { return x.hasToken(n, syntax.CsTokMinusGt) }

// memberPlace is the address of l.m or l->m.
func (x *fn) memberPlace(n syntax.NodeID) ir.Temp {
	if name, ok := x.dotted(n); ok {
		return x.name(name, n)
	}
	left, member := x.child(n, syntax.FieldCsExpression), x.child(n, syntax.FieldCsName)
	in := ir.Instr{Op: ir.OpMember, Name: x.nameOf(member), Var: ir.NoVar, Span: x.span(n)}
	a, v := x.placeIn(left)
	switch {
	case x.isArrow(n):
		in.Op, in.A = ir.OpField, x.value(a, v, x.span(left))
	case a != 0:
		in.A, in.Flags = a, ir.AddrOperand
	default:
		in.A = v
	}
	return x.Value(in)
}

// elementPlace is the address of l[i], or the value of l[i..j].
func (x *fn) elementPlace(n syntax.NodeID) (addr, val ir.Temp) {
	left := x.child(n, syntax.FieldCsExpression)
	a, v := x.placeIn(left)
	v = x.value(a, v, x.span(left))
	return x.index(n, v, a, x.child(n, syntax.FieldCsSubscript), 0)
}

// index is the element of collection v (at address a, or 0) that the arguments in list name.
func (x *fn) index(n syntax.NodeID, v, a ir.Temp, list syntax.NodeID, fl ir.InstrFlags) (addr, val ir.Temp) {
	s := x.span(n)
	count, idx := 0, ir.Temp(0)
	for c := x.first(list); c != syntax.None; c = x.next(c) {
		if x.kind(c) != syntax.CsArgument {
			continue
		}
		e := x.argValue(c)
		if x.kind(e) == syntax.CsRangeExpression {
			x.expr(e)
			return 0, x.slice(v, a, s, x.span(e), fl)
		}
		idx = x.expr(e)
		count++
	}
	if count != 1 {
		idx = 0
	}
	return x.Value(ir.Instr{Op: ir.OpElem, A: v, B: idx, Flags: fl, Var: ir.NoVar, Span: s}), 0
}

// slice is the part of collection v (at address a, or 0) that a range gives.
func (x *fn) slice(v, a ir.Temp, s, rng ir.Span, fl ir.InstrFlags) ir.Temp {
	start := x.Value(ir.Instr{Op: ir.OpUnknown, Var: ir.NoVar, Span: rng})
	length := x.Value(ir.Instr{Op: ir.OpUnknown, Var: ir.NoVar, Span: rng})
	call := &ir.Call{Name: "Slice", Recv: v, RecvAddr: a, NameSpan: rng, Args: []ir.Arg{{Val: start, Span: rng}, {Val: length, Span: rng}}}
	return x.Value(ir.Instr{Op: ir.OpCall, Call: call, Flags: ir.Implicit | fl, Var: ir.NoVar, Span: s})
}

// hasConditional tells whether the chain of member accesses, calls and indexing at n has a ?. in it.
func (x *fn) hasConditional(n syntax.NodeID) bool {
	for {
		switch x.kind(n) {
		case syntax.CsConditionalAccessExpression:
			return true
		case syntax.CsMemberAccessExpression, syntax.CsElementAccessExpression:
			n = x.child(n, syntax.FieldCsExpression)
		case syntax.CsInvocationExpression:
			n = x.child(n, syntax.FieldCsFunction)
		case syntax.CsPostfixUnaryExpression:
			if x.isNullLink(n) {
				return true
			}
			if x.hasToken(n, syntax.CsTokPlusPlus) || x.hasToken(n, syntax.CsTokMinusMinus) {
				return false
			}
			n = x.operandOf(n)
		default:
			return false
		}
	}
}

// nullChain lowers a chain with ?. in it: as soon as a link is null the rest is not evaluated and
// the value is null.
func (x *fn) nullChain(n syntax.NodeID, value bool) ir.Temp {
	s := x.span(n)
	saved := x.nullOut
	out := x.NewBlock()
	x.nullOut = out
	a, v := x.placeIn(n)
	x.nullOut = saved
	if !value {
		x.Jump(out, s)
		x.SetBlock(out)
		return 0
	}
	v = x.value(a, v, s)
	res, join := x.hidden("$cond", "", s), x.NewBlock()
	x.StoreVar(res, v, 0, s)
	x.Jump(join, s)
	x.SetBlock(out)
	x.StoreVar(res, x.Null(s), 0, s)
	x.Jump(join, s)
	x.SetBlock(join)
	return x.LoadVar(res, s)
}

// receiver tests the left side of ?. and goes on where it is not null.
func (x *fn) receiver(n syntax.NodeID) (addr, val ir.Temp) {
	return x.linkTest(x.child(n, syntax.FieldCsCondition))
}

func (x *fn) linkTest(left syntax.NodeID) (addr, val ir.Temp) {
	s := x.span(left)
	a, v := x.placeIn(left)
	v = x.value(a, v, s)
	c := x.Value(ir.Instr{Op: ir.OpBin, Sub: ir.Ne, A: v, B: x.Null(s), Flags: ir.Implicit, Var: ir.NoVar, Span: s})
	goOn := x.NewBlock()
	x.Branch(c, goOn, x.nullOut, s)
	x.SetBlock(goOn)
	return a, v
}

// conditionalPlace is the address of a?.m or a?[i], reached only when a is not null.
func (x *fn) conditionalPlace(n syntax.NodeID) (addr, val ir.Temp) {
	a, v := x.receiver(n)
	if m := x.t.ChildOfKind(n, syntax.CsMemberBindingExpression); m != syntax.None {
		name := x.child(m, syntax.FieldCsName)
		return x.Value(ir.Instr{Op: ir.OpMember, A: v, Name: x.nameOf(name), Flags: ir.NullCond, Var: ir.NoVar, Span: x.span(n)}), 0
	}
	if l := x.t.ChildOfKind(n, syntax.CsElementBindingExpression); l != syntax.None {
		return x.index(n, v, a, l, ir.NullCond)
	}
	x.notUnderstood(n)
	return 0, x.unknown(n)
}
