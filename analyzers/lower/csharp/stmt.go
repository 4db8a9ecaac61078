package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// block lowers { ... } with its scope.
func (x *fn) block(n syntax.NodeID) {
	m := x.open()
	x.PushScope(x.span(n))
	x.statements(x.first(n), x.endSpan(n))
	x.PopScope(x.endSpan(n))
	x.close(m)
}

// statements lowers a statement list from its first node on; end is where its scope ends.
func (x *fn) statements(from syntax.NodeID, end ir.Span) {
	x.announce(from, true)
	x.statementsFrom(from, end)
}

// announce makes the local functions of a list known, and its labels up to the first using declaration.
func (x *fn) announce(from syntax.NodeID, functions bool) {
	using := false
	for c := from; c != syntax.None; c = x.next(c) {
		switch x.kind(c) {
		case syntax.CsLabeledStatement:
			if !using {
				x.KnownDepth(x.ident(x.first(c)))
			}
		case syntax.CsLocalFunctionStatement:
			if functions {
				x.hoist(c)
			}
		case syntax.CsLocalDeclarationStatement:
			using = using || x.isUsing(c)
		}
	}
}

func (x *fn) statementsFrom(from syntax.NodeID, end ir.Span) {
	for c := from; c != syntax.None; c = x.next(c) {
		if x.nodes[c].Flags&(syntax.Named|syntax.Extra) != syntax.Named {
			continue
		}
		switch x.kind(c) {
		case syntax.CsLocalDeclarationStatement:
			if x.Reachable() && x.isUsing(c) {
				x.usingDeclaration(c, x.next(c), end)
				return
			}
		case syntax.CsLabeledStatement, syntax.CsLocalFunctionStatement:
			x.stmt(c)
			continue
		}
		if x.Reachable() {
			x.stmt(c)
		}
	}
}

// embedded lowers the statement of an if, loop or the like; names it declares end with it.
func (x *fn) embedded(n syntax.NodeID) {
	if n == syntax.None {
		return
	}
	m := x.open()
	x.stmt(n)
	x.close(m)
}

func (x *fn) stmt(n syntax.NodeID) {
	if !x.enter() {
		x.notUnderstood(n)
		x.unknown(n)
		return
	}
	defer x.leave()
	switch x.kind(n) {
	case syntax.CsBlock:
		x.block(n)
	case syntax.CsIfStatement:
		x.ifStatement(n)
	case syntax.CsCheckedStatement, syntax.CsUnsafeStatement:
		if x.kind(n) == syntax.CsUnsafeStatement {
			x.F.Flags |= ir.Unsafe
		}
		x.embedded(x.t.ChildOfKind(n, syntax.CsBlock))
	case syntax.CsEmptyStatement:
	case syntax.CsFixedStatement:
		x.fixedStatement(n)
	case syntax.CsForStatement:
		x.forStatement(n)
	case syntax.CsForeachStatement:
		x.foreachStatement(n)
	case syntax.CsWhileStatement:
		x.whileStatement(n)
	case syntax.CsDoStatement:
		x.doStatement(n)
	case syntax.CsLockStatement:
		x.lockStatement(n)
	case syntax.CsSwitchStatement:
		x.switchStatement(n)
	case syntax.CsTryStatement:
		x.tryStatement(n)
	case syntax.CsUsingStatement:
		x.usingStatement(n)
	case syntax.CsLabeledStatement:
		label := x.first(n)
		x.DefineLabel(x.ident(label), x.span(label))
		for c := x.next(label); c != syntax.None; c = x.next(c) {
			if x.isExpr(c) {
				x.stmt(c)
			}
		}
	case syntax.CsLocalFunctionStatement:
		x.localFunction(n)
	case syntax.CsGlobalStatement:
		x.stmt(x.operandOf(n))
	case syntax.CsPreprocIf, syntax.CsPreprocElif:
		x.preprocIf(n)
	default:
		x.simple(n)
	}
}

// simple lowers a statement that contains no other. What the parser did not understand in it may
// do anything with the locals it mentions.
func (x *fn) simple(n syntax.NodeID) {
	if x.t.HasError(n) && x.kind(n) != syntax.KindError {
		for i := n; i < syntax.NodeID(x.nodes[n].Next); {
			if x.nodes[i].Flags&syntax.Error != 0 {
				x.unknown(i)
				i = syntax.NodeID(x.nodes[i].Next)
				continue
			}
			i++
		}
	}
	switch x.kind(n) {
	case syntax.CsExpressionStatement:
		if e := x.operandOf(n); e != syntax.None {
			x.effect(e)
		}
	case syntax.CsLocalDeclarationStatement:
		x.localDeclaration(n)
	case syntax.CsReturnStatement:
		x.returnStatement(n)
	case syntax.CsThrowStatement:
		x.throwing(x.operandOf(n), x.span(n))
	case syntax.CsBreakStatement:
		x.breakStatement(n)
	case syntax.CsContinueStatement:
		x.continueStatement(n)
	case syntax.CsGotoStatement:
		x.gotoStatement(n)
	case syntax.CsYieldStatement:
		x.yieldStatement(n)
	default:
		x.notUnderstood(n)
		x.unknown(n)
	}
}

func (x *fn) ifStatement(n syntax.NodeID) {
	then, els := x.child(n, syntax.FieldCsConsequence), x.child(n, syntax.FieldCsAlternative)
	s := x.span(n)
	yes, join := x.NewBlock(), x.NewBlock()
	no := join
	if els != syntax.None {
		no = x.NewBlock()
	}
	mayYes, mayNo := x.cond(x.child(n, syntax.FieldCsCondition), yes, no)
	joined := mayNo && els == syntax.None
	if mayYes {
		x.SetBlock(yes)
		x.embedded(then)
		joined = joined || x.Reachable()
		x.Jump(join, s)
	}
	if els != syntax.None && mayNo {
		x.SetBlock(no)
		x.embedded(els)
		joined = joined || x.Reachable()
		x.Jump(join, s)
	}
	if joined {
		x.SetBlock(join)
	}
}

// localDeclaration lowers a declaration without using.
func (x *fn) localDeclaration(n syntax.NodeID) {
	x.variables(x.t.ChildOfKind(n, syntax.CsVariableDeclaration), x.modifiers(n), nil)
}

// variables declares the variables of a declaration in order and initialises them. done, if not
// nil, is called after each.
func (x *fn) variables(n syntax.NodeID, fl ir.Flags, done func(ir.VarID)) {
	typeNode, tfl := x.unwrapType(x.child(n, syntax.FieldCsType))
	typ := x.typeOf(typeNode)
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		if x.kind(c) != syntax.CsVariableDeclarator {
			continue
		}
		name, value := x.child(c, syntax.FieldCsName), x.declValue(c)
		if name == syntax.None {
			switch p := x.t.ChildOfKind(c, syntax.CsTuplePattern); {
			case p == syntax.None || value == syntax.None:
			case x.kind(typeNode) == syntax.CsImplicitType:
				x.deconstruct(p, value, x.span(c))
			default:
				x.refCall(typeNode, p, value, x.span(c))
			}
			continue
		}
		v := x.variable(name, typ, fl|tfl, value, x.span(c))
		if done != nil {
			done(v)
		}
	}
}

// variable declares one local with its initialiser, or None.
func (x *fn) variable(name syntax.NodeID, typ ir.Type, fl ir.Flags, value syntax.NodeID, s ir.Span) ir.VarID {
	v := ir.Var{Name: x.ident(name), Type: typ, Flags: fl, Span: x.span(name)}
	if value != syntax.None && string(typ) == v.Name {
		// "Color Color = Color.Red": the value means the type.
		val := x.exprFor(value, typ)
		id := x.declare(v)
		x.begins(id, v.Span)
		x.StoreVar(id, val, ir.Init, s)
		return id
	}
	id := x.declare(v)
	x.begins(id, v.Span)
	if value != syntax.None {
		val := x.exprFor(value, typ)
		x.StoreVar(id, val, ir.Init, s)
	}
	return id
}

func (x *fn) returnStatement(n syntax.NodeID) {
	v := ir.Temp(0)
	if e := x.operandOf(n); e != syntax.None {
		if x.kind(e) == syntax.CsThrowExpression {
			x.effect(e)
			return
		}
		v = x.exprFor(e, x.F.Ret)
	}
	if x.Reachable() {
		x.Return(v, x.span(n))
	}
}

func (x *fn) throwing(e syntax.NodeID, s ir.Span) {
	v := ir.Temp(0)
	if e != syntax.None {
		v = x.expr(e)
	}
	x.Throw(v, s)
}

func (x *fn) breakStatement(n syntax.NodeID) {
	if len(x.targets) > 0 {
		x.targets[len(x.targets)-1].broke = true
	}
	if !x.Break(x.span(n)) {
		x.notUnderstood(n)
	}
}

func (x *fn) continueStatement(n syntax.NodeID) {
	for i := len(x.targets) - 1; i >= 0; i-- {
		if x.targets[i].loop {
			x.targets[i].continued = true
			break
		}
	}
	if !x.Continue(x.span(n)) {
		x.notUnderstood(n)
	}
}

func (x *fn) yieldStatement(n syntax.NodeID) {
	x.F.Flags |= ir.Iterator
	e := x.operandOf(n)
	if e == syntax.None {
		x.Return(0, x.span(n))
		return
	}
	x.Emit(ir.Instr{Op: ir.OpYield, A: x.expr(e), Var: ir.NoVar, Span: x.span(n)})
}

// preprocIf lowers both arms of an #if among statements: which one is compiled is a choice that is
// the same wherever the condition has the same text.
func (x *fn) preprocIf(n syntax.NodeID) {
	cond := x.child(n, syntax.FieldCsCondition)
	alt := x.child(n, syntax.FieldCsAlternative)
	s := x.span(cond)
	yes, join := x.NewBlock(), x.NewBlock()
	no := x.NewBlock()
	x.Branch(x.Choice("#if "+string(x.bytes(cond)), s), yes, no, s)
	x.SetBlock(yes)
	x.armStatements(n, cond, alt)
	joined := x.Reachable()
	x.Jump(join, s)
	x.SetBlock(no)
	switch {
	case x.kind(alt) == syntax.CsPreprocElif:
		x.stmt(alt)
	case alt != syntax.None:
		x.armStatements(alt, syntax.None, syntax.None)
	}
	joined = joined || x.Reachable()
	x.Jump(join, s)
	if joined {
		x.SetBlock(join)
	}
}

func (x *fn) armStatements(n, cond, alt syntax.NodeID) {
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		if c != cond && c != alt && x.nodes[c].Flags&(syntax.Named|syntax.Extra) == syntax.Named {
			if x.Reachable() || x.kind(c) == syntax.CsLabeledStatement || x.kind(c) == syntax.CsLocalFunctionStatement {
				x.stmt(c)
			}
		}
	}
}

// topLevel lowers the statements outside of all types as one function.
func (u *unit) topLevel(list []syntax.NodeID) {
	s := ir.Span{Start: u.nodes[list[0]].Start, End: u.nodes[list[len(list)-1]].End}
	f := &ir.Func{Name: "<Main>$", Owner: "Program", Kind: ir.FuncTopLevel, Flags: ir.Static, Parent: -1, Span: s, NameSpan: ir.Span{Start: s.Start, End: s.Start}, Ret: "int"}
	x := u.begin(f, nil, nil)
	x.param(ir.Var{Name: "args", Type: "string[]", Kind: ir.VarParam, Flags: ir.Generated, Span: f.NameSpan})
	x.PushScope(s)
	var inner []syntax.NodeID
	for _, g := range list {
		if c := u.operandOf(g); c != syntax.None {
			inner = append(inner, c)
			if u.kind(c) == syntax.CsLocalFunctionStatement {
				x.hoist(c)
			}
			x.countErrors(c)
		}
	}
	end := ir.Span{Start: s.End, End: s.End}
	x.topLevelFrom(inner, end)
	x.PopScope(end)
	x.finish(end)
}

func (x *fn) topLevelFrom(list []syntax.NodeID, end ir.Span) {
	for i, c := range list {
		if !x.Reachable() && x.kind(c) != syntax.CsLabeledStatement && x.kind(c) != syntax.CsLocalFunctionStatement {
			continue
		}
		if x.kind(c) == syntax.CsLocalDeclarationStatement && x.isUsing(c) {
			x.usingExtent(c, end, func() { x.topLevelFrom(list[i+1:], end) })
			return
		}
		x.stmt(c)
	}
}
