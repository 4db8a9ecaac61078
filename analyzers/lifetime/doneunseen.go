package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// doneUnseen: on this way, o, a C# helper does nothing with an argument that it releases or takes over on others, and no argument
// tells which way it takes: if (!initialised) return 0; CloseHandle(h);. Only its result can. Who does not look at that takes it for done.
func (a *fnRun) doneUnseen(st *state, x *callCtx, f *ir.Func, o *outcome) {
	if f.File.Lang != ir.CSharp || slices.ContainsFunc(o.conds, func(c condition) bool { return c.path.root == rootParam }) {
		return
	}
	for i := range x.args {
		p := path{root: rootParam, index: i}
		v, ok := x.arg(st, i)
		id := a.objectOf(v)
		if s, owned := st.obj(id); !ok || id == 0 || !owned || s.st != stOwned || takes(o, p) || !a.takenOtherwise(f, p) {
			continue
		}
		if r := st.temp(x.in.Dst); x.in.Dst != 0 && r.k == vSym && usesTemp(a.f, x.in.Dst) {
			st.change(id, func(o *ostate) { o.handover = r.sym })
		} else if x.in.Dst == 0 || !usesTemp(a.f, x.in.Dst) {
			a.escape(st, v, x.in, "", 0)
		}
	}
}

// takes tells whether an outcome releases what p is, or keeps it.
func takes(o *outcome, p path) bool {
	return slices.ContainsFunc(o.effects, func(e effect) bool { return (e.kind == effRelease || e.kind == effEscape) && e.path == p })
}

// takenOtherwise tells whether some way through f takes what p is.
func (a *fnRun) takenOtherwise(f *ir.Func, p path) bool {
	outs := a.eng.summaryOf(f).outcomes
	return slices.ContainsFunc(outs, func(o outcome) bool { return !o.throws && takes(&o, p) })
}
