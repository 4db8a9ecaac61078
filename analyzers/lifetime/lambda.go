package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// freedByLambda tells whether a lambda that was made before the store in frees what the variable at r holds by then: a
// callback is made before what it gets and frees, as the NativeOverlapped that is made with it.
func (a *fnRun) freedByLambda(r regID, in *ir.Instr) bool {
	g := a.t.regions[r]
	if g.kind != rVar || a.f.File.Lang != ir.CSharp {
		return false
	}
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			l := &a.f.Blocks()[i].Instrs[j]
			if l.Op == ir.OpLambda && l.Span.End <= in.Span.End && slices.Contains(l.Vars, g.v) && a.eng.releasesCaptured(a.f.File.Funcs[l.Int], g.v) {
				return true
			}
		}
	}
	return false
}

// releasesCaptured tells whether the body of a lambda has a call that releases what a variable of the function around it holds.
func (e *engine) releasesCaptured(lambda *ir.Func, outer ir.VarID) bool {
	holds := func(t ir.Temp) bool {
		d := lambda.Def(t)
		for d != nil && (d.Op == ir.OpCast || d.Op == ir.OpLoad) {
			d = lambda.Def(d.A)
		}
		if d == nil || d.Op != ir.OpVarAddr {
			return false
		}
		v := lambda.Var(d.Var)
		return v.Kind == ir.VarCaptured && v.Outer == outer
	}
	for _, in := range callsOf(lambda) {
		c := in.Call
		if (holds(c.Recv) || holds(c.RecvAddr)) && (disposes(c.Name, len(c.Args)) || lastDot(c.Name) == "Free") {
			return true
		}
		if t := e.prog.Callee(lambda, in); t.Native == nil || len(t.Native.Releases) == 0 {
			if typ, name := models.SplitMember(t.MemberName); name == "" || e.prog.DB.MemberRelease(typ, name) == nil {
				continue
			}
		}
		if slices.ContainsFunc(c.Args, func(arg ir.Arg) bool { return holds(arg.Val) }) {
			return true
		}
	}
	return false
}
