package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// getProperty: a load from a place that is a property with a body is a call of its getter.
func (a *fnRun) getProperty(b *ir.Block, in *ir.Instr, st *state, r regID) ([]*state, bool) {
	if a.f.File.Lang != ir.CSharp {
		return nil, false
	}
	d := a.f.Def(in.A)
	if d == nil || d.Op != ir.OpMember && d.Op != ir.OpName {
		return nil, false
	}
	ref, typ := a.memberRef(d)
	x := &callCtx{b: b, in: in, c: &ir.Call{Name: "get_" + d.Name}, tgt: &link.Target{}}
	x.recv = a.receiverOf(st, d, r)
	if role := a.statusRole(x.recv, lastDot(d.Name)); role != models.RoleNone {
		return a.execStatusRole(st, x, role, x.recv)
	}
	if a.objectOf(x.recv) != 0 && lastDot(d.Name) == "HasValue" {
		role, op := a.prog.DB.Role("Nullable.HasValue")
		return a.execRole(st, x, role, op)
	}
	if role, op := a.handleRole(x, typ, d.Name); role == models.RoleInvalid || role == models.RoleClosed {
		return a.execRole(st, x, role, op) // a handle type knows its own failure values
	}
	if ref.Kind == link.Prop && ref.Getter != nil {
		x.tgt.Funcs, x.tgt.Complete = []*ir.Func{ref.Getter}, ref.Getter.Flags&(ir.Virtual|ir.Abstract) == 0
		if !x.tgt.Complete {
			return nil, false
		}
		return a.callBodies(st, x), true
	}
	name := typ + "." + lastDot(d.Name)
	x.tgt.MemberName = name
	if role, op := a.prog.DB.Role(name); role != models.RoleNone {
		out, ok := a.execRole(st, x, role, op)
		a.ownershipAfter(st, x, name)
		return out, ok
	}
	if role, op := a.baseRole(typ, d.Name); role != models.RoleNone {
		return a.execRole(st, x, role, op)
	}
	if ms := a.prog.DB.DotNet(name); len(ms) > 0 && typ != "" {
		x.tgt.Members = ms
		out := a.callMember(st, x)
		a.ownershipAfter(st, x, name)
		return out, true
	}
	return nil, false
}

// setProperty: a store to a property with a body is a call of its setter.
func (a *fnRun) setProperty(b *ir.Block, in *ir.Instr, st *state, r regID, v value) ([]*state, bool) {
	if a.f.File.Lang != ir.CSharp {
		return nil, false
	}
	d := a.f.Def(in.A)
	if d == nil || d.Op != ir.OpMember && d.Op != ir.OpName {
		return nil, false
	}
	ref, _ := a.memberRef(d)
	if ref.Kind != link.Prop || ref.Setter == nil {
		return nil, false
	}
	x := &callCtx{b: b, in: in, c: &ir.Call{Name: "set_" + d.Name}, tgt: &link.Target{}}
	x.recv = a.receiverOf(st, d, r)
	x.tgt.Funcs, x.tgt.Complete = []*ir.Func{ref.Setter}, ref.Setter.Flags&(ir.Virtual|ir.Abstract) == 0
	arg := ir.Arg{Val: in.B, Span: in.Span}
	x.c.Args = []ir.Arg{arg}
	x.args = []*ir.Arg{&x.c.Args[0]}
	return a.callBodies(st, x), true
}
