package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// callLeaving: a macro of another file that ends in a return or a goto. Nothing behind it is reached.
// What it returns is not known. Where its text is not, or names a variable of the function, it may well close what the function
// holds: by itself, by macros that it uses, or where it goes to.
func (a *fnRun) callLeaving(st *state, x *callCtx) []*state {
	if isMacro(a.f) {
		return nil // it leaves the function that uses this macro
	}
	a.letGo(st, x)
	apart := a.namesNoVar(x.tgt.Words)
	for _, o := range st.objs {
		switch {
		case o.st == stOwned && !apart:
			st.change(o.id, func(o *ostate) { o.st = stEscaped })
		case o.st == stPending:
			st.change(o.id, func(o *ostate) { o.st = stDone })
		}
	}
	for _, v := range a.f.Params { // callers cannot tell by an unknown result what became of them
		a.escape(st, a.load(st, a.t.varRegion(v)), x.in, "", 0)
	}
	st.dropLocks()
	st.hasRet, st.retSpan = a.f.Ret != "void" && a.f.Ret != "VOID", x.in.Span
	st.ret = symVal(a.fresh(st, x.in, roleResult))
	a.atExit(st, false)
	return nil
}

// namesNoVar tells whether a text is known and has no variable of the function among its words.
func (a *fnRun) namesNoVar(words map[string]bool) bool {
	return words != nil && !slices.ContainsFunc(a.f.AllVars(), func(v ir.Var) bool { return words[v.Name] })
}

// leavesBy: a name that stands alone as a statement, and leaves the function.
func (a *fnRun) leavesBy(b *ir.Block, in *ir.Instr, st *state) bool {
	if in.Name == "" || a.f.File.Lang != ir.C || b.Handler != ir.NoBlock {
		return false
	}
	t := a.prog.Exit(a.f, in.Name)
	if t == nil {
		return false
	}
	a.callLeaving(st, &callCtx{b: b, in: in, c: &ir.Call{Name: in.Name}, tgt: t})
	return true
}

// callGuard: a macro of another file that leaves the function where an argument has some value. What goes on
// behind it has another one.
func (a *fnRun) callGuard(st *state, x *callCtx, g *link.Guard) []*state {
	v, ok := x.arg(st, g.Arg)
	test, known := a.guardTest(st, x, g, v)
	if !ok || !known {
		return a.callUnknown(st, x)
	}
	gone := st.clone()
	if a.assumeTruth(gone, test, true) {
		a.callLeaving(gone, x)
	}
	out := a.callUnknown(st, x)
	kept := out[:0]
	for _, s := range out {
		if a.assumeTruth(s, test, false) {
			kept = append(kept, s)
		}
	}
	return kept
}

// guardTest is the value that is true where the macro leaves.
func (a *fnRun) guardTest(st *state, x *callCtx, g *link.Guard, v value) (value, bool) {
	sub, than := g.Sub, g.Than
	if g.Test != "" {
		switch role, _ := a.prog.DB.Role(g.Test); role {
		case models.RoleGeZero:
			sub = ir.Ge
		case models.RoleLtZero:
			sub = ir.Lt
		default:
			return value{}, false
		}
		if g.Not {
			sub, _ = sub.Negate()
		}
	}
	if v.k == vCmp {
		// The comparison itself is the argument.
		switch {
		case than == 0 && sub == ir.Ne:
			return v, true
		case than == 0 && sub == ir.Eq:
			v.sub, _ = v.sub.Negate()
			return v, true
		}
		return value{}, false
	}
	return a.compareValues(st, x.in, sub, v, intVal(than)), true
}
