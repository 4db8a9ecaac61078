package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// loopBody opens the loop's frame, lowers the body and leads its end to next. It tells whether
// next and exit are reached.
func (x *fn) loopBody(body syntax.NodeID, exit, next ir.BlockID, s ir.Span, before func()) (again, broke bool) {
	x.PushLoop(exit, next)
	x.targets = append(x.targets, target{loop: true})
	if before != nil {
		before()
	}
	x.embedded(body)
	if before != nil {
		x.PopScope(x.endSpan(body))
	}
	again = x.Reachable()
	x.Jump(next, s)
	t := x.targets[len(x.targets)-1]
	x.targets = x.targets[:len(x.targets)-1]
	x.PopLoop()
	return again || t.continued, t.broke
}

func (x *fn) whileStatement(n syntax.NodeID) {
	m := x.open()
	cond := x.child(n, syntax.FieldCsCondition)
	s := x.span(cond)
	head, body, latch, exit := x.NewBlock(), x.NewBlock(), x.NewBlock(), x.NewBlock()
	x.Jump(head, s)
	x.SetBlock(head)
	mayYes, mayNo := x.cond(cond, body, exit)
	if mayYes {
		x.SetBlock(body)
		again, broke := x.loopBody(x.child(n, syntax.FieldCsBody), exit, latch, s, nil)
		mayNo = mayNo || broke
		if again {
			x.SetBlock(latch)
			x.JumpBack(head, s)
		}
	}
	if mayNo {
		x.SetBlock(exit)
	}
	x.close(m)
}

func (x *fn) doStatement(n syntax.NodeID) {
	m := x.open()
	cond := x.child(n, syntax.FieldCsCondition)
	s := x.span(cond)
	head, test, latch, exit := x.NewBlock(), x.NewBlock(), x.NewBlock(), x.NewBlock()
	x.Jump(head, x.span(n))
	x.SetBlock(head)
	again, reached := x.loopBody(x.child(n, syntax.FieldCsBody), exit, test, s, nil)
	if again {
		x.SetBlock(test)
		mayYes, mayNo := x.cond(cond, latch, exit)
		reached = reached || mayNo
		if mayYes {
			x.SetBlock(latch)
			x.JumpBack(head, s)
		}
	}
	if reached {
		x.SetBlock(exit)
	}
	x.close(m)
}

func (x *fn) forStatement(n syntax.NodeID) {
	m := x.open()
	s := x.span(n)
	x.PushScope(s)
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		if x.field(c) != syntax.FieldCsInitializer {
			continue
		}
		if x.kind(c) == syntax.CsVariableDeclaration {
			x.variables(c, 0, nil)
		} else if x.isExpr(c) {
			x.effect(c)
		}
	}
	cond := x.child(n, syntax.FieldCsCondition)
	cs := s
	head, body, update, exit := x.NewBlock(), x.NewBlock(), x.NewBlock(), x.NewBlock()
	if cond != syntax.None {
		cs = x.span(cond)
	}
	x.Jump(head, cs)
	x.SetBlock(head)
	mayYes, mayNo := true, false
	if cond != syntax.None {
		mayYes, mayNo = x.cond(cond, body, exit)
	} else {
		x.Jump(body, cs)
	}
	if mayYes {
		x.SetBlock(body)
		again, broke := x.loopBody(x.child(n, syntax.FieldCsBody), exit, update, cs, nil)
		mayNo = mayNo || broke
		if again {
			x.SetBlock(update)
			for c := x.first(n); c != syntax.None; c = x.next(c) {
				if x.field(c) == syntax.FieldCsUpdate && x.isExpr(c) {
					x.effect(c)
				}
			}
			x.JumpBack(head, cs)
		}
	}
	if mayNo {
		x.SetBlock(exit)
	}
	x.PopScope(x.endSpan(n))
	x.close(m)
}

// foreachStatement lowers foreach over an unknown number of elements of the collection's value.
func (x *fn) foreachStatement(n syntax.NodeID) {
	m := x.open()
	right := x.child(n, syntax.FieldCsRight)
	s := x.span(right)
	await := x.hasToken(n, syntax.CsKwAwait)
	coll := x.expr(right)
	head, body, latch, exit := x.NewBlock(), x.NewBlock(), x.NewBlock(), x.NewBlock()
	x.Jump(head, s)
	x.SetBlock(head)
	if await {
		x.Value(ir.Instr{Op: ir.OpAwait, A: coll, Var: ir.NoVar, Flags: ir.Implicit, Span: s})
	}
	x.Branch(x.Choice("", s), body, exit, s)
	x.SetBlock(body)
	again, _ := x.loopBody(x.child(n, syntax.FieldCsBody), exit, latch, s, func() {
		x.PushScope(x.span(n))
		x.element(n, coll)
	})
	if again {
		x.SetBlock(latch)
		x.JumpBack(head, s)
	}
	x.SetBlock(exit)
	x.close(m)
}

// element declares the variables of a foreach and gives them the next element.
func (x *fn) element(n syntax.NodeID, coll ir.Temp) {
	left := x.child(n, syntax.FieldCsLeft)
	s := x.span(left)
	a := x.Value(ir.Instr{Op: ir.OpElem, A: coll, Var: ir.NoVar, Span: s})
	switch x.kind(left) {
	case syntax.CsIdentifier:
		typeNode, fl := x.unwrapType(x.child(n, syntax.FieldCsType))
		v := x.declare(ir.Var{Name: x.ident(left), Type: x.typeOf(typeNode), Flags: fl, Span: s})
		x.begins(v, s)
		if fl&ir.RefLocal == 0 {
			a = x.Load(a, s)
		}
		x.StoreVar(v, a, ir.Init, s)
	case syntax.CsTuplePattern, syntax.CsTupleExpression:
		x.fill(x.slots(left), x.Load(a, s), s)
	case syntax.CsDeclarationExpression:
		x.Store(x.declared(left), x.Load(a, s), ir.Init, s)
	default:
		if left != syntax.None {
			x.unknown(left)
		}
	}
}
