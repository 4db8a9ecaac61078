package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// roleImplied is the role of the first symbol for a place of which a success says something.
const roleImplied = 700

// impliedPlace is where argument g of the call at x puts its value; 0 when there is none.
func (a *fnRun) impliedPlace(st *state, x *callCtx, g *models.Implied) regID {
	v, ok := x.arg(st, g.Param)
	if !ok || a.f.File.Lang != ir.C && g.Field != "" {
		return 0 // C# names the members of its structs as it likes
	}
	if null, known := st.isNull(v); known && null {
		return 0
	}
	r := a.pointeeOf(v)
	if r != 0 && g.Field != "" {
		r = a.t.field(r, g.Field)
	}
	return r
}

// applyImplied fills the places of which the success of fn says something.
func (a *fnRun) applyImplied(st *state, x *callCtx, fn *models.Func, ret symID) {
	for i := range fn.Implies {
		g := &fn.Implies[i]
		r := a.impliedPlace(st, x, g)
		if r == 0 {
			continue
		}
		switch g.What {
		case models.ImpliesResult:
			st.bind(r, symVal(ret))
		case models.ImpliesNonZero:
			s := a.fresh(st, x.in, roleImplied+int16(i))
			st.assume(s, ir.Gt, 0)
			st.bind(r, symVal(s))
		case models.ImpliesStatus:
			st.bind(r, intVal(0))
		}
	}
}

// refused is the path on which fn succeeds, but its second status is an error: nothing is handed out.
// nil when fn has no such status. good, the state of success, stays as it is.
func (a *fnRun) refused(good *state, x *callCtx, fn *models.Func, acqs []*models.Acquire) *state {
	for i := range fn.Implies {
		g := &fn.Implies[i]
		if g.What != models.ImpliesStatus {
			continue
		}
		c := good.clone()
		r := a.impliedPlace(c, x, g)
		if r == 0 {
			return nil
		}
		for _, q := range acqs {
			if v, ok := x.arg(c, q.Param); ok && !q.IsReturn() {
				a.nothingIn(c, a.pointeeOf(v))
			}
		}
		s := a.fresh(c, x.in, roleImplied+int16(i))
		c.assume(s, ir.Lt, 0)
		c.bind(r, symVal(s))
		return c
	}
	return nil
}

// nothingIn: the object that was just put into r is not there on this path.
func (a *fnRun) nothingIn(st *state, r regID) {
	if v, ok := st.binding(r); ok {
		st.change(a.objectOf(v), func(o *ostate) { o.st = stFailed })
		st.bind(r, value{k: vInt})
	}
}
