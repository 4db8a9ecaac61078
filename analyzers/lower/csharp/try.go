package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

func (x *fn) tryStatement(n syntax.NodeID) {
	fin := x.t.ChildOfKind(n, syntax.CsFinallyClause)
	if fin == syntax.None {
		x.tryCatch(n)
		return
	}
	x.TryFinally(x.span(n), x.endSpan(fin),
		func() { x.tryCatch(n) },
		func() {
			if b := x.t.ChildOfKind(fin, syntax.CsBlock); b != syntax.None {
				x.block(b)
			}
		})
}

// tryCatch lowers the try block with its catch clauses: exceptions go to a block that chooses
// among the clauses and, when none need fit, hands the exception on.
func (x *fn) tryCatch(n syntax.NodeID) {
	body, s := x.child(n, syntax.FieldCsBody), x.span(n)
	if x.t.ChildOfKind(n, syntax.CsCatchClause) == syntax.None {
		if body != syntax.None {
			x.block(body)
		}
		return
	}
	dispatch := x.NewBlock()
	outer := x.Try(dispatch, s)
	if body != syntax.None {
		x.block(body)
	}
	x.Untry(outer, s)
	after := x.NewBlock()
	joined := x.Reachable()
	x.Jump(after, s)
	x.SetBlock(dispatch)
	all := false
	for c := x.first(n); c != syntax.None && !all; c = x.next(c) {
		if x.kind(c) != syntax.CsCatchClause {
			continue
		}
		var reached bool
		reached, all = x.catchClause(c, after)
		joined = joined || reached
	}
	if !all {
		x.Propagate(s)
	}
	if joined {
		x.SetBlock(after)
	}
}

// catchClause lowers one clause from the present block on. It tells whether after is reached and
// whether the clause takes every exception; if it does not, the position is where the next clause is tried.
func (x *fn) catchClause(n syntax.NodeID, after ir.BlockID) (reached, all bool) {
	s := x.span(n)
	decl := x.t.ChildOfKind(n, syntax.CsCatchDeclaration)
	filter := x.t.ChildOfKind(n, syntax.CsCatchFilterClause)
	typ := ir.Type("")
	head := ir.Span{Start: s.Start, End: s.Start + uint32(len("catch"))}
	if decl != syntax.None {
		typ = x.typeOf(x.child(decl, syntax.FieldCsType))
		head = x.span(decl)
	}
	every := typ == "" || typ == "Exception" || typ == "System.Exception"
	next := ir.NoBlock
	if !every || filter != syntax.None {
		next = x.NewBlock()
	}
	if !every {
		enter := x.NewBlock()
		x.Branch(x.Choice("", head), enter, next, head)
		x.SetBlock(enter)
	}
	m := x.open()
	x.PushScope(s)
	t := x.Value(ir.Instr{Op: ir.OpCatch, Type: typ, Var: ir.NoVar, Span: head})
	if name := x.child(decl, syntax.FieldCsName); name != syntax.None {
		v := x.declare(ir.Var{Name: x.ident(name), Type: typ, Span: x.span(name)})
		x.begins(v, x.span(name))
		x.StoreVar(v, t, ir.Init, head)
	}
	mayNo := false
	if filter != syntax.None {
		body := x.NewBlock()
		var mayYes bool
		mayYes, mayNo = x.cond(x.operandOf(filter), body, next)
		if mayYes {
			x.SetBlock(body)
		}
	}
	if b := x.child(n, syntax.FieldCsBody); b != syntax.None && x.Reachable() {
		x.block(b)
	}
	x.PopScope(x.endSpan(n))
	x.close(m)
	reached = x.Reachable()
	x.Jump(after, s)
	all = every && !mayNo
	if !all {
		x.SetBlock(next)
	}
	return reached, all
}

// lockStatement holds the lock on the value of its expression for the statement.
func (x *fn) lockStatement(n syntax.NodeID) {
	obj := x.operandOf(n)
	m := x.open()
	v := x.expr(obj)
	x.Emit(ir.Instr{Op: ir.OpLock, A: v, Var: ir.NoVar, Span: x.span(obj)})
	end := x.endSpan(n)
	x.TryFinally(x.span(n), end,
		func() { x.embedded(x.operandAfter(obj)) },
		func() { x.Emit(ir.Instr{Op: ir.OpUnlock, A: v, Var: ir.NoVar, Flags: ir.Implicit, Span: end}) })
	x.close(m)
}

// isUsing tells a using declaration.
func (x *fn) isUsing(n syntax.NodeID) bool {
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		switch x.kind(c) {
		case syntax.CsKwUsing:
			return true
		case syntax.CsVariableDeclaration:
			return false
		}
	}
	return false
}

// usingDeclaration lowers a using declaration with the statements from rest on, which it extends over.
func (x *fn) usingDeclaration(n, rest syntax.NodeID, end ir.Span) {
	x.usingExtent(n, end, func() {
		x.announce(rest, false)
		x.statementsFrom(rest, end)
	})
}

func (x *fn) usingExtent(n syntax.NodeID, end ir.Span, rest func()) {
	decl := x.t.ChildOfKind(n, syntax.CsVariableDeclaration)
	x.usingVariables(decl, x.first(decl), x.hasToken(n, syntax.CsKwAwait), end, rest)
}

// usingVariables declares the variables of decl from node c on, each disposed of after rest and
// after those that follow it.
func (x *fn) usingVariables(decl, c syntax.NodeID, await bool, end ir.Span, rest func()) {
	for c != syntax.None && (x.kind(c) != syntax.CsVariableDeclarator || x.child(c, syntax.FieldCsName) == syntax.None) {
		c = x.next(c)
	}
	if c == syntax.None {
		rest()
		return
	}
	typeNode, fl := x.unwrapType(x.child(decl, syntax.FieldCsType))
	v := x.variable(x.child(c, syntax.FieldCsName), x.typeOf(typeNode), fl|ir.UsingVar, x.declValue(c), x.span(c))
	if !x.Reachable() {
		return
	}
	x.TryFinally(x.span(c), end,
		func() { x.usingVariables(decl, x.next(c), await, end, rest) },
		func() { x.dispose(v, await, end) })
}

// dispose calls Dispose on the variable's value, as the end of using does.
func (x *fn) dispose(v ir.VarID, await bool, s ir.Span) {
	a := x.varPlace(v, s)
	c := &ir.Call{Name: "Dispose", Recv: x.Load(a, s), RecvAddr: a, NameSpan: s}
	if await {
		c.Name = "DisposeAsync"
	}
	t := x.Value(ir.Instr{Op: ir.OpCall, Call: c, Flags: ir.Implicit, Var: ir.NoVar, Span: s})
	if await {
		x.Value(ir.Instr{Op: ir.OpAwait, A: t, Flags: ir.Implicit, Var: ir.NoVar, Span: s})
	}
}

func (x *fn) usingStatement(n syntax.NodeID) {
	m := x.open()
	x.PushScope(x.span(n))
	await := x.hasToken(n, syntax.CsKwAwait)
	body := x.child(n, syntax.FieldCsBody)
	end := x.endSpan(n)
	run := func() { x.embedded(body) }
	if decl := x.t.ChildOfKind(n, syntax.CsVariableDeclaration); decl != syntax.None {
		x.usingVariables(decl, x.first(decl), await, end, run)
	} else if e := x.operandOf(n); e != syntax.None && e != body {
		v := x.hidden("$using", "", x.span(e))
		x.F.Vars[v].Flags = ir.UsingVar
		x.StoreVar(v, x.expr(e), ir.Init, x.span(e))
		x.TryFinally(x.span(e), end, run, func() { x.dispose(v, await, end) })
	} else {
		run()
	}
	x.PopScope(end)
	x.close(m)
}

// fixedStatement pins what its declarators name for the statement.
func (x *fn) fixedStatement(n syntax.NodeID) {
	m := x.open()
	x.PushScope(x.span(n))
	decl := x.t.ChildOfKind(n, syntax.CsVariableDeclaration)
	typ := x.typeOf(x.child(decl, syntax.FieldCsType))
	pinned := 0
	for c := x.first(decl); c != syntax.None; c = x.next(c) {
		name, value := x.child(c, syntax.FieldCsName), syntax.None
		if x.kind(c) == syntax.CsVariableDeclarator {
			value = x.declValue(c)
		}
		if name == syntax.None || value == syntax.None {
			continue
		}
		a := x.expr(value)
		v := x.declare(ir.Var{Name: x.ident(name), Type: typ, Flags: ir.Fixed, Span: x.span(name)})
		x.Emit(ir.Instr{Op: ir.OpFixed, Dst: x.NewTemp(), A: a, Var: v, Span: x.span(c)})
		x.PushFixed(v)
		pinned++
	}
	body := syntax.None
	if decl != syntax.None {
		body = x.operandAfter(decl)
	}
	x.embedded(body)
	end := x.endSpan(n)
	for ; pinned > 0; pinned-- {
		x.PopFixed(end)
	}
	x.PopScope(end)
	x.close(m)
}
