package lifetime

import (
	"strconv"

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
	// open: the outcome at hand depends on a number or flag that is not known here.
	open bool
	// ways are the outcomes of the callee that are possible here.
	ways []*outcome
	// recv is the receiver's value; recvPlace its place, if it has one.
	recv, recvPlace value
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
		x.args = append(x.args, &ir.Arg{Val: x.c.Recv, Addr: x.c.RecvAddr, Span: x.in.Span}) // an extension method
	}
	for i := 0; i < n; i++ {
		p := x.tgt.Param(i)
		for len(x.args) <= p {
			x.args = append(x.args, nil)
		}
		x.args[p] = &x.c.Args[i]
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
	if t.Leaves && x.b.Handler == ir.NoBlock {
		return a.callLeaving(st, x)
	}
	return a.callUnknown(st, x)
}

// execRole interprets calls that only compute with values.
func (a *fnRun) execRole(st *state, x *callCtx, role models.Role, op int) ([]*state, bool) {
	v := x.operand(st, op)
	dst := x.in.Dst
	cmp := func(sub ir.Sub) ([]*state, bool) {
		st.setTemp(dst, a.compareValues(st, x.in, sub, v, value{k: vInt}))
		return one(st), true
	}
	switch role {
	case models.RoleLastError:
		if st.lastErr.k == vUnknown {
			st.lastErr = symVal(a.fresh(st, x.in, 0))
		}
		if id := a.errSym[st.lastErr.sym]; id != 0 && st.lastErr.k == vSym {
			a.objects[id].op.errorRead = true
		}
		if st.lastErr.k == vSym && !a.askedForZero(x) {
			// It is asked after a failure, and a failure sets it.
			st.assume(st.lastErr.sym, ir.Ne, 0)
			st.assume(st.lastErr.sym, ir.Ne, -1) // no error has this number
		}
		st.setTemp(dst, st.lastErr)
	case models.RoleSetLastError:
		st.lastErr = v
	case models.RoleExceptionCode:
		s := a.fresh(st, x.in, roleResult)
		st.assume(s, ir.Lt, 0)
		st.setTemp(dst, symVal(s))
	case models.RoleGeZero:
		return cmp(ir.Ge)
	case models.RoleLtZero:
		return cmp(ir.Lt)
	case models.RoleNonZero:
		return cmp(ir.Ne)
	case models.RoleZero:
		return cmp(ir.Eq)
	case models.RoleEqual:
		w, _ := x.arg(st, op+1)
		st.setTemp(dst, a.compareValues(st, x.in, ir.Eq, v, w))
	case models.RoleThrowLtZero:
		return a.throwIf(st, x, v, ir.Lt), true
	case models.RoleThrowZero:
		return a.throwIf(st, x, v, ir.Eq), true
	case models.RoleSame:
		if op >= 0 && (op >= len(x.args) || x.args[op] == nil) {
			return nil, false // an overload without it
		}
		st.setTemp(dst, v)
	case models.RoleSize:
		if op < 0 || op >= len(x.args) || x.args[op] == nil || st.temp(x.args[op].Addr).k != vAddr {
			return nil, false
		}
		st.setTemp(dst, a.size(st, "place "+strconv.Itoa(int(st.temp(x.args[op].Addr).reg))))
	case models.RoleFromWin32:
		if n, ok := st.number(v); ok && n > 0 {
			st.setTemp(dst, value{k: vInt, n: int64(int32(uint32(n)&0xffff | 0x80070000))})
			return one(st), true
		}
		return a.translated(st, x, v, ir.Lt), true
	case models.RoleToWin32:
		return a.translated(st, x, v, ir.Ne), true
	case models.RoleInvalid, models.RoleClosed:
		st.setTemp(dst, a.invalidTest(st, x, v))
		if out, ok := a.splitInvalid(st, x, v); ok {
			return out, true
		}
	case models.RoleZeroFill, models.RoleFill:
		if r := a.pointeeOf(v); r != 0 {
			fill := value{k: vInt}
			if n, ok := x.arg(st, 1); role == models.RoleFill && (!ok || n.k != vInt || n.n != 0) {
				fill = symVal(a.fresh(st, x.in, 1))
			}
			a.assign(st, r, fill, x.in)
		}
		st.setTemp(dst, v)
	case models.RoleExchange:
		r := a.pointeeOf(v)
		w, ok := x.arg(st, 1)
		if r == 0 || !ok {
			return nil, false
		}
		old := a.load(st, r)
		st.unbindIf(func(q regID) bool { return a.t.within(q, r) })
		a.assign(st, r, w, x.in)
		st.setTemp(dst, old)
	case models.RoleCopy:
		if r := a.pointeeOf(v); r != 0 {
			if a.t.regions[r].kind == rPointee {
				a.escape(st, a.load(st, r), x.in, "", 0) // a caller hears of what lies there
			}
			a.escapeRegion(st, r, x.in, 0)
		} else if op >= 0 && op < len(x.args) && x.args[op] != nil {
			a.escapeWhole(st, x.args[op].Val, x.in)
		}
		if x.tgt.MemberName != "" {
			a.escape(st, v, x.in, "", 0) // it copies a struct, not what is at an address
		}
		if d, ok := x.arg(st, 0); ok && op != 0 {
			a.writtenThrough(st, d, x.in, 0)
			if d.k == vSym && a.f.File.Lang == ir.C && a.paramOf(d) >= 0 {
				st.bind(a.t.pointee(d.sym), symVal(a.fresh(st, x.in, roleWhole))) // a caller hears of it
			}
			st.setTemp(dst, d)
		}
	case models.RoleKeepLast:
		if n := len(x.c.Args); n > 0 {
			a.escapeArg(st, &x.c.Args[n-1], x.in)
		}
	case models.RoleKeepAlive:
	case models.RoleAssume:
		if !a.assumeTruth(st, v, true) {
			return nil, true
		}
	default:
		return nil, false
	}
	return one(st), true
}

// translated: the result is 0 when v is, and else what sub says of it and 0.
func (a *fnRun) translated(st *state, x *callCtx, v value, sub ir.Sub) []*state {
	bad := st.clone()
	var out []*state
	if a.assumeTruth(st, v, false) {
		st.setTemp(x.in.Dst, value{k: vInt})
		out = append(out, st)
	}
	if a.assumeTruth(bad, v, true) {
		s := a.fresh(bad, x.in, roleResult)
		bad.assume(s, sub, 0)
		bad.setTemp(x.in.Dst, symVal(s))
		out = append(out, bad)
	}
	return out
}

// throwIf: the call throws when "v sub 0" holds.
func (a *fnRun) throwIf(st *state, x *callCtx, v value, sub ir.Sub) []*state {
	cmp := value{k: vCmp, sub: sub, sym: v.sym}
	if v.k == vAddr || v.k == vName {
		return one(st)
	}
	if n, ok := st.number(v); ok {
		if compare(sub, n, 0) {
			a.raise(x.b, st, true, x.in.Span)
			return nil
		}
		return one(st)
	}
	bad := st.clone()
	// That an argument may be null is no reason to think that it is.
	certain := sub != ir.Eq
	if v.k == vSym {
		if a.assumeTruth(bad, cmp, true) {
			a.raise(x.b, bad, certain, x.in.Span)
		}
		if !a.assumeTruth(st, cmp, false) {
			return nil
		}
		return one(st)
	}
	a.raise(x.b, bad, certain, x.in.Span)
	return one(st)
}

// invalidTest is the truth of handle.IsInvalid or IsClosed.
func (a *fnRun) invalidTest(st *state, x *callCtx, v value) value {
	if v.k == vSym {
		a.noteRightTest(v.sym)
		c := st.consOf(v.sym)
		if n, ok := c.isConst(); ok && (n == 0 || n == -1) {
			return boolVal(true)
		}
		if c.excluded(0) && c.excluded(-1) {
			return boolVal(false)
		}
	}
	return symVal(a.fresh(st, x.in, 0))
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
	st.setTemp(x.in.Dst, symVal(a.fresh(st, x.in, 0)))
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
	a.escapeArg(st, arg, x.in)
	if id != 0 && a.objects[id].Var == "" && x.tgt.Import != nil && x.in.Dst != 0 {
		s := a.t.made(a.site(x.in), 0, st.iter)
		st.change(id, func(o *ostate) { o.handover = s })
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

// getProperty: a load from a place that is a property with a body is a call of its getter.
func (a *fnRun) getProperty(b *ir.Block, in *ir.Instr, st *state, r regID) ([]*state, bool) {
	if a.f.File.Lang != ir.CSharp {
		return nil, false
	}
	d := a.f.Def(in.A)
	if d == nil || d.Op != ir.OpMember && d.Op != ir.OpName {
		return nil, false
	}
	ref, typ := a.memberRef(d)
	x := &callCtx{b: b, in: in, c: &ir.Call{Name: "get_" + d.Name}, tgt: &link.Target{}}
	x.recv = a.receiverOf(st, d, r)
	if role := a.statusRole(x.recv, lastDot(d.Name)); role != models.RoleNone {
		return a.execStatusRole(st, x, role, x.recv)
	}
	if a.objectOf(x.recv) != 0 && lastDot(d.Name) == "HasValue" {
		role, op := a.prog.DB.Role("Nullable.HasValue")
		return a.execRole(st, x, role, op)
	}
	if role, op := a.handleRole(x, typ, d.Name); role == models.RoleInvalid || role == models.RoleClosed {
		return a.execRole(st, x, role, op) // a handle type knows its own failure values
	}
	if ref.Kind == link.Prop && ref.Getter != nil {
		x.tgt.Funcs, x.tgt.Complete = []*ir.Func{ref.Getter}, ref.Getter.Flags&(ir.Virtual|ir.Abstract) == 0
		if !x.tgt.Complete {
			return nil, false
		}
		return a.callBodies(st, x), true
	}
	name := typ + "." + lastDot(d.Name)
	x.tgt.MemberName = name
	if role, op := a.prog.DB.Role(name); role != models.RoleNone {
		out, ok := a.execRole(st, x, role, op)
		a.ownershipAfter(st, x, name)
		return out, ok
	}
	if role, op := a.baseRole(typ, d.Name); role != models.RoleNone {
		return a.execRole(st, x, role, op)
	}
	if ms := a.prog.DB.DotNet(name); len(ms) > 0 && typ != "" {
		x.tgt.Members = ms
		out := a.callMember(st, x)
		a.ownershipAfter(st, x, name)
		return out, true
	}
	return nil, false
}

// handleRole is baseRole, also where the type is not known but the value is that of a SafeHandle.
func (a *fnRun) handleRole(x *callCtx, typ, name string) (models.Role, int) {
	if id := a.objectOf(x.recv); id != 0 && a.objects[id].Kind == SafeHandle {
		return a.prog.DB.Role("SafeHandle." + lastDot(name))
	}
	return a.baseRole(typ, name)
}

// baseRole finds the role of a property that a handle type inherits.
func (a *fnRun) baseRole(typ, name string) (models.Role, int) {
	n := lastDot(name)
	if t := a.prog.TypeDecl(a.f, ir.Type(typ)); t != nil && t.IsSafeHandle {
		return a.prog.DB.Role("SafeHandle." + n)
	}
	if t := a.prog.DB.DotNetType(typ); t != nil && t.SafeHandle {
		return a.prog.DB.Role("SafeHandle." + n)
	}
	return models.RoleNone, 0
}

// memberRef resolves what the address instruction d names, and the short name of the type that
// declares it.
func (a *fnRun) memberRef(d *ir.Instr) (link.Ref, string) {
	if d.Op == ir.OpName {
		ref := a.prog.Name(a.f, d.Name)
		if ref.Rest != "" {
			// "handle.IsInvalid": the last member of a path that starts at a field.
			t := ref.Type
			rest := ref.Rest
			for {
				i := indexDot(rest)
				if i < 0 {
					break
				}
				t = a.prog.Member(a.f, t, rest[:i]).Type
				rest = rest[i+1:]
			}
			return a.prog.Member(a.f, t, rest), shortName(t)
		}
		return ref, shortName(ir.Type(ref.Owner))
	}
	t := a.prog.TypeOf(a.f, d.A)
	if d.Flags&ir.AddrOperand != 0 {
		t = a.prog.TypeOfPlace(a.f, d.A)
	}
	if t == "" {
		return link.Ref{}, ""
	}
	return a.prog.Member(a.f, t, d.Name), shortName(t)
}

func indexDot(s string) int {
	for i := range s {
		if s[i] == '.' {
			return i
		}
	}
	return -1
}

// shortName is a type's name without namespace, arguments, nullability and pointers.
func shortName(t ir.Type) string {
	s := string(t)
	for i := range s {
		if s[i] == '<' || s[i] == '*' || s[i] == '?' || s[i] == '[' {
			s = s[:i]
			break
		}
	}
	return lastDot(s)
}

// receiverOf is the value whose member the address instruction d names.
func (a *fnRun) receiverOf(st *state, d *ir.Instr, r regID) value {
	if d.Op == ir.OpMember {
		v := st.temp(d.A)
		if v.k == vAddr && d.Flags&ir.AddrOperand != 0 {
			return a.load(st, v.reg)
		}
		return v
	}
	// A dotted name: the parent of the member's region is what the receiver refers to.
	p := a.t.regions[r].parent
	if p == 0 {
		return value{}
	}
	if g := a.t.regions[p]; g.kind == rPointee {
		return symVal(g.sym)
	}
	return a.load(st, p)
}

// setProperty: a store to a property with a body is a call of its setter.
func (a *fnRun) setProperty(b *ir.Block, in *ir.Instr, st *state, r regID, v value) ([]*state, bool) {
	if a.f.File.Lang != ir.CSharp {
		return nil, false
	}
	d := a.f.Def(in.A)
	if d == nil || d.Op != ir.OpMember && d.Op != ir.OpName {
		return nil, false
	}
	ref, _ := a.memberRef(d)
	if ref.Kind != link.Prop || ref.Setter == nil {
		return nil, false
	}
	x := &callCtx{b: b, in: in, c: &ir.Call{Name: "set_" + d.Name}, tgt: &link.Target{}}
	x.recv = a.receiverOf(st, d, r)
	x.tgt.Funcs, x.tgt.Complete = []*ir.Func{ref.Setter}, ref.Setter.Flags&(ir.Virtual|ir.Abstract) == 0
	arg := ir.Arg{Val: in.B, Span: in.Span}
	x.c.Args = []ir.Arg{arg}
	x.args = []*ir.Arg{&x.c.Args[0]}
	return a.callBodies(st, x), true
}
