package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// lockedBlock remembers of which block the address is that a call gives (GlobalLock).
func (a *fnRun) lockedBlock(st *state, x *callCtx, fn *models.Func, ret symID) {
	if ret == 0 || !slices.ContainsFunc(fn.Acquires, func(q models.Acquire) bool { return q.Class == models.ClassLock && q.IsReturn() }) {
		return
	}
	if v, ok := x.arg(st, 0); ok && a.objectOf(v) != 0 {
		a.lockedAt[ret] = a.objectOf(v)
	}
}

// addressKept: v is stored where callers find it. Who has the address of a locked block can ask for its handle (GlobalHandle).
func (a *fnRun) addressKept(st *state, v value) {
	if id := a.lockedAt[v.sym]; v.k == vSym && id != 0 {
		st.change(id, func(o *ostate) { o.st = stEscaped })
	}
}

// lockedReturned tells whether a caller gets the address of the locked block id.
func (a *fnRun) lockedReturned(st *state, id objID) bool {
	return st.ret.k == vSym && a.lockedAt[st.ret.sym] == id && id != 0
}

// Data of an object that a call locks and hands out until another call gives them back: Bitmap.LockBits.

// locks tells whether the call hands out what is given back later: not the overload that fills an object which others may have,
// and no extension method of that name.
func (a *fnRun) locks(st *state, x *callCtx, m *models.Member) bool {
	if m.ReleaseArg < 0 || len(x.c.Args) != len(m.Params) {
		return false
	}
	if x.recv.k == vSym {
		st.assume(x.recv.sym, ir.Ne, 0)
	}
	return true
}

// givenBack tells whether what m hands out is given back to the object that it comes from: Graphics.GetHdc.
func givenBack(m *models.Member) bool {
	return len(m.Release) > 0 && strings.HasPrefix(m.Release[0], m.Type+".")
}

// lockedDisposed: with the object goes what it has handed out.
func (a *fnRun) lockedDisposed(st *state, v value) {
	for i, o := range st.objs {
		if lockOf(a.objects[o.id]) && o.st == stOwned && sameStorage(a.objects[o.id].targets[0], v) {
			st.objs[i].st = stEscaped
		}
	}
}

// handedOut is what the receiver has handed out and takes back by m, which need not be told what that is: Graphics.ReleaseHdc().
func (a *fnRun) handedOut(st *state, x *callCtx, m *models.Member) value {
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if len(x.c.Args) == 0 && lockOf(obj) && o.st == stOwned && obj.sym != 0 && obj.Release[0] == m.Type+"."+m.Name && sameStorage(obj.targets[0], x.recv) {
			return symVal(obj.sym)
		}
	}
	return value{}
}

// lockOf tells whether o is given back to another object, its target.
func lockOf(o *Object) bool {
	return o.Member != nil && o.Kind == Handle && givenBack(o.Member) && len(o.targets) == 1
}

// nobodyLocked: an exception leaves data locked of an object that no caller has.
func (a *fnRun) nobodyLocked(o *Object, how How) bool {
	if how != AtThrow || !lockOf(o) {
		return false
	}
	_, ok := a.valuePath(o.targets[0])
	return !ok
}
