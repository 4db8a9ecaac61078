package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// intoLocalStruct tells whether the address lies in a local structure that nothing but native code, by the call given, gets a copy of.
func (c *callbacks) intoLocalStruct(a *ir.Instr, given *ir.Instr) bool {
	var members []string
	for n := 0; a != nil && n < 8; n++ {
		switch {
		case a.Op == ir.OpVarAddr:
			k := c.f.Var(a.Var).Kind
			out := structCopies{c: c, members: members, given: given}
			return (k == ir.VarLocal || k == ir.VarHidden) && c.structure(c.prog.TypeOfPlace(c.f, a.Dst)) && !out.leave(a.Var, 0)
		case a.Op == ir.OpMember && a.Flags&ir.AddrOperand != 0:
			members = append(members, a.Name)
			a = c.f.Def(a.A)
		default:
			return false
		}
	}
	return false
}

// structure tells whether t is a struct, or a class with the layout of one.
func (c *callbacks) structure(t ir.Type) bool {
	d := c.prog.TypeDecl(c.f, t)
	return c.prog.IsStruct(c.f, t) || d != nil && d.Kind == ir.TypeClass && d.Attr("StructLayout") != nil
}

// structCopies follows the copies of a delegate in a local structure: of the structure, and of the member that holds it.
type structCopies struct {
	c       *callbacks
	members []string // through which the delegate is reached
	given   *ir.Instr
}

// maxCopies is the number of locals through which a structure is followed.
const maxCopies = 3

// leave tells whether the variable v, or a copy of what it holds, goes to a place that is none, or to managed code that may keep it.
func (s *structCopies) leave(v ir.VarID, depth int) bool {
	copies := map[ir.Temp]bool{}
	for i := range s.c.f.Blocks() {
		for j := range s.c.f.Blocks()[i].Instrs {
			switch in := &s.c.f.Blocks()[i].Instrs[j]; in.Op {
			case ir.OpLoad:
				copies[in.Dst] = s.in(in.A, v)
			case ir.OpCast:
				copies[in.Dst] = copies[in.A]
			case ir.OpStore:
				if copies[in.B] && s.stored(in, v, depth) {
					return true
				}
			case ir.OpRet, ir.OpYield:
				if copies[in.A] {
					return true
				}
			case ir.OpLambda:
				if slices.Contains(in.Vars, v) {
					return true
				}
			case ir.OpCall, ir.OpNewArray, ir.OpUnknown:
				if in.Call != nil && s.takes(in, v, copies) {
					return true
				}
			}
		}
	}
	return false
}

// in tells whether the address is that of v, or of a member of it in which the delegate lies.
func (s *structCopies) in(addr ir.Temp, v ir.VarID) bool {
	for d := s.c.f.Def(addr); d != nil; d = s.c.f.Def(d.A) {
		switch {
		case d.Op == ir.OpVarAddr:
			return d.Var == v
		case d.Op == ir.OpLoad: // the object that v refers to
		case d.Op != ir.OpMember || !slices.Contains(s.members, d.Name):
			return false
		}
	}
	return false
}

// stored tells whether a copy of v is stored in what is no local, or in one that has copies in turn.
func (s *structCopies) stored(in *ir.Instr, v ir.VarID, depth int) bool {
	a := s.c.f.Def(in.A)
	if a == nil || a.Op != ir.OpVarAddr || s.c.f.Var(a.Var).Kind != ir.VarLocal || depth > maxCopies {
		return true
	}
	return a.Var != v && s.leave(a.Var, depth+1)
}

// takes tells whether a call gets a copy of v, or its address, and may keep what it is given.
func (s *structCopies) takes(in *ir.Instr, v ir.VarID, copies map[ir.Temp]bool) bool {
	gets := func(t, addr ir.Temp) bool { return copies[t] || s.in(t, v) || s.in(addr, v) }
	given := in.Call.Recv != 0 && gets(in.Call.Recv, 0)
	for i := range in.Call.Args {
		a := &in.Call.Args[i]
		addr := a.Addr
		if a.Ref == ir.ByValue {
			addr = 0 // where the value comes from
		}
		given = given || gets(a.Val, addr)
	}
	return given && (in.Op != ir.OpCall || in != s.given && s.c.mayKeep(in))
}

// mayKeep tells whether a call goes to managed code that may keep what it is given, or keeps it alive.
func (c *callbacks) mayKeep(in *ir.Instr) bool {
	t := c.prog.Callee(c.f, in)
	if t.Import != nil || t.Native != nil || makesPointer(c.prog, t.MemberName) {
		return false
	}
	if role, _ := c.prog.DB.Role(t.MemberName); role == models.RoleKeepAlive {
		return true
	}
	typ, name := models.SplitMember(t.MemberName)
	return typ == "" || !c.prog.DB.DotNetBorrows(typ, name)
}
