package lifetime

import "github.com/pinvet/pinvet/analyzers/ir"

// Parameters of C macros are bound by name: what a macro stores to one is stored to the argument.
// Its summary calls the place of the argument of parameter i by the path {rootParam, i, "&"}.

// isMacro tells whether f is the body of a C macro, lowered as a function.
func isMacro(f *ir.Func) bool { return f.File.Lang == ir.C && f.Flags&ir.Generated != 0 }

// byNameParam tells whether variable v of f is bound by name.
func byNameParam(f *ir.Func, v ir.VarID) bool {
	return isMacro(f) && f.Var(v).Kind == ir.VarParam
}

// worksOnArguments tells whether a macro may do more with its arguments than compute with them.
func worksOnArguments(f *ir.Func) bool {
	if !isMacro(f) || len(f.Params) == 0 {
		return false
	}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			switch f.Blocks()[i].Instrs[j].Op {
			case ir.OpStore, ir.OpCall, ir.OpZero:
				return true
			}
		}
	}
	return false
}
