package clower

import (
	"bytes"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

func (b *body) while(n nodeID) {
	if b.rewrittenLoop(n) {
		return
	}
	s := b.span(n)
	head, in, latch, end := b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock()
	b.jump(head, s)
	b.at(head)
	b.cond(b.child(n, syntax.FieldCCondition), in, end)
	b.at(in)
	b.pushLoop(end, latch)
	b.stmt(b.child(n, syntax.FieldCBody))
	b.popLoop()
	b.jump(latch, s)
	b.at(latch)
	b.b.JumpBack(head, s)
	b.at(end)
}

func (b *body) do(n nodeID) {
	s := b.span(n)
	in, latch, back, end := b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock()
	b.jump(in, s)
	b.at(in)
	b.pushLoop(end, latch)
	b.stmt(b.child(n, syntax.FieldCBody))
	b.popLoop()
	b.jump(latch, s)
	b.at(latch)
	if b.b.Reachable() {
		b.cond(b.child(n, syntax.FieldCCondition), back, end)
	}
	b.at(back)
	b.b.JumpBack(in, s)
	b.at(end)
}

func (b *body) forStmt(n nodeID) {
	s := b.span(n)
	mark := len(b.locals)
	b.b.PushScope(s)
	if init := b.child(n, syntax.FieldCInitializer); b.is(init, syntax.CDeclaration) {
		b.localDecl(init)
	} else if init != none {
		b.effect(init)
	}
	head, in, latch, end := b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock()
	b.jump(head, s)
	b.at(head)
	if c := b.child(n, syntax.FieldCCondition); c != none {
		b.cond(c, in, end)
	} else {
		b.jump(in, s)
	}
	b.at(in)
	b.pushLoop(end, latch)
	b.stmt(b.child(n, syntax.FieldCBody))
	b.popLoop()
	b.jump(latch, s)
	b.at(latch)
	if u := b.child(n, syntax.FieldCUpdate); u != none && b.b.Reachable() {
		b.effect(u)
	}
	b.b.JumpBack(head, s)
	b.at(end)
	b.b.PopScope(b.closing(n))
	b.locals = b.locals[:mark]
}

// switchCtx is a switch that is being lowered: its case labels in order, with their blocks.
type switchCtx struct {
	tree  *syntax.Tree
	cases []caseLabel
	next  int
}

type caseLabel struct {
	node  nodeID
	block ir.BlockID
}

// switchStmt tests the value, loaded once, against the labels in order, and lowers the body as one
// list into which the labels' blocks lead.
func (b *body) switchStmt(n nodeID) {
	in := b.child(n, syntax.FieldCBody)
	v, _ := b.value(b.child(n, syntax.FieldCCondition))
	end := b.b.NewBlock()
	ctx := &switchCtx{tree: b.t}
	b.findCases(ctx, in)
	b.dispatch(ctx, v, end, b.span(n))
	b.switches = append(b.switches, ctx)
	b.pushLoop(end, ir.NoBlock)
	b.stmt(in)
	b.popLoop()
	b.switches = b.switches[:len(b.switches)-1]
	b.jump(end, b.span(n))
	b.at(end)
}

// findCases collects the labels that belong to this switch.
func (b *body) findCases(ctx *switchCtx, in nodeID) {
	if in == none {
		return
	}
	for i := in + 1; i < nodeID(b.t.Nodes[in].Next); {
		switch b.t.Nodes[i].Kind {
		case syntax.CSwitchStatement, syntax.CFunctionDefinition:
			i = nodeID(b.t.Nodes[i].Next)
			continue
		case syntax.CCaseStatement:
			ctx.cases = append(ctx.cases, caseLabel{i, b.b.NewBlock()})
		}
		i++
	}
}

func (b *body) dispatch(ctx *switchCtx, v ir.Temp, end ir.BlockID, s ir.Span) {
	other := end
	for _, c := range ctx.cases {
		val := b.child(c.node, syntax.FieldCValue)
		if val == none {
			other = c.block
			continue
		}
		next := b.b.NewBlock()
		low, _ := b.value(val)
		cs := b.span(val)
		if high := b.rangeEnd(c.node, val); high != none {
			b.f.Problems-- // the error node of the range: understood
			upper := b.b.NewBlock()
			ge := b.bin(ir.Ge, v, low, cs)
			b.branch(ge, upper, next, cs)
			b.at(upper)
			h, _ := b.value(high)
			low = h
			le := b.bin(ir.Le, v, h, cs)
			b.branch(le, c.block, next, cs)
		} else {
			b.branch(b.bin(ir.Eq, v, low, cs), c.block, next, cs)
		}
		b.at(next)
	}
	b.jump(other, s)
}

// rangeEnd is the upper end of "case low ... high:", which the grammar has as an error.
func (b *body) rangeEnd(n, val nodeID) nodeID {
	e := b.t.NextSibling(val)
	if val == none || !b.is(e, syntax.KindError) || !bytes.HasPrefix(b.bytes(e), []byte("...")) {
		return none
	}
	return b.inner(e)
}

// caseStmt continues in the label's block, into which the statements before it fall through.
func (b *body) caseStmt(n nodeID) {
	s := b.span(n)
	if k := len(b.switches); k > 0 && b.switches[k-1].tree == b.t {
		ctx := b.switches[k-1]
		for ctx.next < len(ctx.cases) && ctx.cases[ctx.next].node < n {
			ctx.next++
		}
		if ctx.next < len(ctx.cases) && ctx.cases[ctx.next].node == n {
			blk := ctx.cases[ctx.next].block
			b.jump(blk, s)
			b.at(blk)
		}
	} else {
		b.problem(s, "case outside of a switch")
	}
	b.list(n)
}
