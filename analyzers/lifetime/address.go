package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// unpinnedAddress: a member that gives an address without pinning. It is sound on memory that
// does not move, and inside a pin of the same object.
func (a *fnRun) unpinnedAddress(st *state, x *callCtx, m *models.Member) {
	s := a.fresh(st, x.in, roleResult)
	st.setTemp(x.in.Dst, symVal(s))
	if len(x.c.Args) == 0 {
		return
	}
	arg := x.c.Args[0].Val
	v := st.temp(arg)
	if m.Kind == models.KindRefOnly {
		st.setTemp(x.in.Dst, v)
		return
	}
	base, ok := a.arrayOf(arg, v, m.Kind)
	if !ok {
		a.readInPin(st, a.variableAt(st, v))
		if v.k == vAddr && !isAddress(a.prog.TypeOf(a.f, arg)) {
			v = a.load(st, v.reg)
		}
		if id := a.objectOf(v); id != 0 && a.objects[id].Kind == Memory {
			st.setTemp(x.in.Dst, v) // the address of a native block, taken of a span over it
		}
		return
	}
	if id := a.readInPin(st, base); id != 0 {
		s = a.addressSym(st, x.in, id)
		st.setTemp(x.in.Dst, symVal(s))
		a.addrOf.set(s, id)
		return
	}
	if a.ofProperty(arg) {
		return // what a property gives a reference to lies where its getter says
	}
	where := a.movable(st, base, a.f.Def(arg))
	if where == notMovable || a.listedToPin(arg) || a.pinnedElsewhere(st, base) || a.helperPins(st) {
		return
	}
	if a.heldUnpinned(st, x, base) || a.handedOn(st, base) {
		return
	}
	name := a.arrayName(arg)
	a.emit(Event{Kind: UnpinnedAddress, How: How(m.Name), Span: x.in.Span, API: m.Type + "." + m.Name, Field: name, Unsure: where == movableCaller,
		result: s, ofParam: where == movableCaller,
		Steps: a.step(nil, x.in, StepEnd, "nothing pins "+nonEmpty(name, "the object")+" here").List()})
}

func nonEmpty(s, t string) string {
	if s == "" {
		return t
	}
	return s
}

// arrayOf is the array whose address is taken: the argument itself, or that of which the argument
// is an element. false when the argument is no place in an array.
func (a *fnRun) arrayOf(t ir.Temp, v value, k models.MemberKind) (value, bool) {
	if k == models.KindNeedsPinned {
		return v, isArray(a.prog.TypeOf(a.f, t))
	}
	d := a.f.Def(t)
	if v.k != vAddr {
		return value{}, false
	}
	root := a.t.root(v.reg)
	switch g := a.t.regions[root]; g.kind {
	case rObject:
		return addrVal(root), true
	case rPointee:
		if d == nil || d.Op != ir.OpElem || !isArray(a.prog.TypeOf(a.f, d.A)) {
			return value{}, false
		}
		return symVal(g.sym), true
	}
	return value{}, false
}

// ofProperty tells whether the address temp t names a property, which returns a reference.
func (a *fnRun) ofProperty(t ir.Temp) bool {
	d := a.f.Def(t)
	if d == nil || d.Op != ir.OpMember && d.Op != ir.OpName {
		return false
	}
	ref, _ := a.memberRef(d)
	return ref.Kind == link.Prop
}

func isArray(t ir.Type) bool { return strings.HasSuffix(strings.TrimSuffix(string(t), "?"), "[]") }

// arrayName is the array of an argument, as it is written.
func (a *fnRun) arrayName(t ir.Temp) string {
	if d := a.f.Def(t); d != nil && d.Op == ir.OpElem {
		return a.tempName(d.A)
	}
	return a.tempName(t)
}

// pinOf is the pin in force that holds v, 0 if none.
func (a *fnRun) pinOf(st *state, v value) objID {
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind != FixedPin && obj.Kind != Pin && obj.Kind != NativeOverlapped || o.st == stReleased {
			continue
		}
		for _, t := range obj.targets {
			if sameStorage(t, v) || t.k == vAddr && v.k == vAddr && a.t.root(t.reg) == a.t.root(v.reg) {
				return o.id
			}
		}
	}
	return 0
}

// readInPin: the address of v is taken. It is the pin in force that holds v, and has a use now; 0 if none.
func (a *fnRun) readInPin(st *state, v value) objID {
	id := a.pinOf(st, v)
	if id != 0 {
		st.change(id, func(o *ostate) { o.addrRead = true })
	}
	return id
}

// pinnedRegion tells whether a pin in force holds (a part of) what v is.
func (a *fnRun) pinnedRegion(st *state, v value) bool { return a.pinOf(st, v) != 0 }

// helperPins tells whether a helper made a pin that is in force: what it pins is not known here.
func (a *fnRun) helperPins(st *state) bool {
	for _, o := range st.objs {
		if obj := a.objects[o.id]; obj.Kind == Pin && obj.ViaCall != nil && o.st != stReleased {
			return true
		}
	}
	return false
}

type movability uint8

const (
	notMovable    movability = iota // not known to move
	movableHere                     // an array made here, or kept in a field that nothing pins
	movableCaller                   // a parameter: the callers may pin it
)

// movable tells whether v is an array on the ordinary heap.
func (a *fnRun) movable(st *state, v value, d *ir.Instr) movability {
	switch v.k {
	case vAddr:
		if a.t.regions[a.t.root(v.reg)].kind == rObject && !a.ownerMade(d) {
			return movableHere
		}
	case vSym:
		y := a.t.symbols[v.sym]
		if y.kind != sInit {
			return notMovable
		}
		switch g := a.t.regions[y.reg]; g.kind {
		case rVar:
			if h := a.f.Var(g.v); h.Kind == ir.VarParam && h.Ref == ir.ByValue && isArray(h.Type) {
				return movableCaller
			}
		case rField, rGlobal:
			if f := a.fieldDecl(y.reg); f != nil && isArray(f.Type) && a.fieldMoves(f) {
				return movableHere
			}
		}
	}
	return notMovable
}

// ownerMade tells whether the variable that d loads is also given to a constructor, which may be
// that of an object that pins it.
func (a *fnRun) ownerMade(d *ir.Instr) bool {
	v, ok := a.loadedVar(d)
	if !ok {
		return false
	}
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			c := a.f.Blocks()[i].Instrs[j].Call
			if c == nil || !c.New {
				continue
			}
			for k := range c.Args {
				if w, ok := a.loadedVar(a.f.Def(c.Args[k].Val)); ok && w == v {
					return true
				}
			}
		}
	}
	return false
}

// listedToPin tells whether the array in temp t is also put into an array of objects that is handed
// to a call: that is how Overlapped.Pack and what wraps it are told what to pin.
func (a *fnRun) listedToPin(t ir.Temp) bool {
	name := a.loadedName(t)
	if name == "" {
		return false
	}
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			in := &a.f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpStore || a.loadedName(in.B) != name {
				continue
			}
			if e := a.f.Def(in.A); e != nil && e.Op == ir.OpElem && isObjectArray(a.prog.TypeOf(a.f, e.A)) {
				return true
			}
		}
	}
	return false
}

func isObjectArray(t ir.Type) bool {
	return isArray(t) && strings.EqualFold(shortName(t), "object")
}

// loadedName is the name of the variable or member whose content temp t is.
func (a *fnRun) loadedName(t ir.Temp) string {
	d := a.f.DefBehindCasts(t)
	if d == nil || d.Op != ir.OpLoad {
		return ""
	}
	return a.placeName(d.A)
}

// loadedVar is the variable whose content d is.
func (a *fnRun) loadedVar(d *ir.Instr) (ir.VarID, bool) {
	for n := 0; d != nil && n < 4; n++ {
		switch d.Op {
		case ir.OpVarAddr:
			return d.Var, true
		case ir.OpLoad, ir.OpElem, ir.OpCast:
			d = a.f.Def(d.A)
		default:
			return ir.NoVar, false
		}
	}
	return ir.NoVar, false
}

// fieldMoves tells whether all that is stored in an array field is an ordinary array made on the
// spot, and no function that uses the field pins anything.
func (a *fnRun) fieldMoves(f *ir.Field) bool {
	made := false
	for _, u := range a.prog.FieldUses(f.Owner, f.Name) {
		if a.eng.pinsSomething(u.Func) || u.Kind == link.UseLoad && a.eng.givenToPin(u.Func, u.At.Dst) {
			return false
		}
		switch d := u.Func.Def(u.At.B); {
		case u.At.Op != ir.OpStore || u.At.A != u.Addr.Dst:
		case d != nil && d.Op == ir.OpNewArray:
			made = true
		case d != nil && d.Op == ir.OpConst:
		default:
			return false
		}
	}
	return made
}

// givenToPin tells whether f gives temp t to a function of the unit that pins something.
func (e *engine) givenToPin(f *ir.Func, t ir.Temp) bool {
	return slices.ContainsFunc(callsOf(f), func(in *ir.Instr) bool {
		return slices.ContainsFunc(in.Call.Args, func(x ir.Arg) bool { return x.Val == t }) &&
			slices.ContainsFunc(e.prog.Callee(f, in).Funcs, e.pinsSomething)
	})
}

// pinsSomething tells whether the function has a fixed statement or makes a pin or pinned array.
func (e *engine) pinsSomething(f *ir.Func) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op == ir.OpFixed {
				return true
			}
			if in.Op != ir.OpCall {
				continue
			}
			for _, m := range e.prog.Callee(f, in).Members {
				if m.Kind == models.KindPin || m.Kind == models.KindPinnedAlloc || m.Kind == models.KindNativeOverlapped {
					return true
				}
			}
		}
	}
	return false
}

// addressReturned: the address is for the caller to judge.
func (a *fnRun) addressReturned(s symID) {
	for i := range a.events {
		if e := &a.events[i]; e.Kind == UnpinnedAddress && e.ofParam && e.result == s {
			e.returned = true
		}
	}
}

// fieldDecl is the declaration of the field that place is, nil when unknown.
func (a *fnRun) fieldDecl(place regID) *ir.Field {
	name, owner, _ := a.fieldOf(place)
	if name == "" || owner == "" {
		return nil
	}
	return a.prog.Member(a.f, ir.Type(owner), name).Field
}

// handedOn tells whether the array was given to something that may pin it: a call, or a collection
// of what an Overlapped is to pin. A field counts as the same array whenever it was read.
func (a *fnRun) handedOn(st *state, v value) bool {
	if v.k == vAddr {
		return slices.ContainsFunc(st.store, func(b binding) bool {
			g := a.t.regions[b.reg]
			return b.v == v && g.kind != rVar
		})
	}
	if v.k != vSym {
		return false
	}
	origin := a.t.symbols[v.sym]
	for _, o := range st.objs {
		s := a.objects[o.id].sym
		if o.st != stEscaped || s == 0 {
			continue
		}
		if y := a.t.symbols[s]; s == v.sym || y.kind == sInit && origin.kind == sInit && y.reg == origin.reg {
			return true
		}
	}
	for _, o := range st.objs {
		if k := a.objects[o.id].Kind; k != Pin && k != NativeOverlapped || o.st == stReleased {
			continue
		}
		for _, t := range a.objects[o.id].targets {
			if t.k == vSym && origin.kind == sInit && a.t.symbols[t.sym].kind == sInit && a.t.symbols[t.sym].reg == origin.reg {
				return true
			}
		}
	}
	return false
}
