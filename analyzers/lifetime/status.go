package lifetime

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// statusRole is the role of the member named name for a value of which more is known than its type
// says: the status that an acquisition returned, a handle or a block.
func (a *fnRun) statusRole(v value, name string) models.Role {
	if a.f.File.Lang != ir.CSharp || v.k != vSym {
		return models.RoleNone
	}
	r, _ := a.prog.DB.AnyRole(name)
	switch r {
	case models.RoleSucceeded, models.RoleFailed, models.RoleThrowFailed:
		if _, ok := a.status[v.sym]; !ok {
			return models.RoleNone
		}
	case models.RoleNone, models.RoleExport, models.RoleDelegate, models.RoleFunctionPointer:
		return models.RoleNone // not of statuses
	default:
		id := a.symObj.of(v.sym)
		if id == 0 || a.objects[id].Acquire == nil && (a.objects[id].Member == nil || a.objects[id].Kind != Handle && a.objects[id].Kind != Memory) {
			return models.RoleNone
		}
		if a.objects[id].Kind == SafeHandle && r == models.RoleZero {
			return models.RoleInvalid // owners say so of each value that means failure
		}
	}
	return r
}

// callOnStatus interprets a call of such a member, also as an extension method.
func (a *fnRun) callOnStatus(st *state, x *callCtx) ([]*state, bool) {
	v := x.recv
	if v.k != vSym {
		v, _ = x.arg(st, 0)
	}
	role := a.statusRole(v, lastDot(x.c.Name))
	if role == models.RoleNone {
		return nil, false
	}
	return a.execStatusRole(st, x, role, v)
}

// execStatusRole is execRole for roles of members of any type.
func (a *fnRun) execStatusRole(st *state, x *callCtx, role models.Role, v value) ([]*state, bool) {
	switch role {
	case models.RoleZero:
		st.setTemp(x.in.Dst, a.compareValues(st, x.in, ir.Eq, v, value{k: vInt}))
		return one(st), true
	case models.RoleInvalid:
		st.setTemp(x.in.Dst, a.invalidTest(st, x, v))
		return one(st), true
	case models.RoleSame:
		st.setTemp(x.in.Dst, v)
		return one(st), true
	}
	a.noteTested(v.sym)
	good, bad := st, st.clone()
	s := a.status[v.sym]
	canGood, canBad := assumeOutcome(good, v.sym, s, nil, true), assumeOutcome(bad, v.sym, s, nil, false)
	if role == models.RoleThrowFailed {
		if canBad {
			a.raise(x.b, bad, true, x.in.Span)
		}
		if !canGood {
			return nil, true
		}
		good.setTemp(x.in.Dst, v)
		return one(good), true
	}
	var out []*state
	if canGood {
		good.setTemp(x.in.Dst, boolVal(role == models.RoleSucceeded))
		out = append(out, good)
	}
	if canBad {
		bad.setTemp(x.in.Dst, boolVal(role == models.RoleFailed))
		out = append(out, bad)
	}
	return out, true
}

// otherStatus tells whether v is a status of success, where success is 0, and w the content of a
// constant that nothing in the unit declares: the names that mean success are known by themselves.
func (a *fnRun) otherStatus(st *state, v, w value) bool {
	if v.k != vSym || w.k != vSym || a.status[v.sym].Test != models.SuccessZero {
		return false
	}
	y := a.t.symbols[w.sym]
	if y.kind != sInit {
		return false
	}
	g := a.t.regions[y.reg]
	if g.kind != rGlobal || !strings.HasPrefix(g.name, "?") || !strings.Contains(g.name, ".") {
		return false
	}
	c := st.consOf(v.sym)
	zero, known := c.decide(ir.Eq, 0)
	return known && zero
}
