package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// waitCall interprets waits, cancellations and questions after the result.
func (a *fnRun) waitCall(st *state, x *callCtx, fn *models.Func) ([]*state, bool) {
	w := fn.Wait
	ops := a.matchOps(st, x, w)
	a.checkResultAsked(st, x, fn, ops)
	if len(ops) == 0 {
		a.noteExternal(st, x, w)
		a.noteCancel(st, x, fn)
		if len(fn.Acquires) > 0 {
			return nil, false
		}
	}
	switch w.Role {
	case models.RoleCompletes, models.RoleWaitsEvent, models.RoleDequeues, models.RoleAlertable, models.RoleCancels:
	default:
		return nil, false
	}
	list := w.Outcomes
	if a.waitsForever(st, x, w) && len(w.WithFlag) > 0 {
		list = w.WithFlag
	}
	if len(ops) == 0 {
		return nil, false
	}
	a.notStarted(st, x, w, ops)
	var out []*state
	ret := a.fresh(st, x.in, roleResult)
	err := a.fresh(st, x.in, roleError)
	for i := range list {
		if w.Role == models.RoleWaitsEvent && list[i].Result == models.WaitFailed && i > 0 {
			continue // a wait fails only when the handle is bad
		}
		if list[i].Result == models.WaitAPC && !a.alertable(st, x, w) {
			continue
		}
		s := st.clone()
		s.dropCons(ret)
		s.dropCons(err)
		if !assumeWait(s, &list[i], list[:i], ret, err) {
			continue
		}
		s.setTemp(x.in.Dst, symVal(ret))
		s.lastErr = symVal(err)
		if list[i].Result == models.WaitComplete {
			out = append(out, a.waitedForOne(s, x, fn, ops, ret)...)
			continue
		}
		a.applyWait(s, x, fn, list[i].Result, ops)
		out = append(out, s)
	}
	return out, true
}

// assumeWait narrows result and error to outcome o, not any of those before it.
func assumeWait(s *state, o *models.Outcome, before []models.Outcome, ret, err symID) bool {
	if !o.AnyReturn {
		switch {
		case o.Not && o.Min == o.Max:
			if !s.assume(ret, ir.Ne, intVal(o.Min).n) {
				return false
			}
		case !o.Not:
			if !s.assume(ret, ir.Ge, intVal(o.Min).n) || !s.assume(ret, ir.Le, intVal(o.Max).n) {
				return false
			}
		}
	}
	if len(o.Errors) == 1 && !s.assume(err, ir.Eq, o.Errors[0]) {
		return false
	}
	for i := range before {
		b := &before[i]
		switch {
		case len(b.Errors) > 0:
			for _, e := range b.Errors {
				if !s.assume(err, ir.Ne, e) && len(o.Errors) == 0 {
					return false
				}
			}
		case !b.AnyReturn && !b.Not && b.Min == b.Max:
			if !s.assume(ret, ir.Ne, intVal(b.Min).n) {
				return false
			}
		case !b.AnyReturn && b.Not && b.Min == b.Max:
			if !s.assume(ret, ir.Eq, intVal(b.Min).n) {
				return false
			}
		}
	}
	return true
}

func (a *fnRun) waitsForever(st *state, x *callCtx, w *models.Wait) bool {
	if v, ok := x.arg(st, w.WaitFlagParam); ok {
		n, known := st.number(v)
		return known && n != 0
	}
	if v, ok := x.arg(st, w.TimeoutParam); ok {
		n, known := st.number(v)
		return known && n == -1
	}
	if v, ok := x.arg(st, w.DueParam); ok {
		null, known := st.isNull(v)
		return known && null
	}
	return false
}

// matchOps finds the pending (or failed) operations that the call speaks of.
func (a *fnRun) matchOps(st *state, x *callCtx, w *models.Wait) []objID {
	ov, hasOv := x.arg(st, w.OverlappedParam)
	if null, known := st.isNull(ov); known && null {
		hasOv = false
	}
	h, hasH := x.arg(st, w.HandleParam)
	_, hasHs := x.arg(st, w.HandlesParam)
	var ids []objID
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind != Operation {
			continue
		}
		if (w.Role == models.RoleCompletes || w.Role == models.RoleCancels) && hasOv && sameStorage(obj.op.ov, ov) {
			obj.op.asyncSeen = true // nobody asks after an operation that ends in its call
		}
		if o.st != stPending && o.st != stFailed {
			continue
		}
		switch w.Role {
		case models.RoleCompletes, models.RoleCancels:
			if hasOv && sameStorage(obj.op.ov, ov) || !hasOv && hasH && (sameStorage(obj.op.handle, h) || sameStorage(obj.op.pool, h)) {
				obj.op.asyncSeen = true
				ids = append(ids, o.id)
			}
		case models.RoleWaitsEvent:
			unknownEvent := obj.op.event.k != vSym && !obj.op.eventless
			if hasHs || hasH && (sameStorage(obj.op.event, h) || sameStorage(obj.op.handle, h) || unknownEvent && h.k != vSym) || a.eventOf(st, obj, h) {
				obj.op.asyncSeen = obj.op.asyncSeen || !hasHs
				ids = append(ids, o.id)
			}
		default:
			ids = append(ids, o.id)
		}
	}
	return ids
}

// eventOf tells whether h is what the event member of the operation's OVERLAPPED holds now.
func (a *fnRun) eventOf(st *state, obj *Object, h value) bool {
	reg := a.pointeeOf(obj.op.ov)
	if reg == 0 || h.k != vSym {
		return false
	}
	for _, name := range [...]string{"hEvent", "EventHandle"} {
		if v := a.load(st, a.t.field(reg, name)); sameStorage(v, h) {
			return true
		}
	}
	return false
}

func (a *fnRun) applyWait(st *state, x *callCtx, fn *models.Func, r models.WaitResult, ops []objID) {
	for _, id := range ops {
		o, ok := st.obj(id)
		if !ok || o.st != stPending {
			continue
		}
		switch r {
		case models.WaitComplete, models.WaitAbandoned, models.WaitNotFound:
			o.st = stDone
			o.waited = fn.Wait.Role == models.RoleWaitsEvent
			o.steps = a.step(o.steps, x.in, StepWait, fn.Name+": complete")
		case models.WaitAPC:
			if a.objects[id].op.routine {
				o.st = stDone
			}
		case models.WaitRequested:
			o.cancelled = true
			o.steps = a.step(o.steps, x.in, StepCancel, fn.Name+" asks for cancellation, which is not completion")
		case models.WaitTimedOut:
			o.timedOut = true
			o.steps = a.step(o.steps, x.in, StepWait, fn.Name+" times out: still pending")
		case models.WaitPending:
			o.dropped = o.dropped || fn.Wait.OverlappedParam < 0
			o.steps = a.step(o.steps, x.in, StepWait, fn.Name+": still pending")
		case models.WaitFailed:
			if fn.Wait.Role == models.RoleCancels {
				o.cancelled = true
			}
		}
		st.setObj(o)
	}
	a.writtenByWait(st, x, fn)
}

// writtenByWait forgets what the wait writes (the byte count of GetOverlappedResult).
func (a *fnRun) writtenByWait(st *state, x *callCtx, fn *models.Func) {
	if fn.Sig == nil {
		return
	}
	for i := range x.args {
		v, ok := x.arg(st, i)
		if ok && i < len(fn.Sig.Params) && i != fn.Wait.OverlappedParam && fn.Sig.Params[i].Dir == models.DirOut && v.k == vAddr {
			st.bind(v.reg, symVal(a.fresh(st, x.in, roleOutBase+int16(i))))
		}
	}
}

// checkResultAsked reports questions after the result that cannot be answered, or may hang.
func (a *fnRun) checkResultAsked(st *state, x *callCtx, fn *models.Func, ops []objID) {
	if h, ok := x.arg(st, fn.Wait.HandleParam); ok && fn.Wait.Role == models.RoleWaitsEvent {
		a.sharedSignal(st, x, fn.Name, h)
	}
	if fn.Wait.Role != models.RoleCompletes {
		return
	}
	for _, id := range ops {
		o, _ := st.obj(id)
		if o.st == stFailed && !o.waited && !a.errorAccepted(st, id) {
			a.emit(Event{Kind: ResultOfFailedStart, Span: x.in.Span, Op: a.objects[id], API: fn.Name,
				Steps: a.withBranches(a.step(o.steps, x.in, StepEnd, "asked for the result of an operation that did not start"), st.path, a.objects[id].Span.Start)})
		}
	}
	if !a.waitsForever(st, x, fn.Wait) {
		return
	}
	if h, ok := x.arg(st, fn.Wait.HandleParam); ok {
		a.sharedSignal(st, x, fn.Name, h)
	}
	ov, _ := x.arg(st, fn.Wait.OverlappedParam)
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind != Operation || !o.waited || o.st == stFailed || !sameStorage(obj.op.ov, ov) {
			continue
		}
		if ev := a.objectOf(obj.op.event); ev != 0 && a.objects[ev].autoReset {
			a.emit(Event{Kind: AutoResetResult, Span: x.in.Span, Op: obj, Obj: a.objects[ev], API: fn.Name,
				Steps: a.step(o.steps, x.in, StepEnd, "waits again for the auto-reset event, which the first wait has reset").List()})
		}
	}
}

// noteExternal remembers that an operation which came in from outside was completed or cancelled.
func (a *fnRun) noteExternal(st *state, x *callCtx, w *models.Wait) {
	v, ok := x.arg(st, w.OverlappedParam)
	if !ok {
		return
	}
	p, ok := a.valuePath(v)
	if !ok {
		return
	}
	switch w.Role {
	case models.RoleCompletes:
		st.ovDone = append(slices.Clip(st.ovDone), p)
	case models.RoleCancels:
		st.ovCancelled = append(slices.Clip(st.ovCancelled), p)
	}
}

// valuePath names a value as the caller sees it.
func (a *fnRun) valuePath(v value) (path, bool) {
	switch v.k {
	case vSym:
		return a.symPath(v.sym)
	case vAddr:
		return a.regionPath(v.reg)
	}
	return path{}, false
}

// completeUnknown: a call of which nothing is known may wait for what it is given.
func (a *fnRun) completeUnknown(st *state, x *callCtx) {
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind != Operation || o.st != stPending {
			continue
		}
		for i := range x.c.Args {
			v := st.temp(x.c.Args[i].Val)
			if sameStorage(v, obj.op.ov) || sameStorage(v, obj.op.event) || sameStorage(v, obj.op.handle) || v.k == vAddr && obj.op.ov.k == vAddr && a.t.root(v.reg) == a.t.root(obj.op.ov.reg) {
				o.st = stDone
				st.setObj(o)
			}
		}
	}
}
