package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/models"
)

// SelectObject keeps what it is given until it is called again, and gives what it had: who selects the former
// object again has his own back, and it is his to delete.

// selection is what such a call changes.
type selection struct {
	into  objID   // an object of this function, which is kept from now on
	steps *Step   // of into, before the call
	back  []objID // those that come back
}

// selection looks at a call of a function that keeps an argument until its next call.
func (a *fnRun) selection(st *state, x *callCtx, fn *models.Func) (s selection) {
	i := slices.IndexFunc(fn.Retained, func(r models.Retained) bool { return r.Until == fn.Name })
	if i < 0 {
		return s
	}
	v, ok := x.arg(st, fn.Retained[i].Param)
	if !ok || v.k != vSym {
		return s
	}
	for _, o := range st.objs {
		if o.st == stEscaped && o.selected == v.sym {
			s.back = append(s.back, o.id)
		}
	}
	if o, ok := st.obj(a.objectOf(v)); ok && o.st == stOwned && o.stored == 0 {
		s.into, s.steps = o.id, o.steps
	}
	return s
}

// selected applies what a call changed, on the ways behind it.
func (a *fnRun) selected(states []*state, x *callCtx, s selection) {
	for _, st := range states {
		for _, id := range s.back {
			st.change(id, func(o *ostate) {
				o.st, o.selected = stOwned, 0
				o.steps = a.step(o.steps, x.in, StepCall, "comes back from "+x.tgt.Native.Name)
			})
			st.setTemp(x.in.Dst, symVal(a.objects[id].sym))
		}
		if r := st.temp(x.in.Dst); s.into != 0 && x.in.Dst != 0 && r.k == vSym {
			st.change(s.into, func(o *ostate) {
				o.selected = r.sym
				o.steps = a.step(s.steps, x.in, StepCall, "goes to "+x.tgt.Native.Name)
			})
		}
	}
}
