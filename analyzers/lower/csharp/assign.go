package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// assignment lowers =, op= and ??=; the result is the value assigned, if value is set.
func (x *fn) assignment(n syntax.NodeID, value bool) ir.Temp {
	left, right := x.child(n, syntax.FieldCsLeft), x.child(n, syntax.FieldCsRight)
	for x.kind(left) == syntax.CsParenthesizedExpression && x.operandOf(left) != syntax.None {
		left = x.operandOf(left)
	}
	s := x.span(n)
	op := x.kind(x.child(n, syntax.FieldCsOperator))
	switch {
	case left == syntax.None || right == syntax.None:
		x.notUnderstood(n)
		return x.unknown(n)
	case op == syntax.CsTokEq:
		return x.plainAssignment(left, right, s)
	case op == syntax.CsTokQuestionQuestionEq:
		return x.coalesceAssignment(left, right, value, s)
	}
	sub := binarySub(op)
	a := x.target(left)
	old := x.Load(a, x.span(left))
	v := x.expr(right)
	now := x.Value(ir.Instr{Op: ir.OpBin, Sub: sub, A: old, B: v, Var: ir.NoVar, Span: s})
	x.Store(a, now, ir.Compound, s)
	return now
}

func (x *fn) plainAssignment(left, right syntax.NodeID, s ir.Span) ir.Temp {
	switch x.kind(left) {
	case syntax.CsTupleExpression:
		return x.assignTuple(left, right, s)
	case syntax.CsIdentifier:
		if x.isDiscard(left) {
			return x.expr(right)
		}
		v := x.lookup(x.identBytes(left))
		if v == ir.NoVar {
			break
		}
		if x.kind(right) == syntax.CsRefExpression {
			to := x.expr(right) // r = ref y
			if x.isRef(v) {
				x.StoreVar(v, to, 0, s)
				return to
			}
			x.unknown(left) // a ref parameter now means another place
			return to
		}
		a := x.varPlace(v, x.span(left))
		val := x.exprFor(right, x.F.Vars[v].Type)
		x.Store(a, val, 0, s)
		return val
	}
	if x.hasConditional(left) {
		return x.conditionalAssignment(left, right, s)
	}
	a := x.target(left)
	val := x.exprFor(right, x.fieldType(left))
	x.Store(a, val, 0, s)
	return val
}

// target is the address that an assignment writes to. A call gives one: it can only be assigned to where it returns a reference.
// So does the this of a struct.
func (x *fn) target(n syntax.NodeID) ir.Temp {
	a, v := x.place(n)
	if k := x.kind(n); a == 0 && (k == syntax.CsInvocationExpression || k == syntax.CsKwThis) {
		return v
	}
	if a == 0 {
		a = x.spill(v, x.span(n))
	}
	return a
}

// conditionalAssignment lowers a?.b = v: nothing is evaluated or stored when a is null.
func (x *fn) conditionalAssignment(left, right syntax.NodeID, s ir.Span) ir.Temp {
	saved := x.nullOut
	out := x.NewBlock()
	x.nullOut = out
	a, v := x.placeIn(left)
	x.nullOut = saved
	if a == 0 {
		a = x.spill(v, x.span(left))
	}
	x.Store(a, x.expr(right), 0, s)
	x.Jump(out, s)
	x.SetBlock(out)
	return x.Value(ir.Instr{Op: ir.OpUnknown, Var: ir.NoVar, Span: s})
}

func (x *fn) coalesceAssignment(left, right syntax.NodeID, value bool, s ir.Span) ir.Temp {
	a := x.target(left)
	old := x.Load(a, x.span(left))
	c := x.Value(ir.Instr{Op: ir.OpBin, Sub: ir.Eq, A: old, B: x.Null(x.span(left)), Var: ir.NoVar, Span: x.span(left)})
	set, done := x.NewBlock(), x.NewBlock()
	x.Branch(c, set, done, x.span(left))
	x.SetBlock(set)
	v := x.exprFor(right, x.fieldType(left))
	if x.Reachable() {
		x.Store(a, v, ir.Compound, s)
	}
	x.Jump(done, s)
	x.SetBlock(done)
	if !value {
		return 0
	}
	return x.Load(a, s)
}

// fieldType is the type of a local or of a field of the type at hand, "" when it is not known.
// It serves new() only, so fields declared further down may be missed.
func (x *fn) fieldType(n syntax.NodeID) ir.Type {
	if x.kind(n) == syntax.CsMemberAccessExpression && x.kind(x.child(n, syntax.FieldCsExpression)) == syntax.CsKwThis {
		n = x.child(n, syntax.FieldCsName)
	}
	if x.kind(n) != syntax.CsIdentifier || x.owner == nil {
		return ""
	}
	name := x.identBytes(n)
	if x.kind(n) == syntax.CsIdentifier {
		if v := x.lookup(name); v != ir.NoVar {
			return x.F.Vars[v].Type
		}
	}
	for i := len(x.out.Fields) - 1; i >= 0; i-- {
		f := x.out.Fields[i]
		if f.Owner != x.owner.name {
			break
		}
		if f.Name == string(name) {
			return f.Type
		}
	}
	return ""
}

// slot is one target of a deconstruction.
type slot struct {
	addr ir.Temp // 0: discard or nested
	init bool    // declared here
	sub  []slot
	span ir.Span
}

// slots evaluates the targets of a deconstruction and declares the variables in it.
func (x *fn) slots(n syntax.NodeID) []slot {
	if !x.enter() {
		return nil
	}
	defer x.leave()
	var out []slot
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		e := c
		if x.kind(c) == syntax.CsArgument {
			e = x.argValue(c)
		}
		if e == syntax.None || x.nodes[e].Flags&syntax.Extra != 0 {
			continue
		}
		sl := slot{span: x.span(e)}
		pattern := x.kind(n) == syntax.CsTuplePattern || x.kind(n) == syntax.CsParenthesizedVariableDesignation
		switch {
		case x.kind(e) == syntax.CsTuplePattern || x.kind(e) == syntax.CsTupleExpression || x.kind(e) == syntax.CsParenthesizedVariableDesignation:
			sl.sub = x.slots(e)
		case x.kind(e) == syntax.CsDiscard || x.isDiscard(e):
		case pattern && x.kind(e) == syntax.CsIdentifier:
			v := x.declare(ir.Var{Name: x.ident(e), Type: "var", Span: sl.span})
			x.begins(v, sl.span)
			sl.addr, sl.init = x.VarAddr(v, sl.span), true
		case x.kind(e) == syntax.CsDeclarationExpression:
			sl.addr, sl.init = x.declared(e), true
		case x.isExpr(e):
			sl.addr = x.target(e)
		default:
			continue
		}
		out = append(out, sl)
	}
	return out
}

// fill stores the elements of the tuple v to the slots.
func (x *fn) fill(list []slot, v ir.Temp, s ir.Span) {
	for i, sl := range list {
		if sl.addr == 0 && sl.sub == nil {
			continue
		}
		m := x.Value(ir.Instr{Op: ir.OpMember, A: v, Name: x.itemName(i), Var: ir.NoVar, Span: sl.span})
		x.put(sl, x.Load(m, sl.span), s)
	}
}

func (x *fn) put(sl slot, v ir.Temp, s ir.Span) {
	switch {
	case sl.sub != nil:
		x.fill(sl.sub, v, s)
	case sl.addr != 0:
		fl := ir.InstrFlags(0)
		if sl.init {
			fl = ir.Init
		}
		x.Store(sl.addr, v, fl, s)
	}
}

// assignTuple lowers (a, b) = value. A tuple of values is never built: first all are evaluated,
// then all are stored.
func (x *fn) assignTuple(left, right syntax.NodeID, s ir.Span) ir.Temp {
	list := x.slots(left)
	return x.assignSlots(list, right, s)
}

func (x *fn) assignSlots(list []slot, right syntax.NodeID, s ir.Span) ir.Temp {
	if x.kind(right) != syntax.CsTupleExpression {
		v := x.expr(right)
		x.fill(list, v, s)
		return v
	}
	var values []ir.Temp
	for c := x.first(right); c != syntax.None; c = x.next(c) {
		if x.kind(c) == syntax.CsArgument {
			values = append(values, x.expr(x.argValue(c)))
		}
	}
	for i, sl := range list {
		if i < len(values) {
			x.put(sl, values[i], s)
		}
	}
	if len(values) == 0 {
		return x.dead(s)
	}
	return values[0]
}

// deconstruct lowers var (a, b) = value.
func (x *fn) deconstruct(pattern, value syntax.NodeID, s ir.Span) {
	x.assignSlots(x.slots(pattern), value, s)
}
