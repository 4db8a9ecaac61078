package lifetime

import "sync"

// States come and go with each branch and call, and most live for one block. A run takes them, and their
// lists, from a pool, where they go back when it is done with the block: what waits for its turn by then
// lives on, and nobody holds any other.

// statePool is the states of one run that are not in use.
type statePool struct {
	idle   []*state
	out    []*state // taken since the last sweep
	stores []*room[binding]
	facts  []*room[fact]
	held   []heldStore // till the next sweep
}

// room is what a list lies in that several states may share.
type room[T any] struct {
	items []T // empty, while nobody uses it
	users int32
}

// heldStore is a list that somebody goes through.
type heldStore struct {
	items []binding
	in    *room[binding]
}

// Bounds of what a pool keeps for the next run.
const (
	maxIdleStates = 64
	maxIdleList   = 128 // entries of one list
)

// idlePools holds those of runs that are done.
var idlePools = sync.Pool{New: func() any { return &statePool{} }}

func newStatePool() *statePool { return idlePools.Get().(*statePool) }

// giveBack lets another run have p. Nobody may use its states any more.
func (p *statePool) giveBack() {
	p.sweep()
	p.idle = trim(p.idle, func(s *state) bool { return max(cap(s.temps), cap(s.objs)) <= maxIdleList })
	p.stores = trim(p.stores, func(r *room[binding]) bool { return cap(r.items) <= maxIdleList })
	p.facts = trim(p.facts, func(r *room[fact]) bool { return cap(r.items) <= maxIdleList })
	idlePools.Put(p)
}

// trim keeps some of those that are small.
func trim[T any](idle []*T, small func(*T) bool) []*T {
	kept := idle[:0]
	for _, x := range idle {
		if len(kept) < maxIdleStates && small(x) {
			kept = append(kept, x)
		}
	}
	clear(idle[len(kept):])
	return kept
}

// first is the state at the beginning of a function.
func (p *statePool) first() *state {
	s := p.take()
	s.points = &points{}
	return s
}

func (p *statePool) take() *state {
	var s *state
	if n := len(p.idle); n > 0 {
		s, p.idle = p.idle[n-1], p.idle[:n-1]
	} else {
		s = &state{pool: p}
	}
	p.out = append(p.out, s)
	return s
}

// resume takes s, which waited.
func (p *statePool) resume(s *state) {
	s.waiting = false
	p.out = append(p.out, s)
}

// sweep takes back all states but those that wait.
func (p *statePool) sweep() {
	for _, h := range p.held {
		p.stores = h.in.leave(h.items, p.stores)
	}
	clear(p.held)
	p.held = p.held[:0]
	for _, s := range p.out {
		if !s.waiting {
			p.free(s)
		}
	}
	clear(p.out)
	p.out = p.out[:0]
}

// free empties s, and keeps it for the next one.
func (p *statePool) free(s *state) {
	p.stores = s.storeIn.leave(s.store, p.stores)
	p.facts = s.factsIn.leave(s.facts, p.facts)
	clear(s.objs)
	clear(s.own)
	*s = state{pool: p, temps: s.temps[:0], objs: s.objs[:0], loops: s.loops[:0], own: s.own[:0]}
	p.idle = append(p.idle, s)
}

// share notes one more user of a list; there is no room for one that was always empty.
func (r *room[T]) share() {
	if r != nil {
		r.users++
	}
}

// leave notes that one user less has list, and adds the room to idle if that was the last.
func (r *room[T]) leave(list []T, idle []*room[T]) []*room[T] {
	if r == nil {
		return idle
	}
	if r.users--; r.users > 0 {
		return idle
	}
	r.items = list[:0]
	return append(idle, r)
}

// own is list for one user of r, who is going to change it: a copy, where others have it. It returns the
// room where it lies, and the idle ones that are left.
func (r *room[T]) own(list []T, idle []*room[T]) ([]T, *room[T], []*room[T]) {
	if r != nil && r.users == 1 {
		return list, r, idle
	}
	var to *room[T]
	if n := len(idle); n > 0 {
		to, idle = idle[n-1], idle[:n-1]
	} else {
		to = &room[T]{}
	}
	if cap(to.items) <= len(list) {
		to.items = make([]T, 0, len(list)+changesAhead)
	}
	copied := append(to.items, list...)
	to.items, to.users = nil, 1
	return copied, to, r.leave(list, idle)
}
