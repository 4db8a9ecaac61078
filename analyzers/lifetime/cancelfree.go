package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Operations that one function leaves pending on storage inside a structure of its caller, and that another function cancels
// before it frees that structure. Neither shows the defect alone: StartedInside and CancelledThenFreed are put together by the
// structure's type.

// cancelAsk is a structure of the caller of which the operations were asked to stop.
type cancelAsk struct {
	of    path
	steps *Step
}

// noteCancel remembers that the operations on a handle, or the OVERLAPPED, inside a parameter's structure were asked to stop.
func (a *fnRun) noteCancel(st *state, x *callCtx, fn *models.Func) {
	w := fn.Wait
	if w.Role != models.RoleCancels || a.f.File.Lang != ir.C {
		return
	}
	for _, i := range [...]int{w.OverlappedParam, w.HandleParam} {
		v, ok := x.arg(st, i)
		if !ok {
			continue
		}
		p, ok := a.valuePath(v)
		if !ok || p.root != rootParam || !strings.HasPrefix(p.sel, "*.") {
			continue
		}
		step := a.step(nil, x.in, StepCancel, fn.Name+" asks for cancellation, which is not completion")
		st.cancels = append(slices.Clip(st.cancels), cancelAsk{path{root: rootParam, index: p.index}, step})
		return
	}
}

// freedAfterCancel: v is freed; reports it when it is a structure whose operations were asked to stop and not waited for.
func (a *fnRun) freedAfterCancel(st *state, x *callCtx, by releaseBy, v value) {
	if len(st.cancels) == 0 || v.k != vSym || !a.freesMemory(by) {
		return
	}
	p, ok := a.symPath(v.sym)
	if !ok {
		return
	}
	for _, c := range st.cancels {
		if c.of == p {
			param := a.f.Var(a.f.Params[p.index])
			steps := a.releaseSteps(c.steps, x, by)
			a.emit(Event{Kind: CancelledThenFreed, Span: x.in.Span, API: by.api, Field: param.Name, Owner: string(param.Type),
				Steps: a.withBranches(steps, st.path, c.steps.Span.Start)})
		}
	}
}

// startedInside tells of an operation that is left pending on an OVERLAPPED inside a structure of the caller.
func (a *fnRun) startedInside(o ostate, obj *Object, p path) {
	if a.f.File.Lang != ir.C || p.root != rootParam || !strings.HasPrefix(p.sel, "*.") || o.cancelled || obj.op.routine {
		return
	}
	owner := string(a.f.Var(a.f.Params[p.index]).Type)
	if slices.ContainsFunc(a.events, func(e Event) bool { return e.Kind == StartedInside && e.Op == obj }) {
		return
	}
	a.emit(Event{Kind: StartedInside, Span: obj.Span, Op: obj, API: obj.API, Owner: owner, Field: p.lastField(), Steps: o.steps.List(), KnownAsync: obj.op.knownAsync})
}
