package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// A thread that fetches messages from its queue does in each round what the message at hand asks for, and that
// which ends a window comes once. Nothing in the loop says so.

// anotherMessage tells whether a message is fetched on every way from the call that released o to x.
func (a *fnRun) anotherMessage(x *callCtx, o ostate) bool {
	for s := o.steps; s != nil; s = s.Prev {
		if s.File != a.f.File {
			continue
		}
		if b, i := a.callOf(s.Span); b != nil {
			return !(b == x.b && &b.Instrs[i] != x.in && a.before(b, i, x.in)) && a.fetchedBetween(b, x.b)
		}
	}
	return false
}

// callOf is the call at span, as an index into its block; nil if there is none.
func (a *fnRun) callOf(at ir.Span) (*ir.Block, int) {
	for i := range a.f.Blocks() {
		b := &a.f.Blocks()[i]
		for j := range b.Instrs {
			if b.Instrs[j].Op == ir.OpCall && b.Instrs[j].Span == at {
				return b, j
			}
		}
	}
	return nil, 0
}

// before tells whether instruction i of b stands before in, in the same block.
func (a *fnRun) before(b *ir.Block, i int, in *ir.Instr) bool {
	for j := i; j < len(b.Instrs); j++ {
		if &b.Instrs[j] == in {
			return true
		}
	}
	return false
}

// fetchedBetween tells whether every way from the end of one block to the other goes through a block that
// fetches a message, and there is one.
func (a *fnRun) fetchedBetween(from, to *ir.Block) bool {
	seen, fetched := make([]bool, len(a.f.Blocks())), false
	open := []ir.BlockID{from.ID}
	for len(open) > 0 {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		if at != from.ID && a.fetches(&a.f.Blocks()[at]) {
			fetched = true
			continue
		}
		missed := false
		succs(a.f, at, func(next ir.BlockID) {
			missed = missed || next == to.ID
			if !seen[next] {
				seen[next] = true
				open = append(open, next)
			}
		})
		if missed {
			return false
		}
	}
	return fetched
}

// fetches tells whether a call of b takes a message from the queue of its thread.
func (a *fnRun) fetches(b *ir.Block) bool {
	for i := range b.Instrs {
		if in := &b.Instrs[i]; in.Op == ir.OpCall {
			if n := a.calleeAt(in).Native; n != nil {
				if role, _ := a.prog.DB.Role(n.Family); role == models.RoleMessage {
					return true
				}
			}
		}
	}
	return false
}
