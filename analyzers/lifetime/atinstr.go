package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// Each path through an instruction asks the same of it. What does not depend on the path is asked once.

// atInstr is what was asked of one instruction.
type atInstr struct {
	in     *ir.Instr
	callee *link.Target
	name   *link.Ref
	site   int32
}

// atOf is what was asked of in; nil for one that makes no temp, or is not in the body.
func (a *fnRun) atOf(in *ir.Instr) *atInstr {
	if in.Dst <= 0 || int(in.Dst) >= len(a.at) {
		return nil
	}
	at := &a.at[in.Dst]
	if at.in == nil && a.f.Def(in.Dst) == in {
		at.in = in
	}
	if at.in != in {
		return nil
	}
	return at
}

// calleeAt is what a call reaches.
func (a *fnRun) calleeAt(in *ir.Instr) *link.Target {
	at := a.atOf(in)
	if at == nil {
		return a.prog.Callee(a.f, in)
	}
	if at.callee == nil {
		at.callee = a.prog.Callee(a.f, in)
	}
	return at.callee
}

// nameAt is what an OpName means.
func (a *fnRun) nameAt(in *ir.Instr) *link.Ref {
	at := a.atOf(in)
	if at != nil && at.name != nil {
		return at.name
	}
	ref := a.prog.Name(a.f, in.Name)
	if at != nil {
		at.name = &ref
	}
	return &ref
}

// summaryOf is the summary of a callee, which stays the same during the run.
func (a *fnRun) summaryOf(f *ir.Func) *Summary {
	s := a.sums[f]
	if s == nil {
		s = a.eng.summaryOf(f)
		if a.sums == nil {
			a.sums = map[*ir.Func]*Summary{}
		}
		a.sums[f] = s
	}
	return s
}
