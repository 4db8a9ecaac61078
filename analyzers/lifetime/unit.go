package lifetime

import (
	"maps"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// finishUnit settles what only the whole unit can tell: whether callers pin what they pass, and
// whether anything frees the handle in a field.
func (e *engine) finishUnit(res *Result) {
	e.dropPinnedByCallers(res)
	e.forgottenHandles(res)
	e.unfreedBlocks(res)
	e.lastErrors(res)
	e.lengths(res)
	e.collectedOwners(res)
	e.keptCallbacks(res)
	e.untestedRefs(res)
	res.Events = slices.DeleteFunc(res.Events, func(ev *Event) bool {
		return ev.Kind == PinnedPointerEscapes && ev.How == AtUnfix && e.scoped(ev.Func) && !e.readElsewhere(ev)
	})
	for _, ev := range res.Events {
		if ev.Kind == FieldAcquired && e.scoped(ev.Func) && (ev.Obj.Kind == Pin || ev.Obj.Kind == GCHandle) {
			ev.Forgotten, ev.How = e.forgotten(ev, res.Events)
		}
	}
}

// readElsewhere tells whether some function reads the field that holds a fixed pointer without
// setting it first. Where each user sets it anew, as in structs of arguments for native code,
// what is left in it harms nobody.
func (e *engine) readElsewhere(ev *Event) bool {
	ref := e.prog.Member(ev.Func, ir.Type(ev.Owner), ev.Field)
	if ref.Kind == link.Prop {
		return ref.Getter == nil // auto property: its readers are not indexed
	}
	if ref.Kind != link.Field {
		return false
	}
	sets, reads := map[*ir.Func]bool{}, map[*ir.Func]bool{}
	for _, u := range e.prog.FieldUses(ref.Owner, ev.Field) {
		if u.Kind == link.UseStore {
			sets[u.Func] = true
		} else {
			reads[u.Func] = true
		}
	}
	for f := range reads {
		if !sets[f] {
			return true
		}
	}
	return false
}

// dropPinnedByCallers drops addresses of parameters when they go back to the caller, or when some
// caller pins things.
func (e *engine) dropPinnedByCallers(res *Result) {
	suspect := map[*ir.Func]bool{}
	for _, ev := range res.Events {
		if ev.Kind == UnpinnedAddress && ev.ofParam && e.scoped(ev.Func) {
			suspect[ev.Func] = false
		}
	}
	if len(suspect) == 0 {
		return
	}
	for _, f := range e.mayCall(slices.Collect(maps.Keys(suspect))) {
		if f.File.Lang == ir.CSharp {
			e.markPinned(f, suspect)
		}
	}
	res.Events = slices.DeleteFunc(res.Events, func(ev *Event) bool {
		return ev.Kind == UnpinnedAddress && ev.ofParam && e.scoped(ev.Func) && (ev.returned || suspect[ev.Func])
	})
}

// markPinned sets suspect for those functions that f calls, if f pins something.
func (e *engine) markPinned(f *ir.Func, suspect map[*ir.Func]bool) {
	var called []*ir.Func
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
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

// forgotten tells whether nothing in the unit can free the handle that ev stores in a field. How
// is AtOverwrite when a setter frees, but only what it replaces.
func (e *engine) forgotten(ev *Event, events []*Event) (bool, How) {
	ref := e.prog.Member(ev.Func, ir.Type(ev.Owner), ev.Field)
	if ev.Obj.freedHere || ref.Kind != link.Field || ref.Field == nil || ref.Field.Flags&ir.Public != 0 {
		return false, ""
	}
	var setter *ir.Func
	if ev.Func.Kind == ir.FuncSetter && !e.cleared(ev.Func) {
		setter = ev.Func
	}
	if releasedElsewhere(ev, setter, events) {
		return false, ""
	}
	u := handleUses{e: e, foreign: freesNearby(ev.Func, setter, events)}
	how := How("")
	for _, use := range e.prog.FieldUses(ref.Owner, ev.Field) {
		switch {
		case use.Func == setter:
			how = AtOverwrite
		case use.Kind == link.UseStore:
		case memberAfter(use.Addr, ev.Field) != "":
			if !e.borrowedMember(ref.Type, memberAfter(use.Addr, ev.Field)) {
				return false, ""
			}
		case use.Kind == link.UseLoad && u.harmless(use.Func, use.At.Dst, 0):
		case use.Kind != link.UseLoad && e.borrows(use.Func, use.At):
		default:
			return false, ""
		}
	}
	return true, how
}

// releasedElsewhere tells whether some function but the setter releases what lies in the field, itself
// or by a helper that it gives it to.
func releasedElsewhere(ev *Event, setter *ir.Func, events []*Event) bool {
	return slices.ContainsFunc(events, func(r *Event) bool {
		return r.Kind == FieldReleased && r.Field == ev.Field && r.Owner == ev.Owner && r.Func != setter
	})
}

// freesNearby tells whether some function of the type or file of f, but not the setter itself,
// frees a handle that it did not make: one that native code handed back.
func freesNearby(f, setter *ir.Func, events []*Event) bool {
	return slices.ContainsFunc(events, func(ev *Event) bool {
		return ev.Kind == ForeignFreed && ev.Func != setter && (ev.Func.File == f.File || ev.Func.Owner == f.Owner)
	})
}

// cleared tells whether the unit stores null to a property of the setter's name, by which the
// setter frees the last handle.
func (e *engine) cleared(setter *ir.Func) bool {
	name := strings.TrimPrefix(setter.Name, "set_")
	e.prog.Unread.Uses([]ir.Word{ir.WordOf(name)}, lastDot(setter.Owner))
	for _, f := range e.prog.Naming([]ir.Word{ir.WordOf(name)}) {
		for i := range f.Blocks() {
			for j := range f.Blocks()[i].Instrs {
				in := &f.Blocks()[i].Instrs[j]
				if in.Op != ir.OpStore {
					continue
				}
				d, v := f.Def(in.A), f.Def(in.B)
				if d != nil && v != nil && v.Op == ir.OpConst && (d.Op == ir.OpMember || d.Op == ir.OpField || d.Op == ir.OpName) && lastDot(d.Name) == name {
					return true
				}
			}
		}
	}
	return false
}

// borrows tells whether in is a call or read of a member that leaves the handle as it is.
func (e *engine) borrows(f *ir.Func, in *ir.Instr) bool {
	name := ""
	switch in.Op {
	case ir.OpCall:
		name = e.prog.Callee(f, in).MemberName
	case ir.OpMember, ir.OpField:
		name = shortName(e.prog.TypeOfOwner(f, in)) + "." + in.Name
	}
	typ, member := models.SplitMember(name)
	return e.borrowedMember(ir.Type(typ), member)
}

// borrowedMember tells whether a member of a type leaves the handle as it is.
func (e *engine) borrowedMember(t ir.Type, member string) bool {
	typ := shortName(t)
	return typ != "" && e.prog.DB.MemberRelease(typ, member) == nil && e.prog.DB.DotNetBorrows(typ, member)
}

// memberAfter is the member that follows the field in a dotted name ("IsAllocated" of
// "this.handle.IsAllocated"), "" when the name ends with the field or is no dotted name.
func memberAfter(in *ir.Instr, field string) string {
	if in.Op != ir.OpName {
		return ""
	}
	words := strings.Split(in.Name, ".")
	if i := slices.Index(words, field); i >= 0 && i+1 < len(words) {
		return words[i+1]
	}
	return ""
}

// handleUses judges what functions do with a GC handle.
type handleUses struct {
	e       *engine
	foreign bool // a number that was made of the handle may be turned back and freed
}

// harmless tells whether nothing that f does with temp t can free the handle that t is.
func (u *handleUses) harmless(f *ir.Func, t ir.Temp, depth int) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			used := false
			operands(in, func(x ir.Temp) { used = used || x == t })
			if used && !u.harmlessIn(f, in, t, depth) {
				return false
			}
		}
	}
	return true
}

func (u *handleUses) harmlessIn(f *ir.Func, in *ir.Instr, t ir.Temp, depth int) bool {
	switch in.Op {
	case ir.OpBin:
		return isComparison(in.Sub)
	case ir.OpCast:
		return depth < 6 && u.harmless(f, in.Dst, depth+1)
	case ir.OpMember, ir.OpField:
		return u.e.borrows(f, in)
	case ir.OpCall:
		if in.Call.Recv == t && u.e.borrows(f, in) {
			return true
		}
		if role, _ := u.e.prog.DB.Role(u.e.prog.Callee(f, in).MemberName); role == models.RoleSame {
			return depth < 6 && u.harmless(f, in.Dst, depth+1)
		}
		return u.cookie(f, t)
	case ir.OpStore:
		return u.cookie(f, t)
	}
	return false
}

// cookie tells whether t is but a number that nobody near turns back into a handle to free it.
func (u *handleUses) cookie(f *ir.Func, t ir.Temp) bool {
	switch t := u.e.prog.TypeOf(f, t); t {
	case "nint", "nuint", "IntPtr", "UIntPtr", "long", "ulong":
		return !u.foreign
	default:
		return strings.HasSuffix(string(t), "*") && !u.foreign
	}
}
