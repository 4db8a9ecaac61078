package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// noteGiven remembers of the handles that a call was given, and did not release, whether it may have made something of
// them: a function looked up in a module keeps the module, a menu that was shown belongs to somebody. Of the functions
// that ask a module for something 0 is a failure, so that their results are remembered.
func (a *fnRun) noteGiven(st *state, x *callCtx) {
	for i := range x.args {
		v, ok := x.arg(st, i)
		if !ok {
			continue
		}
		o, ok := st.obj(a.objectOf(v))
		if !ok || o.asked || a.objects[o.id].Kind != Handle || a.objects[o.id].site == a.site(x.in) {
			continue
		}
		o.asked = st.mayHaveAnswered(o.askedBy)
		switch q, ret := a.objects[o.id].Acquire, st.temp(x.in.Dst); {
		case q == nil || q.Class != models.ClassModule || x.tgt.Native == nil || x.in.Dst == 0:
			o.asked = true
		case ret.k == vSym:
			o.askedBy = ret.sym
		case ret.k != vInt || ret.n != 0:
			o.asked = true
		}
		st.setObj(o)
	}
}

// mayHaveAnswered tells whether there was a call with this result, and it is not known to be 0.
func (st *state) mayHaveAnswered(result symID) bool {
	if result == 0 {
		return false
	}
	c := st.consOf(result)
	zero, known := c.decide(ir.Eq, 0)
	return !known || !zero
}
