package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// noteTested remembers that the code looks at a value: a status or a handle.
func (a *fnRun) noteTested(s symID) {
	if s != 0 {
		a.tested[s] = true
	}
}

// sameAs is the truth of "handle == something unknown" (or !=): a value of its own that carries
// the object, so that the branch on which both are equal can forget it: what a handle is compared
// with is as good as always something that is no handle, or somebody else's.
func (a *fnRun) sameAs(st *state, in *ir.Instr, sub ir.Sub, x, y value) value {
	if a.readAgain(x, y) || a.sameLoan(st, in, x, y) {
		return boolVal(compare(sub, 0, 0))
	}
	if d, s := a.difference(st, x, y, sub); d != 0 {
		if t, known := a.consTruth(st, d, s); known {
			return boolVal(t)
		}
		return value{k: vCmp, sub: s, sym: d}
	}
	v := symVal(a.fresh(st, in, 0))
	if sub != ir.Eq && sub != ir.Ne {
		return v
	}
	for _, w := range [...]value{x, y} {
		if id := a.objectOf(w); id != 0 && slices.Contains([]ObjectKind{Handle, Memory, Reference}, a.objects[id].Kind) {
			v.reg, v.sub = regID(id), sub
			return v
		}
	}
	return v
}

// readAgain tells whether x and y are what one place held before and after calls of functions that may
// have written there: C code that asks whether they differ asks whether one of them is its own.
func (a *fnRun) readAgain(x, y value) bool {
	if a.f.File.Lang != ir.C || x.k != vSym || y.k != vSym || x.sym == y.sym {
		return false
	}
	s, t := a.t.symbols[x.sym], a.t.symbols[y.sym]
	return s.kind == sInit && t.kind == sInit && s.reg == t.reg && s.epoch != t.epoch
}

// sameLoan tells whether x or y was handed out, and not given away, by the function that the other side of the comparison asks
// anew, without arguments: for the current process, or thread.
func (a *fnRun) sameLoan(st *state, in *ir.Instr, x, y value) bool {
	for _, t := range [...]ir.Temp{in.A, in.B} {
		d := a.f.DefBehindCasts(t)
		if d == nil || d.Op != ir.OpCall || len(d.Call.Args) != 0 || a.f.File.Lang != ir.C {
			continue
		}
		for _, v := range [...]value{x, y} {
			id := a.objectOf(v)
			if o, ok := st.obj(id); ok && o.st == stBorrowed && a.objects[id].API == d.Call.Name && a.objects[id].site != a.site(d) {
				return true
			}
		}
	}
	return false
}

// difference is the symbol for "x - y" and how it compares with 0 where "x sub y" holds: the same
// two unknown numbers compare the same way wherever they meet. 0 when an object is at stake.
func (a *fnRun) difference(st *state, x, y value, sub ir.Sub) (symID, ir.Sub) {
	if x.k != vSym || y.k != vSym || x.n != 0 || y.n != 0 || x.reg != 0 || y.reg != 0 || a.objectOf(x) != 0 || a.objectOf(y) != 0 {
		return 0, sub
	}
	if a.t.symbols[x.sym].iter >= maxIter || a.t.symbols[y.sym].iter >= maxIter {
		return 0, sub // later rounds of loops are not told apart
	}
	if x.sym > y.sym {
		x, y, sub = y, x, sub.Swap()
	}
	return a.t.symbol(symbol{kind: sDifference, of: x.sym, minus: y.sym}), sub
}

// handleAround is the object of a handle that is a structure (CredHandle) of which a member is compared
// with nothing: that is how code asks whether it has one. It is carried as in sameAs.
func (a *fnRun) handleAround(s symID, sub ir.Sub, n int64) regID {
	y := a.t.symbols[s]
	if y.kind != sInit || y.of == 0 || sub != ir.Eq && sub != ir.Ne || n != 0 && n != -1 {
		return 0
	}
	if id := a.symObj.of(y.of); id != 0 && a.objects[id].Kind == Handle {
		return regID(id)
	}
	return 0
}

func (a *fnRun) consTruth(st *state, s symID, sub ir.Sub) (truth, known bool) {
	c := st.consOf(s)
	return c.decide(sub, 0)
}

// elsewhere tells whether v is what an acquisition gave and w the address of a variable: a buffer
// on the stack that is replaced by a block when it is too small.
func (a *fnRun) elsewhere(v, w value) bool {
	if v.k != vSym || w.k != vAddr {
		return false
	}
	id := a.symObj.of(v.sym)
	return id != 0 && a.objects[id].Acquire != nil && a.t.regions[a.t.root(w.reg)].kind == rVar
}

// keptAlready: s is found to be 0. Where it is the difference between a parameter and what lies in a
// member or global, that holds the argument already: if (value == handle) return; handle = value;
func (a *fnRun) keptAlready(st *state, s symID) {
	y := a.t.symbols[s]
	if y.kind != sDifference {
		return
	}
	for _, pair := range [...][2]symID{{y.of, y.minus}, {y.minus, y.of}} {
		given, held := pair[0], a.t.symbols[pair[1]]
		p, ok := a.symPath(given)
		if !ok || p.root != rootParam || p.sel != "" || held.kind != sInit {
			continue
		}
		if k := a.t.regions[held.reg].kind; k == rGlobal || k == rField && a.t.regions[a.t.root(held.reg)].kind == rPointee {
			a.escape(st, symVal(given), &ir.Instr{Span: a.f.Span}, "", 0)
		}
	}
}

// forgetSame applies the branch that found v true or false.
func (a *fnRun) forgetSame(st *state, v value, truth bool) {
	if v.reg == 0 || truth != (v.sub == ir.Eq) {
		return
	}
	st.change(objID(v.reg), func(o *ostate) {
		if o.st == stOwned {
			o.st = stEscaped
		}
	})
}

// dropUntested drops releases of what is not there where the code never asks whether it is: that
// it forgot to ask is another defect than to ask and go on. The same goes for what a call did not
// take over because it failed.
func (a *fnRun) dropUntested() {
	a.events = slices.DeleteFunc(a.events, func(e Event) bool {
		switch e.Kind {
		case ReleaseOfUninit, Leak:
			return e.status != 0 && !a.tested[e.status]
		case ReleaseOfFailed:
			if e.Obj == nil {
				return false
			}
			c := a.compares[e.Obj.site]
			return c == nil || !c.right
		}
		return false
	})
}

// noteNullTest remembers that a variable which holds -1 is asked whether it is 0.
func (a *fnRun) noteNullTest(st *state, in *ir.Instr, sub ir.Sub, x, n int64) {
	if x != -1 || n != 0 || sub != ir.Eq && sub != ir.Ne {
		return
	}
	for _, t := range [...]ir.Temp{in.A, in.B} {
		if d := a.f.Def(t); d != nil && d.Op == ir.OpLoad {
			if p := st.temp(d.A); p.k == vAddr {
				a.nullTests[p.reg] = in.Span
			}
		}
	}
}

// askedForZero tells whether the result of a call is compared with 0 right away: then 0 is a case.
func (a *fnRun) askedForZero(x *callCtx) bool {
	return a.comparedWithZero(x.b, x.in.Dst)
}

// comparedWithZero tells whether block b compares t with 0, or asks for its truth.
func (a *fnRun) comparedWithZero(b *ir.Block, t ir.Temp) bool {
	if b.Term.Cond == t && t != 0 {
		return true
	}
	for i := range b.Instrs {
		in := &b.Instrs[i]
		if in.Op == ir.OpUnary && in.Sub == ir.Not && in.A == t {
			return true
		}
		if in.Op != ir.OpBin || !isComparison(in.Sub) || in.A != t && in.B != t {
			continue
		}
		for _, t := range [...]ir.Temp{in.A, in.B} {
			if d := a.f.Def(t); d != nil && d.Op == ir.OpConst && d.Int == 0 {
				return true
			}
		}
	}
	return false
}
