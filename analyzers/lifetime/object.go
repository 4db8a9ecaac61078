package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// newObject makes (or finds again) the object of role at in, owned on this path, referred to by sym.
func (a *fnRun) newObject(st *state, in *ir.Instr, role int16, sym symID, o Object, step *Step) objID {
	id := a.intern(objKey{site: a.site(in), role: role, iter: st.iter}, sym, o, in)
	st.setObj(ostate{id: id, st: stOwned, steps: step})
	if s := a.pinSite(id); s != nil && s.Type == "" {
		s.Type = a.pinnedType(in)
	}
	return id
}

func (a *fnRun) intern(k objKey, sym symID, o Object, in *ir.Instr) objID {
	if id, ok := a.objIdx[k]; ok {
		a.objects[id].pinsToo(o.targets)
		return id
	}
	id := objID(len(a.objects))
	o.id, o.site, o.role, o.sym = id, k.site, k.role, sym
	if o.Func == nil {
		o.Func = a.f
	}
	if in != nil && o.Span == (ir.Span{}) {
		o.Span = in.Span
		if in.Call != nil {
			o.NameSpan = in.Call.NameSpan
		}
	}
	a.objects = append(a.objects, &o)
	a.objIdx[k] = id
	if sym != 0 {
		a.symObj.set(sym, id)
	}
	return id
}

// pinsToo adds what a pin holds on another path: an array that was made at the same place after another number of rounds of a
// loop before it is another one.
func (o *Object) pinsToo(targets []value) {
	if o.Kind != Pin && o.Kind != FixedPin && o.Kind != NativeOverlapped {
		return
	}
	for _, t := range targets {
		if !slices.ContainsFunc(o.targets, func(u value) bool { return sameStorage(t, u) }) {
			o.targets = append(slices.Clip(o.targets), t)
		}
	}
}

// unknownObject is the object that stands for what sym referred to at entry; 0 when sym is
// nothing that a caller could know.
func (a *fnRun) unknownObject(st *state, sym symID, in *ir.Instr) objID {
	if id := a.symObj.of(sym); id != 0 {
		return id
	}
	if a.t.symbols[sym].kind != sInit {
		return 0
	}
	p, _ := a.symPath(sym)
	id := a.intern(objKey{sym: sym}, sym, Object{Kind: Unknown, path: p, Var: a.regionName(a.t.symbols[sym].reg)}, in)
	return id
}

// objectOf is the object that v refers to, 0 if none.
func (a *fnRun) objectOf(v value) objID {
	if v.k == vSym {
		return a.symObj.of(v.sym)
	}
	return 0
}

// refersTo tells whether v is the handle or block id, or an address in that block.
func (a *fnRun) refersTo(v value, id objID) bool {
	return v.k == vSym && (v.sym == a.objects[id].sym || a.symObj.of(v.sym) == id)
}

// step makes a step at in that follows prev.
func (a *fnRun) step(prev *Step, in *ir.Instr, k StepKind, text string) *Step {
	return &Step{Prev: prev, File: a.f.File, Span: in.Span, Kind: k, Text: text}
}

// change replaces the state of an object.
func (st *state) change(id objID, f func(*ostate)) {
	if o, ok := st.obj(id); ok {
		f(&o)
		st.setObj(o)
	}
}

// nameObject records the variable that first receives an object.
func (a *fnRun) nameObject(v value, r regID) {
	id := a.objectOf(v)
	if id == 0 || a.objects[id].Var != "" || a.objects[id].Kind == Unknown {
		return
	}
	a.objects[id].Var = a.regionName(r)
}

// escape: somebody that is not looked at may keep or release v and all that is reached through it.
func (a *fnRun) escape(st *state, v value, in *ir.Instr, where string, to regID) {
	a.escapeDeep(st, v, in, where, to, 0)
}

func (a *fnRun) escapeDeep(st *state, v value, in *ir.Instr, where string, to regID, depth int) {
	if depth > 4 {
		return
	}
	a.ownerEscapes(st, v)
	switch v.k {
	case vSym:
		id := a.symObj.of(v.sym)
		if id == 0 {
			id = a.unknownObject(st, v.sym, in)
		}
		if id != 0 {
			a.escapeObject(st, id, in, where)
		}
		a.escapeReferences(st, v.sym, in, where)
		a.escapeRegion(st, a.t.pointee(v.sym), in, depth)
	case vAddr:
		root := a.t.root(v.reg)
		a.filledLater(st, root, in)
		a.fixedPointersLeave(st, root, in)
		a.escapeRegion(st, root, in, depth)
		a.exposes(st, root)
		if g := a.t.regions[root]; g.kind == rPointee {
			a.escapeHolder(st, g.sym, in, where)
		}
	}
}

// filledLater: whoever keeps the address of a variable that nothing was put into may do that.
func (a *fnRun) filledLater(st *state, root regID, in *ir.Instr) {
	for _, bd := range st.bindings() {
		if bd.v.k == vUninit && a.t.within(bd.reg, root) {
			st.bind(bd.reg, symVal(a.fresh(st, in, roleWritten+int16(bd.reg%1000))))
		}
	}
}

// escapeHolder: the address of a member goes with the block or the counted object that the member
// lies in, as when that is put into a list by its links.
func (a *fnRun) escapeHolder(st *state, s symID, in *ir.Instr, where string) {
	if id := a.symObj.of(s); id != 0 && a.objects[id].Kind == Memory {
		a.escapeObject(st, id, in, where)
	}
	a.escapeReferences(st, s, in, where)
}

// escapeRegion lets everything go that is stored in r.
func (a *fnRun) escapeRegion(st *state, r regID, in *ir.Instr, depth int) {
	for i := 0; i < len(st.store); i++ {
		if bd := st.store[i]; bd.reg != r && a.t.within(bd.reg, r) || bd.reg == r {
			if bd.v.k == vSym || bd.v.k == vAddr {
				a.escapeDeep(st, bd.v, in, "", 0, depth+1)
			}
		}
	}
}

func (a *fnRun) escapeObject(st *state, id objID, in *ir.Instr, where string) {
	o, ok := st.obj(id)
	obj := a.objects[id]
	if !ok {
		if obj.Kind != Unknown {
			return
		}
		o = ostate{id: id}
	}
	if o.private || o.selected != 0 {
		o.private, o.selected = false, 0
		st.setObj(o)
	}
	switch {
	case obj.Kind == Reference && o.st == stBorrowed:
		return // nobody takes a reference for us
	case o.st == stReleased || o.st == stDone || o.st == stFailed || obj.Kind == FixedPin:
		return
	case obj.Kind == Operation:
		if obj.op.task {
			o.st = stDone // whoever has the task may wait for it
			st.setObj(o)
		}
		return
	}
	if obj.Kind == Unknown {
		a.fieldFact(FieldEscaped, obj, in, "")
		if !ok && obj.path.root != rootParam && obj.path.root != rootThis {
			return // nobody asks: it is not tracked and no caller holds it
		}
	}
	text := "is handed on"
	if where != "" {
		text = "is stored in " + where
	}
	o.st, o.shared, o.given, o.lent = stEscaped, true, o.given || where == "", nil
	o.steps = a.step(o.steps, in, StepStore, text)
	st.setObj(o)
}

// escapeArg lets an argument go: its value, and through its address what lies in a struct that
// is passed as a whole.
func (a *fnRun) escapeArg(st *state, arg *ir.Arg, in *ir.Instr) {
	v := st.temp(arg.Val)
	a.escape(st, v, in, "", 0)
	if arg.Addr != 0 {
		if p := st.temp(arg.Addr); p.k == vAddr {
			a.escapeRegion(st, p.reg, in, 0)
		}
	}
	a.havocPointee(st, v, in)
}

// havocPointee forgets what a callee may have written through v.
func (a *fnRun) havocPointee(st *state, v value, in *ir.Instr) {
	switch v.k {
	case vAddr:
		if k := a.t.regions[a.t.root(v.reg)].kind; k == rVar || k == rStack || k == rGlobal || k == rPointee {
			st.unbindIf(func(x regID) bool { return a.t.within(x, v.reg) })
			st.bind(v.reg, symVal(a.fresh(st, in, int16(-1-int16(v.reg%30000)))))
		}
	case vSym:
		p := a.t.pointee(v.sym)
		st.unbindIf(func(x regID) bool { return a.t.within(x, p) })
		st.epoch++
	}
}

// captured: the body of a lambda may do anything with the variables that it uses.
func (a *fnRun) captured(st *state, in *ir.Instr) {
	for _, v := range in.Vars {
		r := a.t.varRegion(v)
		a.escape(st, a.load(st, r), in, "", 0)
		a.escapeRegion(st, r, in, 0)
	}
}

// setsByInterface tells whether a store sets a property of an interface, whose setter may copy what the value refers to.
func (a *fnRun) setsByInterface(in *ir.Instr) bool {
	d := a.f.Def(in.A)
	if d == nil || d.Op != ir.OpMember || a.f.File.Lang != ir.CSharp {
		return false
	}
	t := a.prog.TypeOfOwner(a.f, d)
	if decl := a.prog.TypeDecl(a.f, t); decl != nil {
		return decl.Kind == ir.TypeInterface
	}
	return interfaceName(string(t))
}

// storeOutside: v goes to r, which somebody outside of the function can reach.
func (a *fnRun) storeOutside(st *state, r regID, v value, in *ir.Instr) {
	if o := a.ownerIn(st, v); o != nil && v.raw {
		if o.rawOut == nil && !o.foreign && !a.setsByInterface(in) {
			o.rawOut = a.step(nil, in, StepStore, "stored in "+a.regionName(r))
		}
		return
	}
	id := a.objectOf(v)
	if id == 0 {
		a.escape(st, v, in, a.regionName(r), r)
		return
	}
	o, ok := st.obj(id)
	obj := a.objects[id]
	if !ok || o.st != stOwned {
		a.escape(st, v, in, a.regionName(r), r)
		return
	}
	if obj.Kind == Memory && v.k == vSym {
		a.escapeRegion(st, a.t.pointee(v.sym), in, 0) // what lies in the block goes with it
	}
	o.steps = a.step(o.steps, in, StepStore, "stored in "+a.regionName(r))
	if o.stored != 0 || a.t.regions[r].kind == rElem {
		o.st = stEscaped
	} else {
		o.stored, o.storedAt = r, st.epoch
	}
	st.setObj(o)
	if obj.Kind == Pin {
		field, owner, static := a.fieldAt(r, in)
		a.emit(Event{Kind: PinStored, Span: obj.Span, End: in.Span, Obj: obj, Field: field, Owner: owner, Static: static, Local: obj.targetLocal && obj.targetArray, Steps: o.steps.List()})
	}
	a.fieldAcquired(o, r, in)
}

// noteMember remembers that v lies in the member r of a local struct.
func (a *fnRun) noteMember(r regID, v value, in *ir.Instr) {
	id := a.objectOf(v)
	if id == 0 || a.f.File.Lang != ir.C || a.objects[id].Kind != Handle {
		return
	}
	field, owner, _ := a.fieldAt(r, in)
	if k := (ownerField{owner, field}); owner != "" && field != "" && !slices.Contains(a.objects[id].alsoIn, k) {
		a.objects[id].alsoIn = append(a.objects[id].alsoIn, k)
	}
}

// fieldAcquired records that o lies in a member or global now.
func (a *fnRun) fieldAcquired(o ostate, r regID, in *ir.Instr) {
	if field, owner, static := a.fieldAt(r, in); field != "" {
		obj := a.objects[o.id]
		a.emit(Event{Kind: FieldAcquired, Span: obj.Span, End: in.Span, Obj: obj, Field: field, Owner: owner, Static: static, Steps: o.steps.List()})
	}
}

// fieldAt is fieldOf for what in stores to, with the owner that the code says.
func (a *fnRun) fieldAt(r regID, in *ir.Instr) (field, owner string, static bool) {
	field, owner, static = a.fieldOf(r)
	if said := a.ownerAt(in); said != "" && !static {
		owner = said
	}
	return field, owner, static
}

// fieldOf names the field or global that r is: its name, the type that declares it.
func (a *fnRun) fieldOf(r regID) (field, owner string, static bool) {
	g := a.t.regions[r]
	switch g.kind {
	case rGlobal:
		for i := len(g.name) - 1; i > 0; i-- {
			if g.name[i] == '.' {
				return g.name[i+1:], g.name[:i], true
			}
		}
		return g.name, "", true
	case rField:
		return g.name, a.ownerOf(g.parent), false
	}
	return "", "", false
}

// ownerAt is the type that declares the member to which in stores, as the code says it.
func (a *fnRun) ownerAt(in *ir.Instr) string {
	d := a.f.Def(in.A)
	if in.Op != ir.OpStore || d == nil || d.Op != ir.OpField && d.Op != ir.OpMember {
		return ""
	}
	t := a.prog.TypeOfPlace(a.f, d.A)
	if d.Op == ir.OpMember && d.Flags&ir.AddrOperand == 0 {
		t = a.prog.TypeOf(a.f, d.A)
	}
	return a.prog.Member(a.f, t, d.Name).Owner
}

// ownerOf is the static type of the object that region r is, "" when unknown.
func (a *fnRun) ownerOf(r regID) string {
	g := a.t.regions[r]
	switch g.kind {
	case rPointee:
		y := a.t.symbols[g.sym]
		if y.kind != sInit {
			return ""
		}
		if h := a.t.regions[y.reg]; h.kind == rVar {
			if a.f.Var(h.v).Kind == ir.VarThis {
				return a.f.Owner
			}
			return baseType(a.f.Var(h.v).Type)
		}
	case rVar:
		return baseType(a.f.Var(g.v).Type)
	}
	return ""
}

// baseType removes pointers, arrays and nullability.
func baseType(t ir.Type) string {
	s := string(t)
	for len(s) > 0 {
		switch s[len(s)-1] {
		case '*', '?':
			s = s[:len(s)-1]
			continue
		}
		break
	}
	return s
}

// overwritten: r held old until now. If that was the last way to an owned object, it leaks.
func (a *fnRun) overwritten(st *state, r regID, old value, in *ir.Instr) {
	id := a.objectOf(old)
	if id == 0 {
		return
	}
	o, ok := st.obj(id)
	if !ok || o.st != stOwned || (o.stored != 0 && (o.stored != r || o.storedAt != st.epoch)) {
		return // what lies outside may have been released by a call in between
	}
	for _, bd := range st.store {
		if a.refersTo(bd.v, id) {
			return
		}
	}
	if d := a.f.Def(in.B); in.Op == ir.OpStore && d != nil && st.temp(in.B) == old {
		return
	}
	o.steps = a.step(o.steps, in, StepEnd, "overwritten here, not released")
	o.st = stEscaped // reported once
	st.setObj(o)
	if a.replacedByHelper(in) {
		return
	}
	if k := a.objects[id].Kind; in.Op == ir.OpCall && (k == Pin || k == GCHandle) {
		return // a helper that replaces what it is given by reference looked at it first
	}
	a.leak(st, o, AtOverwrite, in.Span)
}

// replacedByHelper tells whether the value that is stored comes from a call that was given the old one
// and releases it on some path: h = next(h). Which path it takes the caller cannot know.
func (a *fnRun) replacedByHelper(in *ir.Instr) bool {
	d := a.f.DefBehindCasts(in.B)
	if in.Op != ir.OpStore || d == nil || d.Op != ir.OpCall {
		return false
	}
	place := a.f.Def(in.A)
	t := a.prog.Callee(a.f, d)
	for i := range d.Call.Args {
		arg := a.f.Def(d.Call.Args[i].Val)
		if arg == nil || arg.Op != ir.OpLoad || place == nil {
			continue
		}
		from := a.f.Def(arg.A)
		if from == nil || from.Op != place.Op || from.Var != place.Var || from.Name != place.Name {
			continue
		}
		for _, f := range t.Funcs {
			if a.eng.summaryOf(f).releasesParam(t.Param(i)) {
				return true
			}
		}
	}
	return false
}

// leak records a leak of object o at span end.
func (a *fnRun) leak(st *state, o ostate, how How, end ir.Span) {
	obj := a.objects[o.id]
	if obj.arena != 0 || o.instead || a.nobodyLocked(obj, how) || a.lockedReturned(st, o.id) {
		return // it ends with its heap, or its bitmap; or nothing says that it was made
	}
	a.count(o.id).bad++
	steps := a.withBranches(o.steps, st.path, obj.Span.Start)
	e := Event{Kind: Leak, How: how, Span: obj.Span, End: end, Obj: obj, API: obj.API, Steps: steps, InLoop: obj.InLoop, Asked: o.asked || st.mayHaveAnswered(o.askedBy)}
	if how != AtHandover {
		e.status = o.handover
	}
	a.emit(e)
}

func (a *fnRun) count(id objID) *endCount {
	obj := a.objects[id]
	c := a.ends[endKey{obj.site, obj.role}]
	if c == nil {
		c = &endCount{}
		a.ends[endKey{obj.site, obj.role}] = c
	}
	return c
}

// withBranches merges the steps of an object with the branches taken since it was made: the last
// few, so that a trace stays readable.
func (a *fnRun) withBranches(steps, path *Step, since uint32) []*Step {
	own := steps.List()
	var branches []*Step
	for p := path; p != nil && len(branches) < 4; p = p.Prev {
		if p.Span.Start < since {
			break
		}
		branches = append(branches, p)
	}
	if len(own) == 0 || len(branches) == 0 {
		return own
	}
	last := own[len(own)-1]
	out := append([]*Step{}, own[:len(own)-1]...)
	for i := len(branches) - 1; i >= 0; i-- {
		out = append(out, branches[i])
	}
	return append(out, last)
}

// emit records an event once for each kind and place.
func (a *fnRun) emit(e Event) {
	if e.Func == nil {
		e.Func = a.f
	}
	e.Kernel = a.inKernel
	k := eventKey{e.Kind, 0, e.Span, e.End, e.Use, e.How, e.Asked}
	if e.Obj != nil && e.Kind == Leak {
		k.obj = e.Obj.id
	}
	if e.Kind == Leak || e.Kind == OwnerDropped {
		k.end = ir.Span{}
	}
	if _, dup := a.eventIdx[k]; dup {
		return
	}
	a.eventIdx[k] = len(a.events)
	a.events = append(a.events, e)
}

// fieldFact records that a field's content was released or handed on.
func (a *fnRun) fieldFact(k EventKind, obj *Object, in *ir.Instr, api string) {
	s := obj.sym
	if s == 0 || a.t.symbols[s].kind != sInit {
		return
	}
	field, owner, static := a.fieldOf(a.t.symbols[s].reg)
	if field == "" {
		return
	}
	a.emit(Event{Kind: k, Span: in.Span, Obj: obj, API: api, Field: field, Owner: owner, Static: static})
}
