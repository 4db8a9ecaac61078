package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// A C function that returns a block which nobody else knows hands over what it put into members of that: its caller
// owns both, as if it had made them itself.

// contentEffects are the block that the function is about to return, and what lies in its members, if there is anything.
func (a *fnRun) contentEffects(st *state) (out []effect) {
	if a.f.File.Lang != ir.C || !st.hasRet || st.ret.k != vSym {
		return nil
	}
	block := a.symObj.of(st.ret.sym)
	b, ok := st.obj(block)
	if !ok || !b.private {
		return nil
	}
	root := a.t.pointee(st.ret.sym)
	for _, in := range st.store {
		o, ok := st.obj(a.objectOf(in.v))
		if !ok || o.st != stOwned || in.v.k != vSym || a.objects[o.id].Kind != Handle {
			continue
		}
		if sel, ok := a.selBelow(root, in.reg); ok {
			out = append(out, effect{kind: effAcquire, path: path{root: rootResult, sel: "*" + sel}, obj: a.objects[o.id], steps: o.steps})
		}
	}
	if len(out) > 0 {
		out = append(out, effect{kind: effAcquire, path: path{root: rootResult}, obj: a.objects[block], steps: b.steps})
	}
	return out
}

// selBelow is the chain of members that leads from root to r.
func (a *fnRun) selBelow(root, r regID) (sel string, ok bool) {
	for n := 0; r != root; n++ {
		g := a.t.regions[r]
		if g.kind != rField || n == maxSel {
			return "", false
		}
		sel, r = "."+g.name+sel, g.parent
	}
	return sel, sel != ""
}

// applyContents: the call returned such a block.
func (a *fnRun) applyContents(st *state, x *callCtx, f *ir.Func, o *outcome, enter *Step, n int16) {
	if a.f.File.Lang != ir.C || x.in.Dst == 0 {
		return
	}
	v := st.temp(x.in.Dst)
	for i := range o.effects {
		e := &o.effects[i]
		if e.kind != effAcquire || e.path.root != rootResult || v.k != vSym {
			continue
		}
		steps, role := appendSteps(enter, e.steps), a.effectRole(n, e.path)
		if e.path.sel == "" {
			id := a.importObject(st, x, f, e.obj, v.sym, role, steps, false)
			st.change(id, func(o *ostate) { o.st, o.private = stEscaped, !a.inKernel })
			continue
		}
		r := a.walk(st, a.t.pointee(v.sym), e.path.sel[1:])
		if r == 0 {
			continue
		}
		sym := a.fresh(st, x.in, role)
		a.importObject(st, x, f, e.obj, sym, role, steps, false)
		st.bind(r, symVal(sym))
		a.nameObject(symVal(sym), r)
	}
}
