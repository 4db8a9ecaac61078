package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// borrowed is the result of a member that lends a handle. An object that is made over a handle of this function, as by
// Icon.FromHandle, is another thing than the handle, and hands it out by a property alone; else it is the handle itself.
func (a *fnRun) borrowed(st *state, x *callCtx, m *models.Member) value {
	v := a.firstOperand(st, x)
	id := a.objectOf(v)
	if o, ok := st.obj(id); id == 0 || !ok || o.st != stOwned || o.stored != 0 || a.objects[id].Kind != Handle || !a.madeOver(m) {
		if endsItself(m) {
			return symVal(a.fresh(st, x.in, roleResult))
		}
		return v
	}
	s := a.fresh(st, x.in, roleResult)
	st.assume(s, ir.Ne, 0)
	st.bind(a.t.field(a.t.pointee(s), handleProperty), v)
	if a.lenders == nil {
		a.lenders = map[symID]bool{}
	}
	a.lenders[s] = true
	return symVal(s)
}

// handleProperty is the property by which such an object hands out its handle.
const handleProperty = "Handle"

// endsItself tells whether the model names what ends the object that a member makes, and nothing that releases the handle.
func endsItself(m *models.Member) bool { return m.ReleaseArg < 0 && len(m.Release) > 0 }

// madeOver tells whether a member makes an object over a handle that native code releases: that is what its model names for
// the handle, or the model names what ends the object (Graphics.FromHdc).
func (a *fnRun) madeOver(m *models.Member) bool {
	return endsItself(m) || m.ReleaseArg >= 0 && slices.ContainsFunc(m.Release, func(r string) bool { return a.prog.DB.Func(r) != nil })
}

// lenderLeaves: v goes where the rest of the program has it. If it is an object made over a handle, that does not
// take care of the handle, unless somebody asks the object for it (HandleOfLender).
func (a *fnRun) lenderLeaves(st *state, v value) {
	if v.k != vSym || !a.lenders[v.sym] {
		return
	}
	r := a.t.field(a.t.pointee(v.sym), handleProperty)
	if bd, ok := st.binding(r); ok {
		if id := a.objectOf(bd); id != 0 {
			a.objects[id].Lent = true
			st.unbindIf(func(x regID) bool { return x == r })
		}
	}
}

// handleOfLender tells of the release of a handle that may be what an object elsewhere has handed out: all but
// members that hold a handle by themselves.
func (a *fnRun) handleOfLender(x *callCtx, id objID, by releaseBy) {
	if a.f.File.Lang != ir.CSharp || by.fn == nil || id != 0 && a.objects[id].Kind != Unknown {
		return
	}
	if id != 0 {
		if p := a.objects[id].path; (p.root == rootThis || p.root == rootGlobal) && !strings.HasSuffix(p.sel, "."+handleProperty) {
			return
		}
	}
	a.emit(Event{Kind: HandleOfLender, Span: x.in.Span, API: by.api})
}
