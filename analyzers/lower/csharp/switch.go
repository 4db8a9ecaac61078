package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// switchFrame is a switch statement that is open.
type switchFrame struct {
	sections []section
	depth    int // frames that goto case leaves open
}

// section is one case of a switch. Sections without statements share the block of the next one.
type section struct {
	node  syntax.NodeID
	block ir.BlockID
	label string // text of the constant; "" for default
	deflt bool
	empty bool
}

func (x *fn) switchStatement(n syntax.NodeID) {
	s := x.span(n)
	v := x.expr(x.child(n, syntax.FieldCsValue))
	exit := x.NewBlock()
	m := x.open()
	x.PushLoop(exit, ir.NoBlock)
	x.targets = append(x.targets, target{})
	x.PushScope(s)
	fr := &switchFrame{sections: x.sections(x.child(n, syntax.FieldCsBody)), depth: x.Depth()}
	x.switches = append(x.switches, fr)
	for i := range fr.sections {
		x.announce(x.first(fr.sections[i].node), true)
	}
	deflt := exit
	falls := false
	for i := range fr.sections {
		sec := &fr.sections[i]
		names := len(x.names)
		if sec.deflt {
			deflt = sec.block
		} else if x.Reachable() {
			next := x.NewBlock()
			if mayNo := x.caseLabel(sec.node, v, sec.block, next); mayNo {
				x.SetBlock(next)
			}
		}
		if sec.empty {
			continue
		}
		falls = x.sectionBody(sec, names, fr.depth-1, exit) || falls
	}
	end := x.endSpan(n)
	if deflt == exit {
		falls = falls || x.Reachable()
		x.ExitTo(fr.depth-1, exit, end)
	} else {
		x.Jump(deflt, s)
	}
	x.switches = x.switches[:len(x.switches)-1]
	broke := x.targets[len(x.targets)-1].broke
	x.targets = x.targets[:len(x.targets)-1]
	// All ways to exit have left the scope by now.
	x.PopScope(end)
	x.PopLoop()
	if broke || falls {
		x.SetBlock(exit)
	}
	x.close(m)
}

// sectionBody lowers the statements of a section and goes back to the tests. It tells whether
// control falls out of its end, which only broken code does.
func (x *fn) sectionBody(sec *section, names, depth int, exit ir.BlockID) bool {
	test, tested := ir.NoBlock, x.Reachable()
	if tested {
		test = x.Cur()
	}
	mark := len(x.names)
	x.SetBlock(sec.block)
	x.statementsOf(sec.node)
	falls := x.Reachable()
	x.ExitTo(depth, exit, x.endSpan(sec.node))
	// Names of patterns end with the section; names of statements live on.
	for i := names; i < mark && i < len(x.names); i++ {
		x.names[i].name = ""
	}
	if tested {
		x.SetBlock(test)
	}
	return falls
}

// statementsOf lowers the statements of a section, which follow its colon.
func (x *fn) statementsOf(n syntax.NodeID) {
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		if x.kind(c) == syntax.CsTokColon {
			x.statementsFrom(x.next(c), x.endSpan(n))
			return
		}
	}
}

func (x *fn) sections(body syntax.NodeID) []section {
	var out []section
	for c := x.first(body); c != syntax.None; c = x.next(c) {
		if x.kind(c) != syntax.CsSwitchSection {
			continue
		}
		sec := section{node: c, empty: true, deflt: x.kind(x.first(c)) == syntax.CsKwDefault}
		colon := false
		for d := x.first(c); d != syntax.None; d = x.next(d) {
			switch {
			case x.kind(d) == syntax.CsTokColon:
				colon = true
			case x.nodes[d].Flags&(syntax.Named|syntax.Extra) != syntax.Named:
			case colon:
				sec.empty = false
			case sec.label == "":
				sec.label = x.intern(x.bytes(d))
			}
		}
		out = append(out, sec)
	}
	for i := len(out) - 1; i >= 0; i-- {
		if out[i].empty && i+1 < len(out) {
			out[i].block = out[i+1].block
		} else {
			out[i].block = x.NewBlock()
			out[i].empty = false
		}
	}
	return out
}

// caseLabel tests v against the label of a section; it tells whether next is reached.
func (x *fn) caseLabel(n syntax.NodeID, v ir.Temp, yes, next ir.BlockID) (mayNo bool) {
	pat, when := syntax.None, syntax.None
	for c := x.first(n); c != syntax.None && x.kind(c) != syntax.CsTokColon; c = x.next(c) {
		switch {
		case x.kind(c) == syntax.CsWhenClause:
			when = c
		case x.isExpr(c) && pat == syntax.None:
			pat = c
		}
	}
	if pat == syntax.None {
		x.notUnderstood(n)
		x.Branch(x.Choice("", x.span(n)), yes, next, x.span(n))
		return true
	}
	_, mayNo = x.guarded(pat, when, v, yes, next)
	return mayNo
}

// guarded tests a pattern and its when clause, if there is one.
func (x *fn) guarded(pat, when syntax.NodeID, v ir.Temp, yes, next ir.BlockID) (mayYes, mayNo bool) {
	if when == syntax.None {
		return x.pattern(pat, v, yes, next)
	}
	test := x.NewBlock()
	mayYes, mayNo = x.pattern(pat, v, test, next)
	if mayYes {
		x.SetBlock(test)
		y, no := x.cond(x.operandOf(when), yes, next)
		mayYes, mayNo = y, mayNo || no
	}
	return mayYes, mayNo
}

// switchExpression lowers v switch { ... } as a value.
func (x *fn) switchExpression(n syntax.NodeID, want ir.Type) ir.Temp {
	s := x.span(n)
	subject := x.operandOf(n)
	v := x.expr(subject)
	res := x.hidden("$switch", want, s)
	join := x.NewBlock()
	joined, more := false, true
	for c := x.first(n); c != syntax.None && more; c = x.next(c) {
		if x.kind(c) != syntax.CsSwitchExpressionArm {
			continue
		}
		more = x.arm(c, v, res, want, join, &joined)
	}
	if more {
		x.Throw(0, s) // no arm fits
	}
	if !joined {
		return x.dead(s)
	}
	x.SetBlock(join)
	return x.LoadVar(res, s)
}

// arm lowers one arm; it tells whether control may go on to the next one.
func (x *fn) arm(n syntax.NodeID, v ir.Temp, res ir.VarID, want ir.Type, join ir.BlockID, joined *bool) bool {
	var pat, when, val syntax.NodeID = syntax.None, syntax.None, syntax.None
	arrow := false
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		switch {
		case x.kind(c) == syntax.CsTokEqGt:
			arrow = true
		case x.kind(c) == syntax.CsWhenClause:
			when = c
		case !x.isExpr(c):
		case arrow:
			val = c
		case pat == syntax.None:
			pat = c
		}
	}
	m := x.open()
	x.PushScope(x.span(n))
	yes, next := x.NewBlock(), x.NewBlock()
	mayYes, mayNo := true, true
	if pat == syntax.None {
		x.notUnderstood(n)
		x.Branch(x.Choice("", x.span(n)), yes, next, x.span(n))
	} else {
		mayYes, mayNo = x.guarded(pat, when, v, yes, next)
	}
	if mayYes {
		x.SetBlock(yes)
		if x.storeArm(val, res, want) {
			*joined = true
		}
	}
	x.PopScope(x.endSpan(n))
	x.Jump(join, x.span(n))
	x.close(m)
	if mayNo {
		x.SetBlock(next)
	}
	return mayNo
}

// storeArm stores the value of one way through an expression to res; it tells whether control goes on.
func (x *fn) storeArm(n syntax.NodeID, res ir.VarID, want ir.Type) bool {
	if n == syntax.None {
		return x.Reachable()
	}
	if x.kind(n) == syntax.CsThrowExpression {
		x.effect(n)
		return false
	}
	v := x.exprFor(n, want)
	if !x.Reachable() {
		return false
	}
	x.StoreVar(res, v, 0, x.span(n))
	return true
}

// dead is a value at a place that is never reached.
func (x *fn) dead(s ir.Span) ir.Temp { return x.Null(s) }

// gotoStatement lowers goto L, goto case C and goto default.
func (x *fn) gotoStatement(n syntax.NodeID) {
	s := x.span(n)
	e := x.operandOf(n)
	isCase, isDefault := x.hasToken(n, syntax.CsKwCase), x.hasToken(n, syntax.CsKwDefault)
	if !isCase && !isDefault {
		if e == syntax.None {
			x.notUnderstood(n)
			x.Unreachable(s)
			return
		}
		x.Goto(x.ident(e), s)
		return
	}
	if len(x.switches) > 0 {
		fr := x.switches[len(x.switches)-1]
		for i := range fr.sections {
			sec := &fr.sections[i]
			if isDefault && sec.deflt || isCase && e != syntax.None && !sec.deflt && sec.label == string(x.bytes(e)) {
				x.ExitTo(fr.depth, sec.block, s)
				return
			}
		}
	}
	x.notUnderstood(n)
	x.Unreachable(s)
}
