package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// maxDecides is the number of blocks up to which a function is looked at for whether it only decides.
const maxDecides = 12

// decides tells whether a function only compares its parameters with constants, and returns one of them,
// a constant or another status by that: IsValid(handle), MapError(status). Its callers branch on the result and mean
// what was compared, so it is interpreted. In C# that is asked of what tests a raw handle.
func (e *engine) decides(f *ir.Func) bool {
	n := f.CountBlocks()
	if len(f.Params) == 0 || n < 2 || n > maxDecides || f.Ret == "void" || f.Ret == "VOID" {
		return false
	}
	if f.File.Lang == ir.CSharp && (shortName(f.Ret) != "bool" || !slices.ContainsFunc(f.Params, func(v ir.VarID) bool { return rawHandleType(f.Var(v).Type) })) {
		return false
	}
	compares := false
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			switch in := &f.Blocks()[i].Instrs[j]; in.Op {
			case ir.OpVarAddr, ir.OpCast, ir.OpConst, ir.OpName, ir.OpScopeEnd, ir.OpRet, ir.OpLoad:
			case ir.OpUnary:
				compares = compares || in.Sub == ir.Not
			case ir.OpBin:
				if !isComparison(in.Sub) {
					return false
				}
				compares = true
			case ir.OpStore:
				if to := f.Def(in.A); to == nil || to.Op != ir.OpVarAddr {
					return false
				}
			case ir.OpMember:
				if f.File.Lang != ir.CSharp { // IntPtr.Zero
					return false
				}
			case ir.OpCall:
				tests, ok := e.ofStatus(in.Call.Name)
				if !ok && f.File.Lang == ir.CSharp {
					_, ok = e.sameAs(f, in)
					ok = ok || newNumber(in)
				}
				if !ok {
					return false
				}
				compares = compares || tests
			default:
				return false
			}
		}
	}
	return compares
}

// ofStatus tells whether a function tests a status, or only makes another one of it.
func (e *engine) ofStatus(name string) (tests, ok bool) {
	switch role, _ := e.prog.DB.Role(name); role {
	case models.RoleGeZero, models.RoleLtZero:
		return true, true
	case models.RoleFromWin32, models.RoleToWin32, models.RoleSame:
		return false, true
	}
	return false, false
}

// rawHandleType tells whether a C# type is a number that can be a raw handle.
func rawHandleType(typ ir.Type) bool {
	switch shortName(typ) {
	case "IntPtr", "UIntPtr", "nint", "nuint":
		return true
	}
	return false
}
