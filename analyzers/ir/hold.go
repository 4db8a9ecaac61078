package ir

import "sync"

// Hold is memory for bodies that are looked at once: those of files that have one are unpacked there, and after Clear others
// lie at the same places. Many goroutines may unpack at once.
type Hold struct {
	mu     sync.Mutex
	blocks shelf[Block]
	instrs shelf[Instr]
	calls  shelf[Call]
	args   shelf[Arg]
	ids    shelf[BlockID]
	vars   shelf[VarID]
	types  shelf[Type]
	refs   shelf[instrRef]
}

// maxHold is how many arrays of each kind are kept for what is unpacked next.
const maxHold = 256

// UnpackIn says where the bodies of the file are unpacked from now on; nil: in memory of their own. Nobody may look at one
// meanwhile.
func (f *File) UnpackIn(h *Hold) { f.hold = h }

// Clear takes back all that was put there. The bodies are dropped, and nobody holds any part of them.
func (h *Hold) Clear() {
	h.blocks.clear(maxHold)
	h.instrs.clear(maxHold)
	h.calls.clear(maxHold)
	h.args.clear(maxHold)
	h.ids.clear(maxHold)
	h.vars.clear(maxHold)
	h.types.clear(maxHold)
	h.refs.clear(maxHold)
}

// bodyLists are empty lists that the parts of one body fit into.
type bodyLists struct {
	blocks []Block
	instrs []Instr
	calls  []Call
	args   []Arg
	ids    []BlockID
	vars   []VarID
	types  []Type
	refs   []instrRef
}

func (h *Hold) take(blocks, temps int, n counts) bodyLists {
	if h == nil {
		return bodyLists{
			make([]Block, 0, blocks), make([]Instr, 0, n.instrs), make([]Call, 0, n.calls), make([]Arg, 0, n.args),
			make([]BlockID, 0, n.blocks), make([]VarID, 0, n.vars), make([]Type, 0, n.types), make([]instrRef, 0, temps+1),
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return bodyLists{
		h.blocks.take(blocks), h.instrs.take(n.instrs), h.calls.take(n.calls), h.args.take(n.args),
		h.ids.take(n.blocks), h.vars.take(n.vars), h.types.take(n.types), h.refs.take(temps + 1),
	}
}
