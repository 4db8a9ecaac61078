package clower

import (
	"bytes"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// listItem lowers the statement c of a list and returns the last sibling that it took: a macro
// without a semicolon may take the statement that follows.
func (b *body) listItem(c nodeID) nodeID {
	if end := b.blankedTry(c); end != none {
		return end
	}
	if b.is(c, syntax.CTypeIdentifier) {
		return b.bareName(c, c)
	}
	if b.is(c, syntax.CExpressionStatement) && b.is(b.inner(c), syntax.CIdentifier) {
		return b.bareName(c, b.inner(c))
	}
	call := b.bareCall(c)
	if call == none || !b.b.Reachable() {
		b.stmt(c)
		return c
	}
	next := b.nextNamed(c)
	if m := b.macroOf(b.child(call, syntax.FieldCFunction)); m != nil {
		if next != none && b.mustExpand(m) && b.expandAround(m, call, next) {
			return next
		}
		b.stmt(c)
		return c
	}
	if b.is(next, syntax.CCompoundStatement) {
		b.macroLoop(call, next)
		return next
	}
	b.stmt(c)
	return c
}

// bareName lowers the statement c that is one name and perhaps heads the next one: FOREVER { ... }.
func (b *body) bareName(c, name nodeID) nodeID {
	if !b.b.Reachable() {
		return c
	}
	semi := b.t.NextSibling(name)
	next := b.nextNamed(c)
	if !b.is(semi, syntax.CTokSemi) || !b.addedSemicolon(semi) || next == none {
		b.nameStmt(name)
		return c
	}
	m := b.macroNamed(b.name(name), false)
	if b.is(next, syntax.CCompoundStatement) && (m == nil || b.standsFor(b.name(name), "try")) {
		return b.headedBlock(c, name, next)
	}
	if m != nil && b.expandFollowed(m, nil, next, b.span(name)) {
		return next
	}
	b.nameStmt(name)
	return c
}

// bareCall is the call when c is a call statement without a semicolon.
func (b *body) bareCall(c nodeID) nodeID {
	if !b.is(c, syntax.CExpressionStatement) {
		return none
	}
	e := b.inner(c)
	if !b.is(e, syntax.CCallExpression) {
		return none
	}
	for t := b.t.NextSibling(e); t != none; t = b.t.NextSibling(t) {
		if !b.is(t, syntax.CTokSemi) {
			continue
		}
		if b.addedSemicolon(t) {
			return e
		}
	}
	return none
}

// addedSemicolon: the text has no semicolon there.
func (b *body) addedSemicolon(t nodeID) bool {
	return b.t.Nodes[t].Flags&syntax.Missing != 0 || len(b.rewrites(normalize.MacroSemicolon, b.t.Nodes[t].Start, b.t.Nodes[t].End)) > 0
}

// rewrittenLoop lowers a macro loop that the normaliser made a while or if statement.
func (b *body) rewrittenLoop(n nodeID) bool {
	if len(b.t.Rewrites) == 0 {
		return false
	}
	start := b.t.Nodes[n].Start
	list := b.rewrites(normalize.MacroLoop, start, start+1)
	if len(list) == 0 {
		return false
	}
	in := b.child(n, syntax.FieldCBody)
	if in == none {
		in = b.child(n, syntax.FieldCConsequence)
	}
	text := string(b.t.Src[list[0].Start:list[0].End])
	s := b.span(n)
	if !b.useSpan {
		s = ir.Span{Start: uint32(list[0].Start), End: uint32(list[0].End)}
	}
	name := firstToken(text)
	if m := b.macroNamed(name, true); m != nil && in != none {
		open := strings.IndexByte(text, '(')
		if open > 0 && b.expandFollowed(m, splitArgs(strings.TrimSuffix(text[open+1:], ")")), in, s) {
			return true
		}
	}
	b.runText(text, s)
	b.openLoop(n, func() { b.stmt(in) })
	return true
}

// runText lowers statements given as text.
func (b *body) runText(text string, s ir.Span) {
	if e := b.expand("", text, s); e != nil {
		b.inline(e)
	} else {
		b.b.Value(ir.Instr{Op: ir.OpUnknown, Name: firstToken(text), Var: ir.NoVar, Span: s})
		b.f.Problems++
		b.problem(s, "macro "+firstToken(text))
	}
}

// lostCalls lowers the macro calls that the normaliser blanked between two statements.
func (b *body) lostCalls(start, end uint32) {
	for _, r := range b.rewrites(normalize.MacroCall, start, end) {
		text := string(b.t.Src[r.Start:r.End])
		name := firstToken(text)
		if r.End > int(end) || name == "" || !b.b.Reachable() {
			continue
		}
		s := ir.Span{Start: uint32(r.Start), End: uint32(r.End)}
		if b.useSpan {
			s = b.useSite
		}
		b.runText(text, s)
	}
}

// macroLoop lowers FOREACH(x, list) { ... } of an unknown macro: the block may run any number of
// times, and break and continue in it belong to it.
func (b *body) macroLoop(call, in nodeID) {
	b.callStmt(call)
	b.openLoop(call, func() { b.stmt(in) })
}

// openLoop lowers something that may run any number of times.
func (b *body) openLoop(at nodeID, in func()) {
	s := b.span(at)
	top, enter, latch, end := b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock()
	b.jump(top, s)
	b.at(top)
	b.branch(b.b.Choice("", s), enter, end, s)
	b.at(enter)
	b.pushLoop(end, latch)
	in()
	b.popLoop()
	b.jump(latch, s)
	b.at(latch)
	b.b.JumpBack(top, s)
	b.at(end)
}

// macroStatement recognises what the grammar takes for a declaration but is a macro without a semicolon
// and the statement after it: "FOO(x) bar(y);" and, over two lines, "FOO bar(y);".
func (b *body) macroStatement(n nodeID) bool {
	typ := b.child(n, syntax.FieldCType)
	decl := b.child(n, syntax.FieldCDeclarator)
	if decl == none {
		return false
	}
	switch b.kind(typ) {
	case syntax.CMacroTypeSpecifier:
		name := string(b.bytes(b.child(typ, syntax.FieldCName)))
		if name == "typeof" || name == "__typeof__" || name == "__typeof" || name == "_Atomic" || name == "typeof_unqual" || name == "_BitInt" {
			return false
		}
		if b.is(decl, syntax.CIdentifier) || b.is(decl, syntax.CPointerDeclarator) {
			return false // ARRAY(int) name;
		}
		if b.is(decl, syntax.CInitDeclarator) {
			d := b.declare(decl, "")
			if _, known := b.globals[string(b.bytes(d.name))]; d.name != none && !known && b.lookup(b.name(d.name)) < 0 {
				return false // ARRAY(int) name = {0};
			}
		}
	case syntax.CTypeIdentifier:
		if b.is(decl, syntax.CIdentifier) && b.returnsWith(n, typ, decl) {
			return true
		}
		gap := b.t.Src[b.t.Nodes[typ].End:b.t.Nodes[decl].Start]
		if !b.is(decl, syntax.CFunctionDeclarator) || b.t.FirstChild(n) != typ || b.prototype(decl) {
			return false
		}
		m := b.macroNamed(b.name(typ), false)
		if m != nil && m.heads() {
			b.f.Problems -= b.countErrors(n)
			b.runText(m.body+" "+string(b.t.Norm[b.t.Nodes[decl].Start:b.t.Nodes[n].End]), b.span(n))
			return true
		}
		if bytes.IndexByte(gap, '\n') < 0 && m == nil && !b.t.HasError(decl) {
			return false
		}
	default:
		return false
	}
	head := string(b.bytes(typ))
	tail := string(b.t.Norm[b.t.Nodes[decl].Start:b.t.Nodes[n].End])
	s := b.span(n)
	if b.useSpan {
		s = b.useSite
	}
	first := ir.Span{Start: b.t.Nodes[typ].Start, End: b.t.Nodes[typ].End}
	if b.useSpan {
		first = s
	}
	second := func() { b.runText(tail, ir.Span{Start: b.startOf(decl, s), End: s.End}) }
	b.runText(head, first)
	if gap := b.t.Src[b.t.Nodes[typ].End:b.t.Nodes[decl].Start]; bytes.IndexByte(gap, '\n') < 0 && b.macroNamed(firstToken(head), true) == nil {
		// On one line the macro may be the head of a loop or an if.
		b.openLoop(n, second)
		return true
	}
	second()
	return true
}

// returnsWith lowers a statement that looks like the declaration n of one variable but is a macro that ends in return, and what it
// gives back: CLOSE_AND_RETURN result; A macro of another file says by its name that it may be one.
func (b *body) returnsWith(n, typ, decl nodeID) bool {
	name := b.name(typ)
	m := b.macroNamed(name, false)
	if m == nil {
		if !strings.Contains(name, "RETURN") || b.nextNamed(n) == none && b.is(b.t.Parent(b.t.Parent(n)), syntax.CFunctionDefinition) {
			return false // at the function's end nothing comes behind it
		}
		b.b.Value(ir.Instr{Op: ir.OpUnknown, Name: name, Var: ir.NoVar, Span: b.span(n)})
		return true
	}
	m.analyse()
	if m.tok(len(m.toks)-1) != "return" {
		return false
	}
	b.runText(m.body+" "+string(b.t.Norm[b.t.Nodes[decl].Start:b.t.Nodes[n].End]), b.span(n))
	return true
}

func (b *body) startOf(n nodeID, s ir.Span) uint32 {
	if b.useSpan {
		return s.Start
	}
	return b.t.Nodes[n].Start
}

// heads tells whether the body of an object-like macro begins a statement.
func (m *macro) heads() bool {
	m.analyse()
	switch m.tok(0) {
	case "if", "for", "while", "do", "switch", "else", "return", "goto":
		return true
	}
	return false
}

// prototype tells whether a function declarator has a parameter with type and name.
func (b *body) prototype(n nodeID) bool {
	for p := range b.t.NamedChildren(b.child(n, syntax.FieldCParameters)) {
		if b.is(p, syntax.CParameterDeclaration) && b.is(b.child(p, syntax.FieldCDeclarator), syntax.CIdentifier) {
			return true
		}
	}
	return false
}

// nameStmt lowers a statement that is one name: a macro that this file may define.
func (b *body) nameStmt(n nodeID) {
	name := b.name(n)
	if b.markerStmt(name) || b.localVar(name) != ir.NoVar {
		return
	}
	if len(b.leaves) > 0 && b.standsFor(name, "leave") {
		b.leaveStmt(n)
		return
	}
	if m := b.macroNamed(name, false); m != nil {
		m.analyse()
		if len(m.toks) == 0 {
			return
		}
		if e := b.expand(m.name, m.body, b.span(n)); e != nil {
			b.inline(e)
			return
		}
	}
	b.b.Value(ir.Instr{Op: ir.OpUnknown, Name: name, Var: ir.NoVar, Span: b.span(n)})
}
