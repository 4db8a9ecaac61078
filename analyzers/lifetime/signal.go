package lifetime

import "github.com/pinvet/pinvet/analyzers/ir"

// countSymbol is what the byte count holds after a start that is pending: nothing useful.
func (a *fnRun) countSymbol(st *state, x *callCtx, id objID) symID {
	s := a.fresh(st, x.in, roleCount)
	if a.countOf == nil {
		a.countOf = map[symID]objID{}
	}
	a.countOf[s] = id
	return s
}

// countRead reports a read of the byte count that a pending start left as it was.
func (a *fnRun) countRead(st *state, v value, in *ir.Instr) {
	if v.k != vSym {
		return
	}
	id := a.countOf[v.sym]
	if id == 0 {
		return
	}
	o, _ := st.obj(id)
	obj := a.objects[id]
	a.emit(Event{Kind: CountReadPending, Span: in.Span, Op: obj, API: obj.API, Field: a.tempName(in.A), KnownAsync: obj.op.knownAsync,
		Steps: a.withBranches(a.step(o.steps, in, StepEnd, "the count is read here, the start did not set it"), st.path, obj.Span.Start)})
}

// countHandedOn: a helper is given the address of the count, to fill it once the operation is complete.
func (a *fnRun) countHandedOn(st *state, x *callCtx) {
	for i := range x.args {
		v, ok := x.arg(st, i)
		if !ok || v.k != vAddr {
			continue
		}
		if old, bound := st.binding(v.reg); bound && old.k == vSym && a.countOf[old.sym] != 0 {
			st.bind(v.reg, symVal(a.fresh(st, x.in, roleCount)))
		}
	}
}

// noEvent tells whether the OVERLAPPED is known to hold no event.
func (a *fnRun) noEvent(st *state, op *opInfo) bool {
	reg := a.pointeeOf(op.ov)
	if reg == 0 || op.routine {
		return false
	}
	n, known := st.number(a.load(st, a.t.field(reg, "hEvent")))
	return known && n == 0
}

// sharedSignal reports a wait for one of several operations on a handle that have no events: the
// handle is signalled when any of them is complete.
func (a *fnRun) sharedSignal(st *state, x *callCtx, api string, h value) {
	var first *Object
	var steps *Step
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind != Operation || o.st != stPending || !obj.op.noEvent || !sameStorage(obj.op.handle, h) {
			continue
		}
		if first == nil {
			first, steps = obj, o.steps
			continue
		}
		if sameStorage(first.op.ov, obj.op.ov) {
			continue
		}
		last := a.step(joinSteps(steps, o.steps), x.in, StepEnd, "waits while both are pending, and neither has an event")
		a.emit(Event{Kind: SharedSignal, Span: x.in.Span, Op: obj, API: api, Steps: a.withBranches(last, st.path, first.Span.Start)})
		return
	}
}
