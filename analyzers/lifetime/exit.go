package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// atExit looks at a path that leaves the function, by return or by an exception.
func (a *fnRun) atExit(st *state, unwind bool) {
	if unwind && !st.explicit {
		return // some call may throw: nobody wrote that it does
	}
	a.exits++
	contents := a.contentEffects(st)
	a.returnValue(st, unwind)
	a.endLocals(st, unwind)
	how, end := AtReturn, st.retSpan
	if unwind {
		how, end = AtThrow, st.thrown
	}
	if end == (ir.Span{}) {
		end = ir.Span{Start: a.f.Span.End, End: a.f.Span.End}
		if end.Start > 0 {
			end.Start--
		}
	}
	if st.yielded {
		how = AtYield
	}
	for i := 0; i < len(st.objs); i++ {
		a.exitObject(st, st.objs[i], how, end)
	}
	a.ownersAtExit(st, how, end)
	if !st.yielded && !(unwind && a.noSuchMember(st.thrown)) {
		a.addOutcome(st, unwind, contents)
	}
	if !unwind {
		a.staleFields(st)
	}
}

// abandoned: after a yield return the consumer may stop. Then the iterator is disposed, which runs
// the finally blocks around the yield and nothing else.
func (a *fnRun) abandoned(b *ir.Block, st *state, in *ir.Instr) {
	owns := slices.ContainsFunc(st.objs, func(o ostate) bool {
		k := a.objects[o.id].Kind
		return o.st == stOwned && o.stored == 0 && (k == Handle || k == Memory || k == Pin || k == GCHandle)
	})
	if !owns {
		return
	}
	c := st.clone()
	c.yielded, c.thrown = true, in.Span
	a.raise(b, c, true, in.Span)
}

// returnValue lets the object that is returned go to the caller.
func (a *fnRun) returnValue(st *state, unwind bool) {
	if unwind || !st.hasRet {
		return
	}
	if id := a.objectOf(st.ret); id != 0 {
		if o, ok := st.obj(id); ok && o.st == stOwned {
			a.count(id).good++
		}
	}
	a.lenderLeaves(st, st.ret)
	if st.ret.k == vSym {
		a.addressReturned(st.ret.sym)
		a.escapeRegion(st, a.t.pointee(st.ret.sym), &ir.Instr{Span: st.retSpan}, 0)
		if pin := a.addrOf.of(st.ret.sym); pin != 0 {
			a.pinAddressReturned(st, pin, st.retSpan)
		}
	}
	if st.ret.k == vAddr {
		a.escapeRegion(st, st.ret.reg, &ir.Instr{Span: st.retSpan}, 0)
	}
	a.returnedStruct(st)
}

// returnedStruct: what lies in a local struct goes with it when it is returned as a whole.
func (a *fnRun) returnedStruct(st *state) {
	if st.ret.k != vSym || a.t.symbols[st.ret.sym].kind != sInit {
		return
	}
	a.escapeRegion(st, a.t.symbols[st.ret.sym].reg, &ir.Instr{Span: st.retSpan}, 0)
}

func (a *fnRun) exitObject(st *state, o ostate, how How, end ir.Span) {
	obj := a.objects[o.id]
	a.notePinEnd(st, o, how, end)
	a.notePinSite(st, o, how)
	switch obj.Kind {
	case Announcement:
		a.announcedAtExit(st, o, how)
		return
	case Operation, FixedPin, Unknown, SafeHandle, POHArray, Stack, Pooled:
		return
	}
	if o.lent != nil {
		a.lentAtExit(st, o, how, end)
	}
	if o.st != stOwned || obj.sym == 0 {
		if o.st == stReleased || o.st == stEscaped {
			a.count(o.id).good++
		}
		if o.st == stReleased {
			a.count(o.id).released++
		}
		if o.st == stEscaped && o.handover != 0 && how == AtThrow {
			a.handoverFailed(st, o, end)
		}
		return
	}
	if o.stored != 0 || obj.Kind == Reference && (a.keptOutside(st, obj.sym) || a.heldByOwner(obj)) {
		a.count(o.id).good++
		return
	}
	if how == AtReturn && a.refersTo(st.ret, o.id) {
		return // the caller owns it
	}
	text := "returns here, not released"
	switch how {
	case AtThrow:
		text = "leaves by an exception here, not released"
	case AtYield:
		text = "hands out a value here: if the consumer stops, nothing releases it"
	}
	switch {
	case a.f.File.Lang == ir.C && o.viaThrow:
		return // lost on a way that only a structured exception takes
	case how == AtThrow && o.viaThrow && (obj.Kind == Pin || obj.Kind == GCHandle):
		return // passed on by catch clauses that were not meant for it: nobody wrote that it is thrown
	case how == AtReturn && o.viaThrow && (obj.Kind == Pin || obj.Kind == GCHandle):
		how, text = AtCatch, "returns here after an exception was caught, not released"
	case obj.Var == "" && how == AtReturn:
		how = AtDiscard
	}
	o.steps = &Step{Prev: o.steps, File: a.f.File, Span: end, Kind: StepEnd, Text: text}
	a.leak(st, o, how, end)
}

// handoverFailed: an object was made inline in an argument of a call that failed; this path
// leaves by an exception, and nothing refers to the object.
func (a *fnRun) handoverFailed(st *state, o ostate, end ir.Span) {
	obj := a.objects[o.id]
	if obj.Var != "" {
		return
	}
	c := st.consOf(o.handover)
	zero, known := c.decide(ir.Eq, 0)
	neg, knownNeg := c.decide(ir.Lt, 0)
	if !(known && zero || knownNeg && neg || known && !zero) {
		return
	}
	o.steps = &Step{Prev: o.steps, File: a.f.File, Span: end, Kind: StepEnd, Text: "the call failed; nothing refers to the object any more"}
	a.leak(st, o, AtHandover, end)
}

// endScope ends the storage of the variables of a block.
func (a *fnRun) endScope(st *state, in *ir.Instr) {
	how, end := AtScope, in.Span
	if st.hasRet {
		how, end = AtReturn, st.retSpan
	}
	for _, v := range in.Vars {
		if a.f.Var(v).Flags&ir.Static != 0 || a.onHeap(v) {
			continue
		}
		a.storageEnds(st, func(r regID) bool {
			g := a.t.regions[a.t.root(r)]
			return g.kind == rVar && g.v == v
		}, how, end)
	}
}

// endLocals ends all storage of the function.
func (a *fnRun) endLocals(st *state, unwind bool) {
	how, end := AtReturn, st.retSpan
	if unwind {
		how, end = AtThrow, st.thrown
	}
	a.storageEnds(st, func(r regID) bool {
		g := a.t.regions[a.t.root(r)]
		switch g.kind {
		case rStack:
			return true
		case rVar:
			v := a.f.Var(g.v)
			return !a.onHeap(g.v) && !byNameParam(a.f, g.v) && v.Flags&ir.Static == 0 && (v.Kind == ir.VarLocal || v.Kind == ir.VarHidden || v.Kind == ir.VarParam && v.Ref == ir.ByValue)
		}
		return false
	}, how, end)
}

// storageEnds reports pending operations that use storage for which ended holds.
func (a *fnRun) storageEnds(st *state, ended func(regID) bool, how How, end ir.Span) {
	for i, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind != Operation || o.st != stPending || !a.alive(st, obj) {
			continue
		}
		for _, u := range obj.op.uses {
			if u.v.k == vAddr && ended(u.v.reg) {
				a.operationEvent(st, o, u, how, end, true)
				st.objs[i].st = stDone // reported: once on a path is enough
				break
			}
		}
	}
}

// operationEvent reports that storage u of the pending operation o ends.
func (a *fnRun) operationEvent(st *state, o ostate, u opUse, how How, end ir.Span, local bool) {
	obj := a.objects[o.id]
	ongoing := "the operation may still be pending"
	switch k := obj.op.keep; {
	case k != nil && k.hold == nil:
		a.keepEvent(st, o, u, how, end, local)
		return
	case k != nil && !a.holdMatters(st, o, how):
		return
	case k != nil:
		ongoing = k.holdText()
	}
	text := map[How]string{
		AtReturn:  "the function returns",
		AtThrow:   "an exception leaves the function",
		AtScope:   "the storage ends here",
		AtUnfix:   "the fixed block ends here",
		AtUnpin:   "the pin is released here",
		AtDispose: "the pin is disposed here",
		AtFree:    "freed here",
		AtPool:    "goes back to the pool here",
		AtClose:   "closed here",
		AtCall:    "pinned for this call only",
	}[how]
	steps := a.withBranches(&Step{Prev: o.steps, File: a.f.File, Span: end, Kind: StepEnd, Text: text + ", " + ongoing}, st.path, obj.Span.Start)
	a.emit(Event{
		Kind: StorageEnds, How: how, Use: u.use, Span: obj.Span, End: end, Obj: a.useObject(u), Op: obj,
		API: obj.API, Steps: steps, Cancelled: o.cancelled, TimedOut: o.timedOut, CallbacksDropped: o.dropped,
		KnownAsync: obj.op.knownAsync, Local: local, Field: u.name, HeldBy: obj.op.heldBy(),
	})
}

func (a *fnRun) useObject(u opUse) *Object {
	if u.v.k == vSym {
		if id := a.addrOf.of(u.v.sym); id != 0 {
			return a.objects[id]
		}
		if id := a.symObj.of(u.v.sym); id != 0 {
			return a.objects[id]
		}
	}
	return nil
}

// finish completes the events once all paths are known.
func (a *fnRun) finish() {
	a.finishLent()
	a.finishComparisons()
	a.dropUntested()
	a.dropChosen()
	a.finishOperations()
	a.finishGuards()
	a.finishPins()
	for i := range a.events {
		e := &a.events[i]
		if (e.Kind == Leak || e.Kind == OwnerDropped) && e.Obj != nil {
			if good, released, known := a.endsOf(e.Obj); known {
				e.EveryPath, e.Paired = good == 0, released > 0
				e.PairedLater = e.Paired && slices.ContainsFunc(a.rightClosers[e.Obj.site], func(b ir.BlockID) bool { return a.startOf(b) > e.End.Start })
			}
		}
	}
}

// startOf is where the code of a block begins, 0 if it has none.
func (a *fnRun) startOf(b ir.BlockID) uint32 {
	for i := range a.f.Blocks()[b].Instrs {
		if at := a.f.Blocks()[b].Instrs[i].Span.Start; at != 0 {
			return at
		}
	}
	return 0
}

// endsOf counts the paths that end well for an object, and those that release it. What a helper makes is one object to a
// reader, whatever the ways through the helper on which it comes.
func (a *fnRun) endsOf(obj *Object) (good, released int, known bool) {
	add := func(o *Object) {
		if c := a.ends[endKey{o.site, o.role}]; c != nil {
			good, released, known = good+c.good, released+c.released, true
		}
	}
	add(obj)
	if obj.ViaCall == nil {
		return good, released, known
	}
	for _, o := range a.objects[1:] {
		if o != obj && o.ViaCall == obj.ViaCall && o.site == obj.site && o.API == obj.API {
			add(o)
		}
	}
	return good, released, known
}
