package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// callCtx is one call on one path.
type callCtx struct {
	b   *ir.Block
	in  *ir.Instr
	c   *ir.Call
	tgt *link.Target
	// args are the values by parameter index; nil where no argument was given.
	args []*ir.Arg
	// guess: the outcome at hand is one of several that are as good as each other.
	guess bool
	// instead: the outcome at hand gives something new in place of an argument, which is null there as far as anybody knows.
	instead bool
	// open: the outcome at hand depends on a number or flag that is not known here.
	open bool
	// ways are the outcomes of the callee that are possible here.
	ways []*outcome
	// recv is the receiver's value; recvPlace its place, if it has one.
	recv, recvPlace value
	// unwritten are the members that the call puts handles into, and that were never given a value before.
	unwritten []regID
}

// execCall interprets a call: by what the models know of it, by the summary of its body, or, when
// nothing is known, by letting everything that it takes escape.
func (a *fnRun) execCall(b *ir.Block, in *ir.Instr, st *state) []*state {
	x := &callCtx{b: b, in: in, c: in.Call, tgt: a.calleeAt(in)}
	a.bindArgs(st, x)
	a.tasksGiven(st, x)
	a.useAddresses(st, x)
	if x.tgt.Native == nil || len(x.tgt.Native.Releases) == 0 {
		for i := range x.c.Args {
			a.lookedAt(st, st.temp(x.c.Args[i].Val))
		}
	}
	ofError := a.translatesError(st, x)
	a.ownershipBefore(st, x)
	out := a.dispatch(st, x)
	for _, s := range out {
		a.ownershipAfter(s, x, x.tgt.MemberName)
		a.noteGiven(s, x)
		if ofError {
			s.assumeNegative(x.in.Dst)
		}
		a.countCall(s, in)
	}
	if a.flow.catchable(b) && !a.neverThrows(x) {
		exc := ""
		switch {
		case len(x.tgt.Funcs) > 0:
		case a.prog.DB.DotNetThrows(x.tgt.MemberName) == models.ThrowArguments:
			exc = ofArguments
		default:
			exc = fromOutside
		}
		for _, s := range out {
			if a.releasedBy(s, x) {
				continue // whoever releases does not fail at it
			}
			c := s.clone()
			a.startedHere(c, in)
			a.neverMade(c, x)
			a.ownerNeverMade(c, x)
			a.raiseAs(b, c, exc, false, in.Span)
		}
	}
	return out
}

// releasedBy tells whether some argument of a C call is released after it.
func (a *fnRun) releasedBy(st *state, x *callCtx) bool {
	if a.f.File.Lang != ir.C {
		return false
	}
	for i := range x.args {
		if v, ok := x.arg(st, i); ok {
			if o, ok := st.obj(a.objectOf(v)); ok && o.st == stReleased {
				return true
			}
		}
	}
	return false
}

func (a *fnRun) bindArgs(st *state, x *callCtx) {
	n := len(x.c.Args)
	x.args = make([]*ir.Arg, 0, n+x.tgt.ArgShift)
	if x.tgt.ArgShift == 1 && x.c.Recv != 0 && len(x.tgt.Funcs) > 0 {
		x.args = append(x.args, extended(x)) // an extension method
	}
	for i := 0; i < n; i++ {
		p := x.tgt.Param(i)
		for len(x.args) <= p {
			x.args = append(x.args, nil)
		}
		x.args[p] = a.byAddress(st, x, p, &x.c.Args[i])
	}
	switch {
	case x.c.New:
		x.recv = a.newPlace(st, x)
	case x.c.Recv != 0:
		x.recv = st.temp(x.c.Recv)
		x.recvPlace = st.temp(x.c.RecvAddr)
	case x.tgt.RecvPath != "" && x.tgt.RecvPath != "this" && x.tgt.RecvPath != "base":
		x.recvPlace = a.name(st, x.tgt.RecvPath)
		switch {
		case x.recvPlace.k == vAddr:
			x.recv = a.load(st, x.recvPlace.reg)
		case x.recvPlace.k == vInt && x.recvPlace.sub == constPlace:
			x.recv = intVal(x.recvPlace.n)
		}
	case a.f.This != ir.NoVar:
		x.recv = a.load(st, a.t.varRegion(a.f.This))
	}
}

// extended is the receiver of an extension method as its first argument: "this ref" takes its address.
func extended(x *callCtx) *ir.Arg {
	arg := &ir.Arg{Val: x.c.Recv, Addr: x.c.RecvAddr, Span: x.in.Span}
	f := x.tgt.Funcs[0]
	if len(f.Params) == 0 || x.c.RecvAddr == 0 {
		return arg
	}
	if by := f.Var(f.Params[0]).Ref; by != ir.ByValue {
		arg.Val, arg.Addr, arg.Ref = x.c.RecvAddr, 0, by
	}
	return arg
}

// byAddress: C# passes the address of a variable for an "in" parameter p, whether or not the argument says so. A property
// has none.
func (a *fnRun) byAddress(st *state, x *callCtx, p int, arg *ir.Arg) *ir.Arg {
	if arg.Ref != ir.ByValue || arg.Addr == 0 || len(x.tgt.Funcs) == 0 {
		return arg
	}
	if !byIn(x.tgt.Funcs[0], path{root: rootParam, index: p}) {
		return arg
	}
	if at := st.temp(arg.Addr); at.k != vAddr || a.load(st, at.reg) != st.temp(arg.Val) {
		return arg
	}
	by := *arg
	by.Val, by.Addr, by.Ref = arg.Addr, 0, ir.ByIn
	return &by
}

// arg is the value of parameter i, false when no argument binds it.
func (x *callCtx) arg(st *state, i int) (value, bool) {
	if i < 0 || i >= len(x.args) || x.args[i] == nil {
		return value{}, false
	}
	return st.temp(x.args[i].Val), true
}

// operand is argument i, or the receiver.
func (x *callCtx) operand(st *state, i int) value {
	if i == models.RoleOperandRecv {
		return x.recv
	}
	v, _ := x.arg(st, i)
	return v
}

// pointee is the storage that v points to, made a region; 0 when it is null or unknown.
func (a *fnRun) pointeeOf(v value) regID {
	switch v.k {
	case vAddr:
		return v.reg
	case vSym:
		return a.t.pointee(v.sym)
	}
	return 0
}

func (a *fnRun) dispatch(st *state, x *callCtx) []*state {
	x.tgt = a.withNativeBody(a.libraryMember(x.tgt))
	if x.c.Fn != 0 {
		a.callLambda(st, x, st.temp(x.c.Fn))
	}
	if out, ok := a.callOnStatus(st, x); ok {
		return out
	}
	t := x.tgt
	if t.NeverReturns() {
		return nil
	}
	name := t.NativeName
	if name == "" {
		name = t.MemberName
	}
	if name != "" {
		role, op := a.prog.DB.Role(name)
		if role == models.RoleNone && t.Native != nil && t.Native.Family != name {
			role, op = a.prog.DB.Role(t.Native.Family) // lstrcatW
		}
		if role != models.RoleNone {
			if out, ok := a.execRole(st, x, role, op); ok {
				return out
			}
		}
	}
	if v, ok := x.arg(st, 0); ok && a.f.File.Lang == ir.C && len(x.args) == 1 && models.Expects(x.c.Name) {
		st.setTemp(x.in.Dst, v)
		return one(st)
	}
	if v, ok := x.arg(st, 0); ok && a.f.File.Lang == ir.C && models.Asserts(x.c.Name) && !a.assumeTruth(st, v, true) {
		return nil
	}
	a.noteAsked(st, x)
	switch {
	case len(t.Funcs) > 0 && len(t.Members) > 0:
		return a.callMember(st, x) // the source of the library itself: its models say more
	case len(t.Funcs) > 0 && t.Complete && a.testOnly(st, x):
		return one(st)
	case len(t.Funcs) > 0 && t.Complete:
		return a.callBodies(st, x)
	case t.Native != nil:
		return a.callNative(st, x, t.Native)
	case len(t.Members) > 0 || t.MemberName != "":
		return a.callMember(st, x)
	}
	if x.b.Handler == ir.NoBlock {
		switch {
		case t.Leaves:
			return a.callLeaving(st, x)
		case t.Guard != nil:
			return a.callGuard(st, x, t.Guard)
		}
	}
	return a.callUnknown(st, x)
}

// callUnknown: nothing is known; everything given to the call escapes.
func (a *fnRun) callUnknown(st *state, x *callCtx) []*state {
	if x.tgt.Import != nil {
		// The marshaller gives raw handles to native code, which does not dispose their owners.
		keepOwners(st, func() { a.lend(st, x, func() { a.letGo(st, x) }) })
	} else {
		a.letGo(st, x)
	}
	a.completeUnknown(st, x)
	if x.tgt.Import != nil || x.tgt.Delegate || x.c.Fn != 0 || a.f.File.Lang == ir.C {
		a.keptDone(st) // it may be what ends it
		st.cancels = nil
	} else {
		a.heldRunsDone(st)
	}
	if models.ReleaseWord(x.c.Name) {
		st.dropLocks()
	}
	st.epoch++
	if !a.keepsError(st, x) {
		st.lastErr = value{}
	}
	if x.c.New {
		a.newValue(st, x)
		return one(st)
	}
	if v, ok := a.castMacro(st, x); ok {
		st.setTemp(x.in.Dst, v)
		return one(st)
	}
	ret := a.fresh(st, x.in, 0)
	a.statusReturned(st, x, ret)
	st.setTemp(x.in.Dst, symVal(ret))
	a.unknownImport(st, x)
	return one(st)
}

// letGo: everything that is given to the call escapes.
func (a *fnRun) letGo(st *state, x *callCtx) {
	for i := range x.c.Args {
		a.handOver(st, x, &x.c.Args[i])
		a.setByMacro(st, x, &x.c.Args[i])
	}
	if x.c.Recv != 0 || x.tgt.RecvPath != "" {
		a.escape(st, x.recv, x.in, "", 0)
	}
	if x.c.Fn != 0 {
		a.escape(st, st.temp(x.c.Fn), x.in, "", 0)
	}
}

// callLambda: a lambda of this function is called; it may do anything with what its captured
// variables hold by now.
func (a *fnRun) callLambda(st *state, x *callCtx, fn value) {
	i := fn.n - firstLambda
	if fn.k != vName || i < 0 || int(i) >= len(a.f.File.Funcs) {
		return
	}
	g := a.f.File.Funcs[i]
	for k := range g.NumVars() {
		v := g.Var(ir.VarID(k))
		if v.Kind == ir.VarCaptured && v.Outer >= 0 && int(v.Outer) < a.f.NumVars() {
			a.escapeRegion(st, a.t.varRegion(v.Outer), x.in, 0)
		}
	}
}

// handOver lets an argument escape; an object that was made inline in the argument remembers the
// result of the call, because nobody else can free it when the call fails.
func (a *fnRun) handOver(st *state, x *callCtx, arg *ir.Arg) {
	v := st.temp(arg.Val)
	id := a.objectOf(v)
	if id != 0 && a.borrowedByKernel(x, id) {
		return
	}
	if id != 0 {
		a.handedInline(st, x, id)
	}
	if id != 0 {
		a.textLent(st, x, id)
	}
	a.escapeArg(st, arg, x.in)
	if id != 0 && a.objects[id].Var == "" && x.tgt.Import != nil && x.in.Dst != 0 {
		s := a.t.made(a.site(x.in), 0, st.iter)
		st.change(id, func(o *ostate) { o.handover = s })
	}
}

// textLent reports a block that is made of a string inline in an argument of an import: native code reads such text, or copies it, and nobody
// here can free it.
func (a *fnRun) textLent(st *state, x *callCtx, id objID) {
	obj := a.objects[id]
	o, ok := st.obj(id)
	if !ok || o.st != stOwned || obj.Kind != Memory || obj.Var != "" || x.tgt.Import == nil || x.tgt.Native != nil || len(x.tgt.Funcs) > 0 {
		return
	}
	if ms := a.prog.DB.DotNet(obj.API); len(ms) > 0 && len(ms[0].Params) > 0 && ms[0].Params[0].Type == "string" {
		o.steps = a.step(o.steps, x.in, StepEnd, "lent to native code here, and kept by nobody")
		a.leak(st, o, AtDiscard, x.in.Span)
	}
}

// newValue is the result of "new T(...)": an object of its own, or for a struct without
// arguments zeros.
func (a *fnRun) newValue(st *state, x *callCtx) {
	if a.prog.IsStruct(a.f, x.c.Type) {
		if len(x.c.Args) == 0 {
			st.setTemp(x.in.Dst, value{k: vInt})
			return
		}
		st.setTemp(x.in.Dst, symVal(a.fresh(st, x.in, 0)))
		return
	}
	st.setTemp(x.in.Dst, x.recv)
	a.newOwner(st, x, x.recv)
}

// newPlace is the object that "new T(...)" makes, with nothing known of it; none for a struct.
func (a *fnRun) newPlace(st *state, x *callCtx) value {
	if a.prog.IsStruct(a.f, x.c.Type) {
		return value{}
	}
	r := a.t.region(region{kind: rObject, site: a.site(x.in), iter: st.iter, v: ir.NoVar})
	st.unbindIf(func(q regID) bool { return a.t.within(q, r) })
	return addrVal(r)
}

// neverThrows: calls into native code and to members that are known not to throw.
func (a *fnRun) neverThrows(x *callCtx) bool {
	if a.f.File.Lang == ir.C {
		return false // structured exceptions may come from anywhere in a __try
	}
	if x.tgt.Native != nil || x.tgt.Import != nil {
		return true
	}
	if len(x.tgt.Members) > 0 && x.tgt.Members[0].Kind == models.KindNativeAlloc {
		return true // only when memory is exhausted
	}
	if x.c.New && len(x.tgt.Funcs) == 0 {
		if _, exception := a.prog.ExceptionChain(a.f, x.c.Type); exception {
			return true
		}
	}
	if x.tgt.MemberName != "" {
		switch r, _ := a.prog.DB.Role(x.tgt.MemberName); r {
		case models.RoleSame, models.RoleKeepAlive, models.RoleEqual, models.RoleZero, models.RoleNonZero, models.RoleGeZero, models.RoleLtZero:
			return true
		}
		return a.prog.DB.DotNetThrows(x.tgt.MemberName) == models.ThrowNever
	}
	return len(x.tgt.Funcs) == 1 && a.eng.quietCall(x.tgt, 0)
}

// catchable tells whether an exception in b reaches a catch clause or __except of the function:
// there a path continues that somebody wrote on purpose.
func (w *flow) catchable(b *ir.Block) bool {
	for h, n := b.Handler, 0; h != ir.NoBlock && n < 64; n++ {
		blk := &w.f.Blocks()[h]
		if len(blk.Instrs) == 0 || blk.Instrs[0].Op != ir.OpCatch || blk.Instrs[0].Flags&ir.Implicit == 0 {
			return true
		}
		h = blk.Handler
	}
	return false
}
