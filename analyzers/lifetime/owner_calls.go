package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// ownershipBefore applies what a call does to owners, before it does anything else.
func (a *fnRun) ownershipBefore(st *state, x *callCtx) {
	if a.f.File.Lang != ir.CSharp {
		return
	}
	a.rawUses(st, x)
	a.countedOnceMore(st, x)
	if x.tgt.MemberName != "" {
		switch eff, n := a.prog.DB.Ownership(x.tgt.MemberName); eff {
		case models.OwnAddRef:
			if o := a.foreignOwner(st, x.operand(st, n)); o != nil {
				o.refs++
			}
		case models.OwnDropRef:
			if o := a.foreignOwner(st, x.operand(st, n)); o != nil && o.refs > 0 {
				o.refs--
			}
		case models.OwnDisown:
			a.disown(st, x.operand(st, n))
		case models.OwnWrap:
			if !x.c.New {
				if k, ok := a.ownerKey(a.wrapper(st, x)); ok && a.ownsWhatItSets() {
					a.wrap(st, x, k, x.operand(st, n))
				}
			}
		}
	}
	if disposes(x.c.Name, len(x.c.Args)) && !x.c.New && x.tgt.Import == nil {
		a.ownerDisposed(st, x.recv, x.in, x.c.Name)
		a.lockedDisposed(st, x.recv)
	}
	if o := a.ownerIn(st, x.recv); o != nil && o.st == ownLive && !x.c.New {
		for _, f := range x.tgt.Funcs {
			if a.ownObj[o.key].Kind == Owner && a.eng.keepsThis(f) {
				o.st = ownGone
			}
		}
	}
}

// countedOnceMore: a second owner of what is counted once more is none too many.
func (a *fnRun) countedOnceMore(st *state, x *callCtx) {
	if x.c.New || x.tgt.MemberName != "" || !models.NamedCounter(lastDot(x.c.Name)) {
		return
	}
	counted := func(v value) {
		if k, ok := a.ownerKey(v); ok {
			st.claims = slices.DeleteFunc(slices.Clone(st.claims), func(c *claim) bool { return c.involves(k) })
			a.foreignOwner(st, v).counted = true
		}
		st.wraps = slices.DeleteFunc(slices.Clone(st.wraps), func(w wrapState) bool { return v.k == vSym && w.raw == v.sym })
	}
	counted(x.recv)
	for i := range x.args {
		if v, ok := x.arg(st, i); ok {
			counted(v)
		}
	}
}

// disposes tells whether a method of that name and number of arguments ends its object: the
// dispose pattern of .NET.
func disposes(name string, args int) bool {
	switch lastDot(name) {
	case "Dispose":
		return args <= 1
	case "Close", "DisposeAsync":
		return args == 0
	}
	return false
}

// wrapper is what owns the operand of a call that wraps: the receiver, or the first argument.
func (a *fnRun) wrapper(st *state, x *callCtx) value {
	if x.recv.k != vUnknown && (x.c.Recv != 0 || x.tgt.RecvPath != "" || a.f.This != ir.NoVar && len(x.c.Args) == 1) {
		return x.recv
	}
	v, _ := x.arg(st, 0)
	return v
}

// ownsWhatItSets: in the constructor of a handle type, whether it owns what it sets is said to the
// base.
func (a *fnRun) ownsWhatItSets() bool {
	if a.f.Kind != ir.FuncCtor {
		return true
	}
	return a.eng.ctorWraps(a.f, 0).owns == ownsAlways
}

// ownershipAfter applies what a call does to owners once its result is there.
func (a *fnRun) ownershipAfter(st *state, x *callCtx, name string) {
	if a.f.File.Lang != ir.CSharp || x.in.Dst == 0 {
		return
	}
	switch eff, _ := a.prog.DB.Ownership(name); eff {
	case models.OwnRaw:
		if v := st.temp(x.in.Dst); v.k == vSym || v.k == vAddr {
			v.raw = true
			st.setTemp(x.in.Dst, v)
		}
	}
}

// rawUses looks at raw handles that go to native code.
func (a *fnRun) rawUses(st *state, x *callCtx) {
	if x.tgt.Import == nil && x.tgt.Native == nil || len(x.tgt.Funcs) > 0 {
		return
	}
	for i := range x.args {
		v, ok := x.arg(st, i)
		if !ok || !v.raw || x.tgt.Native != nil && isReleased(x.tgt.Native, i) {
			continue
		}
		o := a.ownerIn(st, v)
		if o == nil || o.refs > 0 {
			continue
		}
		name := x.c.Name
		switch {
		case o.st == ownDisposed:
			a.rawOutlives(st, o, AtDispose, x.in.Span, "the raw handle goes to "+name+" after that")
			o.st = ownGone
		case o.st == ownLive && !o.kept && a.ownObj[o.key] != nil:
			a.rawOutlives(st, o, AtCall, x.in.Span, "the raw handle goes to "+name+", and nothing keeps its owner during the call")
			o.st = ownGone
		}
	}
}

// newOwner: the call made an object, to which v refers.
func (a *fnRun) newOwner(st *state, x *callCtx, v value) {
	if a.f.File.Lang != ir.CSharp || !x.c.New {
		return
	}
	k, ok := a.ownerKey(v)
	if !ok {
		return
	}
	w := a.wrapsArg(st, x)
	raw, owns := value{}, false
	if w.raw >= 0 && w.raw < len(x.args) && x.args[w.raw] != nil {
		raw, owns = st.temp(x.args[w.raw].Val), a.saysOwns(x, w)
	}
	if owns {
		a.ownerCloses(st, x, raw)
		a.wrap(st, x, k, raw)
	}
	switch a.eng.ownerClass(a.f, x.c.Type) {
	case ownerSafeHandle:
		if a.eng.idleHandle(a.f, x.c.Type) {
			return
		}
		if n, known := st.number(raw); owns && !(known && (n == 0 || n == -1)) && raw.k != vUnknown || w.acquires {
			a.addOwner(st, x.in, v, Object{Kind: SafeHandle, API: "new " + shortName(x.c.Type), Acquire: a.acquireOf(raw)}, a.step(nil, x.in, StepAcquire, "made by new "+shortName(x.c.Type)))
		}
	case ownerUnit:
		for _, f := range x.tgt.Funcs {
			if a.eng.keepsThis(f) {
				return
			}
		}
		if !a.eng.opensInCtor(x.tgt.Funcs) || a.deniesOwning(x) {
			return
		}
		a.addOwner(st, x.in, v, Object{Kind: Owner, API: "new " + shortName(x.c.Type)}, a.step(nil, x.in, StepAcquire, "made by new "+shortName(x.c.Type)))
	}
}

// deniesOwning tells whether a parameter that asks for ownership (ownsHandle, leaveOpen) says that
// somebody else releases what the new object is given.
func (a *fnRun) deniesOwning(x *callCtx) bool {
	for _, f := range x.tgt.Funcs {
		for i, p := range f.Params {
			if i >= len(x.args) || x.args[i] == nil || shortName(f.Var(p).Type) != "bool" {
				continue
			}
			name, said := strings.ToLower(f.Var(p).Name), a.constText(x.args[i].Val)
			if said == "false" && strings.Contains(name, "own") || said == "true" && strings.Contains(name, "leaveopen") {
				return true
			}
		}
	}
	return false
}

// acquireOf is the native acquisition behind a raw handle, nil when it is not known.
func (a *fnRun) acquireOf(raw value) *models.Acquire {
	if id := a.objectOf(raw); id != 0 {
		return a.objects[id].Acquire
	}
	return nil
}

// importedOwner: a native function gave v, by its result (param -1) or a parameter, which the declaration of its import makes an owner.
func (a *fnRun) importedOwner(st *state, x *callCtx, v value, param int, o *Object) {
	t := x.tgt.Ret
	switch imp := x.tgt.Import; {
	case imp != nil && len(imp.Params) != len(x.c.Args):
		return // another method of that name, which is not seen
	case param >= 0 && imp != nil && param < len(imp.Params):
		t = imp.Params[param].Type
	case param >= 0:
		t = a.prog.TypeOfPlace(a.f, x.args[param].Val)
	case imp == nil && t == "":
		if !a.keptAsOwner(x.in) {
			return
		}
		t = "SafeHandle"
	}
	if !a.eng.safeHandleType(a.f, t) || a.eng.idleHandle(a.f, t) {
		return // the marshaller copies and frees strings and arrays
	}
	own := *o
	own.Kind = SafeHandle
	a.addOwner(st, x.in, v, own, a.step(nil, x.in, StepAcquire, "opened by "+x.c.Name))
}

// keptAsOwner tells whether the result of a call whose declaration is not seen goes to a variable
// that is declared as a handle type, or is called like an export of a binding class.
func (a *fnRun) keptAsOwner(call *ir.Instr) bool {
	in := a.storeOf(call)
	if in == nil || a.rawBinding(call) {
		return false
	}
	t := a.prog.TypeOfPlace(a.f, in.A)
	return a.eng.safeHandleType(a.f, t) || t == "" && strings.Contains(call.Call.Path, ".") && !strings.HasPrefix(call.Call.Path, "this.")
}

// unknownImport: an import of which nothing is known but its declaration returns an owner.
func (a *fnRun) unknownImport(st *state, x *callCtx) {
	if x.tgt.Import == nil || x.in.Dst == 0 || a.eng.ownerClass(a.f, x.tgt.Ret) != ownerSafeHandle {
		return
	}
	a.importedOwner(st, x, st.temp(x.in.Dst), -1, &Object{API: x.c.Name})
}

// splitInvalid: the code asks whether an owner holds an invalid handle, and nothing says so: there
// is one way on which it does.
func (a *fnRun) splitInvalid(st *state, x *callCtx, v value) ([]*state, bool) {
	o := a.ownerIn(st, v)
	if o == nil || o.foreign || o.st != ownLive || v.raw {
		return nil, false
	}
	if _, known := st.number(st.temp(x.in.Dst)); known {
		return nil, false
	}
	bad := st.clone()
	bad.owner(o.key).st = ownGone
	bad.setTemp(x.in.Dst, boolVal(true))
	st.setTemp(x.in.Dst, boolVal(false))
	return []*state{st, bad}, true
}

// ownerReturned is the owner that the function returns, nil if none.
func (a *fnRun) ownerReturned(st *state) *Object {
	if o := a.ownerIn(st, st.ret); o != nil && !st.ret.raw && !o.foreign && o.st == ownLive {
		return a.ownObj[o.key]
	}
	return nil
}

// resultOwner: the callee made the owner that the call gives.
func (a *fnRun) resultOwner(st *state, x *callCtx, f *ir.Func, tmpl *Object) {
	if tmpl == nil || x.in.Dst == 0 || a.eng.ownerClass(f, f.Ret) == notOwner {
		return
	}
	o := *tmpl
	o.Var, o.ViaCall, o.API = "", f, tmpl.API
	v := st.temp(x.in.Dst)
	enter := &Step{File: a.f.File, Span: x.in.Span, Kind: StepCall, Text: "calls " + f.Name}
	a.addOwner(st, x.in, v, o, &Step{Prev: enter, File: tmpl.Func.File, Span: tmpl.Span, Kind: StepAcquire, Text: "made by " + tmpl.API})
}

// callsForOwners tells whether a call makes an owner or does something to its handle, so that the
// function is looked at.
func (e *engine) callsForOwners(f *ir.Func, in *ir.Instr, t *link.Target) bool {
	if f.File.Lang != ir.CSharp {
		return false
	}
	if in.Call.New {
		eff, _ := e.prog.DB.Ownership(shortName(in.Call.Type) + "..ctor")
		return eff != models.OwnNone || e.ownerClass(f, in.Call.Type) != notOwner
	}
	if t.Import != nil && t.Native == nil {
		return e.ownerClass(f, t.Ret) == ownerSafeHandle
	}
	if t.MemberName != "" {
		eff, _ := e.prog.DB.Ownership(t.MemberName)
		return eff != models.OwnNone
	}
	return false
}
