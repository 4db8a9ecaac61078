package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// neverReturns tells whether every way through f meets a call that does not return.
func (e *engine) neverReturns(f *ir.Func) bool {
	return e.allEnd(f, e.callEnds)
}

// callEnds tells whether a call is known not to return.
func (e *engine) callEnds(t *link.Target) bool {
	if t.NeverReturns() {
		return true
	}
	if len(t.Funcs) != 1 || !t.Complete || e.idle(t.Funcs[0]) {
		return false
	}
	if s := e.of(t.Funcs[0]).sum; s != nil {
		return s.noReturn
	}
	return e.endsDeep(t.Funcs[0], maxEndsDeep)
}

// maxEndsDeep is how many bodies below one of which nothing is known yet are looked into: fail, exit_with, exit.
const maxEndsDeep = 3

// endsDeep is neverReturns for a function of a recursion, as by die() that cleans up, where cleaning up may fail. It asks bodies alone.
func (e *engine) endsDeep(f *ir.Func, deep int) bool {
	if deep == 0 || f.Ret != "void" {
		return false
	}
	return e.allEnd(f, func(t *link.Target) bool {
		return t.NeverReturns() || len(t.Funcs) == 1 && t.Complete && e.endsDeep(t.Funcs[0], deep-1)
	})
}

// allEnd tells whether every way through a C function meets a call of which ends says that it does not return.
func (e *engine) allEnd(f *ir.Func, ends func(*link.Target) bool) bool {
	if f.File.Lang != ir.C || len(f.Blocks()) == 0 {
		return false
	}
	return !reachesExit(f, func(b *ir.Block) bool { return e.blockEnds(f, b, ends) })
}

// reachesExit tells whether there is a way through f to its end, if blocks of which ends tells so (nil: none) are not left.
func reachesExit(f *ir.Func, ends func(*ir.Block) bool) bool {
	seen := make([]bool, len(f.Blocks()))
	stack := []ir.BlockID{0}
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if b == f.Exit {
			return true
		}
		if seen[b] || ends != nil && ends(&f.Blocks()[b]) {
			continue
		}
		seen[b] = true
		stack = append(stack, f.Blocks()[b].Term.Succs...)
	}
	return false
}

func (e *engine) blockEnds(f *ir.Func, b *ir.Block, ends func(*link.Target) bool) bool {
	for i := range b.Instrs {
		if in := &b.Instrs[i]; in.Op == ir.OpCall && ends(e.prog.Callee(f, in)) {
			return true
		}
	}
	return false
}
