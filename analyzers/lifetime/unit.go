package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// finishUnit settles what only the whole unit can tell: whether callers pin what they pass, and
// whether anything frees the handle in a field.
func (e *engine) finishUnit(res *Result) {
	e.dropPinnedByCallers(res)
	foreign := foreignFrees(res.Events)
	for _, ev := range res.Events {
		if ev.Kind == FieldAcquired && (ev.Obj.Kind == Pin || ev.Obj.Kind == GCHandle) {
			ev.Forgotten = e.forgotten(ev, foreign)
		}
	}
}

// dropPinnedByCallers drops addresses of parameters when they go back to the caller, or when some
// caller pins things.
func (e *engine) dropPinnedByCallers(res *Result) {
	suspect := map[*ir.Func]bool{}
	for _, ev := range res.Events {
		if ev.Kind == UnpinnedAddress && ev.ofParam {
			suspect[ev.Func] = false
		}
	}
	if len(suspect) == 0 {
		return
	}
	for _, f := range e.prog.Funcs() {
		if f.File.Lang == ir.CSharp {
			e.markPinned(f, suspect)
		}
	}
	res.Events = slices.DeleteFunc(res.Events, func(ev *Event) bool {
		return ev.Kind == UnpinnedAddress && ev.ofParam && (ev.returned || suspect[ev.Func])
	})
}

// markPinned sets suspect for those functions that f calls, if f pins something.
func (e *engine) markPinned(f *ir.Func, suspect map[*ir.Func]bool) {
	var called []*ir.Func
	for i := range f.Blocks {
		for j := range f.Blocks[i].Instrs {
			in := &f.Blocks[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			for _, g := range e.prog.Callee(f, in).Funcs {
				if _, ok := suspect[g]; ok {
					called = append(called, g)
				}
			}
		}
	}
	if len(called) == 0 || !e.pinsSomething(f) {
		return
	}
	for _, g := range called {
		suspect[g] = true
	}
}

// freer is where a handle that came from elsewhere is freed.
type freer struct {
	file  *ir.File
	owner string
}

func foreignFrees(events []*Event) map[freer]bool {
	out := map[freer]bool{}
	for _, ev := range events {
		if ev.Kind == ForeignFreed {
			out[freer{file: ev.Func.File}] = true
			out[freer{owner: ev.Func.Owner}] = true
		}
	}
	return out
}

// forgotten tells whether the field that ev stores a handle in is never read in a way through
// which the handle could be freed.
func (e *engine) forgotten(ev *Event, foreign map[freer]bool) bool {
	ref := e.prog.Member(ev.Func, ir.Type(ev.Owner), ev.Field)
	if ref.Kind != link.Field || ref.Field == nil || ref.Field.Flags&ir.Public != 0 {
		return false
	}
	for _, u := range e.prog.FieldUses(ref.Owner, ev.Field) {
		switch u.Kind {
		case link.UseStore:
		case link.UseLoad:
			if !e.harmless(u.Func, u.At.Dst, foreign, 0) {
				return false
			}
		default:
			if !e.borrows(u.Func, u.At) {
				return false
			}
		}
	}
	return true
}

// borrows tells whether in is a call or read of a member that leaves the handle as it is.
func (e *engine) borrows(f *ir.Func, in *ir.Instr) bool {
	name := ""
	switch in.Op {
	case ir.OpCall:
		name = e.prog.Callee(f, in).MemberName
	case ir.OpMember:
		t := e.prog.TypeOf(f, in.A)
		if in.Flags&ir.AddrOperand != 0 {
			t = e.prog.TypeOfPlace(f, in.A)
		}
		name = shortName(t) + "." + in.Name
	case ir.OpName:
		return true // the member of a dotted name is read by the load that follows
	}
	typ, member := models.SplitMember(name)
	return typ != "" && e.prog.DB.MemberRelease(typ, member) == nil && e.prog.DB.DotNetBorrows(typ, member)
}

// harmless tells whether nothing that f does with temp t can free the handle that t is. A number
// made of it for native code may come back: then something near the owner must not free handles.
func (e *engine) harmless(f *ir.Func, t ir.Temp, foreign map[freer]bool, depth int) bool {
	if depth > 4 {
		return false
	}
	for i := range f.Blocks {
		for j := range f.Blocks[i].Instrs {
			in := &f.Blocks[i].Instrs[j]
			used := false
			operands(in, func(x ir.Temp) { used = used || x == t })
			if !used || in.Op == ir.OpBin {
				continue
			}
			switch in.Op {
			case ir.OpCast:
				if !e.number(f, in.Type) || foreign[freer{file: f.File}] || foreign[freer{owner: f.Owner}] {
					return false
				}
			case ir.OpCall:
				if e.borrows(f, in) && in.Call.Recv == t {
					continue
				}
				role, _ := e.prog.DB.Role(e.prog.Callee(f, in).MemberName)
				if role != models.RoleSame || foreign[freer{file: f.File}] || foreign[freer{owner: f.Owner}] {
					return false
				}
			case ir.OpMember, ir.OpField:
				if !e.borrows(f, in) {
					return false
				}
			default:
				return false
			}
		}
	}
	return true
}

// number tells whether a type is one for raw addresses, as what native code gets of a handle.
func (e *engine) number(f *ir.Func, t ir.Type) bool {
	if info := e.prog.DB.DotNetType(string(e.prog.Underlying(f, t))); info != nil && info.Pointer {
		return true
	}
	switch t {
	case "nint", "nuint", "long", "ulong", "void*":
		return true
	}
	return false
}
