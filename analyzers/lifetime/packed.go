package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// What is packed with a NativeOverlapped is pinned until that is freed; here it is compared with
// the buffers that the operation gets.

// packs tells whether a member pins its last argument only: (callback, state, pinData) and the like.
func packs(m *models.Member) bool {
	n := len(m.Params)
	return n >= 2 && m.Params[n-1].Type == "object"
}

// packed is the data that a pack pins. known: these are all of it.
func (a *fnRun) packed(st *state, x *callCtx, m *models.Member) (vs []value, text string, known bool) {
	n := len(x.c.Args)
	switch {
	case n == 0:
		return nil, "", false
	case !packs(m) || n < 2:
		// A PreAllocatedOverlapped has the data of its own; a callback alone comes with none.
		if id := a.objectOf(st.temp(x.c.Args[0].Val)); id != 0 && a.objects[id].Kind == Pin {
			o := a.objects[id]
			return o.targets, o.Target, o.dataKnown
		}
		return nil, "", len(m.Params) == 1 && shortName(ir.Type(m.Params[0].Type)) == "IOCompletionCallback"
	}
	arg := x.c.Args[n-1].Val
	v := st.temp(arg)
	if null, ok := st.isNull(v); ok && null {
		return nil, "", true
	}
	vs = []value{v}
	if v.k == vAddr && a.t.regions[a.t.root(v.reg)].kind == rObject {
		// An array of numbers made here is itself what is pinned; one of objects holds others.
		known = numberArray(string(a.prog.TypeOf(a.f, arg)))
	}
	return vs, a.tempName(arg), known
}

// numberArray tells whether a C# type is an array of a built-in number type.
func numberArray(t string) bool {
	elem, ok := strings.CutSuffix(t, "[]")
	return ok && slices.Contains([]string{"byte", "sbyte", "char", "short", "ushort", "int", "uint", "long", "ulong", "nint", "nuint"}, elem)
}

// packDecides looks at the NativeOverlapped of an operation whose buffer u is unpinned at the end
// given. Where it is known what was packed with it, and the buffer is not among that, this is
// reported; where it is not known, the buffer may be packed. false: there is no such pack.
func (a *fnRun) packDecides(st *state, o ostate, u opUse, how How, end ir.Span, target string) bool {
	op := a.objects[o.id]
	if op.op.ov.k != vSym {
		return false
	}
	id := a.objectOf(op.op.ov)
	if id == 0 {
		return true // made somewhere else, perhaps with this buffer
	}
	pack := a.objects[id]
	if pack.Kind != NativeOverlapped {
		return pack.Kind != Memory
	}
	if !pack.dataKnown {
		return true
	}
	text := "unpinned here; it was not packed with the NativeOverlapped"
	po, _ := st.obj(id)
	steps := &Step{Prev: joinSteps(po.steps, o.steps), File: a.f.File, Span: end, Kind: StepEnd, Text: text}
	a.emit(Event{
		Kind: PinDataMismatch, How: how, Use: UseBuffer, Span: op.Span, End: end, Obj: pack, Op: op, API: op.API,
		Field: target, Steps: a.withBranches(steps, st.path, op.Span.Start), Cancelled: o.cancelled, TimedOut: o.timedOut,
		KnownAsync: op.op.knownAsync,
	})
	return true
}

// joinSteps puts the first step of head in front of the chain tail.
func joinSteps(head, tail *Step) *Step {
	list := head.List()
	if len(list) == 0 || slices.Contains(tail.List(), list[0]) {
		return tail
	}
	first := *list[0]
	first.Prev = nil
	return appendSteps(&first, tail)
}

// fieldOfThis tells whether r is a field of the object that the method runs on, and that object
// lies on the heap: a struct lies where its user put it.
func (a *fnRun) fieldOfThis(r regID) bool { return a.partOfThis(r, ir.TypeClass) }

// partOfThis tells whether r is a field of what the method runs on, which is of that kind.
func (a *fnRun) partOfThis(r regID, kind ir.TypeKind) bool {
	if a.t.regions[r].kind != rField {
		return false
	}
	g := a.t.regions[a.t.root(r)]
	if g.kind != rPointee || a.t.symbols[g.sym].kind != sInit || a.f.This == ir.NoVar {
		return false
	}
	at := a.t.symbols[g.sym].reg
	if at != a.t.varRegion(a.f.This) {
		return kind == ir.TypeStruct && a.holdsStruct(at) && a.partOfThis(at, kind)
	}
	d := a.prog.TypeDecl(a.f, ir.Type(a.f.Owner))
	return d != nil && d.Kind == kind
}

// holdsStruct tells whether r is a field of a type of the unit, and of a struct type itself: what lies in that lies in r.
func (a *fnRun) holdsStruct(r regID) bool {
	name, owner, _ := a.fieldOf(r)
	ref := a.prog.Member(a.f, ir.Type(owner), name)
	if ref.Field == nil {
		return false
	}
	d := a.prog.TypeDecl(a.f, ref.Field.Type)
	return d != nil && d.Kind == ir.TypeStruct
}

// staysInPlace tells whether what is passed by reference does not move: a local on the stack, or
// what a fixed statement or a pin holds.
func (a *fnRun) staysInPlace(st *state, v value) bool {
	if v.k != vAddr {
		return false
	}
	g := a.t.regions[a.t.root(v.reg)]
	return g.kind == rStack || g.kind == rVar && !a.onHeap(g.v) && a.isLocal(st, v.reg) || a.pinnedRegion(st, v)
}
