package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

type objID int32

type objStatus uint8

const (
	stOwned    objStatus = iota + 1 // must be released by someone who can still reach it
	stReleased                      // was released
	stEscaped                       // somebody else may release it
	stFailed                        // the acquisition failed: there is nothing
	stBorrowed                      // not ours
	stPending                       // operation: started, not known to be complete
	stDone                          // operation: complete, or never pending
)

// ostate is the typestate of one object on one path. Values of this type are never changed.
type ostate struct {
	id        objID
	st        objStatus
	storedAt  uint16
	stored    regID // stOwned: it lives in this storage outside of the function
	closing   symID // stReleased: result of the call that did it
	handover  symID // stEscaped: result of the call that it was handed to
	cancelled bool
	timedOut  bool
	dropped   bool  // operation: its callbacks were dropped
	elsewhere bool  // operation: a wait ended by another event
	waited    bool  // operation: its event was waited for
	addrRead  bool  // pin: its address was taken
	shared    bool  // it was given to somebody else at some time
	given     bool  // shared by a call, not by a store
	asked     bool  // handle: a call was given it that did not fail, as far as is known
	askedBy   symID // handle: result of the last call that was given it
	viaThrow  bool  // an exception of some call was caught while it was owned
	calls     uint8 // pin: calls made while it is held, at most 1
	freedAt   regID // the struct that zeroed itself when the object was released through it
	uses      uint8
	implicit  bool
	private   bool     // stEscaped: a block of the C runtime that nobody else knows yet
	instead   bool     // made in place of an argument that is null, if it is
	misread   bool     // stFailed: the last test of it was against a value that does not mean failure
	lent      *lending // stEscaped: to calls that may have given it back
	selected  symID    // stEscaped: what the function that keeps it gave for it, by which it comes back
	steps     *Step
}

type binding struct {
	reg regID
	v   value
}

type tempVal struct {
	t ir.Temp
	v value
}

// state is one path through the function so far.
type state struct {
	store               []binding // sorted by region; see ownStore
	facts               []fact    // sorted by symbol; see ownFacts
	storeIn             *room[binding]
	factsIn             *room[fact]
	points              *points // of the function
	pool                *statePool
	waiting             bool      // for its turn
	self                [1]*state // see one
	objs                []ostate  // sorted by id
	temps               []tempVal
	lastErr             value
	ret                 value
	retSpan             ir.Span
	hasRet              bool
	epoch               uint16 // unknown calls so far that may have changed what lies outside
	iter                uint8  // loop iterations so far, capped
	loops               []loopCount
	path                *Step       // branches taken
	ovDone, ovCancelled []path      // OVERLAPPEDs from outside that were completed or cancelled
	cancels             []cancelAsk // structures of a caller whose operations were asked to stop
	held, freed         []heldLock  // locks held; locks of a caller that were let go
	thrown              ir.Span
	yielded             bool        // the iterator was abandoned at a yield return: only finally blocks run
	own                 []ownState  // owners of native handles, in order of appearance
	wraps               []wrapState // raw handles that have an owner
	claims              []*claim    // second owners
	disposed            []path      // owners from outside that were disposed
	exposed             []regID     // structs of a C function whose address somebody else has
	explicit            bool        // leaves by a throw that is written in the code or known
	exc                 string      // type of that exception, "" if not known
	flagged             bool        // a branch depended on what a place outside held that the function itself sets
}

type loopCount struct {
	head  ir.BlockID
	n     uint8  // back edges taken
	round uint16 // epoch when the head was entered last
}

// tempsAhead is the room for temps that a copy of a state has.
const tempsAhead = 12

// clone is a copy. The long lists are copied when one of both changes them: most states do not get so far.
func (s *state) clone() *state {
	c := s.pool.take()
	temps, objs, loops, own := c.temps, c.objs, c.loops, c.own
	if cap(temps) < len(s.temps) {
		temps = make([]tempVal, 0, len(s.temps)+tempsAhead)
	}
	*c = *s
	c.temps = append(temps, s.temps...)
	c.objs = append(objs, s.objs...)
	c.loops = append(loops, s.loops...)
	c.own = append(own, s.own...)
	c.storeIn.share()
	c.factsIn.share()
	return c
}

func (s *state) binding(r regID) (value, bool) {
	i, ok := slices.BinarySearchFunc(s.store, r, func(b binding, r regID) int { return int(b.reg) - int(r) })
	if ok {
		return s.store[i].v, true
	}
	return value{}, false
}

func (s *state) bind(r regID, v value) {
	i, ok := slices.BinarySearchFunc(s.store, r, func(b binding, r regID) int { return int(b.reg) - int(r) })
	if ok {
		s.rebind(i, v)
		return
	}
	s.ownStore()
	s.store = slices.Insert(s.store, i, binding{r, v})
}

// rebind gives number i of the bindings another value.
func (s *state) rebind(i int, v value) {
	if s.store[i].v != v {
		s.ownStore()
		s.store[i].v = v
	}
}

// unbindIf removes the bindings of all regions for which drop holds.
func (s *state) unbindIf(drop func(regID) bool) {
	s.unbind(func(b binding) bool { return drop(b.reg) })
}

// unbind removes the bindings for which drop holds.
func (s *state) unbind(drop func(binding) bool) {
	first := slices.IndexFunc(s.store, drop)
	if first < 0 {
		return
	}
	s.ownStore()
	out := s.store[:first]
	for _, b := range s.store[first+1:] {
		if !drop(b) {
			out = append(out, b)
		}
	}
	s.store = out
}

// changesAhead is the room in a list that is copied because something is put into it.
const changesAhead = 4

// ownStore copies the bindings where another state has the same list, which must come before each change.
func (s *state) ownStore() {
	s.store, s.storeIn, s.pool.stores = s.storeIn.own(s.store, s.pool.stores)
}

// bindings are those of now, also while the state changes.
func (s *state) bindings() []binding {
	if s.storeIn != nil {
		s.storeIn.share()
		s.pool.held = append(s.pool.held, heldStore{s.store, s.storeIn})
	}
	return s.store
}

func (s *state) consOf(x symID) cons {
	if i, ok := s.factOf(x); ok {
		return s.consAt(i)
	}
	return anyCons(x)
}

// narrowed tells whether anything is known of x.
func (s *state) narrowed(x symID) bool {
	c := s.consOf(x)
	return c != anyCons(x)
}

func (s *state) setCons(c cons) {
	i, ok := s.factOf(c.sym)
	now := s.pack(c)
	if ok && s.facts[i] == now {
		return
	}
	s.ownFacts()
	if ok {
		s.facts[i] = now
	} else {
		s.facts = slices.Insert(s.facts, i, now)
	}
}

func (s *state) dropCons(x symID) {
	if i, ok := s.factOf(x); ok {
		s.ownFacts()
		s.facts = slices.Delete(s.facts, i, i+1)
	}
}

// assume narrows symbol x and tells whether the path can exist.
func (s *state) assume(x symID, sub ir.Sub, n int64) bool {
	c := s.consOf(x)
	if !c.assume(sub, n) {
		return false
	}
	s.setCons(c)
	return true
}

func (s *state) obj(id objID) (ostate, bool) {
	i, ok := slices.BinarySearchFunc(s.objs, id, func(o ostate, id objID) int { return int(o.id) - int(id) })
	if ok {
		return s.objs[i], true
	}
	return ostate{}, false
}

func (s *state) setObj(o ostate) {
	i, ok := slices.BinarySearchFunc(s.objs, o.id, func(o ostate, id objID) int { return int(o.id) - int(id) })
	if ok {
		s.objs[i] = o
		return
	}
	s.objs = slices.Insert(s.objs, i, o)
}

func (s *state) temp(t ir.Temp) value {
	for i := len(s.temps) - 1; i >= 0; i-- {
		if s.temps[i].t == t {
			return s.temps[i].v
		}
	}
	return value{}
}

// setTemp appends: the last entry of a temp counts, and block ends throw out the rest.
func (s *state) setTemp(t ir.Temp, v value) {
	if t != 0 {
		s.temps = append(s.temps, tempVal{t, v})
	}
}

// dropTemps drops the temps that no instruction of the block after number at needs.
func (s *state) dropTemps(last []int32, at int32) {
	out := s.temps[:0]
	for _, tv := range s.temps {
		if last[tv.t] > at {
			out = append(out, tv)
		}
	}
	s.temps = out
}

// mentions tells whether a place, a temp or the result has symbol x for its value.
func (s *state) mentions(x symID) bool {
	if s.ret.sym == x || s.lastErr.sym == x {
		return true
	}
	for i := range s.store {
		if s.store[i].v.sym == x {
			return true
		}
	}
	for i := range s.temps {
		if s.temps[i].v.sym == x {
			return true
		}
	}
	for i := range s.wraps {
		if s.wraps[i].raw == x {
			return true
		}
	}
	return len(s.claims) > 0
}

// truth tells whether v is known to be true, or known to be false, on this path.
func (s *state) truth(v value) (truth, known bool) {
	switch v.k {
	case vInt:
		return v.n != 0, true
	case vAddr, vName:
		return true, true
	case vCmp:
		c := s.consOf(v.sym)
		return c.decide(v.sub, v.n)
	}
	return false, false
}

// forget drops the value of the temp that was set last, if it is t.
func (s *state) forget(t ir.Temp) {
	if n := len(s.temps); n > 0 && s.temps[n-1].t == t {
		s.temps = s.temps[:n-1]
	}
}

// enterLoop goes to head from without.
func (s *state) enterLoop(head ir.BlockID) { *s.loop(head) = loopCount{head, 0, s.epoch} }

// nextRound counts a back edge to head and tells whether the path may go round once more.
func (s *state) nextRound(head ir.BlockID, most uint8) bool {
	l := s.loop(head)
	l.n++
	l.round = s.epoch
	return l.n <= most
}

// loop is what is known of the loop with a head.
func (s *state) loop(head ir.BlockID) *loopCount {
	for i := range s.loops {
		if s.loops[i].head == head {
			return &s.loops[i]
		}
	}
	s.loops = append(s.loops, loopCount{head: head})
	return &s.loops[len(s.loops)-1]
}

// number returns the number that v is known to be on this path.
func (s *state) number(v value) (int64, bool) {
	switch v.k {
	case vInt:
		return v.n, true
	case vSym:
		c := s.consOf(v.sym)
		return c.isConst()
	case vCmp:
		c := s.consOf(v.sym)
		if t, ok := c.decide(v.sub, v.n); ok {
			return boolVal(t).n, true
		}
	}
	return 0, false
}

// notNull tells whether v is known not to be null.
func (s *state) notNull(v value) bool {
	null, known := s.isNull(v)
	return known && !null
}

// isNull tells whether v is known to be (or not to be) zero.
func (s *state) isNull(v value) (null, known bool) {
	switch v.k {
	case vAddr, vName:
		return false, true
	case vSym:
		if v.n != 0 {
			return false, true
		}
		c := s.consOf(v.sym)
		return c.decide(ir.Eq, 0)
	}
	n, ok := s.number(v)
	return n == 0, ok
}
