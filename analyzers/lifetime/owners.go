package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Owners are objects of .NET that own a native handle: SafeHandles, and classes of the unit that
// hold a handle and dispose it. They are followed beside the other objects, because the native
// handle in an owner has states of its own: closed under its owner, owned twice, outlived.

// ownerStatus is what is known of an owner on one path.
type ownerStatus uint8

const (
	ownLive     ownerStatus = iota + 1 // made here, and nobody else has it
	ownGone                            // somebody else may dispose it, or there is nothing in it
	ownDisposed                        // disposed
	ownDisowned                        // it releases nothing any more
)

// ownKey names an owner: by the symbol that refers to it, or by the region of the object.
type ownKey struct {
	sym symID
	reg regID
}

// ownState is one owner on one path.
type ownState struct {
	key     ownKey
	st      ownerStatus
	foreign bool // not made in this function
	kept    bool // some variable received it
	counted bool // its handle was counted once more: by AddRef and its like
	refs    int8 // DangerousAddRef without DangerousRelease
	steps   *Step
	rawOut  *Step // its raw handle was stored outside of the function
}

// roleOwner is the role of the objects that stand for owners in events.
const roleOwner int16 = 30001

// ownerKey is the key under which v is an owner, if it can be one.
func (a *fnRun) ownerKey(v value) (ownKey, bool) {
	switch {
	case v.k == vSym && v.sym != 0:
		return ownKey{sym: v.sym}, true
	case v.k == vAddr && a.t.regions[v.reg].kind == rObject:
		return ownKey{reg: v.reg}, true
	}
	return ownKey{}, false
}

// owner is the state of an owner, nil when it is not followed. It is valid until an owner is added.
func (s *state) owner(k ownKey) *ownState {
	for i := range s.own {
		if s.own[i].key == k {
			return &s.own[i]
		}
	}
	return nil
}

// ownerIn is the state of the owner that v refers to, nil when it is none that is followed.
func (a *fnRun) ownerIn(st *state, v value) *ownState {
	if len(st.own) == 0 {
		return nil
	}
	k, ok := a.ownerKey(v)
	if !ok {
		return nil
	}
	return st.owner(k)
}

// addOwner follows a new owner, to which v refers.
func (a *fnRun) addOwner(st *state, in *ir.Instr, v value, o Object, step *Step) {
	k, ok := a.ownerKey(v)
	if !ok {
		return
	}
	obj := a.ownObj[k]
	if obj == nil {
		o.Func, o.Span, o.InLoop = a.f, in.Span, a.inLoopAt(in)
		o.site, o.role = a.site(in), roleOwner
		if in.Call != nil {
			o.NameSpan = in.Call.NameSpan
		}
		obj = &o
		if a.ownObj == nil {
			a.ownObj = map[ownKey]*Object{}
		}
		a.ownObj[k] = obj
	}
	n := ownState{key: k, st: ownLive, steps: step}
	if old := st.owner(k); old != nil {
		*old = n
		return
	}
	st.own = append(st.own, n)
}

func (a *fnRun) inLoopAt(in *ir.Instr) bool {
	for i := range a.f.Blocks() {
		b := &a.f.Blocks()[i]
		if len(b.Instrs) > 0 && slices.ContainsFunc(b.Instrs, func(x ir.Instr) bool { return x.Op == in.Op && x.Dst == in.Dst && x.Span == in.Span }) {
			return a.flow.inLoop[b.ID]
		}
	}
	return false
}

// ownerNeverMade: a call that throws gives no owner.
func (a *fnRun) ownerNeverMade(st *state, x *callCtx) {
	site := a.site(x.in)
	st.own = slices.DeleteFunc(st.own, func(o ownState) bool {
		obj := a.ownObj[o.key]
		return obj != nil && obj.site == site
	})
}

// foreignOwner is the state of an owner that came from elsewhere, followed from now on.
func (a *fnRun) foreignOwner(st *state, v value) *ownState {
	k, ok := a.ownerKey(v)
	if !ok {
		return nil
	}
	if o := st.owner(k); o != nil {
		return o
	}
	st.own = append(st.own, ownState{key: k, st: ownGone, foreign: true})
	return &st.own[len(st.own)-1]
}

// nameOwner: the variable r receives v.
func (a *fnRun) nameOwner(st *state, v value, r regID) {
	o := a.ownerIn(st, v)
	if o == nil || v.raw {
		return
	}
	o.kept = true
	if obj := a.ownObj[o.key]; obj != nil && obj.Var == "" {
		obj.Var = a.regionName(r)
	}
}

// ownerEscapes: somebody that is not looked at may dispose v, or use its raw handle.
func (a *fnRun) ownerEscapes(st *state, v value) {
	if o := a.ownerIn(st, v); o != nil && o.st == ownLive {
		o.st = ownGone
	}
}

// keepOwners runs do, which lets things escape that stay what they are for owners.
func keepOwners(st *state, do func()) {
	saved := slices.Clone(st.own)
	do()
	for i := range saved {
		if o := st.owner(saved[i].key); o != nil {
			*o = saved[i]
		}
	}
}

// ownerDisposed: v is disposed by in.
func (a *fnRun) ownerDisposed(st *state, v value, in *ir.Instr, by string) {
	if v.raw {
		return
	}
	if p, ok := a.valuePath(v); ok && (p.root == rootParam || p.root == rootThis && p.sel == "") && !slices.Contains(st.disposed, p) {
		st.disposed = append(slices.Clip(st.disposed), p)
	}
	o := a.foreignOwner(st, v)
	if o == nil || o.st == ownDisowned {
		return
	}
	o.st = ownDisposed
	o.steps = a.step(o.steps, in, StepRelease, "disposed by "+by)
	if o.foreign {
		st.claims = slices.DeleteFunc(slices.Clone(st.claims), func(c *claim) bool { return c.involves(o.key) })
	}
}

// ownersAtExit looks at the owners of a path that leaves the function.
func (a *fnRun) ownersAtExit(st *state, how How, end ir.Span) {
	if how == AtReturn {
		for _, c := range st.claims {
			a.emit(c.event)
		}
	}
	ret, returned := a.ownerKey(st.ret)
	for i := range st.own {
		o := &st.own[i]
		obj := a.ownObj[o.key]
		if obj == nil || o.foreign || o.st == ownGone || o.st == ownDisowned {
			if obj != nil {
				a.ownerCount(obj).good++
			}
			continue
		}
		if n, known := st.number(symVal(o.key.sym)); o.key.sym != 0 && known && (n == 0 || n == -1) {
			continue
		}
		switch {
		case returned && ret == o.key && how == AtReturn && !st.ret.raw:
			a.ownerCount(obj).good++
		case returned && ret == o.key && how == AtReturn && o.refs == 0:
			a.rawOutlives(st, o, AtReturn, end, "the raw handle is returned, "+fate(o))
		case o.rawOut != nil && o.refs == 0:
			a.rawOutlives(st, o, AtScope, o.rawOut.Span, "the raw handle is stored, "+fate(o))
		case o.st == ownLive && o.refs > 0:
			a.ownerCount(obj).good++ // the reference keeps the handle open, whatever becomes of the owner
		case o.st == ownLive && how == AtThrow && (obj.Kind == Owner || !a.throwsAt(end)):
		case o.st == ownLive:
			a.ownerDropped(st, o, obj, how, end)
		default:
			a.ownerCount(obj).good++
		}
	}
}

// throwsAt tells whether a throw statement stands at span.
func (a *fnRun) throwsAt(at ir.Span) bool {
	for i := range a.f.Blocks() {
		if t := &a.f.Blocks()[i].Term; t.Kind == ir.TermThrow && t.Span == at && written(&a.f.Blocks()[i]) {
			return true
		}
	}
	return false
}

// fate is what becomes of the owner while its raw handle lives on.
func fate(o *ownState) string {
	if o.st == ownDisposed {
		return "its owner is disposed"
	}
	return "nothing keeps its owner"
}

func (a *fnRun) ownerCount(obj *Object) *endCount {
	k := endKey{obj.site, obj.role}
	c := a.ends[k]
	if c == nil {
		c = &endCount{}
		a.ends[k] = c
	}
	return c
}

func (a *fnRun) ownerDropped(st *state, o *ownState, obj *Object, how How, end ir.Span) {
	a.ownerCount(obj).bad++
	text := "returns here, not disposed"
	switch how {
	case AtThrow:
		text = "leaves by an exception here, not disposed"
	case AtYield:
		text = "hands out a value here: if the consumer stops, nothing disposes it"
	}
	steps := &Step{Prev: o.steps, File: a.f.File, Span: end, Kind: StepEnd, Text: text}
	if !o.kept && how == AtReturn {
		how = AtDiscard
	}
	a.emit(Event{Kind: OwnerDropped, How: how, Span: obj.Span, End: end, Obj: obj, API: obj.API, InLoop: obj.InLoop,
		Steps: a.withBranches(steps, st.path, obj.Span.Start)})
}

// rawOutlives reports that the raw handle of o is used where its owner is disposed, or can be
// collected.
func (a *fnRun) rawOutlives(st *state, o *ownState, how How, at ir.Span, text string) {
	obj := a.ownObj[o.key]
	since := at.Start
	if obj != nil {
		since = obj.Span.Start
	}
	steps := &Step{Prev: o.steps, File: a.f.File, Span: at, Kind: StepEnd, Text: text}
	e := Event{Kind: RawOutlives, How: how, Span: at, Obj: obj, Steps: a.withBranches(steps, st.path, since)}
	if obj == nil {
		e.Field = a.ownerName(o.key)
	}
	a.emit(e)
}

// ownerName is what a person calls an owner that came from elsewhere.
func (a *fnRun) ownerName(k ownKey) string {
	if k.sym != 0 && a.t.symbols[k.sym].kind == sInit {
		return a.regionName(a.t.symbols[k.sym].reg)
	}
	return ""
}

// agreeOwners: what a callee keeps or disposes on one of its ways is its own to take care of on the
// others, such as those on which it found the handle invalid.
func agreeOwners(states []*state) {
	gone := map[ownKey]bool{}
	for _, s := range states {
		for i := range s.own {
			gone[s.own[i].key] = gone[s.own[i].key] || s.own[i].st != ownLive
		}
	}
	for _, s := range states {
		for i := range s.own {
			if o := &s.own[i]; o.st == ownLive && gone[o.key] {
				o.st = ownGone
			}
		}
	}
}
