package clower

import "github.com/pinvet/pinvet/analyzers/ir"

// thread sends jumps to blocks that hold nothing but a jump on to where that leads. Back edges of
// loops stay as they are.
func thread(f *ir.Func) {
	const maxSteps = 200
	for i := range f.Blocks() {
		succs := f.Blocks()[i].Term.Succs
		for j, s := range succs {
			for range maxSteps {
				b := &f.Blocks()[s]
				if len(b.Instrs) > 0 || b.Term.Kind != ir.TermJump || b.Term.Loop {
					break
				}
				s = b.Term.Succs[0]
			}
			succs[j] = s
		}
	}
}

// prune removes the blocks that the entry does not reach and numbers the rest densely. Exit and
// Unwind stay.
func prune(f *ir.Func) {
	thread(f)
	reach := make([]bool, len(f.Blocks()))
	work := append(make([]ir.BlockID, 0, 64), 0)
	reach[0] = true
	visit := func(id ir.BlockID) {
		if id >= 0 && !reach[id] {
			reach[id] = true
			work = append(work, id)
		}
	}
	for len(work) > 0 {
		blk := &f.Blocks()[work[len(work)-1]]
		work = work[:len(work)-1]
		if len(blk.Instrs) > 0 || blk.Term.Kind == ir.TermThrow {
			visit(blk.Handler)
		}
		for _, s := range blk.Term.Succs {
			visit(s)
		}
	}
	reach[f.Exit], reach[f.Unwind] = true, true
	to := make([]ir.BlockID, len(f.Blocks()))
	n := ir.BlockID(0)
	for i := range f.Blocks() {
		to[i] = ir.NoBlock
		if reach[i] {
			to[i] = n
			n++
		}
	}
	if int(n) == len(f.Blocks()) {
		return
	}
	kept := f.Blocks()[:0]
	for i := range f.Blocks() {
		if !reach[i] {
			continue
		}
		blk := f.Blocks()[i]
		blk.ID = to[i]
		if blk.Handler != ir.NoBlock {
			blk.Handler = to[blk.Handler]
		}
		for j, s := range blk.Term.Succs {
			blk.Term.Succs[j] = to[s]
		}
		kept = append(kept, blk)
	}
	f.SetBlocks(kept)
	f.Exit, f.Unwind = to[f.Exit], to[f.Unwind]
	f.IndexDefs()
}
