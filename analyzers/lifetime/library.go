package lifetime

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// libraryMember is t as a member of the .NET library, if that is what it is: a unit may hold the
// library itself. What the models say of its interop members goes before their bodies, which end in
// the runtime.
func (a *fnRun) libraryMember(t *link.Target) *link.Target {
	if len(t.Funcs) == 1 && strings.HasPrefix(t.Funcs[0].Owner, "System.") {
		name := shortName(ir.Type(t.Funcs[0].Owner)) + "." + t.Funcs[0].Name
		if r, _ := a.prog.DB.Role(name); r == models.RoleSame || r == models.RoleEqual {
			m := *t
			m.Funcs, m.MemberName = nil, name
			return &m
		}
	}
	if len(t.Funcs) != 1 || !strings.HasPrefix(t.Funcs[0].Owner, "System.Runtime.InteropServices.") {
		return t
	}
	if d := a.prog.OwnerType(t.Funcs[0]); d == nil || d.Flags&ir.Static == 0 {
		return t // structs and classes keep state, which their bodies show
	}
	name := shortName(ir.Type(t.Funcs[0].Owner)) + "." + t.Funcs[0].Name
	ms := a.prog.DB.DotNet(name)
	if len(ms) == 0 {
		return t
	}
	m := *t
	m.Funcs, m.Members, m.MemberName = nil, ms, name
	return &m
}
