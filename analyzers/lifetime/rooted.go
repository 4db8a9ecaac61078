package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// rootsCallback tells whether a call makes a GC handle for a delegate that the same function gives to native
// code, and frees none: the handle is there to keep the callback alive for as long as the process lives. Nothing
// else can be meant by one that is not even kept.
func (a *fnRun) rootsCallback(x *callCtx) bool {
	if len(x.c.Args) == 0 || !a.prog.IsDelegate(a.f, a.prog.TypeOf(a.f, x.c.Args[0].Val)) {
		return false
	}
	given := x.in.Dst == 0 || !usesTemp(a.f, x.in.Dst)
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			in := &a.f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			if lastDot(in.Call.Name) == "Free" {
				return false
			}
			given = given || a.givesDelegate(in)
		}
	}
	return given
}

// givesDelegate tells whether a call of an import hands a delegate to native code.
func (a *fnRun) givesDelegate(in *ir.Instr) bool {
	t := a.calleeAt(in)
	if t.Import == nil {
		return false
	}
	for i := range in.Call.Args {
		if a.prog.TakesDelegate(t.Import, a.prog.FileOfImport(t.Import), t.Param(i)) {
			return true
		}
	}
	return false
}
