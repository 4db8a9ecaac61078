package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// cond lowers n as a condition: the present block ends in branches to yes and no. It tells which
// of the two can be reached, as far as the literals true and false decide it.
func (x *fn) cond(n syntax.NodeID, yes, no ir.BlockID) (mayYes, mayNo bool) {
	if n == syntax.None {
		x.Branch(x.Choice("", ir.Span{}), yes, no, ir.Span{})
		return true, true
	}
	if !x.enter() {
		x.notUnderstood(n)
		x.Branch(x.unknown(n), yes, no, x.span(n))
		return true, true
	}
	defer x.leave()
	s := x.span(n)
	switch x.kind(n) {
	case syntax.CsBooleanLiteral:
		if x.src[s.Start] == 't' {
			x.Jump(yes, s)
			return true, false
		}
		x.Jump(no, s)
		return false, true
	case syntax.CsParenthesizedExpression:
		if e := x.operandOf(n); e != syntax.None {
			return x.cond(e, yes, no)
		}
	case syntax.CsPrefixUnaryExpression:
		if e := x.operandOf(n); e != syntax.None && x.kind(x.first(n)) == syntax.CsTokBang {
			mayNo, mayYes = x.cond(e, no, yes)
			return mayYes, mayNo
		}
	case syntax.CsBinaryExpression:
		switch x.kind(x.child(n, syntax.FieldCsOperator)) {
		case syntax.CsTokAmpAmp:
			return x.shortCircuit(n, yes, no, true)
		case syntax.CsTokPipePipe:
			return x.shortCircuit(n, yes, no, false)
		}
	case syntax.CsIsPatternExpression:
		v := x.expr(x.child(n, syntax.FieldCsExpression))
		return x.pattern(x.child(n, syntax.FieldCsPattern), v, yes, no)
	case syntax.CsConditionalExpression:
		return x.condConditional(n, yes, no)
	}
	t := x.expr(n)
	if !x.Reachable() {
		return false, false
	}
	x.Branch(t, yes, no, s)
	return true, true
}

// shortCircuit lowers l && r (and) or l || r as a condition.
func (x *fn) shortCircuit(n syntax.NodeID, yes, no ir.BlockID, and bool) (mayYes, mayNo bool) {
	l, r := x.child(n, syntax.FieldCsLeft), x.child(n, syntax.FieldCsRight)
	mid := x.NewBlock()
	if and {
		goOn, stop := x.cond(l, mid, no)
		if !goOn {
			return false, stop
		}
		x.SetBlock(mid)
		mayYes, mayNo = x.cond(r, yes, no)
		return mayYes, mayNo || stop
	}
	stop, goOn := x.cond(l, yes, mid)
	if !goOn {
		return stop, false
	}
	x.SetBlock(mid)
	mayYes, mayNo = x.cond(r, yes, no)
	return mayYes || stop, mayNo
}

func (x *fn) condConditional(n syntax.NodeID, yes, no ir.BlockID) (mayYes, mayNo bool) {
	a, b := x.NewBlock(), x.NewBlock()
	first, second := x.cond(x.child(n, syntax.FieldCsCondition), a, b)
	if first {
		x.SetBlock(a)
		mayYes, mayNo = x.cond(x.child(n, syntax.FieldCsConsequence), yes, no)
	}
	if second {
		x.SetBlock(b)
		y, z := x.cond(x.child(n, syntax.FieldCsAlternative), yes, no)
		mayYes, mayNo = mayYes || y, mayNo || z
	}
	return mayYes, mayNo
}

// truth is the value of a condition that is lowered by branches.
func (x *fn) truth(n syntax.NodeID) ir.Temp {
	s := x.span(n)
	res := x.hidden("$bool", "bool", s)
	yes, no, join := x.NewBlock(), x.NewBlock(), x.NewBlock()
	mayYes, mayNo := x.cond(n, yes, no)
	if mayYes {
		x.SetBlock(yes)
		x.StoreVar(res, x.Bool(true, s), 0, s)
		x.Jump(join, s)
	}
	if mayNo {
		x.SetBlock(no)
		x.StoreVar(res, x.Bool(false, s), 0, s)
		x.Jump(join, s)
	}
	if !mayYes && !mayNo {
		return x.dead(s)
	}
	x.SetBlock(join)
	return x.LoadVar(res, s)
}

// conditional is the value of c ? a : b.
func (x *fn) conditional(n syntax.NodeID, want ir.Type) ir.Temp {
	s := x.span(n)
	res := x.hidden("$cond", want, s)
	yes, no, join := x.NewBlock(), x.NewBlock(), x.NewBlock()
	mayYes, mayNo := x.cond(x.child(n, syntax.FieldCsCondition), yes, no)
	joined := false
	for _, way := range [2]struct {
		may   bool
		block ir.BlockID
		field syntax.Field
	}{{mayYes, yes, syntax.FieldCsConsequence}, {mayNo, no, syntax.FieldCsAlternative}} {
		if !way.may {
			continue
		}
		x.SetBlock(way.block)
		joined = x.storeArm(x.child(n, way.field), res, want) || joined
		x.Jump(join, s)
	}
	if !joined {
		return x.dead(s)
	}
	x.SetBlock(join)
	return x.LoadVar(res, s)
}

// coalesce is the value of a ?? b.
func (x *fn) coalesce(n syntax.NodeID, want ir.Type) ir.Temp {
	s := x.span(n)
	left, right := x.child(n, syntax.FieldCsLeft), x.child(n, syntax.FieldCsRight)
	v := x.exprFor(left, want)
	c := x.Value(ir.Instr{Op: ir.OpBin, Sub: ir.Ne, A: v, B: x.Null(x.span(left)), Var: ir.NoVar, Span: x.span(left)})
	if x.kind(right) == syntax.CsThrowExpression {
		yes, no := x.NewBlock(), x.NewBlock()
		x.Branch(c, yes, no, x.span(left))
		x.SetBlock(no)
		x.effect(right)
		x.SetBlock(yes)
		return v
	}
	res := x.hidden("$cond", want, s)
	yes, no, join := x.NewBlock(), x.NewBlock(), x.NewBlock()
	x.Branch(c, yes, no, x.span(left))
	x.SetBlock(yes)
	x.StoreVar(res, v, 0, x.span(left))
	x.Jump(join, s)
	x.SetBlock(no)
	x.storeArm(right, res, want)
	x.Jump(join, s)
	x.SetBlock(join)
	return x.LoadVar(res, s)
}
