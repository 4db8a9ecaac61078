package lifetime

import "github.com/pinvet/pinvet/analyzers/ir"

// maxEndsBy is the number of blocks up to which a function is looked at for whether it returns.
const maxEndsBy = 16

// endsBy tells whether a C function is a small one with parameters that ends the process, or jumps
// elsewhere, on some of its ways: what checks a condition, or fails by a level. Such a function is
// interpreted, because only its callers know which way it takes.
func (e *engine) endsBy(f *ir.Func) bool {
	if f.File.Lang != ir.C || len(f.Params) == 0 || len(f.Blocks()) < 2 || len(f.Blocks()) > maxEndsBy {
		return false
	}
	for i := range f.Blocks() {
		b := &f.Blocks()[i]
		if e.blockEnds(f, b, e.callEnds) {
			return true
		}
		for j := range b.Instrs {
			if in := &b.Instrs[j]; in.Op == ir.OpCall {
				if t := e.prog.Callee(f, in); len(t.Funcs) == 1 && !e.idle(t.Funcs[0]) && e.summaryOf(t.Funcs[0]).ends {
					return true
				}
			}
		}
	}
	return false
}

// asksArguments tells whether which ways there are depends on the arguments.
func (s *Summary) asksArguments() bool {
	for i := range s.outcomes {
		for _, c := range s.outcomes[i].conds {
			if c.path.root == rootParam {
				return true
			}
		}
	}
	return false
}
