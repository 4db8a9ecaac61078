package lifetime

import "slices"

// Thread-pool I/O: each start of an operation is announced to the pool before; the completion takes
// the announcement back, and where nothing was started the caller must.

// announce interprets calls that announce an operation, or take that back.
func (a *fnRun) announce(st *state, x *callCtx, name string) {
	if s := a.prog.DB.OperationScope(name); s != nil {
		if v, ok := x.arg(st, s.Param); ok {
			a.newObject(st, x.in, roleAnnounce, 0, Object{Kind: Announcement, API: name, Release: []string{s.Undo}, targets: []value{v},
				Var: a.argName(x, s.Param)}, a.step(nil, x.in, StepAcquire, name+" announces an operation"))
		}
		return
	}
	open := slices.ContainsFunc(st.objs, func(o ostate) bool {
		obj := a.objects[o.id]
		return obj.Kind == Announcement && obj.Release[0] == name && o.st == stFailed
	})
	for i := range st.objs {
		o := st.objs[i]
		obj := a.objects[o.id]
		if obj.Kind != Announcement || obj.Release[0] != name || open && o.st != stFailed {
			continue // it takes back the one whose operation did not start
		}
		s := a.prog.DB.OperationScope(obj.API)
		v, ok := x.arg(st, s.UndoParam)
		if !ok || !sameStorage(v, obj.targets[0]) {
			continue
		}
		if o.st == stEscaped {
			a.undonePending(st, x, o, name)
		}
		o.st = stReleased
		st.setObj(o)
	}
}

const roleAnnounce int16 = 8

// undonePending: an announcement is taken back although the operation is under way.
func (a *fnRun) undonePending(st *state, x *callCtx, o ostate, name string) {
	obj := a.objects[o.id]
	for _, p := range st.objs {
		op := a.objects[p.id]
		if op.Kind == Operation && p.st == stPending && sameStorage(op.op.pool, obj.targets[0]) {
			a.emit(Event{Kind: ThreadpoolIO, How: AtCall, Span: x.in.Span, Obj: obj, Op: op, API: name,
				Steps: a.withBranches(a.step(joinSteps(o.steps, p.steps), x.in, StepEnd, name+" although the operation may be pending"), st.path, obj.Span.Start)})
			return
		}
	}
}

// announced gives the announcements that are open to the operation that starts now: on the paths on
// which it started its completion takes them back, on the others they stay.
func (a *fnRun) announced(st *state, op *opInfo, started bool) {
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind != Announcement || o.st != stOwned {
			continue
		}
		op.pool = obj.targets[0]
		o.st = stFailed
		if started {
			o.st = stEscaped
		}
		st.setObj(o)
	}
}

// announcedAtExit: a path leaves on which the operation did not start and nobody told the pool.
func (a *fnRun) announcedAtExit(st *state, o ostate, how How) {
	obj := a.objects[o.id]
	if o.st != stFailed {
		return
	}
	end := &Step{Prev: o.steps, File: a.f.File, Span: st.retSpan, Kind: StepEnd, Text: "returns here without " + obj.Release[0] + ", though nothing was started"}
	if st.retSpan.End == 0 {
		end.Span = a.f.NameSpan
	}
	a.emit(Event{Kind: ThreadpoolIO, How: how, Span: obj.Span, End: end.Span, Obj: obj, API: obj.API, Steps: a.withBranches(end, st.path, obj.Span.Start)})
}
