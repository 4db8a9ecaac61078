package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// rootsCallback tells whether a call makes a GC handle for a delegate that the same function gives to native
// code, and frees none: the handle is there to keep the callback alive for as long as the process lives. Nothing
// else can be meant by one that is not even kept.
func (a *fnRun) rootsCallback(x *callCtx) bool {
	if len(x.c.Args) == 0 {
		return false
	}
	rooted := x.c.Args[0].Val
	typed := a.prog.IsDelegate(a.f, a.prog.TypeOf(a.f, rooted))
	dropped := x.in.Dst == 0 || !usesTemp(a.f, x.in.Dst)
	given := typed && dropped
	for _, in := range callsOf(a.f) {
		if lastDot(in.Call.Name) == "Free" {
			return false
		}
		given = given || typed && a.givesDelegate(in) || dropped && a.pointsTo(in, rooted)
	}
	return given
}

// pointsTo tells whether a call makes a function pointer of what t was read from: a delegate, of whatever type (a T).
func (a *fnRun) pointsTo(in *ir.Instr, t ir.Temp) bool {
	if len(in.Call.Args) == 0 || !makesPointer(a.prog, a.calleeAt(in).MemberName) {
		return false
	}
	read, other := a.f.Def(t), a.f.Def(in.Call.Args[0].Val)
	if read == nil || other == nil || read.Op != ir.OpLoad || other.Op != ir.OpLoad {
		return false
	}
	from, at := a.f.Def(read.A), a.f.Def(other.A)
	return from != nil && at != nil && samePlace(from, at)
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
