package clower

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// leaveCtx is an open __try: where __leave goes, and how many frames stay open there.
type leaveCtx struct {
	depth int
	end   ir.BlockID
}

// try lowers __try with __finally or __except.
func (b *body) try(n nodeID) {
	in := b.child(n, syntax.FieldCBody)
	if fin := b.t.ChildOfKind(n, syntax.CSehFinallyClause); fin != none {
		b.tryFinally(b.span(n), b.span(fin), in, b.child(fin, syntax.FieldCBody))
		return
	}
	if exc := b.t.ChildOfKind(n, syntax.CSehExceptClause); exc != none {
		b.tryExcept(b.span(n), b.span(exc), in, b.child(exc, syntax.FieldCFilter), b.child(exc, syntax.FieldCBody))
		return
	}
	b.stmt(in)
}

func (b *body) tryFinally(s, finally ir.Span, in, end nodeID) {
	b.b.TryFinally(s, finally, func() { b.tryBody(in) }, func() { b.stmt(end) })
}

func (b *body) tryExcept(s, except ir.Span, in, filter, body nodeID) {
	b.tryHandled(s, in, func() { b.except(except, filter, body) })
}

// tryHandled lowers the guarded block in, of which exceptions go to what handle lowers.
func (b *body) tryHandled(s ir.Span, in nodeID, handle func()) {
	handler, after := b.b.NewBlock(), b.b.NewBlock()
	outer := b.b.Try(handler, s)
	b.tryBody(in)
	b.b.Untry(outer, s)
	b.jump(after, s)
	b.b.SetBlock(handler)
	handle()
	b.jump(after, s)
	b.at(after)
}

// tryBody lowers the guarded block; __leave in it goes to its end.
func (b *body) tryBody(in nodeID) {
	ctx := &leaveCtx{depth: b.b.Depth(), end: b.b.NewBlock()}
	b.leaves = append(b.leaves, ctx)
	b.stmt(in)
	b.leaves = b.leaves[:len(b.leaves)-1]
	b.jump(ctx.end, b.closing(in))
	b.at(ctx.end)
}

func (b *body) leaveStmt(n nodeID) {
	if len(b.leaves) == 0 {
		b.unknown(n, "__leave outside of __try")
		return
	}
	ctx := b.leaves[len(b.leaves)-1]
	b.mark(ctx.end)
	b.b.ExitTo(ctx.depth, ctx.end, b.span(n))
}

// except lowers the handler. A filter that is more than a name is evaluated: it is true for the
// handler, false to let the exception go on.
func (b *body) except(s ir.Span, filter, body nodeID) {
	e := b.b.Value(ir.Instr{Op: ir.OpCatch, Var: ir.NoVar, Span: s})
	filter = b.unparen(filter)
	if filter != none && !b.is(filter, syntax.CIdentifier) {
		in, on := b.b.NewBlock(), b.b.NewBlock()
		b.cond(filter, in, on)
		b.at(on)
		if b.b.Reachable() {
			b.b.Throw(e, b.span(filter))
		}
		b.at(in)
	}
	b.stmt(body)
}

// blankedTry lowers a try statement of which the normaliser left only the blocks: c is the guarded one,
// and what follows the other (a block, or an if with the filter). It returns that, or none.
func (b *body) blankedTry(c nodeID) nodeID {
	if len(b.t.Rewrites) == 0 || !b.is(c, syntax.CCompoundStatement) || !b.blankedWord(b.before(c), c, "try") {
		return none
	}
	next := b.nextNamed(c)
	switch {
	case b.is(next, syntax.CCompoundStatement) && b.blankedWord(b.t.Nodes[c].End, next, "finally"):
		b.tryFinally(b.span(c), b.span(next), c, next)
	case b.is(next, syntax.CIfStatement) && b.blankedWord(b.t.Nodes[c].End, next, "except"):
		b.tryExcept(b.span(c), b.span(next), c, b.child(next, syntax.FieldCCondition), b.child(next, syntax.FieldCConsequence))
	default:
		return none
	}
	return next
}

// blankedWord tells whether that word of exception handling was blanked between from and n's first byte.
func (b *body) blankedWord(from uint32, n nodeID, word string) bool {
	for _, r := range b.rewrites(normalize.SEHBlanked, from, b.t.Nodes[n].Start+1) {
		if strings.Trim(string(b.t.Src[r.Start:r.End]), "_") == word {
			return true
		}
	}
	return false
}

// nextNamed is the next sibling that is no token and no comment.
func (b *body) nextNamed(c nodeID) nodeID {
	for c = b.t.NextSibling(c); c != none; c = b.t.NextSibling(c) {
		if b.t.Nodes[c].Flags&(syntax.Named|syntax.Extra) == syntax.Named {
			return c
		}
	}
	return none
}
