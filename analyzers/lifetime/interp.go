package lifetime

import (
	"cmp"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Bounds of the analysis of one function. Past a bound, what was found stays, and the function
// counts as not fully explored.
const (
	maxFineStates   = 32     // distinct states at one block, after that they are merged coarsely
	maxCoarseStates = 128    // coarse states at one block
	maxInstrs       = 60_000 // instructions interpreted, looked at between blocks
	maxStraight     = 8      // times as many may be interpreted before the bound counts within a block
	maxEffort       = 60_000 // the same for work on large states: each instruction counts once for every effortOf things a state knows
	effortOf        = 128
	maxLoop         = 2  // times round one loop on one path
	maxIter         = 3  // rounds of all loops of a path that are told apart
	maxOutcomes     = 10 // outcomes kept in a summary
)

// fnRun is the run over one function.
type fnRun struct {
	f    *ir.Func
	prog *link.Program
	eng  *engine
	t    *tables
	pool *statePool
	flow *flow

	objects   []*Object // by objID; 0 unused
	objIdx    map[objKey]objID
	symObj    symObjects               // value that refers to the object
	ownObj    map[ownKey]*Object       // owners of native handles
	rawBound  map[*ir.Instr]bool       // see rawBinding
	addrOf    symObjects               // address taken from a pin
	somewhere map[symID]bool           // addresses in a block, of which is not known where; nil if none was computed
	told      []int32                  // calls that gave a borrowed handle of which a release was reported
	lenders   map[symID]bool           // objects made over a handle; see borrowed
	errSym    map[symID]objID          // last error of a start
	makers    map[errorMaker]bool      // what makesError has said
	startErr  map[symID]bool           // last error of a start in a callee
	lockedAt  map[symID]objID          // blocks by the addresses that locking them gave
	neverSet  map[regID]bool           // globals of C that are declared const
	retSym    map[symID]objID          // result of a start
	countOf   map[symID]objID          // byte count that a pending start left unset
	status    map[symID]models.Success // what the result of a call says of the call, when it is no handle
	siteOf    map[*ir.Instr]int32      // but those that at has
	nextSite  int32
	at        []atInstr             // by temp that an instruction makes
	sums      map[*ir.Func]*Summary // of callees, as far as they were asked for

	stored, storedBelow   map[string]bool       // see writes, calleesWrite
	asksDone, asksStorage bool                  // there are uses of memory that end when a member, or anything in the memory, is looked at
	keepSites             map[binding]*ir.Instr // stores of pointers that came from the caller

	pending   []work      // last the one whose turn it is
	states    [2][]*state // lists of runBlock
	effectsOn []effectOn  // list of named
	seen      [][]uint64  // by block: keys of the states that came there
	steps     int         // instructions interpreted
	effort    int         // see maxEffort
	bound     bool        // some bound was hit
	wide      bool        // it has more outcomes than a summary keeps

	typeTests   map[ir.Type]int // type tests of the body, by type
	keepsBits   bool            // callers are told what it asks of the bits of its parameters
	inKernel    bool            // the function runs in kernel mode
	routineKind string          // "DPC": the system calls it above PASSIVE_LEVEL
	passive     *passiveCall    // the first call that needs PASSIVE_LEVEL, where the caller decides the level

	events       []Event
	eventIdx     map[eventKey]int
	ends         map[endKey]*endCount   // by site and role of a leak candidate
	tested       map[symID]bool         // values that the code looks at
	nullTests    map[regID]ir.Span      // variables that hold -1 and are compared with 0
	compares     map[int32]*comparison  // by site
	unset        map[ir.Span]bool       // comparisons of what holds that very number on a path
	guards       map[int32]*guard       // by site of a release
	pinEnds      map[int32]*pinEnd      // by site of a pin or POH array
	pinSites     map[int32]*PinSite     // by site of anything that pins
	rightClosers map[int32][]ir.BlockID // by site: blocks that release it rightly
	places       map[filledPlace]int16  // roles of what callees put into places
	outs         []outcome
	outIdx       map[string][]int // by key: indexes in outs
	outKey       []byte
	exits        int

	lendings  map[lending]*lending // one of each
	givenBack map[lentKey]bool     // calls after which an object was freed
	lentLeaks []lentLeak
}

type objKey struct {
	site int32
	role int16
	iter uint8
	sym  symID
}

// filledPlace is a place that outcome n of a callee fills.
type filledPlace struct {
	n int16
	p path
}

type eventKey struct {
	kind EventKind
	obj  objID
	span ir.Span
	end  ir.Span
	use  Use
	how  How
	// asked: see Event.Asked
	asked bool
}

type endKey struct {
	site int32
	role int16
}

type endCount struct{ good, bad, released int }

type work struct {
	block ir.BlockID
	st    *state
}

// analyse interprets f and returns its summary; events are collected in a.events.
func (a *fnRun) analyse() *Summary {
	entry := a.pool.first()
	if a.f.Kind == ir.FuncCtor || a.f.Kind == ir.FuncInit {
		a.zeroThis(entry)
	}
	a.wait(0, entry)
	for len(a.pending) > 0 {
		if a.steps > maxInstrs || a.effort > maxEffort {
			a.bound = true
			break
		}
		w := a.next()
		a.pool.sweep()
		a.pool.resume(w.st)
		a.runBlock(w.block, w.st)
	}
	a.finish()
	return a.summary()
}

// next takes the pending state of the block that comes first in reverse postorder, the oldest
// of that block: so joins see all their states together, and the order is always the same.
func (a *fnRun) next() work {
	last := len(a.pending) - 1
	w := a.pending[last]
	a.pending[last] = work{}
	a.pending = a.pending[:last]
	return w
}

// goTo queues st for block to, unless an equal state was there before.
func (a *fnRun) goTo(from, to ir.BlockID, st *state) {
	if to != a.f.Exit && to != a.f.Unwind {
		if a.flow.isBack(from, to) {
			if !st.nextRound(to, maxLoop) {
				return
			}
			a.forgetElements(st, from)
			if st.iter < maxIter {
				st.iter++
			}
		} else if a.flow.loopHead[to] {
			st.enterLoop(to)
		}
	}
	a.keepCrossing(st)
	a.dropDead(to, st)
	a.dropGone(st)
	seen := a.seen[to]
	coarse := len(seen) >= maxFineStates
	if len(seen) >= maxFineStates+maxCoarseStates {
		a.bound = true
		return
	}
	k := a.key(st, coarse)
	if slices.Contains(seen, k) {
		return
	}
	a.seen[to] = append(seen, k)
	a.wait(to, st)
}

// wait queues st for block to. Nobody may use it till its turn comes.
func (a *fnRun) wait(to ir.BlockID, st *state) {
	st.waiting = true
	before, _ := slices.BinarySearchFunc(a.pending, a.flow.order[to], func(w work, order int32) int {
		return cmp.Compare(order, a.flow.order[w.block])
	})
	a.pending = slices.Insert(a.pending, before, work{to, st})
}

// forgetElements: what a round of a loop put into an array under an index that is not known as
// a number cannot be told from what other rounds put there. Whoever goes through the array may
// release it.
func (a *fnRun) forgetElements(st *state, from ir.BlockID) {
	at := &ir.Instr{Span: a.f.Blocks()[from].Term.Span}
	for i := 0; i < len(st.store); i++ {
		if bd := st.store[i]; a.t.regions[bd.reg].kind == rElem && a.objectOf(bd.v) != 0 {
			a.escape(st, bd.v, at, a.regionName(bd.reg), bd.reg)
		}
	}
}

// keepCrossing drops temps that are used in the block that defined them only.
func (a *fnRun) keepCrossing(st *state) {
	out := st.temps[:0]
	for i, tv := range st.temps {
		if !a.flow.crossing[tv.t] {
			continue
		}
		again := false
		for _, later := range st.temps[i+1:] {
			again = again || later.t == tv.t
		}
		if !again {
			out = append(out, tv)
		}
	}
	st.temps = out
}

func (a *fnRun) dropDead(to ir.BlockID, st *state) {
	live := a.flow.liveIn(to)
	if live == nil {
		return
	}
	st.unbind(func(b binding) bool {
		g := &a.t.regions[a.t.root(b.reg)]
		if g.kind != rVar || !a.flow.droppable[g.v] || live.has(int(g.v)) {
			return false
		}
		return !a.ownedHandle(st, b.v) // what overwrites it must find it
	})
}

// dropGone forgets the handles and blocks that nobody in the function can reach any more and that are
// somebody else's, released, or were never there: paths that differ in them only are one.
func (a *fnRun) dropGone(st *state) {
	for _, o := range st.objs {
		if a.objects[o.id].Kind == Operation {
			return // it refers to its handle and its storage
		}
	}
	st.objs = slices.DeleteFunc(st.objs, func(o ostate) bool {
		if !a.isGone(st, o) {
			return false
		}
		if o.st == stEscaped || o.st == stReleased {
			a.count(o.id).good++
		}
		if o.st == stReleased {
			a.count(o.id).released++
		}
		return true
	})
}

func (a *fnRun) isGone(st *state, o ostate) bool {
	obj := a.objects[o.id]
	if obj.Kind != Memory && obj.Kind != Handle || o.st != stEscaped && o.st != stReleased && o.st != stFailed || o.handover != 0 || o.lent != nil || o.selected != 0 {
		return false
	}
	return a.t.symbols[obj.sym].kind == sSite && !st.mentions(obj.sym)
}

// ownedHandle tells whether v is a native handle or block that is still owned.
func (a *fnRun) ownedHandle(st *state, v value) bool {
	return a.ownedOf(st, v, Handle, Memory, Reference)
}

// ownedPin tells whether v is a GCHandle that this function made, and that nobody else has.
func (a *fnRun) ownedPin(st *state, v value) bool { return a.ownedOf(st, v, Pin, GCHandle) }

func (a *fnRun) ownedOf(st *state, v value, kinds ...ObjectKind) bool {
	id := a.objectOf(v)
	if id == 0 || !slices.Contains(kinds, a.objects[id].Kind) {
		return false
	}
	o, ok := st.obj(id)
	return ok && o.st == stOwned && o.stored == 0
}

// runBlock interprets the instructions of one block on one state, which may become several.
func (a *fnRun) runBlock(id ir.BlockID, st *state) {
	if id == a.f.Exit || id == a.f.Unwind {
		a.atExit(st, id == a.f.Unwind)
		return
	}
	b := &a.f.Blocks()[id]
	states := one(st)
	for i := range b.Instrs {
		in := &b.Instrs[i]
		if a.steps > maxStraight*maxInstrs || a.effort > maxEffort {
			a.bound = true
			return
		}
		out := a.execAll(b, in, states, &a.states[i%2])
		if in.Op == ir.OpCall && in.Dst != 0 && !a.flow.read[in.Dst] {
			for _, s := range out {
				s.forget(in.Dst)
			}
		}
		if in.Op == ir.OpCall {
			for _, s := range out {
				s.dropTemps(a.flow.last, int32(i))
			}
		}
		if len(out) > len(states) && len(out) > 2 {
			for _, s := range out {
				a.dropGone(s)
			}
			out = a.distinct(out)
		}
		states = out
		if len(states) == 0 {
			return
		}
	}
	for _, s := range states {
		a.terminate(b, s)
	}
}

// execAll interprets an instruction on some states, of which none lies in list, where the result may go.
func (a *fnRun) execAll(b *ir.Block, in *ir.Instr, states []*state, list *[]*state) []*state {
	out := (*list)[:0]
	for _, s := range states {
		a.steps++
		a.effort += (len(s.store) + len(s.facts) + len(s.objs)) / effortOf
		next := a.exec(b, in, s)
		if len(states) == 1 {
			return next
		}
		out = append(out, next...)
	}
	*list = out
	return out
}

// distinct drops states that equal an earlier one; when too many remain, also those that equal
// an earlier one in their typestates.
func (a *fnRun) distinct(in []*state) []*state {
	for _, coarse := range [...]bool{false, true} {
		seen := make(map[uint64]struct{}, len(in))
		out := in[:0]
		for _, s := range in {
			k := a.key(s, coarse)
			if _, dup := seen[k]; !dup {
				seen[k] = struct{}{}
				out = append(out, s)
			}
		}
		if in = out; len(in) <= maxFineStates/2 {
			return in
		}
	}
	if len(in) > maxFineStates {
		a.bound = true
		in = in[:maxFineStates]
	}
	return in
}

func (a *fnRun) terminate(b *ir.Block, st *state) {
	t := &b.Term
	switch t.Kind {
	case ir.TermJump:
		a.goTo(b.ID, t.Succs[0], st)
	case ir.TermBranch:
		a.branch(b, t, st)
	case ir.TermSelect:
		a.selectBranch(b, t, st)
	case ir.TermThrow:
		a.raiseAs(b, st, a.thrownType(b, st), written(b), t.Span)
	}
}

// written tells whether the throw at the end of b stands in the code. Others pass on an exception
// that no clause takes, or that a finally block saw.
func written(b *ir.Block) bool {
	return len(b.Instrs) > 0 && b.Instrs[len(b.Instrs)-1].Op == ir.OpThrow
}

func (a *fnRun) selectBranch(b *ir.Block, t *ir.Term, st *state) {
	v, _ := st.binding(a.t.varRegion(t.Var))
	if n, ok := st.number(v); ok && n >= 0 && int(n) < len(t.Succs) {
		a.goTo(b.ID, t.Succs[n], st)
		return
	}
	for i, s := range t.Succs {
		c := st
		if i < len(t.Succs)-1 {
			c = st.clone()
		}
		a.goTo(b.ID, s, c)
	}
}

func (a *fnRun) branch(b *ir.Block, t *ir.Term, st *state) {
	v := st.temp(t.Cond)
	a.noteWrongTruth(st, v, t.Span)
	if truth, known := st.truth(v); known {
		if a.assumeTruth(st, v, truth) {
			a.goTo(b.ID, t.Succs[1-boolVal(truth).n], st)
		}
		return
	}
	if a.catches(st, t) {
		a.goTo(b.ID, t.Succs[0], st)
		return
	}
	if a.passesBy(st, b, t) || a.misses(st, t) {
		a.goTo(b.ID, t.Succs[1], st)
		return
	}
	a.askedBeside(st, t.Cond)
	truth, asked := a.askedBefore(st, b, v)
	yes, no := st.clone(), st
	yesOK, noOK := a.assumeTruth(yes, v, true), a.assumeTruth(no, v, false)
	if asked && yesOK && noOK {
		yesOK, noOK = truth, !truth
	}
	if yesOK && noOK && a.ownFlag(v) {
		yes.flagged, no.flagged = true, true
	}
	if yesOK {
		if noOK {
			a.noteBranch(yes, t, true)
		}
		a.goTo(b.ID, t.Succs[0], yes)
	}
	if noOK {
		if yesOK {
			a.noteBranch(no, t, false)
		}
		a.goTo(b.ID, t.Succs[1], no)
	}
}

// noteBranch remembers a decision that was open, for traces.
func (a *fnRun) noteBranch(st *state, t *ir.Term, truth bool) {
	text := "condition is false"
	if truth {
		text = "condition is true"
	}
	st.path = &Step{Prev: st.path, File: a.f.File, Span: t.Span, Kind: StepBranch, Text: text}
}

// assumeTruth narrows st by "v is true (or false)" and tells whether the path can exist.
func (a *fnRun) assumeTruth(st *state, v value, truth bool) bool {
	switch v.k {
	case vInt:
		return (v.n != 0) == truth
	case vAddr, vName:
		return truth
	case vSym:
		a.noteTested(v.sym)
		a.noteTruthTest(st, v.sym)
		a.forgetSame(st, v, truth)
		if truth {
			return st.assume(v.sym, ir.Ne, 0)
		}
		if v.n != 0 {
			return false
		}
		return st.assume(v.sym, ir.Eq, 0)
	case vCmp:
		a.forgetSame(st, v, truth)
		sub := v.sub
		if !truth {
			sub, _ = sub.Negate()
		}
		if sub == ir.Eq && v.n == 0 {
			a.keptAlready(st, v.sym)
		}
		return st.assume(v.sym, sub, v.n)
	}
	return true
}

// raise sends st along the exception edge of block b. explicit: by a written throw, or by a call
// that is known to throw.
func (a *fnRun) raise(b *ir.Block, st *state, explicit bool, at ir.Span) {
	a.raiseAs(b, st, "", explicit, at)
}

// raiseAs is raise with the type of the exception.
func (a *fnRun) raiseAs(b *ir.Block, st *state, exc string, explicit bool, at ir.Span) {
	st.exc = exc
	st.explicit = st.explicit || explicit
	if explicit && !st.yielded {
		st.thrown = at
	}
	if b.Handler == ir.NoBlock {
		a.goTo(b.ID, a.f.Unwind, st)
		return
	}
	a.goTo(b.ID, b.Handler, st)
}

// zeroThis makes the fields of a new object read as zero.
func (a *fnRun) zeroThis(st *state) {
	if a.f.This == ir.NoVar {
		return
	}
	this := a.load(st, a.t.varRegion(a.f.This))
	st.assume(this.sym, ir.Ne, 0)
	if a.f.Kind == ir.FuncCtor {
		return // a field initialiser may have set them
	}
	st.bind(a.t.pointee(this.sym), value{k: vInt})
}
