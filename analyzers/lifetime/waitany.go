package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// A wait for any of several events says by its result which one it was: the operations of the others go on.

// waitedForOne splits a path behind a wait that succeeded by the operation whose event it was. Where the array of events is
// not known, or all are waited for, all operations count as complete.
func (a *fnRun) waitedForOne(st *state, x *callCtx, fn *models.Func, ops []objID, ret symID) []*state {
	index := a.eventsAt(st, x, fn.Wait, ops)
	if index == nil {
		a.applyWait(st, x, fn, models.WaitComplete, ops)
		return one(st)
	}
	for _, id := range ops {
		st.change(id, func(o *ostate) { o.elsewhere = true })
	}
	var out []*state
	for i, k := range index {
		if slices.Contains(index[:i], k) {
			continue
		}
		s := st.clone()
		if !s.assume(ret, ir.Eq, k) {
			continue
		}
		var done []objID
		for j, id := range ops {
			if index[j] == k {
				done = append(done, id)
			}
		}
		a.applyWait(s, x, fn, models.WaitComplete, done)
		out = append(out, s)
	}
	n, _ := x.arg(st, fn.Wait.CountParam)
	count, _ := st.number(n)
	for k := range count { // each number by itself, as what code makes of it may not be followed
		if slices.Contains(index, k) {
			continue
		}
		if s := st.clone(); s.assume(ret, ir.Eq, k) {
			a.applyWait(s, x, fn, models.WaitComplete, nil)
			out = append(out, s)
		}
	}
	return out
}

// eventsAt are the places of the events of ops in the array that is waited for; nil when one of them is not known.
func (a *fnRun) eventsAt(st *state, x *callCtx, w *models.Wait, ops []objID) (index []int64) {
	list, ok := x.arg(st, w.HandlesParam)
	if !ok || list.k != vAddr || a.f.File.Lang != ir.C {
		return nil
	}
	if all, ok := x.arg(st, w.WaitAllParam); ok {
		if n, known := st.number(all); !known || n != 0 {
			return nil
		}
	}
	n, ok := x.arg(st, w.CountParam)
	count, known := st.number(n)
	if !ok || !known || count < 2 || count > maxWaited {
		return nil
	}
	reg := list.reg
	if g := a.t.regions[reg]; g.kind == rElem && g.name == "0" {
		reg = g.parent
	}
	for _, id := range ops {
		at := int64(0)
		for at < count {
			if v, ok := st.binding(a.t.elem(reg, intVal(at))); ok && sameStorage(v, a.objects[id].op.event) {
				break
			}
			at++
		}
		if at == count {
			return nil
		}
		index = append(index, at)
	}
	return index
}

// notStarted marks operations of which a start failed before a wait for several events, where the function resets events: theirs are
// not set, so whoever is told by the wait which one it was does not ask for their results.
func (a *fnRun) notStarted(st *state, x *callCtx, w *models.Wait, ops []objID) {
	if _, several := x.arg(st, w.HandlesParam); !several || !a.resetsEvents() {
		return
	}
	for _, id := range ops {
		st.change(id, func(o *ostate) { o.waited = o.waited || o.st == stFailed })
	}
}

// resetsEvents tells whether the function has a call that does so.
func (a *fnRun) resetsEvents() bool {
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			if in := &a.f.Blocks()[i].Instrs[j]; in.Op == ir.OpCall && in.Call != nil {
				if role, _ := a.prog.DB.Role(in.Call.Name); role == models.RoleResetEvent {
					return true
				}
			}
		}
	}
	return false
}

const maxWaited = 8 // events told apart: each of them is a path of its own
