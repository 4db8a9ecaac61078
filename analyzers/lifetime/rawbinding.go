package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Binding packages give many functions twice: with a raw handle, and with an owner for it. Neither
// declaration is seen here, so what the caller does with the result has to tell.

// rawBinding tells whether the result of a call of a binding package is a raw handle: the function
// gives it to a native closer, asks it for a member that only the raw structs have, or the
// function has no parameter by which a second declaration could differ from the raw one.
func (a *fnRun) rawBinding(call *ir.Instr) bool {
	if raw, known := a.rawBound[call]; known {
		return raw
	}
	raw := a.scalarBinding(call)
	if in := a.storeOf(call); !raw && in != nil {
		v, ok := a.varAt(in.A)
		raw = ok && (a.closedRaw(v) || a.askedRaw(v))
	}
	if a.rawBound == nil {
		a.rawBound = map[*ir.Instr]bool{}
	}
	a.rawBound[call] = raw
	return raw
}

// rawClass is the class of generated imports.
const rawClass = "PInvoke"

// scalarBinding: no binding has an owner for a plain number, such as an atom. A generated class of raw
// imports has an overload with owners only where the parameters differ, which those of numbers alone cannot.
func (a *fnRun) scalarBinding(call *ir.Instr) bool {
	fn := a.prog.DB.Func(call.Call.Name)
	if fn == nil || fn.Sig == nil {
		return false
	}
	if fn.Sig.Return.Base == "u16" && fn.Sig.Return.PtrDepth == 0 {
		return true
	}
	if len(fn.Sig.Params) == 0 || lastDot(trimLast(call.Call.Path)) != rawClass {
		return false
	}
	for i := range fn.Sig.Params {
		if t := &fn.Sig.Params[i].Type; t.PtrDepth > 0 || t.IsHandle() {
			return false
		}
	}
	return true
}

// trimLast is a dotted name without its last part.
func trimLast(s string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			return s[:i]
		}
	}
	return ""
}

// varAt is the variable at the address temp t.
func (a *fnRun) varAt(t ir.Temp) (ir.VarID, bool) {
	if d := a.f.Def(t); d != nil && d.Op == ir.OpVarAddr {
		return d.Var, true
	}
	return ir.NoVar, false
}

// closedRaw tells whether the function gives the variable to a native function that releases it.
func (a *fnRun) closedRaw(v ir.VarID) bool {
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			in := &a.f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall || len(in.Call.Args) == 0 {
				continue
			}
			tgt := a.prog.Callee(a.f, in)
			if tgt.Native == nil || tgt.Import != nil {
				continue
			}
			for k := range tgt.Native.Releases {
				r := &tgt.Native.Releases[k]
				if r.Param < 0 || r.Param >= len(in.Call.Args) || r.ByRef {
					continue
				}
				if d := a.f.Def(in.Call.Args[r.Param].Val); d != nil && d.Op == ir.OpLoad {
					if w, ok := a.varAt(d.A); ok && w == v {
						return true
					}
				}
			}
		}
	}
	return false
}

// ownedAtOnce tells whether the result goes straight to the constructor of a handle type of the unit that takes a raw handle.
func (a *fnRun) ownedAtOnce(call *ir.Instr) bool {
	if call.Dst == 0 {
		return false
	}
	for _, in := range callsOf(a.f) {
		k := slices.IndexFunc(in.Call.Args, func(x ir.Arg) bool { return x.Val == call.Dst })
		if !in.Call.New || k < 0 || a.eng.ownerClass(a.f, in.Call.Type) != ownerSafeHandle {
			continue
		}
		t := a.prog.Callee(a.f, in)
		return len(t.Funcs) == 1 && a.eng.ctorWraps(t.Funcs[0], 0).raw == t.Param(k)
	}
	return false
}

// askedRaw tells whether the function reads a member of the variable that only raw handle structs have.
func (a *fnRun) askedRaw(v ir.VarID) bool {
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			in := &a.f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpMember || in.Name != "IsNull" && in.Name != "Value" {
				continue
			}
			if w, ok := a.varAt(in.A); ok && w == v {
				return true
			}
		}
	}
	return false
}
