package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// callMember interprets a call of a member of the .NET library by its model.
func (a *fnRun) callMember(st *state, x *callCtx) []*state {
	switch a.prog.DB.DotNetThrows(x.tgt.MemberName) {
	case models.ThrowAlways:
		a.raise(x.b, st, true, x.in.Span)
		return nil
	case models.ThrowExit:
		return nil
	case models.ThrowConditional:
		a.raise(x.b, st.clone(), true, x.in.Span)
	}
	if a.startTask(st, x) {
		return one(st)
	}
	if out, ok := a.waitMember(st, x); ok {
		return out
	}
	if x.c.New && len(x.c.Args) == 0 && a.prog.IsStruct(a.f, x.c.Type) {
		a.newValue(st, x)
		return one(st)
	}
	m := models.Overload(x.tgt.Members, a.memberArgs(x))
	if m == nil {
		if a.releaseByMember(st, x) {
			return one(st)
		}
		return a.otherMember(st, x)
	}
	switch m.Kind {
	case models.KindPin, models.KindGCHandle, models.KindNativeAlloc, models.KindNativeOverlapped, models.KindPool, models.KindNativeHandle, models.KindPinnedAlloc:
		a.acquireMember(st, x, m)
	case models.KindLock:
		if !a.locks(st, x, m) {
			return a.otherMember(st, x)
		}
		a.acquireMember(st, x, m)
	case models.KindRelease, models.KindPoolReturn:
		a.releaseMember(st, x, m)
	case models.KindAddressOfPin:
		a.addressOfPin(st, x)
	case models.KindNeedsPinned, models.KindRefToPointer, models.KindRefOnly:
		a.unpinnedAddress(st, x, m)
	case models.KindEscape, models.KindRecover, models.KindKeepAlive, models.KindPointerToRef:
		st.setTemp(x.in.Dst, a.firstOperand(st, x))
	case models.KindHandleBorrow:
		st.setTemp(x.in.Dst, a.borrowed(st, x, m))
	case models.KindHandleOwn, models.KindNativeRealloc:
		return a.callUnknown(st, x)
	case models.KindHandleDuplicate:
		a.duplicatedInline(st, x)
		a.borrowMember(st, x)
	case models.KindCopy, models.KindPointerCall, models.KindQuery, models.KindBind, models.KindPointerBorrow, models.KindAddress:
		a.borrowMember(st, x)
	default:
		return a.otherMember(st, x)
	}
	return one(st)
}

// otherMember: a member without a model of its own borrows if the models say so of its type.
func (a *fnRun) otherMember(st *state, x *callCtx) []*state {
	typ, name := models.SplitMember(x.tgt.MemberName)
	if a.prog.DB.DotNetBorrows(typ, name) {
		a.borrowMember(st, x)
		return one(st)
	}
	if a.releaseByMember(st, x) {
		return one(st)
	}
	return a.callUnknown(st, x)
}

// borrowMember: the call uses its operands and keeps nothing.
func (a *fnRun) borrowMember(st *state, x *callCtx) {
	for i := range x.c.Args {
		arg := &x.c.Args[i]
		if v := st.temp(arg.Val); arg.Ref == ir.ByOut || arg.Ref == ir.ByRef {
			a.writtenThrough(st, v, x.in, i)
		}
	}
	if x.c.New {
		a.newValue(st, x)
		return
	}
	st.setTemp(x.in.Dst, symVal(a.fresh(st, x.in, roleResult)))
}

func (a *fnRun) firstOperand(st *state, x *callCtx) value {
	if len(x.c.Args) > 0 {
		return st.temp(x.c.Args[0].Val)
	}
	return x.recv
}

// memberArgs describes the arguments for choosing an overload.
func (a *fnRun) memberArgs(x *callCtx) []models.Arg {
	out := make([]models.Arg, len(x.c.Args))
	for i := range x.c.Args {
		arg := &x.c.Args[i]
		out[i] = models.Arg{Name: arg.Name, Type: string(a.prog.TypeOf(a.f, arg.Val)), Const: a.constText(arg.Val)}
	}
	return out
}

// constText is a constant argument as it is written ("GCHandleType.Pinned", "true"), "" if it is none.
func (a *fnRun) constText(t ir.Temp) string {
	d := a.f.Def(t)
	if d != nil && d.Op == ir.OpLoad {
		d = a.f.Def(d.A)
	}
	if d == nil {
		return ""
	}
	switch {
	case d.Op == ir.OpName:
		return d.Name
	case d.Op == ir.OpConst && d.Const == ir.ConstBool:
		return map[bool]string{true: "true", false: "false"}[d.Int != 0]
	}
	return ""
}

// acquireMember makes the object of a .NET acquisition.
func (a *fnRun) acquireMember(st *state, x *callCtx, m *models.Member) {
	sym := a.fresh(st, x.in, roleResult)
	st.assume(sym, ir.Ne, 0)
	st.setTemp(x.in.Dst, symVal(sym))
	o := Object{API: m.Type + "." + m.Name, Member: m, Release: m.Release, InLoop: a.flow.inLoop[x.b.ID]}
	if m.Name == ".ctor" {
		o.API = "new " + m.Type
	}
	text := "allocated by " + o.API
	switch m.Kind {
	case models.KindPin:
		o.Kind, text = Pin, "pinned by "+o.API
		if o.targets, o.Target = a.pinTargets(st, x); packs(m) {
			o.targets, o.Target, o.dataKnown = a.packed(st, x, m)
		}
	case models.KindGCHandle:
		o.Kind, text = GCHandle, "GC handle made by "+o.API
		o.targets, o.Target = a.pinTargets(st, x)
	case models.KindNativeAlloc:
		o.Kind = Memory
	case models.KindNativeOverlapped:
		o.Kind = NativeOverlapped
		o.targets, o.Target, o.dataKnown = a.packed(st, x, m)
	case models.KindPool:
		o.Kind, text = Pooled, "rented by "+o.API
	case models.KindNativeHandle:
		o.Kind, text = Handle, "made by "+o.API
		if givenBack(m) {
			o.targets = []value{x.recv}
		}
	case models.KindLock:
		o.Kind, text = Handle, "locked by "+o.API
		o.targets = []value{x.recv}
	case models.KindPinnedAlloc:
		o.Kind = POHArray
	}
	o.targetLocal = a.targetsLocal(st, o.targets)
	o.targetArray = len(x.c.Args) > 0 && isArray(a.prog.TypeOf(a.f, x.c.Args[0].Val))
	id := a.newObject(st, x.in, 0, sym, o, a.step(nil, x.in, StepPin, text))
	if m.Kind == models.KindGCHandle {
		if a.rootsCallback(x) {
			st.change(id, func(s *ostate) { s.st = stEscaped })
		}
		// What a GC handle refers to can be reached through it.
		for i := range x.c.Args {
			a.escapeArg(st, &x.c.Args[i], x.in)
		}
	}
}

// pinTargets are the values that a pin or pack holds: its arguments, or the receiver of Pin().
func (a *fnRun) pinTargets(st *state, x *callCtx) (vs []value, text string) {
	if len(x.c.Args) == 0 {
		if x.c.Recv != 0 {
			text = a.tempName(x.c.Recv)
		}
		return []value{x.recv}, text
	}
	for i := range x.c.Args {
		v := st.temp(x.c.Args[i].Val)
		vs = append(vs, v)
		if i == 0 {
			text = a.tempName(x.c.Args[i].Val)
		}
		if v.k == vAddr {
			for _, bd := range st.store {
				if bd.reg != v.reg && a.t.within(bd.reg, v.reg) {
					vs = append(vs, bd.v)
				}
			}
		}
	}
	return vs, text
}

// targetsLocal tells whether what is pinned was made in this function.
func (a *fnRun) targetsLocal(st *state, vs []value) bool {
	return slices.ContainsFunc(vs, func(v value) bool { return v.k == vAddr && a.t.regions[v.reg].kind == rObject })
}

// releaseMember applies a release that the models list as a member of its own.
func (a *fnRun) releaseMember(st *state, x *callCtx, m *models.Member) {
	v, place := x.recv, a.placeOf(x.recvPlace)
	if len(x.c.Args) > 0 && (m.Kind == models.KindPoolReturn || x.c.Recv == 0 && x.tgt.RecvPath == "" || a.ownRelease(st, x)) {
		v, place = st.temp(x.c.Args[0].Val), a.placeOf(st.temp(x.c.Args[0].Addr))
	} else if out := a.handedOut(st, x, m); out.k != vUnknown {
		v, place = out, 0
	}
	a.release(st, x, releaseBy{api: m.Type + "." + m.Name, member: m, noop: a.ignores(m), using: x.in.Flags&ir.Implicit != 0}, v, place)
}

// ownRelease: the argument, not the receiver, is what is released (pool.Return, boundHandle.FreeNativeOverlapped).
func (a *fnRun) ownRelease(st *state, x *callCtx) bool {
	id := a.objectOf(st.temp(x.c.Args[0].Val))
	return id != 0 || a.objectOf(x.recv) == 0
}

func (a *fnRun) placeOf(v value) regID {
	if v.k == vAddr {
		return v.reg
	}
	return 0
}

// releaseByMember applies releases that are only named in the release lists of acquisitions:
// GCHandle.Free, MemoryHandle.Dispose, Marshal.FreeHGlobal.
func (a *fnRun) releaseByMember(st *state, x *callCtx) bool {
	typ, name := models.SplitMember(x.tgt.MemberName)
	rel := a.prog.DB.MemberRelease(typ, name)
	if rel == nil {
		return false
	}
	m := &models.Member{Type: typ, Name: name, Kind: models.KindRelease}
	v, place := x.recv, a.placeOf(x.recvPlace)
	if rel.Arg >= 0 {
		if rel.Arg >= len(x.c.Args) {
			return false
		}
		v, place = st.temp(x.c.Args[rel.Arg].Val), a.placeOf(st.temp(x.c.Args[rel.Arg].Addr))
	}
	a.release(st, x, releaseBy{api: typ + "." + name, member: m, noop: a.ignores(m), using: x.in.Flags&ir.Implicit != 0}, v, place)
	st.setTemp(x.in.Dst, symVal(a.fresh(st, x.in, roleResult)))
	return true
}

// ignores are the values that a .NET release does nothing with.
func (a *fnRun) ignores(m *models.Member) []int64 {
	if rel := a.prog.DB.MemberRelease(m.Type, m.Name); rel != nil && rel.Strict {
		return nil
	}
	return []int64{0}
}

// addressSym is the symbol for an address that in takes from a pin: one for each pin, because
// paths may come to one place with different pins.
func (a *fnRun) addressSym(st *state, in *ir.Instr, id objID) symID {
	return a.fresh(st, in, roleAddress+int16(id%10000))
}

// addressOfPin: the address that a pin gives is an alias into the pinned memory.
func (a *fnRun) addressOfPin(st *state, x *callCtx) {
	id := a.objectOf(x.recv)
	s := a.addressSym(st, x.in, id)
	st.assume(s, ir.Ne, 0)
	st.setTemp(x.in.Dst, symVal(s))
	if id == 0 {
		a.addressInField(x)
		return
	}
	a.addrOf.set(s, id)
	obj := a.objects[id]
	if o, ok := st.obj(id); ok {
		o.addrRead = true
		st.setObj(o)
		if obj.Kind == GCHandle {
			a.emit(Event{Kind: UnpinnedAddress, How: NormalHandle, Span: x.in.Span, Obj: obj, API: x.tgt.MemberName,
				Steps: a.step(o.steps, x.in, StepEnd, "its address is taken, but the handle does not pin").List()})
		}
		if o.st == stReleased {
			a.emit(Event{Kind: AddressAfterFree, Span: x.in.Span, Obj: obj, API: x.tgt.MemberName,
				Steps: a.step(o.steps, x.in, StepEnd, "its address is taken after it was freed").List()})
		}
	}
}

// execFixed pins for the extent of a fixed block.
func (a *fnRun) execFixed(st *state, in *ir.Instr) {
	of := a.arrayOfElement(in.A)
	v := st.temp(of)
	a.readInPin(st, v)
	s := a.fresh(st, in, roleResult)
	id := a.newObject(st, in, 0, 0, Object{
		Kind: FixedPin, API: "fixed", Var: a.f.Var(in.Var).Name, Target: a.tempName(of), targets: []value{v},
		targetArray: isArray(a.prog.TypeOf(a.f, of)),
	}, a.step(nil, in, StepPin, "pinned by the fixed statement"))
	a.addrOf.set(s, id)
	st.setTemp(in.Dst, symVal(s))
	st.bind(a.t.varRegion(in.Var), symVal(s))
	a.objects[id].movableTarget = a.movableTarget(st, of, v)
}

// arrayOfElement is the array that is pinned by the address t of one of its elements, or of a member of one (&b[0]); else t.
func (a *fnRun) arrayOfElement(t ir.Temp) ir.Temp {
	for d := a.f.Def(t); d != nil && (d.Op == ir.OpField || d.Op == ir.OpElem || d.Op == ir.OpMember && d.Flags&ir.AddrOperand != 0); d = a.f.Def(d.A) {
		if t := a.prog.TypeOf(a.f, d.A); d.Op == ir.OpElem && (isArray(t) || strings.HasSuffix(string(t), ",]")) {
			return d.A
		}
	}
	return t
}

// movableTarget tells whether what fixed pins can move at all: native memory, stack memory and
// arrays of the pinned object heap cannot, and pinning them has no effect.
func (a *fnRun) movableTarget(st *state, of ir.Temp, v value) bool {
	if v.k == vAddr {
		switch g := a.t.regions[a.t.root(v.reg)]; g.kind {
		case rStack, rVar:
			return false
		case rPointee:
			if id := a.symObj.of(g.sym); id != 0 && a.objects[id].Kind == Memory {
				return false
			}
			if a.fieldOfThis(v.reg) {
				return true
			}
		}
	}
	if id := a.objectOf(v); id != 0 && (a.objects[id].Kind == POHArray || a.objects[id].Kind == Memory) {
		return false
	}
	if a.staticData(of) || a.pinnedField(v) {
		return false
	}
	t := string(a.prog.TypeOf(a.f, of))
	if v.k == vSym && isBufferInside(t) && a.partOfThis(a.t.symbols[v.sym].reg, ir.TypeStruct) {
		return false // only who uses the struct knows where it lies; often that is native memory
	}
	if strings.HasSuffix(t, "*") || t == "string" || t == "String" {
		return false
	}
	return true
}

// isBufferInside tells whether t is the type of a fixed-size buffer, "float[4]", which lies inside of its struct.
func isBufferInside(t string) bool {
	return strings.HasSuffix(t, "]") && !strings.HasSuffix(t, "[]") && !strings.HasSuffix(t, ",]")
}

// execUnfix ends a fixed block: what operations still use is unpinned now.
func (a *fnRun) execUnfix(st *state, in *ir.Instr) {
	for _, o := range slices.Clone(st.objs) {
		obj := a.objects[o.id]
		if obj.Kind != FixedPin || o.st == stReleased || obj.Var != a.f.Var(in.Var).Name {
			continue
		}
		if v, ok := st.binding(a.t.varRegion(in.Var)); ok && (v.k != vSym || a.addrOf.of(v.sym) != o.id) {
			continue
		}
		o.st = stReleased
		st.setObj(o)
		if obj.movableTarget {
			a.unfixedPending(st, o, in)
			a.escapesFixed(st, o, in)
		}
	}
}

func (a *fnRun) unfixedPending(st *state, pin ostate, in *ir.Instr) {
	obj := a.objects[pin.id]
	for _, o := range st.objs {
		op := a.objects[o.id]
		if op.Kind != Operation || o.st != stPending || !a.alive(st, op) {
			continue
		}
		for _, u := range op.op.uses {
			if u.v.k != vSym || a.addrOf.of(u.v.sym) != pin.id {
				continue
			}
			if a.heldByOther(st, pin.id, obj.targets) {
				continue
			}
			if u.use == UseBuffer && op.op.keep == nil && a.packDecides(st, o, u, AtUnfix, in.Span, obj.Target) {
				continue
			}
			a.operationEvent(st, o, u, AtUnfix, in.Span, false)
		}
	}
}

// heldByOther tells whether another pin, or the pack of a NativeOverlapped, holds one of vs too.
func (a *fnRun) heldByOther(st *state, pin objID, vs []value) bool {
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if o.id == pin || o.st == stReleased || obj.Kind != Pin && obj.Kind != NativeOverlapped && obj.Kind != FixedPin {
			continue
		}
		for _, v := range vs {
			if slices.ContainsFunc(obj.targets, func(t value) bool {
				return sameStorage(t, v) || t.k == vAddr && v.k == vAddr && a.t.root(t.reg) == a.t.root(v.reg)
			}) {
				return true
			}
		}
	}
	return false
}

// holdsAddress tells whether objects of the type work on the memory that their constructor is given.
func (a *fnRun) holdsAddress(t ir.Type) bool {
	role, _ := a.prog.DB.Role(shortName(t) + "..ctor")
	return role == models.RoleSame
}

// pinAddressReturned: the function returns an address that its pin keeps valid no longer.
func (a *fnRun) pinAddressReturned(st *state, pin objID, at ir.Span) {
	obj := a.objects[pin]
	o, _ := st.obj(pin)
	end := &Step{Prev: o.steps, File: a.f.File, Span: at, Kind: StepEnd}
	switch {
	case obj.Kind == FixedPin && obj.movableTarget && (isAddress(a.f.Ret) || obj.targetArray && a.holdsAddress(a.f.Ret)) && !a.advances():
		end.Text = "the pointer is returned, the fixed block has ended"
		a.emit(Event{Kind: PinnedPointerEscapes, How: AtReturn, Span: at, Obj: obj, Field: obj.Target, Steps: end.List()})
	case obj.Kind == Pin && o.st == stReleased:
		end.Text = "the address is returned, the pin was freed"
		a.emit(Event{Kind: AddressAfterFree, How: AtReturn, Span: at, Obj: obj, Steps: end.List()})
	}
}
