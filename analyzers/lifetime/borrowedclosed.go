package lifetime

import "slices"

// noteUse remembers of a borrowed handle that some call uses it.
func (a *fnRun) noteUse(st *state, id objID) {
	if o, ok := st.obj(id); ok && o.st == stBorrowed {
		a.objects[id].used = true
	}
}

// borrowedClosed reports the release of a handle that was never this function's to release, where that does harm.
func (a *fnRun) borrowedClosed(st *state, x *callCtx, by releaseBy, o ostate) {
	obj := a.objects[o.id]
	if obj.Kind != Handle && obj.Kind != Memory || obj.Native == nil || by.fn == nil && by.steps == nil {
		return
	}
	closer := by.api
	if by.fn != nil {
		closer = by.fn.Family
	}
	whose, used := a.prog.DB.NeverClosed(obj.Native.Family, closer)
	if whose == "" || used && !obj.used || slices.Contains(a.told, obj.site) {
		return
	}
	a.told = append(a.told, obj.site)
	steps := appendSteps(&Step{File: a.f.File, Span: obj.Span, Kind: StepAcquire, Text: "from " + obj.API + ": " + whose}, by.steps)
	if by.steps == nil {
		steps = a.step(steps, x.in, StepEnd, "closed by "+by.api)
	}
	a.emit(Event{Kind: BorrowedClosed, Span: x.in.Span, Obj: obj, API: by.api, Where: whose, Steps: a.withBranches(steps, st.path, obj.Span.Start)})
}
