package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// freedByLambda tells whether a lambda that was made before the store in, or a local function, which is there from the start,
// frees what the variable at r holds by then: a callback is made before what it gets and frees, as the NativeOverlapped that
// is made with it.
func (a *fnRun) freedByLambda(r regID, in *ir.Instr) bool {
	g := a.t.regions[r]
	return g.kind == rVar && a.f.File.Lang == ir.CSharp && a.eng.capturedReleased(a.f, g.v, 0, func(made *ir.Instr, l *ir.Func) bool {
		return (l.Kind == ir.FuncLocal || l.Span.End <= in.Span.End) && !onlyCalled(a.f, made)
	})
}

// onlyCalled tells whether the closure that is made goes into a variable that nothing is done with but calls: they do to
// what it captured what it does.
func onlyCalled(f *ir.Func, made *ir.Instr) bool {
	held, uses := ir.NoVar, 0
	each := func(visit func(*ir.Instr)) {
		for i := range f.Blocks() {
			for j := range f.Blocks()[i].Instrs {
				visit(&f.Blocks()[i].Instrs[j])
			}
		}
	}
	each(func(in *ir.Instr) {
		if in.Op == ir.OpStore && in.B == made.Dst {
			held = variableOf(f, in.A)
		}
	})
	each(func(in *ir.Instr) {
		switch {
		case in.Op == ir.OpVarAddr && in.Var == held, in.Op == ir.OpLambda && slices.Contains(in.Vars, held):
			uses++
		case in.Op == ir.OpStore && in.B == made.Dst, in.Op == ir.OpCall && in.Call.Fn != 0 && variableOf(f, in.Call.Fn) == held:
			uses--
		}
	})
	return held != ir.NoVar && uses == 0
}

// variableOf is the variable whose value or address t is.
func variableOf(f *ir.Func, t ir.Temp) ir.VarID {
	d := f.Def(t)
	for d != nil && (d.Op == ir.OpCast || d.Op == ir.OpLoad || d.Op == ir.OpMember && d.Name == "Value") {
		d = f.Def(d.A)
	}
	if d == nil || d.Op != ir.OpVarAddr {
		return ir.NoVar
	}
	return d.Var
}

// capturedReleased tells whether a function inside of f of those asked for releases what variable v of f holds.
func (e *engine) capturedReleased(f *ir.Func, v ir.VarID, depth int, asked func(made *ir.Instr, l *ir.Func) bool) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpLambda || !slices.Contains(in.Vars, v) {
				continue
			}
			if l := f.File.Funcs[in.Int]; asked(in, l) && e.releasesVar(l, capturedAs(l, v), depth) {
				return true
			}
		}
	}
	return false
}

// capturedAs is the variable of a lambda that stands for variable v of the function around it.
func capturedAs(lambda *ir.Func, v ir.VarID) ir.VarID {
	for i := range ir.VarID(lambda.NumVars()) {
		if x := lambda.Var(i); x.Kind == ir.VarCaptured && x.Outer == v {
			return i
		}
	}
	return ir.NoVar
}

// releasesVar tells whether the body of f has a call that releases what variable v holds, be it in a lambda of its own or in
// a helper that it is given to.
func (e *engine) releasesVar(f *ir.Func, v ir.VarID, depth int) bool {
	if v == ir.NoVar || depth > maxQuietDepth {
		return false
	}
	holds := func(t ir.Temp) bool { return variableOf(f, t) == v }
	for _, in := range callsOf(f) {
		c := in.Call
		if (holds(c.Recv) || holds(c.RecvAddr)) && (disposes(c.Name, len(c.Args)) || lastDot(c.Name) == "Free") {
			return true
		}
		for i := range c.Args {
			if holds(c.Args[i].Val) && e.releasesArg(e.prog.Callee(f, in), i, depth) {
				return true
			}
		}
	}
	return e.capturedReleased(f, v, depth+1, func(*ir.Instr, *ir.Func) bool { return true })
}

// releasesArg tells whether a call releases what it gets as argument i.
func (e *engine) releasesArg(t *link.Target, i, depth int) bool {
	if t.Native != nil && len(t.Native.Releases) > 0 {
		return true
	}
	if typ, name := models.SplitMember(t.MemberName); name != "" && e.prog.DB.MemberRelease(typ, name) != nil {
		return true
	}
	return slices.ContainsFunc(t.Funcs, func(g *ir.Func) bool {
		n := t.Param(i)
		return n < len(g.Params) && e.releasesVar(g, g.Params[n], depth+1)
	})
}
