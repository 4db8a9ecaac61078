package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// A raw handle that gets an owner belongs to it from then on. Who gives it to a second one, or
// closes it by hand, closes it twice.

// wrapState: on this path the raw handle has an owner.
type wrapState struct {
	raw   symID
	owner ownKey
	steps *Step
}

// claim is a second owner, which is one too many unless one of both gives up before the end.
type claim struct {
	event  Event
	owners [2]ownKey
}

func (c *claim) involves(k ownKey) bool { return c.owners[0] == k || c.owners[1] == k }

// ownsKind says whether a constructor makes its object the owner of the handle that it is given.
type ownsKind uint8

const (
	ownsNever ownsKind = iota
	ownsAlways
	ownsByParam // the parameter says so
)

// ctorWrap is what a constructor of a handle type does with a raw handle.
type ctorWrap struct {
	raw      int // parameter with the raw handle, -1 if none
	owns     ownsKind
	param    int  // of ownsByParam
	named    bool // param is found by its name
	acquires bool // it opens the handle itself
}

// ctorWraps reads the body of a constructor.
func (e *engine) ctorWraps(f *ir.Func, depth int) ctorWrap {
	w := ctorWrap{raw: -1, param: -1}
	if depth > 3 {
		return w
	}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			switch {
			case in.Op == ir.OpCall && in.Call.Name == ".ctor" && !in.Call.New:
				e.baseWraps(f, in, &w, depth)
			case in.Op == ir.OpCall && len(in.Call.Args) == 1 && e.wraps(in.Call.Name):
				e.setsHandle(f, in.Call.Args[0].Val, &w)
			case in.Op == ir.OpStore:
				if isHandleField(f.Def(in.A)) {
					e.setsHandle(f, in.B, &w)
				}
			}
		}
	}
	return w
}

// wraps tells whether a member of the library's owners takes its only argument over.
func (e *engine) wraps(member string) bool {
	own, _ := e.prog.DB.Ownership("SafeHandle." + member)
	return own == models.OwnWrap
}

func (e *engine) setsHandle(f *ir.Func, t ir.Temp, w *ctorWrap) {
	if p := paramOf(f, t); p >= 0 {
		w.raw = p
		return
	}
	for range 4 {
		d := f.Def(t)
		if d == nil {
			return
		}
		if d.Op == ir.OpCall {
			tgt := e.prog.Callee(f, d)
			w.acquires = tgt.Native != nil && slices.ContainsFunc(tgt.Native.Acquires, func(q models.Acquire) bool { return q.IsReturn() && !q.Borrowed })
			return
		}
		if d.Op != ir.OpCast {
			return
		}
		t = d.A
	}
}

// baseWraps: the constructor calls another one of its own type or of its base.
func (e *engine) baseWraps(f *ir.Func, in *ir.Instr, w *ctorWrap, depth int) {
	t := e.prog.Callee(f, in)
	if len(t.Funcs) == 1 {
		b := e.ctorWraps(t.Funcs[0], depth+1)
		if i := t.Arg(b.raw, len(in.Call.Args)); b.raw >= 0 && i >= 0 {
			w.raw = paramOf(f, in.Call.Args[i].Val)
		}
		w.acquires = w.acquires || b.acquires
		w.owns, w.param = b.owns, -1
		if b.owns == ownsByParam {
			i := t.Arg(b.param, len(in.Call.Args))
			w.owns = ownsNever
			if i >= 0 {
				e.ownsArg(f, in.Call.Args[i].Val, w)
			}
		}
		return
	}
	for i := range in.Call.Args {
		v := in.Call.Args[i].Val
		switch p := paramOf(f, v); {
		case p >= 0 && f.Var(f.Params[p]).Type == "bool", p < 0 && isBool(f, v):
			e.ownsArg(f, v, w)
		case p >= 0 && i == 0 && len(in.Call.Args) == 2:
			w.raw = p // base(handle, true) of a handle type of the library
		}
	}
}

func (e *engine) ownsArg(f *ir.Func, t ir.Temp, w *ctorWrap) {
	d := f.Def(t)
	switch p := paramOf(f, t); {
	case p >= 0:
		w.owns, w.param = ownsByParam, p
	case d != nil && d.Op == ir.OpConst && d.Const == ir.ConstBool && d.Int != 0:
		w.owns = ownsAlways
	}
}

func isBool(f *ir.Func, t ir.Temp) bool {
	d := f.Def(t)
	return d != nil && d.Op == ir.OpConst && d.Const == ir.ConstBool
}

// paramOf is the index of the parameter whose value t is, -1 if it is none.
func paramOf(f *ir.Func, t ir.Temp) int {
	for range 4 {
		d := f.Def(t)
		if d == nil {
			return -1
		}
		switch d.Op {
		case ir.OpLoad, ir.OpCast:
			t = d.A
		case ir.OpVarAddr:
			return slices.Index(f.Params, d.Var)
		default:
			return -1
		}
	}
	return -1
}

// wrapsArg tells which argument of "new T(...)" becomes the handle of the new object.
func (a *fnRun) wrapsArg(st *state, x *callCtx) ctorWrap {
	none := ctorWrap{raw: -1, param: -1}
	if len(x.tgt.Funcs) == 1 && a.eng.ownerClass(a.f, x.c.Type) == ownerSafeHandle {
		return a.eng.ctorWraps(x.tgt.Funcs[0], 0)
	}
	if len(x.tgt.Funcs) > 0 || len(x.c.Args) == 0 || !a.rawType(x.c.Args[0].Val) && !st.temp(x.c.Args[0].Val).raw {
		return none
	}
	eff, n := a.prog.DB.Ownership(shortName(x.c.Type) + "..ctor")
	if eff == models.OwnWrap || a.eng.ownerClass(a.f, x.c.Type) == ownerSafeHandle && a.prog.TypeDecl(a.f, x.c.Type) == nil {
		return ctorWrap{raw: max(n, 0), owns: ownsByParam, named: true, param: -1}
	}
	return none
}

// rawType tells whether t is a raw handle: a pointer or a number of its size.
func (a *fnRun) rawType(t ir.Temp) bool {
	typ := a.prog.TypeOf(a.f, t)
	i := a.prog.DB.DotNetType(shortName(typ))
	return i != nil && i.Pointer || typ == "nint" || typ == "nuint" || len(typ) > 0 && typ[len(typ)-1] == '*'
}

// saysOwns tells whether the call makes the new object the owner of its handle, for certain.
func (a *fnRun) saysOwns(x *callCtx, w ctorWrap) bool {
	switch {
	case w.owns == ownsAlways:
		return true
	case w.owns != ownsByParam:
		return false
	case !w.named:
		return w.param < len(x.args) && x.args[w.param] != nil && a.constText(x.args[w.param].Val) == "true"
	}
	for i := 1; i < len(x.c.Args); i++ {
		arg := &x.c.Args[i]
		if arg.Name == "ownsHandle" || a.prog.TypeOf(a.f, arg.Val) == "bool" {
			return a.constText(arg.Val) == "true"
		}
	}
	return true // the handle types of the library own what they are given unless told otherwise
}

// wrap: the owner k gets the raw handle v.
func (a *fnRun) wrap(st *state, x *callCtx, k ownKey, v value) {
	if n, known := st.number(v); known && (n == 0 || n == -1) || v.k != vSym && v.k != vAddr {
		return
	}
	at := a.step(nil, x.in, StepAcquire, "gets an owner here: "+wrapName(x))
	if v.raw {
		from, _ := a.ownerKey(v)
		o := st.owner(from)
		if from == k || !x.c.New || o != nil && (o.st == ownDisowned || o.st == ownDisposed || o.counted) {
			return // a type that sets the handle of another may count references, or release that one
		}
		e := Event{Kind: TwoOwners, How: AtHandover, Span: x.in.Span, API: wrapName(x), Obj: a.ownObj[from], Field: a.ownerName(from),
			Steps: a.step(nil, x.in, StepEnd, "the raw handle of another owner gets an owner of its own").List()}
		a.claim(st, e, from, k)
		return
	}
	if v.k != vSym {
		return
	}
	for _, w := range st.wraps {
		if w.raw == v.sym && w.owner != k {
			e := Event{Kind: TwoOwners, How: AtOverwrite, Span: x.in.Span, API: wrapName(x), Field: a.rawName(v),
				Steps: a.step(w.steps, x.in, StepEnd, "gets a second owner here: "+wrapName(x)).List()}
			a.claim(st, e, w.owner, k)
			return
		}
	}
	if id := a.objectOf(v); id != 0 {
		if obj := a.objects[id]; obj.Acquire != nil && obj.Acquire.Borrowed {
			e := Event{Kind: TwoOwners, How: AtCall, Span: x.in.Span, API: obj.API, Obj: obj, Field: a.rawName(v),
				Steps: a.step(a.step(nil, x.in, StepNote, "what "+obj.API+" gives is not the caller's to close"), x.in, StepEnd, "gets an owner here: "+wrapName(x)).List()}
			a.claim(st, e, k, k)
			return
		}
	}
	st.wraps = append(slices.Clip(st.wraps), wrapState{v.sym, k, at})
}

func wrapName(x *callCtx) string {
	if x.c.New {
		return "new " + shortName(x.c.Type)
	}
	return x.c.Name
}

// rawName is what a person calls a raw handle.
func (a *fnRun) rawName(v value) string {
	if id := a.objectOf(v); id != 0 && a.objects[id].Var != "" {
		return a.objects[id].Var
	}
	return a.ownerName(ownKey{sym: v.sym})
}

func (a *fnRun) claim(st *state, e Event, x, y ownKey) {
	e.Func = a.f
	st.claims = append(slices.Clip(st.claims), &claim{e, [2]ownKey{x, y}})
}

// disown: v releases nothing any more.
func (a *fnRun) disown(st *state, v value) {
	o := a.foreignOwner(st, v)
	if o == nil {
		return
	}
	o.st = ownDisowned
	k := o.key
	st.wraps = slices.DeleteFunc(slices.Clone(st.wraps), func(w wrapState) bool { return w.owner == k })
	st.claims = slices.DeleteFunc(slices.Clone(st.claims), func(c *claim) bool { return c.involves(k) })
}

// ownerReleased: v is released by a member, which disposes it, or by a native function, which
// closes a handle by hand.
func (a *fnRun) ownerReleased(st *state, x *callCtx, by releaseBy, v value) {
	native := by.fn != nil || a.byNative(by)
	if !native {
		if by.member != nil && by.steps != nil && a.ownerIn(st, v) != nil {
			a.ownerDisposed(st, v, x.in, by.api)
		}
		return
	}
	if v.raw {
		a.closedUnder(st, x, by, v)
		return
	}
	if v.k != vSym {
		return
	}
	for _, w := range st.wraps {
		if w.raw == v.sym {
			if o := st.owner(w.owner); o != nil && o.st == ownDisposed && o.foreign {
				continue
			}
			e := Event{Kind: TwoOwners, How: AtClose, Span: x.in.Span, API: by.api, Field: a.rawName(v), Steps: a.step(w.steps, x.in, StepEnd, "closed by hand here: "+by.api).List()}
			a.claim(st, e, w.owner, w.owner)
			return
		}
	}
}

// closedUnder: the raw handle v is closed under its owner.
func (a *fnRun) closedUnder(st *state, x *callCtx, by releaseBy, v value) {
	k, ok := a.ownerKey(v)
	if !ok {
		return
	}
	if d := a.prog.OwnerType(a.f); d != nil && d.IsSafeHandle {
		return // it is the owner
	}
	if o := st.owner(k); o != nil {
		if o.st == ownDisowned {
			return
		}
		if o.st == ownLive {
			o.st = ownGone
		}
	}
	e := Event{Kind: TwoOwners, How: AtClose, Span: x.in.Span, API: by.api, Obj: a.ownObj[k], Field: a.ownerName(k),
		Steps: a.step(nil, x.in, StepEnd, "the raw handle is closed by hand here: "+by.api).List()}
	a.claim(st, e, k, k)
}
