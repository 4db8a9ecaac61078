package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// effectOn is what the path of an effect names.
type effectOn struct {
	v     value
	place regID
	ok    bool
}

// named is what the paths of the effects of o name, which is read before anything changes. It is valid till the next call.
func (a *fnRun) named(st *state, x *callCtx, o *outcome) []effectOn {
	on := a.effectsOn[:0]
	for i := range o.effects {
		var is effectOn
		if e := &o.effects[i]; e.kind == effRelease || e.kind == effEscape || e.kind == effReference {
			is.v, is.place, is.ok = a.content(st, x, e.path)
		}
		on = append(on, is)
	}
	a.effectsOn = on
	return on
}

// byIn tells whether p starts at an "in" parameter of f.
func byIn(f *ir.Func, p path) bool {
	return p.root == rootParam && p.index < len(f.Params) && f.Var(f.Params[p.index]).Ref == ir.ByIn
}

// applyOutcome applies effects and result; false when the path ends here (it throws).
func (a *fnRun) applyOutcome(st *state, x *callCtx, f *ir.Func, o *outcome, n int, enter *Step) bool {
	pres := a.named(st, x, o)
	for i := range o.effects {
		e := &o.effects[i]
		switch e.kind {
		case effRelease:
			if pres[i].ok && a.dropsInside(st, x, e, pres[i].v, enter) {
				continue
			}
			if pres[i].ok && isMacro(f) {
				a.escape(st, pres[i].v, x.in, "", 0) // a macro may reset its argument as well
			} else if pres[i].ok {
				if a.closedInside(st, x, f, e, enter) {
					continue
				}
				by := a.helperRelease(e, f, enter)
				by.oneOfSeveral = a.releasesOtherwise(x.tgt.Funcs, f, e)
				a.release(st, x, by, pres[i].v, pres[i].place)
			}
		case effReference:
			if v := pres[i].v; pres[i].ok && v.k == vSym {
				a.newReference(st, x, Object{API: e.obj.API, Native: e.obj.Native, ViaCall: f}, v.sym, appendSteps(enter, e.steps))
			}
		case effLock, effUnlock:
			if e.kind == effUnlock || a.eng.summaryOf(f).always(e) {
				a.applyLock(st, x, e, enter)
			}
		case effEscape:
			if pres[i].ok {
				a.escape(st, pres[i].v, x.in, "", 0)
				if e.path.root == rootParam && e.path.sel == "" && a.f.File.Lang == ir.CSharp {
					a.escapeWhole(st, x.args[e.path.index].Val, x.in)
				}
				if e.path.sel == "*" && byIn(f, e.path) {
					a.escapeRegion(st, pres[i].place, x.in, 0) // a struct, which only goes on as a whole
				}
				if pres[i].v.k == vAddr && a.f.File.Lang == ir.C {
					// Whoever got the address may write there.
					a.mayBeWritten(st, pres[i].v.reg, x.in, i)
				}
			}
		}
	}
	if x.c.New && !o.throws {
		a.keptOtherwise(st, x, f)
	}
	for i := range o.effects {
		if e := &o.effects[i]; e.kind == effDispose {
			if v, _, ok := a.content(st, x, e.path); ok {
				a.ownerDisposed(st, v, x.in, f.Name)
			}
		}
	}
	for i := range o.effects {
		a.applyStore(st, x, f, o, &o.effects[i], enter, int16(n))
	}
	if o.throws {
		a.givenToFree(st, x, a.eng.summaryOf(f))
		a.raiseAs(x.b, st, o.exc, !x.guess && a.expected(o.exc), x.in.Span)
		return false
	}
	if !o.ret.known && o.ret.obj == nil {
		a.perhapsWritten(st, x)
	}
	before := st.lastErr
	a.applyResult(st, x, f, o, enter, int16(n))
	a.applyContents(st, x, f, o, enter, int16(n))
	a.applyError(st, x, o, before, int16(n))
	for i := range o.effects {
		if e := &o.effects[i]; e.kind == effKeep {
			a.applyKeep(st, x, f, e, enter, int16(n))
		}
	}
	a.doneUnseen(st, x, f, o)
	return true
}

// keptOtherwise: a constructor that keeps an argument unless another is of no use (if (dc == null) return;) owns it
// for its caller, who cannot tell.
func (a *fnRun) keptOtherwise(st *state, x *callCtx, f *ir.Func) {
	for _, o := range a.eng.summaryOf(f).outcomes {
		for i := range o.effects {
			if e := &o.effects[i]; !o.throws && e.kind == effEscape && e.path.root == rootParam && e.path.sel == "" {
				if v, ok := x.arg(st, e.path.index); ok {
					a.escape(st, v, x.in, "", 0)
				}
			}
		}
	}
}

// perhapsWritten: the result does not tell whether the callee filled what it was given the address
// of, so storage that it did not fill on this way counts as filled all the same.
func (a *fnRun) perhapsWritten(st *state, x *callCtx) {
	for i := range x.args {
		v, ok := x.arg(st, i)
		if !ok || v.k != vAddr {
			continue
		}
		if old := a.load(st, v.reg); old.k == vUninit {
			a.writtenThrough(st, v, x.in, i)
		}
	}
}

// releasesOtherwise tells whether what f releases by e is released by other functions on other ways,
// or goes elsewhere in another body that the call may reach: which one it takes depends on something
// that is not followed, such as a function pointer or the system.
func (a *fnRun) releasesOtherwise(fns []*ir.Func, f *ir.Func, e *effect) bool {
	if e.obj != nil && e.obj.severalClosers {
		return true
	}
	for _, g := range fns {
		for _, o := range a.eng.summaryOf(g).outcomes {
			for i := range o.effects {
				x := &o.effects[i]
				if x.path == e.path && (x.kind == effRelease && x.api != e.api || x.kind == effEscape && g != f) {
					return true
				}
			}
		}
	}
	return false
}

func (a *fnRun) helperRelease(e *effect, f *ir.Func, enter *Step) releaseBy {
	by := releaseBy{api: f.Name, steps: appendSteps(enter, e.steps), using: false, noop: []int64{0, -1}}
	if fn := a.prog.DB.Func(e.api); fn != nil && len(fn.Releases) > 0 {
		by.fn, by.types = fn, fn.Releases[0].Types
	} else if typ, name := models.SplitMember(e.api); typ != "" {
		by.member = &models.Member{Type: typ, Name: name}
	}
	return by
}

func (a *fnRun) applyStore(st *state, x *callCtx, f *ir.Func, o *outcome, e *effect, enter *Step, n int16) {
	switch e.kind {
	case effStoreInt, effStore, effAcquire, effBorrow:
	case effComplete, effCancel:
		a.applyCompletion(st, x, e, enter)
		return
	case effStart:
		a.applyStart(st, x, e, enter, n)
		return
	case effExpose:
		if v, ok := x.arg(st, e.path.index); ok {
			root := a.t.root(a.pointeeOf(v))
			a.filledLater(st, root, x.in)
			a.exposes(st, root)
		}
		return
	default:
		return
	}
	r := a.place(st, x, e.path)
	if r == 0 {
		return
	}
	if e.kind == effAcquire && e.obj.Acquire != nil && e.obj.Acquire.InOut && a.ownedHandle(st, a.load(st, r)) {
		return // it goes on with what it made before
	}
	if e.kind != effStoreInt && e.path.outParam() && readsFirst(f, e.path.index) {
		a.escape(st, a.load(st, r), x.in, "", 0)
	}
	role := a.effectRole(n, e.path)
	kind := e.kind
	if kind == effAcquire && !e.path.outParam() && !a.ownsStruct(st, r, e.path, o) {
		kind = effStore
	}
	a.clearedOrClosed(st, f, e.path, r)
	switch kind {
	case effStoreInt:
		a.assign(st, r, intVal(e.value), x.in)
	case effStore:
		for _, b := range st.bindings() {
			if b.reg != r && a.t.within(b.reg, r) {
				a.escape(st, b.v, x.in, "", 0) // the callee may have stored it again, or released it
			}
		}
		st.unbindIf(func(q regID) bool { return q != r && a.t.within(q, r) })
		sym := a.fresh(st, x.in, role)
		st.bind(r, symVal(sym))
		if e.value != 0 {
			st.assume(sym, ir.Ne, 0)
		}
	default:
		sym := a.fresh(st, x.in, role)
		borrowed := e.kind == effBorrow && !(e.value == freshBlock && a.f.File.Lang == ir.CSharp)
		a.importObject(st, x, f, e.obj, sym, role, appendSteps(enter, e.steps), borrowed)
		a.assign(st, r, symVal(sym), x.in)
	}
}

// clearedOrClosed: the callee clears or replaces what is in r, which it releases on other ways. Those on which it found it empty
// cannot be told from these: if (h != 0) CloseHandle(h); h = 0.
func (a *fnRun) clearedOrClosed(st *state, f *ir.Func, p path, r regID) {
	id := a.objectOf(a.load(st, r))
	o, ok := st.obj(id)
	if id == 0 || !ok || o.st != stOwned || a.f.File.Lang != ir.CSharp {
		return
	}
	for i := range a.eng.summaryOf(f).outcomes {
		if slices.ContainsFunc(a.eng.summaryOf(f).outcomes[i].effects, func(e effect) bool { return e.kind == effRelease && e.path == p }) {
			st.change(id, func(o *ostate) { o.st = stEscaped })
			return
		}
	}
}

func (a *fnRun) applyResult(st *state, x *callCtx, f *ir.Func, o *outcome, enter *Step, n int16) {
	if x.c.New {
		a.newValue(st, x)
		return
	}
	defer a.resultOwner(st, x, f, o.ret.owner)
	r := o.ret
	if a.nativeResult(st, x, f, &r, enter, n) {
		st.lastErr = value{}
		return
	}
	switch {
	case r.obj != nil:
		a.importResult(st, x, f, r.obj, &r, enter, n)
	case r.made != nil:
		id := a.importResult(st, x, f, r.made, &r, enter, n)
		st.change(id, func(o *ostate) { o.st = stEscaped })
	case r.alias.root != noRoot:
		if r.addr {
			if p := a.place(st, x, r.alias); p != 0 {
				st.setTemp(x.in.Dst, addrVal(p))
				return
			}
		} else if v, g, ok := a.content(st, x, r.alias); ok {
			if r.alias.root == rootGlobal && isConstantName(r.alias.name) {
				a.assumeErrorName(st, g, r.alias.name[1:])
			}
			st.setTemp(x.in.Dst, v)
			return
		}
		st.setTemp(x.in.Dst, symVal(a.fresh(st, x.in, 700+n)))
	case r.known:
		if k, isConst := r.c.isConst(); isConst {
			st.setTemp(x.in.Dst, intVal(k))
			return
		}
		sym := a.fresh(st, x.in, 700+n)
		c := r.c
		c.sym = sym
		st.setCons(c)
		st.setTemp(x.in.Dst, symVal(sym))
	default:
		st.setTemp(x.in.Dst, symVal(a.fresh(st, x.in, 700+n)))
	}
	st.lastErr = value{}
}
