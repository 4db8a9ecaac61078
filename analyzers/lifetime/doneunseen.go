package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// doneUnseen: on this way, o, a C# helper does nothing with an argument that it hands over on others, or that it releases on others
// if a static says so: if (!initialised) return 0; CloseHandle(h);. No argument tells which way it takes, only its result can. Who does
// not look at that takes it for done.
func (a *fnRun) doneUnseen(st *state, x *callCtx, f *ir.Func, o *outcome) {
	if f.File.Lang != ir.CSharp || slices.ContainsFunc(o.conds, func(c condition) bool { return c.path.root == rootParam }) {
		return
	}
	for i := range x.args {
		p := path{root: rootParam, index: i}
		v, ok := x.arg(st, i)
		id := a.objectOf(v)
		if s, owned := st.obj(id); !ok || id == 0 || !owned || s.st != stOwned || takes(o, p, effRelease, effEscape) || !a.takenOtherwise(f, p) {
			continue
		}
		if x.in.Dst == 0 || !usesTemp(a.f, x.in.Dst) {
			a.escape(st, v, x.in, "", 0)
		} else if told := a.resultToLookAt(st, x); told != 0 {
			st.change(id, func(o *ostate) { o.handover = told })
		}
	}
}

// resultToLookAt is the symbol of the result, of which is noted whether somebody looks at it; 0 if there is none.
func (a *fnRun) resultToLookAt(st *state, x *callCtx) symID {
	switch r := st.temp(x.in.Dst); r.k {
	case vSym:
		return r.sym
	case vInt:
		s := a.fresh(st, x.in, roleTold)
		st.assume(s, ir.Eq, r.n)
		st.setTemp(x.in.Dst, symVal(s))
		return s
	}
	return 0
}

// takes tells whether an outcome has one of these effects on what p is.
func takes(o *outcome, p path, kinds ...effectKind) bool {
	return slices.ContainsFunc(o.effects, func(e effect) bool { return slices.Contains(kinds, e.kind) && e.path == p })
}

// takenOtherwise tells whether some way through f takes what p is over, or releases it, where f asks a static before whether it shall.
func (a *fnRun) takenOtherwise(f *ir.Func, p path) bool {
	outs := a.eng.summaryOf(f).outcomes
	some := func(k effectKind) bool {
		return slices.ContainsFunc(outs, func(o outcome) bool { return !o.throws && takes(&o, p, k) })
	}
	return some(effEscape) || some(effRelease) && a.asksStaticFirst(f)
}

// asksStaticFirst tells whether f does nothing if a static says so: from a branch on that, one way leads to its end without a call.
func (a *fnRun) asksStaticFirst(f *ir.Func) bool {
	for i := range f.Blocks() {
		t := &f.Blocks()[i].Term
		if t.Kind != ir.TermBranch {
			continue
		}
		at := testedPlace(f, t.Cond)
		if at == nil || at.Op != ir.OpName || !a.prog.Name(f, at.Name).Static {
			continue
		}
		if leavesAtOnce(f, t.Succs[0]) || leavesAtOnce(f, t.Succs[1]) {
			return true
		}
	}
	return false
}

// leavesAtOnce tells whether f ends from block b on without a call or a branch.
func leavesAtOnce(f *ir.Func, b ir.BlockID) bool {
	for range maxValueDepth {
		blk := &f.Blocks()[b]
		if b == f.Exit {
			return true
		}
		if blk.Term.Kind != ir.TermJump || slices.ContainsFunc(blk.Instrs, func(in ir.Instr) bool { return in.Op == ir.OpCall }) {
			return false
		}
		b = blk.Term.Succs[0]
	}
	return false
}
