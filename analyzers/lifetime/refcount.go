package lifetime

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// countsDown tells whether a C function gives up a counted reference: what it releases it releases
// with the last one only, and which that is its callers know.
func (a *fnRun) countsDown() bool {
	if a.f.File.Lang != ir.C {
		return false
	}
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			in := &a.f.Blocks()[i].Instrs[j]
			if in.Op == ir.OpStore && a.decrementsCount(in) {
				return true
			}
			if in.Op != ir.OpCall {
				continue
			}
			t := a.prog.Callee(a.f, in)
			if role, _ := a.prog.DB.Role(t.NativeName); role == models.RoleCountDown {
				return true
			}
		}
	}
	return false
}

// decrementsCount tells whether a store puts one less into a member that counts references.
func (a *fnRun) decrementsCount(in *ir.Instr) bool {
	place, v := a.f.Def(in.A), a.f.Def(in.B)
	if place == nil || place.Op != ir.OpMember && place.Op != ir.OpField || v == nil || v.Op != ir.OpBin || v.Sub != ir.Subtract {
		return false
	}
	one := a.f.Def(v.B)
	return strings.Contains(strings.ToLower(place.Name), "ref") && one != nil && one.Op == ir.OpConst && one.Int == 1
}
