package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// releaseBy is who releases.
type releaseBy struct {
	api    string
	fn     *models.Func   // native, nil otherwise
	types  []string       // kinds of handles it releases
	noop   []int64        // values it ignores
	member *models.Member // .NET, nil otherwise
	steps  *Step          // steps inside a helper, from its last
	using  bool           // by a using declaration
	// oneOfSeveral: a helper that releases by other functions as well.
	oneOfSeveral bool
}

// ofRuntime tells whether it releases nothing but what belongs to the C runtime or the kernel.
func (by *releaseBy) ofRuntime() bool {
	return by.fn != nil && len(by.types) > 0 && !slices.ContainsFunc(by.types, func(t string) bool { return !models.RuntimeKind(t) })
}

// release applies the release of value v, which lies in place (0: nowhere).
func (a *fnRun) release(st *state, x *callCtx, by releaseBy, v value, place regID) {
	if v.k == vInt && v.n == 0 && a.freedAgain(st, x, by, place) {
		return
	}
	a.ownerReleased(st, x, by, v)
	a.noteGuard(st, x, by, v, place)
	switch v.k {
	case vUninit:
		if by.ofRuntime() || st.flagged || a.f.File.Lang == ir.CSharp || a.passesFill(st, x, place) {
			return // a local of C# that has no value is zero
		}
		name := a.regionName(place)
		a.emit(Event{Kind: ReleaseOfUninit, Span: x.in.Span, API: by.api, Field: name, ByNative: a.byNative(by), status: v.sym,
			Steps: a.withBranches(a.step(nil, x.in, StepEnd, "released here, never given a value on this path"), st.path, 0)})
		return
	case vInt:
		a.releaseOfNumber(st, x, by, v.n, place)
		return
	case vAddr:
		a.releaseAddress(st, x, by, v)
		return
	case vSym:
		if a.ofConstant(v.sym) {
			return
		}
	default:
		return
	}
	a.keptBehind(st, v.sym)
	if id := a.addrOf.of(v.sym); id != 0 && a.objectOf(v) == 0 {
		return // a pinned address is not released
	}
	id := a.objectOf(v)
	if id == 0 {
		id = a.unknownObject(st, v.sym, x.in)
		if id == 0 && place != 0 && a.t.regions[place].kind == rField && !a.isLocal(st, place) {
			// A helper put it into the field.
			id = a.intern(objKey{sym: v.sym}, v.sym, Object{Kind: Unknown, Var: a.regionName(place)}, x.in)
		}
	}
	a.handleOfLender(x, id, by)
	if id != 0 {
		a.releaseObject(st, x, by, id, v, place)
	}
}

// passesFill tells whether a loop releases an element of an array because this path passes by the loop that fills the array: both
// go round equally often, which is not always seen.
func (a *fnRun) passesFill(st *state, x *callCtx, place regID) bool {
	root := a.t.regions[a.t.root(place)]
	if root.kind != rVar || !a.flow.inLoop[x.b.ID] || !a.flow.oneOfMany(x.in) {
		return false
	}
	for p := st.path; p != nil; p = p.Prev {
		l := a.flow.loopLeftAt(p.Span)
		if l == nil || l.blocks[x.b.ID] || !l.indexes(a.f, root.v) {
			continue
		}
		round := p.Prev
		for round != nil && round.Span != p.Span {
			round = round.Prev
		}
		if round == nil {
			return true
		}
	}
	return false
}

// releaseOfNumber: a constant is released. 0 and -1 that a variable was given on purpose are
// not reported here: only failure values of acquisitions are (they are symbols).
func (a *fnRun) releaseOfNumber(st *state, x *callCtx, by releaseBy, n int64, place regID) {
	if n != -1 || by.fn == nil || slices.Contains(by.noop, n) || place == 0 {
		return
	}
	at, tested := a.nullTests[place]
	if !tested || at.Start > x.in.Span.Start {
		return // whoever does not look does not mind
	}
	test := &Step{File: a.f.File, Span: at, Kind: StepBranch, Text: "compared with 0, but holds INVALID_HANDLE_VALUE on this path"}
	a.emit(Event{Kind: WrongSentinel, Span: at, API: by.api, Field: a.regionName(place), ByNative: true,
		Steps: a.step(test, x.in, StepEnd, "so that INVALID_HANDLE_VALUE is given to "+by.api).List()})
}

// releaseAddress: the address of storage goes to a release function: an OVERLAPPED block, a
// pooled array, or a mistake.
func (a *fnRun) releaseAddress(st *state, x *callCtx, by releaseBy, v value) {
	a.storageEnds(st, func(r regID) bool { return a.t.within(r, v.reg) }, AtFree, x.in.Span)
}

// partOfBlock tells whether the call is given an address inside the block of memory o that v points to, computed for it, and not as
// in the release before: pages are given back in parts.
func (a *fnRun) partOfBlock(st *state, x *callCtx, v value, o ostate) bool {
	if a.objects[o.id].Kind != Memory {
		return false
	}
	before := a.callAt(o.steps)
	return slices.ContainsFunc(x.c.Args, func(arg ir.Arg) bool {
		d := a.f.DefBehindCasts(arg.Val)
		return d != nil && d.Op == ir.OpBin && (d.Sub == ir.Add || d.Sub == ir.Subtract) && st.temp(arg.Val) == v &&
			!slices.ContainsFunc(before, func(was ir.Arg) bool { return a.sameText(was.Val, arg.Val, 0) })
	})
}

// callAt are the arguments of the call of this function that the last of steps is about.
func (a *fnRun) callAt(steps *Step) []ir.Arg {
	for ; steps != nil; steps = steps.Prev {
		if steps.File != a.f.File {
			continue
		}
		for _, in := range callsOf(a.f) {
			if in.Span == steps.Span {
				return in.Call.Args
			}
		}
	}
	return nil
}

// sameText tells whether two temps are computed in the same way of the same variables and numbers.
func (a *fnRun) sameText(s, t ir.Temp, depth int) bool {
	d, e := a.f.Def(s), a.f.Def(t)
	if d == nil || e == nil || depth > maxValueDepth {
		return s == t
	}
	return d.Op == e.Op && d.Sub == e.Sub && d.Op != ir.OpCall && d.Var == e.Var && d.Int == e.Int && d.Name == e.Name &&
		(d.A == e.A || a.sameText(d.A, e.A, depth+1)) && (d.B == e.B || a.sameText(d.B, e.B, depth+1))
}

func (a *fnRun) releaseObject(st *state, x *callCtx, by releaseBy, id objID, v value, place regID) {
	obj := a.objects[id]
	o, ok := st.obj(id)
	if !ok {
		o = ostate{id: id, st: stOwned}
	}
	steps := a.releaseSteps(o.steps, x, by)
	switch o.st {
	case stFailed:
		if n, ok := st.number(v); ok && !slices.Contains(by.noop, n) && obj.Kind == Handle {
			if a.guardedWrongly(obj, x, o) {
				return
			}
			a.emit(Event{Kind: ReleaseOfFailed, Span: x.in.Span, Obj: obj, API: by.api, Value: n, ByNative: a.byNative(by),
				Steps: a.withBranches(steps, st.path, obj.Span.Start)})
		}
		return
	case stReleased:
		if by.ofRuntime() || a.anotherRound(x, obj, o) || a.notClosed(st, o) || a.unloads(x, obj, o) || a.blockOfHandle(obj, o, by) || a.partOfBlock(st, x, v, o) {
			return
		}
		a.emit(Event{Kind: DoubleRelease, Span: x.in.Span, Obj: obj, API: by.api, Field: a.regionName(place), ByNative: a.byNative(by),
			Steps: a.withBranches(a.step(o.steps, x.in, StepEnd, "released again by "+by.api), st.path, obj.Span.Start)})
		return
	case stBorrowed:
		a.borrowedClosed(st, x, by, o)
		return
	}
	obj.severalClosers = obj.severalClosers || by.oneOfSeveral
	obj.freedHere = obj.freedHere || place != 0 && a.t.regions[place].kind == rVar
	switch {
	case by.oneOfSeveral:
	case a.rightCloser(obj, by), a.rightElsewhere(obj, x):
		a.rightClosers[obj.site] = append(a.rightClosers[obj.site], x.b.ID)
	default:
		a.emit(Event{Kind: WrongRelease, Span: x.in.Span, Obj: obj, API: by.api, Steps: steps.List(), block: x.b.ID})
	}
	o.st, o.steps, o.stored = stReleased, steps, 0
	if o.closing = 0; by.fn != nil && by.steps == nil && x.in.Dst != 0 {
		o.closing = a.t.made(a.site(x.in), roleResult, st.iter)
	}
	st.setObj(o)
	a.noteFieldRelease(st, x, by, obj, place)
	a.pendingOnRelease(st, x, by, id, v)
	a.freedAfterCancel(st, x, by, v)
	if obj.Kind == Unknown {
		a.fieldFact(FieldReleased, obj, x.in, by.api)
	}
	if obj.Kind == Unknown && a.structRelease(by).Resets && a.t.symbols[obj.sym].reg != place {
		a.emit(Event{Kind: ForeignFreed, Span: x.in.Span, Obj: obj, API: by.api})
	}
	a.zeroReleased(st, x, by, id, place)
}

// notClosed tells whether the release is known to have failed: the code looked at its result.
func (a *fnRun) notClosed(st *state, o ostate) bool {
	if o.closing == 0 || !a.tested[o.closing] {
		return false
	}
	fn := a.lastCloser(o)
	if fn == nil || fn.Sig == nil {
		return false
	}
	c := st.consOf(o.closing)
	zero, known := c.decide(ir.Eq, 0)
	return known && zero == (fn.Sig.Return.Code == "b32" || fn.Sig.Return.Code == "b8")
}

// lastCloser is the function that released o.
func (a *fnRun) lastCloser(o ostate) *models.Func { return a.prog.DB.Func(lastAPI(o.steps)) }

// anotherRound tells whether what a C loop releases is something else in each round: an element, or
// what the same call released in the round before, of which this function knows nothing.
func (a *fnRun) anotherRound(x *callCtx, obj *Object, o ostate) bool {
	if !a.flow.inLoop[x.b.ID] {
		return false
	}
	if a.f.File.Lang == ir.C && a.flow.oneOfMany(x.in) || a.anotherMessage(x, o) {
		return true
	}
	if a.f.File.Lang != ir.C || obj.Kind != Unknown {
		return false
	}
	for s := o.steps; s != nil; s = s.Prev {
		if s.File == a.f.File && s.Span == x.in.Span {
			return true
		}
	}
	return false
}

// closedByAnotherLoop tells whether x goes through the elements of an array of C, and o was released by another loop, or in an earlier
// round: the elements may have been set anew, in as many rounds as these.
func (a *fnRun) closedByAnotherLoop(x *callCtx, o ostate) bool {
	if a.f.File.Lang != ir.C || !a.flow.inLoop[x.b.ID] || !a.flow.oneOfMany(x.in) || o.steps == nil || o.steps.File != a.f.File {
		return false
	}
	b, i := a.callOf(o.steps.Span)
	switch {
	case b == nil:
		return false
	case b == x.b:
		return !a.before(b, i, x.in)
	}
	return a.flow.loopAt[b.ID] != a.flow.loopAt[x.b.ID] || a.flow.order[b.ID] > a.flow.order[x.b.ID]
}

// unloads tells whether a module, which is counted, is freed twice in a row: whoever writes that drops what
// somebody loaded before as well.
func (a *fnRun) unloads(x *callCtx, obj *Object, o ostate) bool {
	if obj.Acquire == nil || obj.Acquire.Class != models.ClassModule || o.steps == nil {
		return false
	}
	b, i := a.callOf(o.steps.Span)
	if b != x.b || o.steps.File != a.f.File {
		return false
	}
	if &b.Instrs[i] == x.in {
		return true // while (FreeLibrary(m));
	}
	for i++; i < len(b.Instrs) && &b.Instrs[i] != x.in; i++ {
		if b.Instrs[i].Op == ir.OpCall {
			return false
		}
	}
	return i < len(b.Instrs)
}

// dropChosen drops wrong releases that are one arm of a branch whose other arm releases the same
// thing rightly: the condition tells what it is. A helper that opens things of several kinds was asked for one kind,
// and where the release is right for one of them, that one is meant.
func (a *fnRun) dropChosen() {
	a.events = slices.DeleteFunc(a.events, func(e Event) bool {
		return e.Kind == WrongRelease && slices.ContainsFunc(a.rightClosers[e.Obj.site], func(b ir.BlockID) bool {
			return b == e.block || a.arms(b, e.block)
		})
	})
}

// arms tells whether x and y are the two arms of a branch.
func (a *fnRun) arms(x, y ir.BlockID) bool {
	return x != y && slices.ContainsFunc(a.f.Blocks(), func(b ir.Block) bool {
		return b.Term.Kind == ir.TermBranch && slices.Contains(b.Term.Succs, x) && slices.Contains(b.Term.Succs, y)
	})
}

// guardedWrongly reports the wrong test that lets a failure value through to this release. Where the
// value passed a right one after it, the test is not to blame.
func (a *fnRun) guardedWrongly(obj *Object, x *callCtx, o ostate) bool {
	c := a.compares[obj.site]
	if c == nil || !o.misread {
		return false
	}
	for _, w := range c.wrong {
		if w.span.Start > x.in.Span.Start || w.truth && (c.right || c.asked) {
			continue
		}
		test := &Step{Prev: o.steps, File: a.f.File, Span: w.span, Kind: StepBranch, Text: "compared with a value that does not mean failure"}
		a.emit(Event{Kind: WrongSentinel, Span: w.span, Obj: obj, API: obj.API, Value: w.value, ByNative: true,
			Steps: a.step(test, x.in, StepEnd, "so that the failure value is released here").List()})
		return true
	}
	return false
}

// releaseSteps are the steps of a release here, or inside the helper that did it.
func (a *fnRun) releaseSteps(prev *Step, x *callCtx, by releaseBy) *Step {
	if by.steps != nil {
		return appendSteps(prev, by.steps)
	}
	return a.step(prev, x.in, StepRelease, "released by "+by.api)
}

// byNative tells whether the release is one by a native function or a member that stands for one.
func (a *fnRun) byNative(by releaseBy) bool {
	if by.member == nil {
		return by.fn != nil
	}
	return len(a.prog.DB.StandsFor(by.member.Type+"."+by.member.Name)) > 0
}

// maxChain bounds the steps of a callee in a trace: of a longer way, the last ones are told.
const maxChain = 60

// appendSteps puts the chain tail after the chain head.
func appendSteps(head, tail *Step) *Step {
	var last *Step // of the copy, where the next one hangs on
	var first *Step
	for n := 0; tail != nil && n < maxChain; n++ {
		c := *tail
		if last == nil {
			first = &c
		} else {
			last.Prev = &c
		}
		last, tail = &c, tail.Prev
	}
	if last == nil {
		return head
	}
	last.Prev = head
	return first
}

// rightCloser tells whether the function releases objects of that kind; what is not known counts
// as right.
func (a *fnRun) rightCloser(obj *Object, by releaseBy) bool {
	if obj.Kind == Unknown || len(obj.Release) == 0 {
		return true
	}
	if by.member != nil {
		return a.rightMember(obj, by)
	}
	if by.fn == nil || obj.Acquire == nil {
		return a.rightNativeForMember(obj, by)
	}
	if obj.Acquire.ReleasedBy(by.fn) || obj.Acquire.Confidence == models.Unverified {
		return true
	}
	if by.fn.Sig == nil && len(by.fn.Releases) == 0 {
		return true
	}
	for _, t := range by.types {
		if models.KindMatches(obj.Acquire.Kind, t) {
			return true
		}
	}
	return false
}

// rightElsewhere tells whether the called name means the right function where it is another macro, or none.
func (a *fnRun) rightElsewhere(obj *Object, x *callCtx) bool {
	return obj.Acquire != nil && slices.ContainsFunc(x.tgt.Otherwise, func(name string) bool {
		fn := a.prog.DB.Func(name)
		return fn != nil && slices.ContainsFunc(fn.Releases, func(r models.Release) bool { return a.rightCloser(obj, releaseBy{fn: fn, types: r.Types}) })
	})
}

// rightMember: a .NET member releases. Release lists hold "Type.Member"; any Dispose or Free of
// the object's own type is right, and so is Marshal.Release for native memory of unknown kind.
func (a *fnRun) rightMember(obj *Object, by releaseBy) bool {
	name := by.member.Type + "." + by.member.Name
	if slices.Contains(obj.Release, name) {
		return true
	}
	if t := a.prog.DB.DotNetType(by.member.Type); t != nil && t.SafeHandle {
		return true // it knows how its handle is closed
	}
	if obj.Acquire != nil {
		// A native block or handle released by a .NET member: right when that member stands for
		// one of the functions of the list.
		return a.standsFor(name, obj.Release)
	}
	if slices.ContainsFunc(obj.Release, func(r string) bool { return a.standsFor(r, a.prog.DB.StandsFor(name)) }) {
		return true // two members for one native function: ZeroFreeCoTaskMemUnicode is FreeCoTaskMem
	}
	for _, r := range obj.Release {
		if lastDot(r) == by.member.Name && by.member.Name == "Dispose" {
			return true
		}
	}
	return obj.Kind != Memory
}

// rightNativeForMember: a .NET allocation is released by a native function.
func (a *fnRun) rightNativeForMember(obj *Object, by releaseBy) bool {
	if obj.Member == nil || by.fn == nil {
		return true
	}
	if slices.Contains(obj.Release, by.fn.Family) {
		return true
	}
	for _, r := range obj.Release {
		if a.standsFor(r, []string{by.fn.Family, by.fn.Name}) {
			return true
		}
	}
	return obj.Kind != Memory
}

// standsFor tells whether the .NET member is documented to call one of the native functions.
func (a *fnRun) standsFor(member string, natives []string) bool {
	for _, n := range a.prog.DB.StandsFor(member) {
		if slices.Contains(natives, n) {
			return true
		}
	}
	return false
}

// pendingOnRelease reports operations that still use what was released.
func (a *fnRun) pendingOnRelease(st *state, x *callCtx, by releaseBy, id objID, v value) {
	obj := a.objects[id]
	how := AtFree
	switch obj.Kind {
	case Pin, GCHandle:
		how = AtUnpin
		if by.using {
			how = AtDispose
		}
	case Pooled:
		how = AtPool
	case Handle:
		how = AtClose
	}
	for _, o := range slices.Clone(st.objs) {
		op := a.objects[o.id]
		if op.Kind != Operation || o.st != stPending || !a.alive(st, op) {
			continue
		}
		if op.use() != nil && obj.Kind == Unknown && !a.freesMemory(by) {
			continue
		}
		for _, u := range op.op.uses {
			if a.usesObject(u, id, v) && !(obj.Kind == Handle && u.use != UseEvent) {
				if obj.Kind == Unknown && u.use == UseEvent {
					how = AtClose
				}
				a.operationEvent(st, o, u, how, x.in.Span, false)
			}
		}
	}
}

// usesObject tells whether the operation's storage u is object id, lies in it, or is an address
// taken from it.
func (a *fnRun) usesObject(u opUse, id objID, v value) bool {
	if u.v.k == vSym && (a.refersTo(u.v, id) || u.v.k == v.k && u.v.sym == v.sym || a.addrOf.of(u.v.sym) == id) {
		return true
	}
	if u.v.k == vSym && v.k == vSym && a.objects[id].Kind == Pooled {
		pin := a.addrOf.of(u.v.sym)
		return pin != 0 && slices.ContainsFunc(a.objects[pin].targets, func(t value) bool { return sameStorage(t, v) })
	}
	if u.v.k == vAddr && v.k == vSym {
		root := &a.t.regions[a.t.root(u.v.reg)]
		return a.t.within(u.v.reg, a.t.pointee(v.sym)) || root.kind == rPointee && a.symObj.of(root.sym) == id
	}
	return false
}
