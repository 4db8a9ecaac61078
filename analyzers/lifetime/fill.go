package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// indexes tells whether the loop gives elements of local array v a value, of which there are as many as other loops go through
// as far as is seen.
func (l *loop) indexes(f *ir.Func, v ir.VarID) bool {
	fills := false
	l.of.each(func(b *ir.Block, in *ir.Instr) { fills = fills || l.blocks[b.ID] && givesElem(f, in, v) })
	return fills && !(l.toParam() && l.of.countsThrough(v, l))
}

// each calls do for the instructions of the function.
func (w *flow) each(do func(*ir.Block, *ir.Instr)) {
	for i := range w.f.Blocks() {
		b := &w.f.Blocks()[i]
		for j := range b.Instrs {
			do(b, &b.Instrs[j])
		}
	}
}

// givesElem tells whether in stores to an element of local array v, or hands out the address of one.
func givesElem(f *ir.Func, in *ir.Instr, v ir.VarID) bool {
	if in.Op == ir.OpStore {
		return inElem(f, in.A, v) || inElem(f, in.B, v)
	}
	return in.Call != nil && slices.ContainsFunc(in.Call.Args, func(a ir.Arg) bool { return inElem(f, a.Val, v) })
}

// inElem tells whether t is the address of an element of local array v, or of something in one.
func inElem(f *ir.Func, t ir.Temp, v ir.VarID) bool {
	for d := f.Def(t); d != nil; d = f.Def(d.A) {
		switch d.Op {
		case ir.OpElem:
			if a := f.Def(d.A); a != nil && a.Op == ir.OpVarAddr && a.Var == v {
				return true
			}
		case ir.OpField, ir.OpMember, ir.OpCast:
		default:
			return false
		}
	}
	return false
}

// toParam tells whether the loop goes on as long as something differs from, or is less than, a parameter.
func (l *loop) toParam() bool {
	d := l.bound()
	if d == nil || d.Op != ir.OpLoad {
		return false
	}
	d = l.of.f.Def(d.A)
	return d != nil && d.Op == ir.OpVarAddr && slices.Contains(l.of.f.Params, d.Var)
}

// bound is what makes the number that the loop counts up to, nil if it does not count so.
func (l *loop) bound() *ir.Instr {
	f := l.of.f
	d := f.Def(f.Blocks()[l.head].Term.Cond)
	if d == nil || d.Op != ir.OpBin || d.Sub != ir.Lt && d.Sub != ir.Le && d.Sub != ir.Ne {
		return nil
	}
	return f.Def(d.B)
}

// countsThrough tells whether a loop other than but has to do with elements of local array v up to a number that is written there.
func (w *flow) countsThrough(v ir.VarID, but *loop) (yes bool) {
	w.each(func(b *ir.Block, in *ir.Instr) {
		l := w.loopAt[b.ID]
		if in.Op != ir.OpElem || l == nil || l == but || !inElem(w.f, in.Dst, v) {
			return
		}
		d := l.bound()
		yes = yes || d != nil && d.Op == ir.OpConst && d.Const == ir.ConstInt && d.Int > 0
	})
	return yes
}

// loopLeftAt is the loop that ends by the branch at span: by its own condition, not by a break. It is nil if there is none.
func (w *flow) loopLeftAt(span ir.Span) *loop {
	for i := range w.f.Blocks() {
		b := &w.f.Blocks()[i]
		l := w.loopAt[b.ID]
		if l == nil || b.Term.Kind != ir.TermBranch || b.Term.Span != span || !l.left(b) {
			continue
		}
		if b.ID == l.head || slices.Contains(b.Term.Succs, l.head) {
			return l
		}
	}
	return nil
}
