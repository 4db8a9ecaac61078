package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// A block of a heap that the function was given, or made, ends with that heap: nobody need free it.

// privateHeap, in Object.arena, says that the block lies in such a heap; a larger number than 0 that the
// heap is the parameter of that number (1-based), so that the caller knows.
const privateHeap = -1

// arenaParam is the parameter of fn that names the heap of the block that fn allocates, -1 for none.
func arenaParam(fn *models.Func) int {
	if fn.Sig == nil {
		return -1
	}
	for i := range fn.Sig.Params {
		if p := &fn.Sig.Params[i]; p.Type.Name == "HeapHandle" || p.Name == "HeapHandle" {
			return i
		}
	}
	return -1
}

// arenaOf tells which heap v is, as [Object] says it.
func (a *fnRun) arenaOf(st *state, v value) int {
	if a.f.File.Lang != ir.C || v.k != vSym {
		return 0
	}
	if id := a.objectOf(v); id != 0 && a.objects[id].Acquire != nil && !a.objects[id].Acquire.Borrowed {
		return privateHeap
	}
	p, ok := a.symPath(v.sym)
	switch {
	case !ok || p.root != rootParam:
		return 0
	case p.sel == "":
		return 1 + p.index
	}
	return privateHeap // a member of what owns the heap
}

// arenaAt is arenaOf for the block that fn allocates at x.
func (a *fnRun) arenaAt(st *state, x *callCtx, fn *models.Func) int {
	if v, ok := x.arg(st, arenaParam(fn)); ok {
		return a.arenaOf(st, v)
	}
	return 0
}

// arenaHere says of a block from a callee, which lies in the heap that arena names there, what its heap is
// to this function.
func (a *fnRun) arenaHere(st *state, x *callCtx, arena int) int {
	if v, ok := x.arg(st, arena-1); ok && arena > 0 {
		return a.arenaOf(st, v)
	}
	return min(arena, 0)
}
