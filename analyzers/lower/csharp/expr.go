package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// exprFor is expr where the value is converted to type want.
func (x *fn) exprFor(n syntax.NodeID, want ir.Type) ir.Temp {
	x.want = want
	return x.expr(n)
}

// expr lowers an expression and gives its value.
func (x *fn) expr(n syntax.NodeID) ir.Temp {
	want := x.want
	x.want = ""
	if n == syntax.None {
		return x.Value(ir.Instr{Op: ir.OpUnknown, Var: ir.NoVar})
	}
	if !x.enter() {
		x.notUnderstood(n)
		return x.unknown(n)
	}
	defer x.leave()
	if in, ok := x.literal(n); ok {
		in.Span = x.span(n)
		return x.Value(in)
	}
	switch x.kind(n) {
	case syntax.CsIdentifier, syntax.CsMemberAccessExpression, syntax.CsElementAccessExpression,
		syntax.CsConditionalAccessExpression, syntax.CsGenericName, syntax.CsAliasQualifiedName,
		syntax.CsQualifiedName, syntax.CsPredefinedType, syntax.CsKwThis, syntax.CsKwBase:
		return x.loaded(n)
	case syntax.CsInvocationExpression:
		if x.hasConditional(n) {
			return x.nullChain(n, true)
		}
		return x.call(n)
	case syntax.CsParenthesizedExpression, syntax.CsCheckedExpression:
		return x.exprFor(x.operandOf(n), want)
	case syntax.CsAssignmentExpression:
		return x.assignment(n, true)
	case syntax.CsBinaryExpression:
		return x.binary(n, want)
	case syntax.CsPrefixUnaryExpression:
		return x.prefix(n)
	case syntax.CsPostfixUnaryExpression:
		return x.postfix(n, true)
	case syntax.CsConditionalExpression:
		return x.conditional(n, want)
	case syntax.CsCastExpression:
		typ := x.typeOf(x.child(n, syntax.FieldCsType))
		v := x.exprFor(x.child(n, syntax.FieldCsValue), typ)
		return x.Value(ir.Instr{Op: ir.OpCast, A: v, Type: typ, Var: ir.NoVar, Span: x.span(n)})
	case syntax.CsAsExpression:
		typ := x.typeOf(x.child(n, syntax.FieldCsRight))
		v := x.expr(x.child(n, syntax.FieldCsLeft))
		return x.Value(ir.Instr{Op: ir.OpCast, A: v, Type: typ, Var: ir.NoVar, Span: x.span(n)})
	case syntax.CsIsExpression:
		v := x.expr(x.child(n, syntax.FieldCsLeft))
		return x.Value(ir.Instr{Op: ir.OpIs, A: v, Type: x.typeOf(x.child(n, syntax.FieldCsRight)), Var: ir.NoVar, Span: x.span(n)})
	case syntax.CsIsPatternExpression:
		return x.truth(n)
	case syntax.CsObjectCreationExpression, syntax.CsImplicitObjectCreationExpression:
		return x.newObject(n, want)
	case syntax.CsArrayCreationExpression, syntax.CsImplicitArrayCreationExpression, syntax.CsInitializerExpression,
		syntax.CsStackallocExpression, syntax.CsImplicitStackallocExpression, syntax.CsCollectionExpression:
		return x.newArray(n, want)
	case syntax.CsAnonymousObjectCreationExpression:
		return x.anonymousObject(n)
	case syntax.CsTupleExpression:
		return x.tuple(n)
	case syntax.CsWithExpression:
		return x.with(n)
	case syntax.CsLambdaExpression, syntax.CsAnonymousMethodExpression:
		return x.lambda(n)
	case syntax.CsAwaitExpression:
		v := x.expr(x.operandOf(n))
		return x.Value(ir.Instr{Op: ir.OpAwait, A: v, Var: ir.NoVar, Span: x.span(n)})
	case syntax.CsThrowExpression:
		x.throwing(x.operandOf(n), x.span(n))
		return x.dead(x.span(n))
	case syntax.CsSwitchExpression:
		return x.switchExpression(n, want)
	case syntax.CsInterpolatedStringExpression:
		return x.interpolated(n)
	case syntax.CsQueryExpression:
		return x.query(n)
	case syntax.CsRefExpression:
		return x.address(x.operandOf(n))
	case syntax.CsDeclarationExpression:
		return x.Load(x.declared(n), x.span(n))
	}
	return x.constantLike(n, want)
}

// constantLike lowers the expressions that read no variable, and what is left over.
func (x *fn) constantLike(n syntax.NodeID, want ir.Type) ir.Temp {
	in := ir.Instr{Op: ir.OpConst, Var: ir.NoVar, Span: x.span(n)}
	switch x.kind(n) {
	case syntax.CsDefaultExpression:
		in.Const, in.Type = ir.ConstDefault, want
		if t := x.child(n, syntax.FieldCsType); t != syntax.None {
			in.Type = x.typeOf(t)
		}
	case syntax.CsSizeofExpression:
		in.Const, in.Type = ir.ConstSizeof, x.typeOf(x.child(n, syntax.FieldCsType))
	case syntax.CsTypeofExpression:
		in.Op, in.Name, in.Type = ir.OpUnknown, "typeof", x.typeOf(x.child(n, syntax.FieldCsType))
	case syntax.CsRangeExpression:
		for c := x.first(n); c != syntax.None; c = x.next(c) {
			if x.isExpr(c) {
				x.expr(c)
			}
		}
		in.Op = ir.OpUnknown
	case syntax.CsMakerefExpression, syntax.CsReftypeExpression, syntax.CsRefvalueExpression:
		return x.unknown(n)
	case syntax.CsPreprocIf:
		for c := x.first(n); c != syntax.None; c = x.next(c) {
			if x.isExpr(c) && x.field(c) == 0 {
				return x.exprFor(c, want)
			}
		}
		return x.unknown(n)
	default:
		x.notUnderstood(n)
		return x.unknown(n)
	}
	return x.Value(in)
}

// effect lowers an expression whose value is not used.
func (x *fn) effect(n syntax.NodeID) {
	switch x.kind(n) {
	case syntax.CsAssignmentExpression:
		x.assignment(n, false)
	case syntax.CsParenthesizedExpression, syntax.CsCheckedExpression:
		if e := x.operandOf(n); e != syntax.None {
			x.effect(e)
		}
	case syntax.CsPostfixUnaryExpression:
		x.postfix(n, false)
	case syntax.CsThrowExpression:
		x.throwing(x.operandOf(n), x.span(n))
	case syntax.CsInvocationExpression, syntax.CsMemberAccessExpression, syntax.CsElementAccessExpression, syntax.CsConditionalAccessExpression:
		if x.hasConditional(n) {
			x.nullChain(n, false)
			return
		}
		x.expr(n)
	case syntax.CsConditionalExpression:
		x.conditionalEffect(n)
	case syntax.CsAwaitExpression:
		if e := x.operandOf(n); e != syntax.None {
			x.Value(ir.Instr{Op: ir.OpAwait, A: x.expr(e), Var: ir.NoVar, Span: x.span(n)})
		}
	default:
		x.expr(n)
	}
}

// conditionalEffect lowers c ? a : b where the value is not used.
func (x *fn) conditionalEffect(n syntax.NodeID) {
	yes, no, join := x.NewBlock(), x.NewBlock(), x.NewBlock()
	mayYes, mayNo := x.cond(x.child(n, syntax.FieldCsCondition), yes, no)
	joined := false
	if mayYes {
		x.SetBlock(yes)
		x.effect(x.child(n, syntax.FieldCsConsequence))
		joined = x.Reachable()
		x.Jump(join, x.span(n))
	}
	if mayNo {
		x.SetBlock(no)
		x.effect(x.child(n, syntax.FieldCsAlternative))
		joined = joined || x.Reachable()
		x.Jump(join, x.span(n))
	}
	if joined {
		x.SetBlock(join)
	}
}

func (x *fn) binary(n syntax.NodeID, want ir.Type) ir.Temp {
	op := x.kind(x.child(n, syntax.FieldCsOperator))
	switch op {
	case syntax.CsTokAmpAmp, syntax.CsTokPipePipe:
		return x.truth(n)
	case syntax.CsTokQuestionQuestion:
		return x.coalesce(n, want)
	}
	sub := binarySub(op)
	if sub == ir.SubNone {
		x.notUnderstood(n)
		return x.unknown(n)
	}
	l := x.expr(x.child(n, syntax.FieldCsLeft))
	r := x.expr(x.child(n, syntax.FieldCsRight))
	return x.Value(ir.Instr{Op: ir.OpBin, Sub: sub, A: l, B: r, Var: ir.NoVar, Span: x.span(n)})
}

func (x *fn) prefix(n syntax.NodeID) ir.Temp {
	op, e, s := x.kind(x.first(n)), x.operandOf(n), x.span(n)
	switch op {
	case syntax.CsTokStar:
		return x.loaded(n)
	case syntax.CsTokAmp:
		return x.address(e)
	case syntax.CsTokPlusPlus, syntax.CsTokMinusMinus:
		_, v := x.increment(e, op, s)
		return v
	case syntax.CsTokPlus:
		return x.expr(e)
	case syntax.CsTokCaret:
		x.expr(e)
		return x.Value(ir.Instr{Op: ir.OpUnknown, Var: ir.NoVar, Span: s})
	case syntax.CsTokMinus:
		if in, ok := x.literal(e); ok && in.Const == ir.ConstInt {
			in.Int, in.Span = -in.Int, s
			return x.Value(in)
		}
	case syntax.CsTokBang:
		if x.branches(e) {
			return x.truth(n)
		}
	}
	sub := prefixSub(op)
	if sub == ir.SubNone {
		x.notUnderstood(n)
		return x.unknown(n)
	}
	return x.Value(ir.Instr{Op: ir.OpUnary, Sub: sub, A: x.expr(e), Var: ir.NoVar, Span: s})
}

// branches tells conditions whose value is made by branches.
func (x *fn) branches(n syntax.NodeID) bool {
	for x.kind(n) == syntax.CsParenthesizedExpression {
		n = x.operandOf(n)
	}
	switch x.kind(n) {
	case syntax.CsIsPatternExpression:
		return true
	case syntax.CsBinaryExpression:
		op := x.kind(x.child(n, syntax.FieldCsOperator))
		return op == syntax.CsTokAmpAmp || op == syntax.CsTokPipePipe
	}
	return false
}

func (x *fn) postfix(n syntax.NodeID, value bool) ir.Temp {
	e := x.operandOf(n)
	for c := x.next(e); c != syntax.None; c = x.next(c) {
		switch op := x.kind(c); op {
		case syntax.CsTokPlusPlus, syntax.CsTokMinusMinus:
			old, _ := x.increment(e, op, x.span(n))
			return old
		}
	}
	if !value {
		x.effect(e)
		return 0
	}
	return x.expr(e)
}

// increment lowers ++ and --; it gives the values before and after.
func (x *fn) increment(e syntax.NodeID, op syntax.Kind, s ir.Span) (old, now ir.Temp) {
	sub := ir.Add
	if op == syntax.CsTokMinusMinus {
		sub = ir.Subtract
	}
	a := x.address(e)
	old = x.Load(a, x.span(e))
	now = x.Value(ir.Instr{Op: ir.OpBin, Sub: sub, A: old, B: x.Int(1, s), Var: ir.NoVar, Span: s})
	x.Store(a, now, ir.Compound, s)
	return old, now
}

// interpolated reads what a string shows; the result is some string.
func (x *fn) interpolated(n syntax.NodeID) ir.Temp {
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		if x.kind(c) != syntax.CsInterpolation {
			continue
		}
		for d := x.first(c); d != syntax.None; d = x.next(d) {
			switch x.kind(d) {
			case syntax.CsInterpolationBrace, syntax.CsInterpolationAlignmentClause, syntax.CsInterpolationFormatClause:
			default:
				if x.isExpr(d) {
					x.Value(ir.Instr{Op: ir.OpUnary, Sub: ir.Text, A: x.expr(d), Var: ir.NoVar, Span: x.span(d)})
				}
			}
		}
	}
	return x.Value(ir.Instr{Op: ir.OpConst, Const: ir.ConstString, Var: ir.NoVar, Span: x.span(n)})
}
