package summary

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// spins finds a loop of f that nothing in it can end: one without a way out, or one whose ways out
// depend only on memory that the loop does not change, so that another thread must.
func (t *Transitions) spins(f *ir.Func) *Reason {
	for i := range f.Blocks() {
		for _, s := range f.Blocks()[i].Term.Succs {
			if !f.Blocks()[i].Term.Loop || int(s) > i {
				continue
			}
			body := loopBody(f, s, ir.BlockID(i))
			if body == nil || t.progresses(f, body) {
				continue
			}
			span := f.Blocks()[i].Term.Span
			if span == (ir.Span{}) {
				span = f.NameSpan
			}
			return &Reason{
				Hazard: LoopsForever, Why: "loops until something outside of the loop ends it", Always: meetsAlways(f, s),
				Steps: []ReasonStep{{f.File, span, "loops without a bound"}},
			}
		}
	}
	return nil
}

// loopBody are the blocks from which the jump back at tail is reached without leaving head.
func loopBody(f *ir.Func, head, tail ir.BlockID) map[ir.BlockID]bool {
	preds := map[ir.BlockID][]ir.BlockID{}
	for i := range f.Blocks() {
		for _, s := range f.Blocks()[i].Term.Succs {
			preds[s] = append(preds[s], ir.BlockID(i))
		}
	}
	body := map[ir.BlockID]bool{head: true}
	stack := []ir.BlockID{tail}
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if body[b] {
			continue
		}
		body[b] = true
		stack = append(stack, preds[b]...)
	}
	return body
}

// progresses tells whether something that decides a way out of the loop changes in it.
func (t *Transitions) progresses(f *ir.Func, body map[ir.BlockID]bool) bool {
	c := changes{vars: map[ir.VarID]bool{}, names: map[string]bool{}}
	for b := range body {
		for i := range f.Blocks()[b].Instrs {
			c.note(f, &f.Blocks()[b].Instrs[i])
		}
	}
	for b := range body {
		for _, s := range f.Blocks()[b].Term.Succs {
			if body[s] {
				continue
			}
			if f.Blocks()[b].Term.Kind != ir.TermBranch || c.decides(f, f.Blocks()[b].Term.Cond, 0) {
				return true
			}
		}
		for i := range f.Blocks()[b].Instrs {
			if op := f.Blocks()[b].Instrs[i].Op; op == ir.OpRet || op == ir.OpUnknown {
				return true
			}
		}
	}
	return false
}

// changes are the variables and members that a loop writes, by name.
type changes struct {
	vars  map[ir.VarID]bool
	names map[string]bool
}

func (c *changes) note(f *ir.Func, in *ir.Instr) {
	mark := func(addr ir.Temp) {
		if d := f.Def(addr); d != nil {
			switch d.Op {
			case ir.OpVarAddr:
				c.vars[d.Var] = true
			case ir.OpName, ir.OpField, ir.OpMember:
				c.names[d.Name] = true
			case ir.OpElem:
				c.names["[]"] = true
			}
		}
	}
	switch in.Op {
	case ir.OpStore, ir.OpZero:
		mark(in.A)
	case ir.OpCall:
		for i := range in.Call.Args {
			mark(in.Call.Args[i].Val)
		}
	}
}

// decides tells whether the value t may differ from one round to the next, by what the loop does.
func (c *changes) decides(f *ir.Func, t ir.Temp, depth int) bool {
	d := f.Def(t)
	if d == nil || depth > 32 {
		return t != 0
	}
	switch d.Op {
	case ir.OpConst:
		return false
	case ir.OpVarAddr:
		return c.vars[d.Var]
	case ir.OpName:
		return c.names[d.Name]
	case ir.OpField, ir.OpMember:
		return c.names[d.Name] || c.decides(f, d.A, depth+1)
	case ir.OpElem:
		return c.names["[]"] || c.decides(f, d.A, depth+1) || c.decides(f, d.B, depth+1)
	case ir.OpLoad, ir.OpUnary, ir.OpCast:
		return c.decides(f, d.A, depth+1)
	case ir.OpBin:
		return c.decides(f, d.A, depth+1) || c.decides(f, d.B, depth+1)
	}
	return true
}
