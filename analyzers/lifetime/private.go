package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Leaks of malloc and its kin are left to other tools. But as long as nobody else knows such a block, what
// lies in it belongs to the function, as what lies in a local struct does: a constructor that frees the
// block on its way out has to close what it opened before.

// inPrivate tells whether r lies in a block of the C runtime that nobody else knows yet: what is put
// there goes where the block goes, and is lost with it.
func (a *fnRun) inPrivate(st *state, r regID) bool {
	g := a.t.regions[a.t.root(r)]
	if g.kind != rPointee {
		return false
	}
	o, ok := st.obj(a.symObj.of(g.sym))
	return ok && o.private
}

// storePrivate: v goes into such a block.
func (a *fnRun) storePrivate(st *state, r regID, v value, in *ir.Instr) {
	if o, ok := st.obj(a.objectOf(v)); ok && o.st == stOwned {
		o.steps = a.step(o.steps, in, StepStore, "stored in "+a.regionName(r))
		st.setObj(o)
		a.fieldAcquired(o, r, in)
	}
}

// contents are the objects that lie in a block.
type contents struct {
	block objID
	in    []objID
}

// privateArgs are the private blocks that a call is given.
func (a *fnRun) privateArgs(st *state, x *callCtx) (all []contents) {
	for i := range x.args {
		v, ok := x.arg(st, i)
		if ok && v.k == vAddr && a.inPrivate(st, v.reg) && slices.ContainsFunc(x.tgt.Funcs, func(f *ir.Func) bool { return leavesMember(f, x.tgt.Param(i)) }) {
			a.escape(st, v, x.in, "", 0)
		}
		if !ok || v.k != vSym {
			continue
		}
		o, ok := st.obj(a.symObj.of(v.sym))
		if !ok || !o.private {
			continue
		}
		if slices.ContainsFunc(x.tgt.Funcs, func(f *ir.Func) bool { return givesAddressOf(f, x.tgt.Param(i)) }) {
			a.escape(st, v, x.in, "", 0)
			continue
		}
		c := contents{block: o.id}
		p := a.t.pointee(v.sym)
		for _, b := range st.store {
			if id := a.objectOf(b.v); id != 0 && a.t.within(b.reg, p) {
				c.in = append(c.in, id)
			}
		}
		all = append(all, c)
	}
	return all
}

// givesAddressOf tells whether f uses the address of its parameter i for more than to load and store:
// whoever gets that address gets what the parameter is.
func givesAddressOf(f *ir.Func, i int) bool {
	if i < 0 || i >= len(f.Params) {
		return true
	}
	at := map[ir.Temp]bool{}
	for b := range f.Blocks() {
		for j := range f.Blocks()[b].Instrs {
			in := &f.Blocks()[b].Instrs[j]
			switch {
			case in.Op == ir.OpVarAddr:
				at[in.Dst] = in.Var == f.Params[i]
			case in.Op == ir.OpStore && at[in.B], in.Op == ir.OpCast && at[in.A]:
				return true
			case in.Call != nil:
				for k := range in.Call.Args {
					if at[in.Call.Args[k].Val] {
						return true
					}
				}
			}
		}
	}
	return false
}

// leavesMember tells whether f may get from the address of a member, its parameter i, to what the member lies
// in: it does more than to look at what is there.
func leavesMember(f *ir.Func, i int) bool {
	if i < 0 || i >= len(f.Params) {
		return true
	}
	at, value := map[ir.Temp]bool{}, map[ir.Temp]bool{}
	for b := range f.Blocks() {
		for j := range f.Blocks()[b].Instrs {
			in := &f.Blocks()[b].Instrs[j]
			switch in.Op {
			case ir.OpVarAddr:
				at[in.Dst] = in.Var == f.Params[i]
			case ir.OpLoad:
				value[in.Dst] = at[in.A]
			case ir.OpField, ir.OpMember:
			default:
				if in.Op == ir.OpUnary || in.Op == ir.OpBin && isComparison(in.Sub) {
					continue
				}
				gone := false
				operands(in, func(t ir.Temp) { gone = gone || value[t] && !(in.Op == ir.OpStore && t == in.A) })
				if gone {
					return true
				}
			}
		}
	}
	return false
}

// agreeInside: a helper that closes what lies in a block, or frees the block, does so where flags and counts
// in the block say so. What it may close it is trusted with on all paths.
func (a *fnRun) agreeInside(states []*state, all []contents) {
	if len(states) < 2 {
		return
	}
	for _, c := range all {
		freed, gone := false, map[objID]bool{}
		for _, s := range states {
			o, _ := s.obj(c.block)
			freed = freed || o.st == stReleased
			for _, id := range c.in {
				o, _ := s.obj(id)
				gone[id] = gone[id] || o.st == stReleased || o.st == stEscaped
			}
		}
		for _, s := range states {
			block, _ := s.obj(c.block)
			for _, id := range c.in {
				if o, ok := s.obj(id); ok && o.st == stOwned && (gone[id] || freed && block.st != stReleased) {
					s.change(id, func(o *ostate) { o.st = stEscaped })
				}
			}
		}
	}
}
