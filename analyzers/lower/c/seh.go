package clower

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
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
		end := b.child(fin, syntax.FieldCBody)
		b.b.TryFinally(b.span(n), b.span(fin), func() { b.tryBody(in) }, func() { b.stmt(end) })
		return
	}
	exc := b.t.ChildOfKind(n, syntax.CSehExceptClause)
	if exc == none {
		b.stmt(in)
		return
	}
	s := b.span(n)
	handler, after := b.b.NewBlock(), b.b.NewBlock()
	outer := b.b.Try(handler, s)
	b.tryBody(in)
	b.b.Untry(outer, s)
	b.jump(after, s)
	b.b.SetBlock(handler)
	b.except(exc)
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

// except lowers the handler. A filter that is more than a name or number is evaluated: it is true
// for the handler, false to let the exception go on.
func (b *body) except(n nodeID) {
	s := b.span(n)
	e := b.b.Value(ir.Instr{Op: ir.OpCatch, Var: ir.NoVar, Span: s})
	filter := b.unparen(b.child(n, syntax.FieldCFilter))
	if filter != none && !b.is(filter, syntax.CIdentifier) {
		in, on := b.b.NewBlock(), b.b.NewBlock()
		b.cond(filter, in, on)
		b.at(on)
		if b.b.Reachable() {
			b.b.Throw(e, b.span(filter))
		}
		b.at(in)
	}
	b.stmt(b.child(n, syntax.FieldCBody))
}
