package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// effectRole is the role of what outcome n of a callee puts into place p: no two places share one, so that
// two handles that one call opens are two.
func (a *fnRun) effectRole(n int16, p path) int16 {
	k := filledPlace{n, p}
	role, ok := a.places[k]
	if !ok {
		role = roleEffect + int16(len(a.places))
		if a.places == nil {
			a.places = map[filledPlace]int16{}
		}
		a.places[k] = role
	}
	return role
}

// importObject makes the object that a callee acquired an object of this function.
func (a *fnRun) importObject(st *state, x *callCtx, f *ir.Func, tmpl *Object, sym symID, role int16, steps *Step, borrowed bool) objID {
	o := *tmpl
	o.Func, o.Span, o.NameSpan = a.f, x.in.Span, x.c.NameSpan
	o.Var, o.Target, o.ViaCall, o.sym, o.path = "", "", f, sym, path{}
	o.InLoop = a.flow.inLoop[x.b.ID]
	o.arena = a.arenaHere(st, x, tmpl.arena)
	if a.f.File.Lang == ir.CSharp && f.File.Lang == ir.C {
		o.FromC, o.CType, o.made = true, f.Ret, f.File
	}
	o.targets, o.dataKnown = nil, false
	st.assume(sym, ir.Ne, 0)
	st.assume(sym, ir.Ne, -1)
	if o.Acquire != nil && o.Acquire.Class == models.ClassSocket {
		st.assume(sym, ir.Ge, 0)
	}
	id := a.newObject(st, x.in, role, sym, o, steps)
	if borrowed {
		st.change(id, func(s *ostate) {
			s.st = stBorrowed
			if o.Kind == Reference && o.Acquire != nil {
				s.st = stEscaped // counted, but others may drop it
			}
		})
	}
	return id
}

// importResult makes what the callee returns, like tmpl, the result of the call.
func (a *fnRun) importResult(st *state, x *callCtx, f *ir.Func, tmpl *Object, r *result, enter *Step, n int16) objID {
	sym := a.fresh(st, x.in, 600+n)
	id := a.importObject(st, x, f, tmpl, sym, 600+n, appendSteps(enter, r.steps), r.borrowed)
	st.change(id, func(o *ostate) { o.instead = x.instead })
	st.setTemp(x.in.Dst, symVal(sym))
	return id
}
