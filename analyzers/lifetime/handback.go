package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// handsBack is the number of the parameter (1-based) that every return of f gives back as it came,
// such as the error of Fail(session, error, text); 0 when there is none.
func (e *engine) handsBack(f *ir.Func) int {
	if f.File.Lang != ir.C {
		return 0
	}
	found := 0
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpRet {
				continue
			}
			p := e.paramOf(f, in.A)
			if p == 0 || found != 0 && p != found {
				return 0
			}
			found = p
		}
	}
	if found == 0 || changed(f, f.Params[found-1]) {
		return 0
	}
	return found
}

// paramOf is the number (1-based) of the parameter that temp t is read from, 0 if none.
func (e *engine) paramOf(f *ir.Func, t ir.Temp) int {
	for range 8 {
		d := f.Def(t)
		if d == nil {
			return 0
		}
		switch d.Op {
		case ir.OpCast:
			t = d.A
		case ir.OpLoad:
			from := f.Def(d.A)
			if from == nil || from.Op != ir.OpVarAddr {
				return 0
			}
			for i, v := range f.Params {
				if v == from.Var {
					return i + 1
				}
			}
			return 0
		case ir.OpCall:
			tgt := e.prog.Callee(f, d)
			if len(tgt.Funcs) != 1 || !tgt.Complete {
				return 0
			}
			back := e.summaryOf(tgt.Funcs[0]).handsBack
			if back == 0 || back > len(d.Call.Args) || tgt.Param(back-1) != back-1 {
				return 0
			}
			t = d.Call.Args[back-1].Val
		default:
			return 0
		}
	}
	return 0
}

// changed tells whether f does more with the variable than read it.
func changed(f *ir.Func, v ir.VarID) bool {
	addr := map[ir.Temp]bool{}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			switch {
			case in.Op == ir.OpVarAddr && in.Var == v:
				addr[in.Dst] = true
			case in.Op == ir.OpStore && (addr[in.A] || addr[in.B]):
				return true
			case in.Op != ir.OpLoad && in.Call == nil && (addr[in.A] || addr[in.B]):
				return true
			case in.Call != nil:
				for k := range in.Call.Args {
					if addr[in.Call.Args[k].Val] {
						return true
					}
				}
			}
		}
	}
	return false
}
