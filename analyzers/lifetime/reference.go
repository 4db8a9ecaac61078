package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Counted references of kernel objects. Each reference that the function takes is an object of its
// own, of kind Reference; those with one symbol are references to one kernel object. A drop takes
// the last of them that is not stored; a drop that finds all of them gone is one too many.

// countsReference tells whether an acquisition makes a Reference in the code at hand.
func (a *fnRun) countsReference(q *models.Acquire) bool {
	return a.inKernel && q.Class == models.ClassKernelRef && !q.Array && !q.Borrowed && q.Success.Test != models.SuccessOutValue
}

// addReference: the call takes one more reference to the object that parameter p points to.
func (a *fnRun) addReference(st *state, x *callCtx, fn *models.Func, p int) ([]*state, bool) {
	v, ok := x.arg(st, p)
	if !ok || v.k != vSym {
		return nil, false
	}
	ret := a.setResult(st, x, fn)
	success := models.Success{Test: models.SuccessAlways}
	if len(fn.Acquires) > 0 {
		success = fn.Acquires[0].Success
	}
	var out []*state
	if good := st.clone(); good.assume(v.sym, ir.Ne, 0) && assumeOutcome(good, ret, success, nil, true) {
		if success.Test == models.SuccessNTStatus {
			good.assume(ret, ir.Eq, 0)
		}
		a.newReference(good, x, Object{API: fn.Name, Native: fn}, v.sym, a.step(nil, x.in, StepAcquire, "referenced by "+fn.Name))
		out = append(out, good)
	}
	if success.Test != models.SuccessAlways && a.flow.read[x.in.Dst] && assumeOutcome(st, ret, success, nil, false) {
		out = append(out, st)
	}
	return out, true
}

// newReference makes a reference to an object that is known already.
func (a *fnRun) newReference(st *state, x *callCtx, o Object, sym symID, steps *Step) {
	o.Kind, o.Added, o.InLoop = Reference, true, a.flow.inLoop[x.b.ID]
	o.Release = []string{"ObDereferenceObject"}
	if o.Native != nil && len(o.Native.Acquires) > 0 {
		o.Release = o.Native.Acquires[0].Release
	}
	o.Var = a.regionName(a.t.symbols[sym].reg)
	if id := a.symObj.of(sym); id != 0 {
		o.Var = a.objects[id].Var
	}
	id := a.intern(objKey{site: a.site(x.in), role: roleReference, iter: st.iter, sym: sym}, 0, o, x.in)
	a.objects[id].sym = sym
	st.setObj(ostate{id: id, st: stOwned, steps: steps})
}

// dropBy is who drops a reference.
type dropBy struct {
	api   string
	act   models.RefAct
	steps *Step // steps inside a helper, from its last
}

func (by *dropBy) trace(a *fnRun, prev *Step, x *callCtx) *Step {
	if by.steps != nil {
		return appendSteps(prev, by.steps)
	}
	return a.step(prev, x.in, StepRelease, "dereferenced by "+by.api)
}

// dropReference: one reference to what v points to is dropped. t is the argument as written.
func (a *fnRun) dropReference(st *state, x *callCtx, by dropBy, v value, t ir.Temp) {
	if v.k != vSym {
		return
	}
	owned, others := a.references(st, v.sym)
	a.checkUnderLock(st, x, by, v.sym, t, owned)
	if len(owned) > 0 {
		o := owned[0]
		o.steps = by.trace(a, o.steps, x)
		o.st, o.stored = stReleased, 0
		st.setObj(o)
		return
	}
	known := a.objectOf(v)
	if known != 0 && a.objects[known].Kind == Reference {
		a.oneTooMany(st, x, by, others)
		return
	}
	if slices.ContainsFunc(others, func(o ostate) bool { return o.st == stReleased }) {
		return // what was added is dropped; how many there were before is not known
	}
	if i := slices.IndexFunc(others, func(o ostate) bool { return o.st == stEscaped && a.objects[o.id].Added }); i >= 0 {
		others[i].st, others[i].steps = stReleased, by.trace(a, others[i].steps, x)
		st.setObj(others[i])
		return // the table that it was handed to did not take it
	}
	id := a.unknownObject(st, v.sym, x.in)
	if id == 0 {
		return
	}
	if o, ok := st.obj(id); ok && o.st == stReleased {
		return
	}
	steps := by.trace(a, nil, x)
	st.setObj(ostate{id: id, st: stReleased, steps: steps})
	a.fieldFact(FieldReleased, a.objects[id], x.in, by.api)
}

// references are the references to what s points to: those that are owned, the next to be dropped
// first, and the others.
func (a *fnRun) references(st *state, s symID) (owned, others []ostate) {
	var stored []ostate
	for i := len(st.objs) - 1; i >= 0; i-- {
		o := st.objs[i]
		obj := a.objects[o.id]
		switch {
		case obj.Kind != Reference || !a.sameThing(obj.sym, s):
		case o.st == stOwned && o.stored == 0:
			owned = append(owned, o)
		case o.st == stOwned:
			stored = append(stored, o)
		default:
			others = append(others, o)
		}
	}
	return append(owned, stored...), others
}

// sameThing tells whether two symbols are the same value, or what one place held at two times
// between which nothing is known to have changed it.
func (a *fnRun) sameThing(x, y symID) bool {
	if x == y {
		return true
	}
	sx, sy := a.t.symbols[x], a.t.symbols[y]
	return sx.kind == sInit && sy.kind == sInit && sx.reg == sy.reg && sx.of == sy.of
}

// oneTooMany: no reference is left on this path, and none went elsewhere.
func (a *fnRun) oneTooMany(st *state, x *callCtx, by dropBy, others []ostate) {
	how, last := How(""), ostate{}
	for _, o := range others {
		switch o.st {
		case stEscaped, stFailed:
			return
		case stBorrowed:
			how, last = OfBorrowed, o
		case stReleased:
			if last.id == 0 {
				last = o
			}
		}
	}
	if last.id == 0 {
		return
	}
	obj := a.objects[last.id]
	steps := by.trace(a, last.steps, x)
	a.emit(Event{Kind: OverDereference, How: how, Span: x.in.Span, Obj: obj, API: by.api, Steps: a.withBranches(steps, st.path, obj.Span.Start)})
	for _, o := range others {
		o.st = stEscaped // reported once on a path
		st.setObj(o)
	}
}

// checkUnderLock reports a drop that may be the last one while a lock is held, or of an object of
// the transaction manager. owned are the references that the path is known to hold.
func (a *fnRun) checkUnderLock(st *state, x *callCtx, by dropBy, s symID, t ir.Temp, owned []ostate) {
	if by.act != models.RefDrops || len(owned) > 1 {
		return
	}
	e := Event{Kind: FinalDereference, Span: x.in.Span, API: by.api, Obj: &Object{Kind: Reference, Var: a.shown(s)}}
	var first *Step
	switch {
	case len(owned) == 1 && a.ktm(a.objects[owned[0].id]), by.steps == nil && a.prog.DB.KTMType(string(a.prog.TypeOf(a.f, t))):
		e.How = OfTransaction
	case len(st.held) > 0:
		lock := st.held[len(st.held)-1]
		if lock.kind == levelKind || len(owned) == 1 && a.objects[owned[0].id].Span.Start > lock.at.Start {
			return // taken under the same lock: somebody else held the object then
		}
		typ := ""
		if by.steps == nil {
			typ = strings.TrimSpace(strings.TrimSuffix(string(a.prog.TypeOf(a.f, t)), "*"))
		}
		if a.prog.DB.InertType(typ) {
			return
		}
		level, _ := st.level()
		e.How, e.Field, e.Value, first = AtLocked, lock.kind, int64(level), lock.steps
		e.Unsure = !a.prog.DB.CloseCalls(typ)
	default:
		return
	}
	e.Steps = by.trace(a, first, x).List()
	a.emit(e)
}

func (a *fnRun) shown(s symID) string {
	if id := a.symObj.of(s); id != 0 && a.objects[id].Var != "" {
		return a.objects[id].Var
	}
	return a.regionName(a.t.symbols[s].reg)
}

// ktm tells whether the reference is one to an object of the transaction manager: the type that was
// asked for says so.
func (a *fnRun) ktm(o *Object) bool { return a.prog.DB.KTMType(o.Target) }

// typeAsked is the object type that a call asks for by a name like *PsProcessType, "" if none.
func (a *fnRun) typeAsked(x *callCtx) string {
	for _, arg := range x.args {
		if arg == nil {
			continue
		}
		d := a.f.Def(arg.Val)
		for d != nil && (d.Op == ir.OpLoad || d.Op == ir.OpCast) {
			d = a.f.Def(d.A)
		}
		if d != nil && d.Op == ir.OpName && a.prog.DB.KTMType(d.Name) {
			return d.Name
		}
	}
	return ""
}

// escapeReferences lets go all references to what s points to.
func (a *fnRun) escapeReferences(st *state, s symID, in *ir.Instr, where string) {
	if !a.inKernel {
		return
	}
	for _, o := range slices.Clone(st.objs) {
		if obj := a.objects[o.id]; obj.Kind == Reference && obj.sym == s && o.st == stOwned {
			a.escapeObject(st, o.id, in, where)
		}
	}
}

// keptOutside tells whether something that outlives the function holds s.
func (a *fnRun) keptOutside(st *state, s symID) bool {
	return slices.ContainsFunc(st.store, func(b binding) bool {
		return b.v.k == vSym && b.v.sym == s && !a.isLocal(st, b.reg) && !(a.t.symbols[s].kind == sInit && a.t.symbols[s].reg == b.reg)
	})
}

// dropsInside: a helper drops a reference to what v points to; false when e is another release.
func (a *fnRun) dropsInside(st *state, x *callCtx, e *effect, v value, enter *Step) bool {
	if !a.inKernel {
		return false
	}
	act, _ := a.prog.DB.Reference(e.api)
	if act != models.RefDrops && act != models.RefDropsLater && act != models.RefDropsKept {
		return false
	}
	if v.k == vSym && dropsOnSome(x.ways, e) {
		a.escapeReferences(st, v.sym, x.in, "")
		return true
	}
	a.dropReference(st, x, dropBy{api: e.api, act: act, steps: appendSteps(enter, e.steps)}, v, 0)
	return true
}

// dropsOnSome tells whether some ways through a helper do what e does, and others with the same
// result do not: then the reference is one that something else holds, such as a list.
func dropsOnSome(ways []*outcome, e *effect) bool {
	drops := func(o *outcome) bool {
		return slices.ContainsFunc(o.effects, func(f effect) bool { return f.kind == e.kind && f.path == e.path })
	}
	for _, o := range ways {
		if drops(o) {
			continue
		}
		if slices.ContainsFunc(ways, func(w *outcome) bool { return drops(w) && w.ret.known == o.ret.known && w.ret.c == o.ret.c }) {
			return true
		}
	}
	return false
}

// heldByOwner tells whether an added reference is one to what a member of something from outside
// holds: whoever has that can drop it by the same way, such as the routine that was queued.
func (a *fnRun) heldByOwner(o *Object) bool {
	if !o.Added {
		return false
	}
	y := a.t.symbols[o.sym]
	return y.kind == sInit && a.t.regions[y.reg].kind == rField
}
