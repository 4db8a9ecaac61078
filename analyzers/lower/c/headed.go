package clower

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// headedBlock lowers the block in behind a name that no macro at hand has: LOCKED { ... }. It runs once, but where it is
// left or begun anew from within as only loops are, or the name says it. Blocks behind it that are headed by words for
// handlers belong to it: TRY { ... } CATCH_ALL { ... } FINALLY { ... }. The last block taken is returned.
func (b *body) headedBlock(c, name, in nodeID) nodeID {
	if !b.standsFor(b.name(name), "try") {
		b.nameStmt(name)
	}
	if normalize.LoopName(b.name(name)) || b.breaksOut(in, true) {
		b.openLoop(c, func() { b.stmt(in) })
		return in
	}
	last := in
	var handlers []nodeID
	for {
		word, block := b.headOf(b.nextNamed(last))
		switch {
		case strings.Contains(word, "FINALLY"):
			b.b.TryFinally(b.span(in), b.span(block), func() { b.tryHeaded(in, handlers) }, func() { b.stmt(block) })
			return block
		case strings.HasPrefix(word, "END"):
		case strings.Contains(word, "CATCH"), strings.Contains(word, "EXCEPT"):
			handlers, last = append(handlers, block), block
			continue
		}
		b.tryHeaded(in, handlers)
		return last
	}
}

// standsFor tells whether one of the file's definitions of name, for some compiler, is that word of exception handling.
func (b *body) standsFor(name, word string) bool {
	return slices.ContainsFunc(b.macros[name], func(m *macro) bool { return !m.function && strings.TrimLeft(m.body, "_") == word })
}

// headOf is the name in capitals that heads a block, without or with arguments, when c is that head, and the block.
func (b *body) headOf(c nodeID) (word string, block nodeID) {
	if b.is(c, syntax.CExpressionStatement) && b.is(b.inner(c), syntax.CIdentifier) {
		if next := b.nextNamed(c); b.is(next, syntax.CCompoundStatement) {
			if b.standsFor(b.name(b.inner(c)), "finally") {
				return "FINALLY", next
			}
			return strings.ToUpper(b.name(b.inner(c))), next
		}
	}
	if b.is(c, syntax.CWhileStatement) || b.is(c, syntax.CIfStatement) {
		start := b.t.Nodes[c].Start
		if list := b.rewrites(normalize.MacroLoop, start, start+1); len(list) > 0 {
			in := b.child(c, syntax.FieldCBody)
			if in == none {
				in = b.child(c, syntax.FieldCConsequence)
			}
			return strings.ToUpper(firstToken(string(b.t.Src[list[0].Start:list[0].End]))), in
		}
	}
	return "", none
}

// tryHeaded lowers the block in, of which exceptions go to one of the handlers.
func (b *body) tryHeaded(in nodeID, handlers []nodeID) {
	if len(handlers) == 0 {
		b.tryBody(in)
		return
	}
	b.tryHandled(b.span(in), in, func() { b.oneOf(handlers) })
}

// oneOf lowers handlers of which one is entered.
func (b *body) oneOf(handlers []nodeID) {
	s, done := b.span(handlers[0]), b.b.NewBlock()
	b.b.Value(ir.Instr{Op: ir.OpCatch, Var: ir.NoVar, Span: s})
	for i, h := range handlers {
		if i+1 == len(handlers) {
			b.stmt(h)
			b.jump(done, s)
			break
		}
		this, other := b.b.NewBlock(), b.b.NewBlock()
		b.branch(b.b.Choice("", s), this, other, s)
		b.at(this)
		b.stmt(h)
		b.jump(done, s)
		b.at(other)
	}
	b.at(done)
}

// breaksOut tells whether a break (but of a switch) or continue in n belongs to a loop around n.
func (b *body) breaksOut(n nodeID, breaks bool) bool {
	for c := range b.t.NamedChildren(n) {
		switch b.kind(c) {
		case syntax.CBreakStatement:
			if breaks {
				return true
			}
		case syntax.CContinueStatement:
			return true
		case syntax.CForStatement, syntax.CWhileStatement, syntax.CDoStatement:
		case syntax.CSwitchStatement:
			if b.breaksOut(c, false) {
				return true
			}
		default:
			if b.breaksOut(c, breaks) {
				return true
			}
		}
	}
	return false
}
