package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// roleAddress is the first role of addresses taken from pins.
const roleAddress int16 = 20000

// guard counts the states that reach one release: with nothing to release, and with something.
type guard struct {
	absent, present bool
	event           Event
}

// structRelease is how the .NET member that releases treats its receiver; the zero value for
// others.
func (a *fnRun) structRelease(by releaseBy) models.MemberRelease {
	if by.member == nil {
		return models.MemberRelease{Arg: -1}
	}
	if r := a.prog.DB.MemberRelease(by.member.Type, by.member.Name); r != nil {
		return *r
	}
	return models.MemberRelease{Arg: -1}
}

// noteGuard remembers whether a release is reached with something to release. absent: v is known
// to be zero, because it was tested or set.
func (a *fnRun) noteGuard(st *state, x *callCtx, by releaseBy, v value, place regID) {
	if by.steps != nil || by.using || place == 0 {
		return
	}
	n, known := st.number(v)
	site := a.site(x.in)
	g := a.guards[site]
	if g == nil {
		g = &guard{}
		a.guards[site] = g
	}
	if !known || n != 0 || v.k == vInt && !a.structRelease(by).Strict || v.k == vSym && a.t.symbols[v.sym].kind != sInit {
		g.present = true
		return
	}
	if !g.absent {
		g.absent = true
		g.event = Event{Kind: InvertedGuard, Span: x.in.Span, API: by.api, Field: a.regionName(place), ByNative: a.byNative(by),
			Steps: a.withBranches(a.step(nil, x.in, StepEnd, "released only here, where there is nothing to release"), st.path, 0)}
	}
}

// finishGuards reports releases that no state reaches with something to release.
func (a *fnRun) finishGuards() {
	sites := make([]int32, 0, len(a.guards))
	for s := range a.guards {
		sites = append(sites, s)
	}
	slices.Sort(sites)
	for _, s := range sites {
		if g := a.guards[s]; g.absent && !g.present && !a.bound {
			a.emit(g.event)
		}
	}
}

// freedAgain reports the second release of a struct that the first one zeroed, in the same place.
func (a *fnRun) freedAgain(st *state, x *callCtx, by releaseBy, place regID) bool {
	if place == 0 || !a.structRelease(by).Strict {
		return false
	}
	for _, o := range st.objs {
		if o.st != stReleased || o.freedAt != place {
			continue
		}
		a.emit(Event{Kind: DoubleRelease, Span: x.in.Span, Obj: a.objects[o.id], API: by.api, Field: a.regionName(place),
			Steps: a.withBranches(a.step(o.steps, x.in, StepEnd, "released again by "+by.api), st.path, a.objects[o.id].Span.Start)})
		return true
	}
	return false
}

// refilled: the struct in r has a new value, so that releasing it is no second release of the old one.
func (a *fnRun) refilled(st *state, r regID) {
	for i, o := range st.objs {
		if o.freedAt == r {
			st.objs[i].freedAt = 0
		}
	}
}

// zeroReleased: the struct that held the object zeroes itself, unless it is a copy of what lies in
// place.
func (a *fnRun) zeroReleased(st *state, x *callCtx, by releaseBy, id objID, place regID) {
	if place == 0 || !a.structRelease(by).Resets {
		return
	}
	if a.copied(st, x, by, id, place) {
		return
	}
	st.change(id, func(o *ostate) { o.freedAt = place })
	st.bind(place, value{k: vInt})
}

// escapesFixed reports pointers into the fixed block that ends which something outside still holds.
func (a *fnRun) escapesFixed(st *state, pin ostate, in *ir.Instr) {
	obj := a.objects[pin.id]
	for _, bd := range st.bindings() {
		if bd.v.k != vSym || a.addrOf.of(bd.v.sym) != pin.id || a.isLocal(st, bd.reg) {
			continue
		}
		if v := a.t.regions[a.t.root(bd.reg)]; v.kind == rVar && a.f.Var(v.v).Kind == ir.VarParam {
			continue // a struct passed by reference: the caller's for the call
		}
		if a.heldByOther(st, pin.id, obj.targets) {
			continue // another pin, which is still there, holds it
		}
		field, owner, static := a.fieldOf(bd.reg)
		a.outlivesFixed(pin, bd.reg, Event{Field: field, Owner: owner, Static: static, End: in.Span}, a.step(pin.steps, in, StepEnd, ""))
	}
}

// outlivesFixed reports that what lies in place r still is a pointer into a fixed block that has ended; last is the step at which that harms.
func (a *fnRun) outlivesFixed(pin ostate, r regID, ev Event, last *Step) {
	name := a.regionName(r)
	last.Text = "the fixed block ends, " + nonEmpty(name, "a field") + " still holds the pointer" + last.Text
	ev.Kind, ev.How, ev.Obj, ev.Span = PinnedPointerEscapes, AtUnfix, a.objects[pin.id], a.objects[pin.id].Span
	ev.Field, ev.Steps = nonEmpty(ev.Field, name), last.List()
	a.emit(ev)
}

// fixedPointersLeave: an object that was made here goes elsewhere, with pointers into fixed blocks that have ended.
func (a *fnRun) fixedPointersLeave(st *state, object regID, in *ir.Instr) {
	if g := &a.t.regions[object]; g.kind != rObject {
		return
	}
	for _, bd := range st.bindings() {
		if bd.v.k != vSym || a.addrOf.of(bd.v.sym) == 0 || a.t.regions[bd.reg].kind != rField || a.t.regions[bd.reg].parent != object {
			continue
		}
		id := a.addrOf.of(bd.v.sym)
		pin, ok := st.obj(id)
		obj := a.objects[id]
		if !ok || obj.Kind != FixedPin || pin.st != stReleased || !obj.movableTarget || a.heldByOther(st, id, obj.targets) {
			continue
		}
		ev := Event{Field: a.t.regions[bd.reg].name, Owner: string(a.madeAs(object)), End: in.Span}
		a.outlivesFixed(pin, bd.reg, ev, a.step(pin.steps, in, StepEnd, ", and goes on here"))
	}
}

// madeAs is the type of an object that was made here, "" if the code does not say it there.
func (a *fnRun) madeAs(object regID) ir.Type {
	for _, in := range callsOf(a.f) {
		if in.Call.New && a.site(in) == a.t.regions[object].site {
			return in.Call.Type
		}
	}
	return ""
}

// useAddress: an address goes to a call or is followed. If it was taken from a pin that is gone,
// what it points to may have moved.
func (a *fnRun) useAddress(st *state, v value, in *ir.Instr, how How) {
	if v.k != vSym {
		return
	}
	id := a.addrOf.of(v.sym)
	if id == 0 {
		return
	}
	o, ok := st.obj(id)
	obj := a.objects[id]
	if !ok || o.st != stReleased || a.heldByOther(st, id, obj.targets) {
		return
	}
	switch {
	case obj.Kind == FixedPin && obj.movableTarget:
		a.emit(Event{Kind: PinnedPointerEscapes, How: how, Span: in.Span, Obj: obj, Field: obj.Target,
			Steps: a.step(o.steps, in, StepEnd, "the pointer is used, the fixed block has ended").List()})
	case obj.Kind == Pin:
		a.emit(Event{Kind: AddressAfterFree, How: how, Span: in.Span, Obj: obj,
			Steps: a.withBranches(a.step(o.steps, in, StepEnd, "the address is used, the pin was freed"), st.path, obj.Span.Start)})
	}
}

// advances tells whether the function takes a pointer and returns one of the same type: its caller
// has the storage pinned already.
func (a *fnRun) advances() bool {
	return slices.ContainsFunc(a.f.Params, func(v ir.VarID) bool { return a.f.Var(v).Type == a.f.Ret })
}

// isAddress tells whether a type is that of an address, rather than of a number to look at.
func isAddress(t ir.Type) bool {
	switch t {
	case "nint", "nuint", "IntPtr", "UIntPtr", "System.IntPtr", "System.UIntPtr":
		return true
	}
	return strings.HasSuffix(string(t), "*")
}

// handedInline records that a GC handle made inline in an argument goes to native code.
func (a *fnRun) handedInline(st *state, x *callCtx, id objID) {
	obj := a.objects[id]
	if obj.Kind != GCHandle || obj.Var != "" || x.tgt.Import == nil && x.tgt.Native == nil {
		return
	}
	o, _ := st.obj(id)
	a.emit(Event{Kind: CookiePassed, Span: obj.Span, End: x.in.Span, Obj: obj, API: x.c.Name, InLoop: obj.InLoop,
		Steps: a.step(o.steps, x.in, StepStore, "its number goes to native code").List()})
}

// pinEnd is what becomes of a pin or POH array over all paths.
type pinEnd struct {
	obj    *Object
	used   bool // its address was read, or somebody else has it
	locals bool // POH arrays: it died in the function at least once
	event  Event
}

// notePinEnd sums up, at the end of one path, whether a pin was good for anything.
func (a *fnRun) notePinEnd(st *state, o ostate, how How, end ir.Span) {
	obj := a.objects[o.id]
	if obj.Kind != Pin && obj.Kind != POHArray || obj.ViaCall != nil {
		return
	}
	e := a.pinEnds[obj.site]
	if e == nil {
		e = &pinEnd{obj: obj}
		a.pinEnds[obj.site] = e
	}
	if obj.Kind == Pin {
		a.notePinUse(e, o, end)
		return
	}
	returned := st.ret.k == vSym && st.ret.sym == obj.sym && how == AtReturn
	if o.shared || o.stored != 0 || o.st != stOwned || returned {
		e.used = true
		return
	}
	if !e.locals {
		e.locals = true
		e.event = Event{Kind: ShortPOH, Span: obj.Span, End: end, Obj: obj, InLoop: obj.InLoop,
			Steps: append(o.steps.List(), &Step{File: a.f.File, Span: end, Kind: StepEnd, Text: "the array is garbage here"})}
	}
}

// notePinUse: a pin is of use when its address is read, and when that cannot be ruled out. One
// that is freed at once is a question whether the type can be pinned.
func (a *fnRun) notePinUse(e *pinEnd, o ostate, end ir.Span) {
	if o.shared || o.addrRead || o.stored != 0 || o.st != stReleased || o.calls == 0 {
		e.used = true
		return
	}
	if e.event.Kind == 0 {
		e.event = Event{Kind: NeedlessPin, Span: e.obj.Span, End: end, Obj: e.obj, Steps: o.steps.List()}
	}
}

// finishPins reports pins that no path has a use for, and POH arrays that no path keeps.
func (a *fnRun) finishPins() {
	sites := make([]int32, 0, len(a.pinEnds))
	for s := range a.pinEnds {
		sites = append(sites, s)
	}
	slices.Sort(sites)
	for _, s := range sites {
		if e := a.pinEnds[s]; !e.used && e.event.Kind != 0 && !a.bound {
			a.emit(e.event)
		}
	}
}

// useAddresses looks at the addresses that a call is given.
func (a *fnRun) useAddresses(st *state, x *callCtx) {
	for i := range x.c.Args {
		a.useAddress(st, st.temp(x.c.Args[i].Val), x.in, AtCall)
	}
	fn := x.tgt.Native
	if fn == nil || fn.Sig == nil || a.f.File.Lang != ir.CSharp {
		return
	}
	for i := range fn.Sig.Params {
		// A struct that the function reads: the addresses in it are used as well.
		if v, ok := x.arg(st, i); ok && v.k == vAddr && fn.Sig.Params[i].Dir == models.DirIn && fn.Sig.Params[i].Type.PtrDepth == 1 {
			for _, bd := range st.bindings() {
				if bd.reg != v.reg && a.t.within(bd.reg, v.reg) {
					a.useAddress(st, bd.v, x.in, AtCall)
				}
			}
		}
	}
}

// countCall remembers for each pin in force that a call was made under it.
func (a *fnRun) countCall(st *state, in *ir.Instr) {
	site := a.site(in)
	for i, o := range st.objs {
		if obj := a.objects[o.id]; obj.Kind == Pin && o.st == stOwned && obj.site != site {
			st.objs[i].calls = min(o.calls+1, 3)
		}
	}
}

// neverMade: on the path on which the call itself throws, it made nothing. What was made before
// is remembered to have come through an exception.
func (a *fnRun) neverMade(st *state, x *callCtx) {
	site := a.site(x.in)
	for i, o := range st.objs {
		obj := a.objects[o.id]
		if o.st != stOwned || obj.Kind == Operation {
			continue
		}
		st.objs[i].viaThrow = true
		if obj.site == site && len(x.tgt.Members)+len(x.tgt.Funcs) > 0 {
			st.objs[i].st = stFailed
		}
	}
}
