package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Memory that a function of the system uses after it returned: a kept pointer of which the models know
// what ends it.

// holdMemory starts the uses of memory that a call leaves behind where it succeeds.
func (a *fnRun) holdMemory(states []*state, x *callCtx, fn *models.Func) []*state {
	if len(fn.Holds) == 0 {
		return states
	}
	var out []*state
	for _, st := range states {
		if !slices.ContainsFunc(fn.Holds, func(h models.Hold) bool { return a.maybeHeld(st, x, &h) }) {
			out = append(out, st)
			continue
		}
		if ret := st.temp(x.in.Dst); ret.k == vSym && x.in.Dst != 0 {
			failed := st.clone()
			if assumeOutcome(failed, ret.sym, fn.Holds[0].Success, nil, false) {
				out = append(out, failed)
			}
			if !assumeOutcome(st, ret.sym, fn.Holds[0].Success, nil, true) {
				continue
			}
		}
		for i := range fn.Holds {
			a.hold(st, x, fn, &fn.Holds[i], int16(i))
		}
		out = append(out, st)
	}
	return out
}

// maybeHeld tells whether the call gets something of which the end can be seen.
func (a *fnRun) maybeHeld(st *state, x *callCtx, h *models.Hold) bool {
	v, ok := x.arg(st, h.Param)
	null, known := st.isNull(v)
	return ok && v.k != vUnknown && v.k != vInt && !(known && null) && !a.flagged(st, x, h.Idle)
}

// flagged tells whether the call is given one of the bits of flag.
func (a *fnRun) flagged(st *state, x *callCtx, flag models.Flag) bool {
	v, _ := x.arg(st, flag.Param)
	n, number := st.number(v)
	return v.k == vSym && v.n&flag.Mask != 0 || number && n&flag.Mask != 0
}

// hold starts one use: of what the parameter points to, and of what members of that point to.
func (a *fnRun) hold(st *state, x *callCtx, fn *models.Func, h *models.Hold, n int16) {
	if h.Life == models.HoldLocks || !a.maybeHeld(st, x, h) || a.mayBeWaitedFor(h) {
		return
	}
	v, _ := x.arg(st, h.Param)
	k := kept{by: fn.Name, hold: h}
	for _, r := range fn.Retained {
		if r.Param == h.Param && pointerKept(r.Until) {
			k.until = r.Until
		}
	}
	if of, ok := x.arg(st, h.Of); ok && h.Life != models.HoldRuns {
		k.owner = a.holdOwner(st, x, fn, h, of)
	}
	a.asksDone = a.asksDone || h.Done != ""
	a.asksStorage = a.asksStorage || h.Life == models.HoldRuns && h.Done == ""
	if imp := x.tgt.Import; imp == nil || h.Param >= len(imp.Params) || a.passing(&imp.Params[h.Param]) == passPointer || a.staysInPlace(st, v) {
		a.newHold(st, x, v, a.argName(x, h.Param), k, n*8)
	} else {
		a.heldByMarshaller(st, x, v, k, n*8)
	}
	for m, b := range a.heldMembers(st, fn, v, h.Param) {
		a.newHold(st, x, b.v, a.t.regions[b.reg].name, k, n*8+1+int16(m%7))
	}
}

// heldMembers are the members of what v, argument i, points to that point to memory which fn holds, or locks: it leaves them
// as they are.
func (a *fnRun) heldMembers(st *state, fn *models.Func, v value, i int) (out []binding) {
	for k := range fn.Holds {
		h := &fn.Holds[k]
		reg := a.pointeeOf(v)
		if h.Param != i || reg == 0 || len(h.Members) == 0 {
			continue
		}
		for _, b := range st.bindings() {
			if g := a.t.regions[b.reg]; g.kind == rField && g.parent == reg && a.isHeldMember(h, g.name, b.v) {
				out = append(out, b)
			}
		}
	}
	return out
}

// mayBeWaitedFor tells whether what h starts may be waited for in a way that is not followed.
func (a *fnRun) mayBeWaitedFor(h *models.Hold) bool {
	return h.Life == models.HoldRuns && h.Done == "" && a.waitsSomewhere()
}

// waitsSomewhere tells whether the function waits at all. Of several threads, timers or waits that it starts it may wait for each, in
// loops that are not followed.
func (a *fnRun) waitsSomewhere() bool {
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			in := &a.f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			t := a.prog.Callee(a.f, in)
			if isWait(t.Members) || waitsNative(t) || slices.ContainsFunc(t.Funcs, func(f *ir.Func) bool { return a.eng.awayFromWait(f) > 0 }) {
				return true
			}
		}
	}
	return false
}

// isHeldMember tells whether the member that holds v is one of those that the model means: C# has names of its own, and there
// a pinned address tells.
func (a *fnRun) isHeldMember(h *models.Hold, name string, v value) bool {
	if a.f.File.Lang == ir.CSharp {
		return v.k == vSym && a.addrOf.of(v.sym) != 0 || v.k == vAddr
	}
	return slices.Contains(h.Members, name)
}

// holdOwner is the handle or value on whose life the use depends: what the call put into an out parameter, or
// the argument itself.
func (a *fnRun) holdOwner(st *state, x *callCtx, fn *models.Func, h *models.Hold, arg value) value {
	if slices.ContainsFunc(fn.Acquires, func(q models.Acquire) bool { return q.Param == h.Of }) {
		if reg := a.pointeeOf(arg); reg != 0 {
			return a.load(st, reg)
		}
		return value{}
	}
	return arg
}

func (a *fnRun) newHold(st *state, x *callCtx, v value, name string, k kept, role int16) objID {
	text := map[models.HoldLife]string{
		models.HoldRuns:   "goes to " + k.by + ", which goes on using it after the return",
		models.HoldHandle: "goes to " + k.by + ": the handle that it gives uses it until it is closed",
		models.HoldValue:  "goes to " + k.by + ", which leaves a pointer to it",
	}[k.hold.Life]
	id := a.newKeep(st, x.in, v, name, k, 400+role, a.step(nil, x.in, StepStart, text))
	if k.hold.Life == models.HoldRuns {
		a.handToCompletion(st, x, a.objects[id].op)
	}
	return id
}

// heldByMarshaller: managed memory that is pinned, or copied, for this call only. Who passes on what it was given
// may have it pinned.
func (a *fnRun) heldByMarshaller(st *state, x *callCtx, v value, k kept, role int16) {
	p := &x.tgt.Import.Params[k.hold.Param]
	switch how := a.passing(p); {
	case how == passOther:
		return
	case how != passCopy && (a.pinnedElsewhere(st, v) || a.pinnedField(v) || !a.onManagedHeap(v)):
		return
	}
	id := a.newHold(st, x, v, a.argName(x, k.hold.Param), k, role)
	o, _ := st.obj(id)
	a.operationEventKind(st, o, MarshallerPin, a.objects[id].op.uses[0], x.in.Span, x.tgt.Import)
	st.change(id, func(o *ostate) { o.st = stDone })
}

// onManagedHeap tells whether v is managed memory that is known to lie on the GC heap: made in this function, or a field of the
// object at hand.
func (a *fnRun) onManagedHeap(v value) bool {
	switch v.k {
	case vAddr:
		return a.t.regions[a.t.root(v.reg)].kind == rObject || a.fieldOfThis(v.reg)
	case vSym:
		y := a.t.symbols[v.sym]
		return y.kind == sInit && a.fieldOfThis(y.reg)
	}
	return false
}

// holdMatters tells whether the end of storage o is an end too early: while the handle that uses it is there, and where a
// value that refers to it is left behind.
func (a *fnRun) holdMatters(st *state, o ostate, how How) bool {
	k := a.objects[o.id].op.keep
	leaving := how == AtReturn || how == AtThrow || how == AtScope
	switch k.hold.Life {
	case models.HoldRuns:
		return !(leaving && EndsProcess(a.f))
	case models.HoldHandle:
		return !leaving || a.leavesFunction(st, k.owner)
	}
	return a.leavesFunction(st, k.owner)
}

// leavesFunction tells whether v is returned, or lies in what outlives the function.
func (a *fnRun) leavesFunction(st *state, v value) bool {
	if v.k != vSym {
		return false
	}
	if st.hasRet && sameStorage(st.ret, v) || a.t.symbols[v.sym].kind == sInit && !a.isLocal(st, a.t.symbols[v.sym].reg) {
		return true
	}
	if o, ok := st.obj(a.objectOf(v)); ok && (o.st == stReleased || o.st == stFailed) {
		return false
	}
	return slices.ContainsFunc(st.store, func(b binding) bool { return sameStorage(b.v, v) && !a.isLocal(st, b.reg) })
}

// use is the use of memory that o stands for; nil where it is another operation, or none.
func (o *Object) use() *models.Hold {
	if o.op == nil || o.op.keep == nil {
		return nil
	}
	return o.op.keep.hold
}

// heldRunsDone: a call may wait, in a way that is not followed, for what runs by itself.
func (a *fnRun) heldRunsDone(st *state) {
	for i, o := range st.objs {
		if h := a.objects[o.id].use(); h != nil && h.Life == models.HoldRuns {
			st.objs[i].st = stDone
		}
	}
}

// askedDone: the code looks at the member that tells when a use is over. That it waits for it is not followed.
func (a *fnRun) askedDone(st *state, name string) {
	if !a.asksDone {
		return
	}
	name = strings.ToLower(strings.TrimLeft(strings.TrimPrefix(name, "m_"), "_"))
	for _, o := range st.objs {
		h := a.objects[o.id].use()
		if h == nil || h.Done == "" || o.st != stPending {
			continue
		}
		if strings.HasSuffix(strings.ToLower(h.Done), name) {
			a.heldRunsDone(st)
			return
		}
	}
}

// lookedAt: the code reads, or gives to a call, storage that something uses by itself. The two may have agreed there on
// who is done.
func (a *fnRun) lookedAt(st *state, v value) {
	reg := a.pointeeOf(v)
	if !a.asksStorage || reg == 0 || a.f.File.Lang != ir.C {
		return
	}
	for i, o := range st.objs {
		obj := a.objects[o.id]
		if h := obj.use(); h == nil || o.st != stPending || h.Life != models.HoldRuns || h.Done != "" {
			continue
		}
		if used := a.pointeeOf(obj.op.uses[0].v); used != 0 && a.t.root(used) == a.t.root(reg) {
			st.objs[i].st = stDone
		}
	}
}

// freesMemory tells whether by ends memory, not a handle that may be a number elsewhere.
func (a *fnRun) freesMemory(by releaseBy) bool {
	return by.fn == nil || slices.ContainsFunc(by.types, func(t string) bool {
		c := a.prog.DB.ClassOf(t)
		return c == models.ClassHeapMemory || c == models.ClassMappedMemory
	})
}

// heldBy says of an operation that is a use of memory how it goes on, "" of others.
func (op *opInfo) heldBy() string {
	if op.keep == nil || op.keep.hold == nil {
		return ""
	}
	return op.keep.holdText()
}

// holdText says of a use how it goes on.
func (k *kept) holdText() string {
	switch k.hold.Life {
	case models.HoldHandle:
		return "the handle from " + k.by + " still uses it"
	case models.HoldValue:
		return "what " + k.by + " was called for still points to it"
	}
	return k.by + " may still use it"
}
