package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// statusReturned: C code returns what an unknown function or macro of one argument makes of the status that an acquisition
// returned: a status of another kind. Good stays good, so that callers which ask for it are followed. What is a truth value
// may say either of it; an int may be one, so that with it nobody knows which callers have what was acquired.
func (a *fnRun) statusReturned(st *state, x *callCtx, ret symID) {
	if a.f.File.Lang != ir.C || len(x.c.Args) != 1 || a.truthful() {
		return
	}
	v, _ := x.arg(st, 0)
	success, is := a.status[v.sym]
	n, known := st.number(v)
	if v.k != vSym || !is || !a.returned(x) {
		return
	}
	if a.f.Ret == "int" {
		a.leaveToCallers(st, x.in, v.sym)
		return
	}
	if good, _ := success.Holds(n, nil); known && good {
		st.assume(ret, ir.Eq, 0)
	} else if c := st.consOf(v.sym); c.excluded(0) {
		st.assume(ret, ir.Ne, 0)
	}
}

// returned tells whether the function does nothing with the result of a call but return it.
func (a *fnRun) returned(x *callCtx) bool {
	for i := range x.b.Instrs {
		if in := &x.b.Instrs[i]; in.Op == ir.OpRet {
			if d := a.f.DefBehindCasts(in.A); d != nil && d.Dst == x.in.Dst {
				return true
			}
		}
	}
	return false
}

// truthful tells whether the function returns a truth value.
func (a *fnRun) truthful() bool {
	switch a.f.Ret {
	case "BOOL", "BOOLEAN", "bool", "_Bool", "gboolean":
		return true
	}
	return false
}

// leaveToCallers lets go what was acquired together with the status s.
func (a *fnRun) leaveToCallers(st *state, in *ir.Instr, s symID) {
	for i := range st.objs {
		o := &st.objs[i]
		if a.objects[o.id].site == a.t.symbols[s].site && o.st == stOwned {
			a.escapeObject(st, o.id, in, "")
		}
	}
}
