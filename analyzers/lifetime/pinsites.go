package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// PinSite is one place at which something is pinned, and what becomes of the pin over all paths
// that were followed. It is a fact for an inventory, no finding. Several of the booleans can hold:
// one path frees the pin, another stores it.
type PinSite struct {
	Obj  *Object // Pin, FixedPin, NativeOverlapped (what is packed with it) or POHArray
	Func *ir.Func
	Type ir.Type // static type of what is pinned, canonical; "" when it cannot be told

	Released  bool // in the function itself
	Leaked    bool // on some path its last reference goes while it is in force
	Returned  bool // the caller has it
	HandedOn  bool // somebody has it who is not looked at
	Operation bool // an overlapped operation uses what is pinned
	Array     bool // what is pinned is an array or a list of arrays

	// Field, Owner and Static name the member that it is stored in; Field is "" if none.
	Field, Owner string
	Static       bool
}

// pinSite is the site of an object that pins, made at need; nil for other objects, and for pins
// that a callee makes: those are sites of the callee.
func (a *fnRun) pinSite(id objID) *PinSite {
	obj := a.objects[id]
	switch obj.Kind {
	case Pin, FixedPin, NativeOverlapped, POHArray:
	default:
		return nil
	}
	if obj.ViaCall != nil || obj.Func != a.f {
		return nil
	}
	s := a.pinSites[obj.site]
	if s == nil {
		s = &PinSite{Obj: obj, Func: a.f, Array: obj.targetArray || obj.Kind == POHArray}
		a.pinSites[obj.site] = s
	}
	return s
}

// pinnedType is the type of what in pins: the operand of fixed, the receiver of Pin(), the first
// argument of Alloc, the last one of a pack.
func (a *fnRun) pinnedType(in *ir.Instr) ir.Type {
	switch {
	case in.Op == ir.OpFixed:
		return a.prog.TypeOf(a.f, in.A)
	case in.Call == nil:
		return ""
	case len(in.Call.Args) == 0:
		return a.prog.TypeOf(a.f, in.Call.Recv)
	}
	t := a.prog.Callee(a.f, in)
	if len(t.Members) > 0 && packs(t.Members[0]) {
		return a.prog.TypeOf(a.f, in.Call.Args[len(in.Call.Args)-1].Val)
	}
	if len(in.Call.TypeArgs) > 0 {
		return in.Call.TypeArgs[0] + "[]" // AllocateArray<T>
	}
	return a.prog.TypeOf(a.f, in.Call.Args[0].Val)
}

// pinsOperation remembers that an operation uses what these pins hold.
func (a *fnRun) pinsOperation(op *opInfo) {
	for _, u := range op.uses {
		if u.v.k != vSym {
			continue
		}
		if id := a.addrOf.of(u.v.sym); id != 0 {
			if s := a.pinSite(id); s != nil {
				s.Operation = true
			}
		}
	}
}

// notePinSite adds what became of a pin on the path that ends here.
func (a *fnRun) notePinSite(st *state, o ostate, how How) {
	s := a.pinSite(o.id)
	if s == nil {
		return
	}
	obj := a.objects[o.id]
	switch {
	case o.st == stReleased:
		s.Released = true
	case o.stored != 0:
		if field, owner, static := a.fieldOf(o.stored); field != "" && s.Field == "" {
			s.Field, s.Owner, s.Static = field, owner, static
		} else if field == "" {
			s.HandedOn = true
		}
	case obj.sym != 0 && st.ret.k == vSym && st.ret.sym == obj.sym && how == AtReturn:
		s.Returned = true
	case o.st == stEscaped || o.shared:
		s.HandedOn = true
	case o.st == stOwned && how == AtReturn:
		s.Leaked = true
	}
}

// sites lists the pin sites of the function by place.
func (a *fnRun) sites() []*PinSite {
	keys := make([]int32, 0, len(a.pinSites))
	for k := range a.pinSites {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := make([]*PinSite, len(keys))
	for i, k := range keys {
		out[i] = a.pinSites[k]
	}
	return out
}
