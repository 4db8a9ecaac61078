package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/models"
)

// givenNothing tells whether a function that cannot work without it is given what a failed call left in place of a handle, a module
// or a block: then it fails as well, so that who asks for its success has asked for both.
func (a *fnRun) givenNothing(st *state, x *callCtx, fn *models.Func) bool {
	for i := range x.args {
		v, ok := x.arg(st, i)
		if !ok || v.k == vAddr {
			continue
		}
		if o, there := st.obj(a.objectOf(v)); !there || o.st != stFailed {
			continue
		}
		if p, needs := models.Needs(fn.Name); needs && p == i {
			return true
		}
	}
	return false
}

// failsForThat is what such a call does.
func (a *fnRun) failsForThat(st *state, x *callCtx, fn *models.Func) []*state {
	a.borrowedArgs(st, x, fn, nil)
	a.setResult(st, x, fn)
	st.setTemp(x.in.Dst, intVal(0))
	return one(st)
}
