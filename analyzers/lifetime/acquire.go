package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// acquire applies the acquisitions: the path splits into one on which the call succeeded and
// one on which it failed.
func (a *fnRun) acquire(st *state, x *callCtx, fn *models.Func) []*state {
	var acqs []*models.Acquire
	for i := range fn.Acquires {
		q := &fn.Acquires[i]
		if a.tracked(x, q) && a.holdsSurely(st, x, q.When) {
			acqs = append(acqs, q)
		} else if v, ok := x.arg(st, q.Param); ok && q.Field == "" {
			a.writtenThrough(st, v, x.in, q.Param)
		}
	}
	ret := a.setResult(st, x, fn)
	a.lockedBlock(st, x, fn, ret)
	conditional := a.sinksOnSuccess(fn)
	if len(acqs) == 0 && len(conditional) == 0 {
		return one(st)
	}
	good, bad := st.clone(), st
	success, invalid := models.Success{}, []int64(nil)
	if len(acqs) > 0 {
		success, invalid = acqs[0].Success, acqs[0].Invalid
		if a.inKernel && success.Test == models.SuccessZero {
			success.Test = models.SuccessNTStatus // what gives Win32 errors elsewhere gives an NTSTATUS there
		}
	} else {
		success, invalid = conditional[0].Success, conditional[0].Invalid
	}
	if !slices.ContainsFunc(acqs, func(q *models.Acquire) bool { return q.IsReturn() }) {
		a.status[ret] = success
	}
	var out []*state
	if assumeOutcome(good, ret, success, invalid, true) {
		if success.Test == models.SuccessNonZero && fn.Sig != nil && fn.Sig.Return.PtrDepth == 0 && fn.Sig.Return.Base == "b32" {
			good.assume(ret, ir.Eq, 1) // as tests for TRUE expect
		}
		if success.Test == models.SuccessHResult || success.Test == models.SuccessNTStatus || success.Test == models.SuccessOneOf && slices.Equal(success.Values, []int64{0, 1}) {
			good.assume(ret, ir.Eq, 0) // other success codes are rare, and tests for 0 usual
		}
		for i, q := range acqs {
			a.acquireOne(good, x, fn, q, ret, int16(i))
		}
		for _, s := range conditional {
			if v, ok := x.arg(good, s.Param); ok {
				a.escape(good, v, x.in, "", 0)
			}
		}
		if c := a.refused(good, x, fn, acqs); c != nil {
			out = append(out, c)
		}
		a.applyImplied(good, x, fn, ret)
		out = append(out, good)
	}
	if success.Test != models.SuccessAlways && assumeOutcome(bad, ret, success, invalid, false) {
		a.failedAcquire(bad, x, fn, acqs, ret)
		a.notTaken(bad, x, conditional, ret)
		out = append(out, bad)
	}
	return out
}

// tracked tells whether this acquisition makes an object: interface references and what an
// import returns as a SafeHandle are somebody else's.
func (a *fnRun) tracked(x *callCtx, q *models.Acquire) bool {
	if q.Class == models.ClassSocket && a.eng.posix(a.f) {
		return false // the name means another function there
	}
	if a.closesItself(x, q) {
		return false
	}
	return !counted(q.Class) && !q.Array || a.countsReference(q)
}

// closesItself tells whether the import declares what is acquired as a struct of the unit that is
// disposable: what becomes of it is the struct's affair; or as a struct to which the marshaller copies what
// the address points to, before it frees that.
func (a *fnRun) closesItself(x *callCtx, q *models.Acquire) bool {
	imp := x.tgt.Import
	if imp == nil || q.Field != "" || !q.IsReturn() && q.Param >= len(imp.Params) {
		return false
	}
	t := imp.Ret
	if !q.IsReturn() {
		p := &imp.Params[q.Param]
		if t = p.Type; q.Class == models.ClassHeapMemory && copiedStruct(p.Attrs) {
			return true
		}
	}
	d := a.importedType(imp, t)
	return d != nil && d.Kind == ir.TypeStruct && d.Disposable
}

// copiedStruct tells whether a parameter is marshalled as a pointer to a struct.
func copiedStruct(attrs []ir.Attr) bool {
	m := ir.Find(attrs, "MarshalAs")
	return m != nil && len(m.Args) > 0 && lastDot(m.Args[0].Text) == "LPStruct"
}

// counted tells whether things of the class are references that are counted, locks or scopes: one
// release more or less says nothing without the count, which is not followed here.
func counted(c models.Class) bool {
	switch c {
	case models.ClassCOMRef, models.ClassLock, models.ClassKernelRef, models.ClassKernelObject, models.ClassPoolMemory:
		return true
	}
	return false
}

func objectKind(q *models.Acquire) ObjectKind {
	switch q.Class {
	case models.ClassHeapMemory, models.ClassMappedMemory, models.ClassPoolMemory:
		return Memory
	case models.ClassKernelRef:
		return Reference
	}
	return Handle
}

// acquireOne makes the object of one acquisition on the path of success.
func (a *fnRun) acquireOne(st *state, x *callCtx, fn *models.Func, q *models.Acquire, ret symID, n int16) {
	sym := ret
	var place regID
	if !q.IsReturn() {
		if place = a.outPlace(st, x, fn, q); place == 0 || q.InOut && a.ownedHandle(st, a.load(st, place)) {
			return // nowhere, or it goes on with what it made before
		}
		sym = a.fresh(st, x.in, roleOutBase+int16(q.Param)+100*n)
	}
	a.assumeMade(st, q, sym)
	o := a.madeBy(st, x, fn, q)
	if q.Borrowed {
		if place != 0 {
			a.assign(st, place, symVal(sym), x.in)
		}
		role := roleOutBase + n
		if q.IsReturn() && a.prog.DB.NotToClose(fn.Family) {
			role = n // as where it fails: one symbol, one object
		}
		id := a.newObject(st, x.in, role, sym, o, nil)
		st.change(id, func(s *ostate) { s.st = stBorrowed })
		return
	}
	id := a.newObject(st, x.in, n, sym, o, a.step(nil, x.in, StepAcquire, acquireText(fn, q)))
	if models.RuntimeKind(q.Kind) && o.Kind != Reference || a.routineReleases(x, q) {
		st.change(id, func(s *ostate) { s.st, s.private = stEscaped, o.Kind == Memory && a.f.File.Lang == ir.C && !a.inKernel })
	}
	if o.Kind == SafeHandle {
		st.change(id, func(s *ostate) { s.st = stBorrowed })
		param := q.Param
		if q.IsReturn() {
			param = -1
		}
		a.importedOwner(st, x, symVal(sym), param, &o)
	}
	if fn.Overlapped == nil || fn.Overlapped.Kind != models.OvStart {
		a.rememberOpen(st, x, id)
	}
	if place != 0 {
		a.assign(st, place, symVal(sym), x.in)
		if a.inUnknownElem(place) || a.elementInLoop(x, q.Param) {
			a.escape(st, symVal(sym), x.in, "", 0) // of all elements, some loop takes care
		}
	}
}

// outPlace is where an out parameter lets the call put what it makes; 0 when that is not known, or nowhere.
func (a *fnRun) outPlace(st *state, x *callCtx, fn *models.Func, q *models.Acquire) regID {
	v, ok := x.arg(st, q.Param)
	if !ok {
		return 0
	}
	if null, known := st.isNull(v); known && null {
		return 0
	}
	place := a.pointeeOf(v)
	if place == 0 || q.Field == "" {
		return place
	}
	name := a.memberOf(x, fn, q)
	if name == "" {
		return 0
	}
	return a.t.field(place, name)
}

// assumeMade notes what sym, which a call has made, cannot be.
func (a *fnRun) assumeMade(st *state, q *models.Acquire, sym symID) {
	st.assume(sym, ir.Ne, 0)
	st.assume(sym, ir.Ne, -1)
	if q.Class == models.ClassSocket {
		st.assume(sym, ir.Ge, 0) // sockets are small numbers, and often kept in an int
	} else if a.f.File.Lang == ir.CSharp {
		st.assume(sym, ir.Gt, 0) // as tests of addresses and handles as numbers expect
	}
}

// madeBy is what the call makes.
func (a *fnRun) madeBy(st *state, x *callCtx, fn *models.Func, q *models.Acquire) Object {
	o := Object{
		Kind: objectKind(q), API: fn.Name, Native: fn, Acquire: q, Release: q.Release,
		InLoop: a.flow.inLoop[x.b.ID],
	}
	if o.Kind == Reference {
		o.Target = a.typeAsked(x)
	}
	if o.Kind == Memory {
		o.arena = a.arenaAt(st, x, fn)
	}
	if q.IsReturn() && a.safeHandleResult(x) || !q.IsReturn() && a.safeHandleArg(x, q.Param) {
		o.Kind = SafeHandle
		o.ownerGuess = q.IsReturn() && !a.ownerTypeOf(x.tgt.Ret)
	}
	return o
}

// elementInLoop tells whether the argument is the address of an element, another one in each round.
func (a *fnRun) elementInLoop(x *callCtx, param int) bool {
	if a.f.File.Lang != ir.CSharp || !a.flow.inLoop[x.b.ID] || param >= len(x.args) || x.args[param] == nil {
		return false
	}
	d := a.f.Def(x.args[param].Val)
	if d == nil || d.Op != ir.OpElem {
		return false
	}
	n := a.f.Def(d.B)
	return n == nil || n.Op != ir.OpConst
}

// memberOf is the name that the unit gives to the member that q fills: C# declares its own structs,
// with its own names in the order of the native ones. "" when the struct is not seen and the function
// names no such member.
func (a *fnRun) memberOf(x *callCtx, fn *models.Func, q *models.Acquire) string {
	if a.f.File.Lang == ir.CSharp && x.tgt.Import == nil && !a.namesMember(q.Field) {
		return "" // it may have another name here
	}
	if a.f.File.Lang != ir.CSharp || x.tgt.Import == nil || q.Param >= len(x.tgt.Import.Params) || fn.Sig == nil || q.Param >= len(fn.Sig.Params) {
		return q.Field
	}
	d := a.importedType(x.tgt.Import, x.tgt.Import.Params[q.Param].Type)
	s := a.prog.DB.Struct(fn.Sig.Params[q.Param].Type.Name)
	if d == nil && !a.namesMember(q.Field) {
		return "" // it may have another name here
	}
	if d == nil || s == nil {
		return q.Field
	}
	var own []string
	for _, f := range d.Fields {
		if f.Flags&ir.Static == 0 {
			own = append(own, f.Name)
		}
	}
	for i, f := range s.Fields {
		if f.Name == q.Field && len(own) == len(s.Fields) && !slices.Contains(own, q.Field) {
			return own[i]
		}
	}
	return q.Field
}

// namesMember tells whether the function speaks of a member of that name.
func (a *fnRun) namesMember(name string) bool {
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			in := &a.f.Blocks()[i].Instrs[j]
			if (in.Op == ir.OpMember || in.Op == ir.OpField || in.Op == ir.OpName) && lastDot(in.Name) == name {
				return true
			}
		}
	}
	return false
}

// importedType is the declaration of a type that the signature of imp names, seen from the type that
// declares imp.
func (a *fnRun) importedType(imp *ir.Import, t ir.Type) *link.Type {
	for owner := imp.Owner; owner != ""; owner = owner[:max(0, strings.LastIndexByte(owner, '.'))] {
		if d := a.prog.TypeDecl(a.f, ir.Type(owner)+"."+t); d != nil {
			return d
		}
	}
	return a.prog.TypeDecl(a.f, t)
}

func acquireText(fn *models.Func, q *models.Acquire) string {
	switch objectKind(q) {
	case Memory:
		return "allocated by " + fn.Name
	case Reference:
		return "referenced by " + fn.Name
	}
	return "opened by " + fn.Name
}

// safeHandleResult tells whether a C# import returns the handle as a SafeHandle.
func (a *fnRun) safeHandleResult(x *callCtx) bool {
	if a.f.File.Lang != ir.CSharp {
		return false
	}
	if x.tgt.Import == nil && x.tgt.Ret == "" {
		return a.ownerTarget(x.in)
	}
	return a.ownerTypeOf(x.tgt.Ret)
}

// ownerTarget tells whether the result of a call whose declaration is not seen (binding packages
// have overloads that return a SafeHandle) goes to a variable of another type than a raw handle.
func (a *fnRun) ownerTarget(call *ir.Instr) bool {
	in := a.storeOf(call)
	if in == nil {
		return !a.ownedAtOnce(call)
	}
	if a.rawBinding(call) {
		return false
	}
	t := a.prog.TypeOfPlace(a.f, in.A)
	info := a.prog.DB.DotNetType(shortName(t))
	return !a.prog.IsNumber(t) && (info == nil || !info.Pointer)
}

// storeOf is the first instruction that stores the result of a call, nil if none does.
func (a *fnRun) storeOf(call *ir.Instr) *ir.Instr {
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			if in := &a.f.Blocks()[i].Instrs[j]; in.Op == ir.OpStore && in.B == call.Dst {
				return in
			}
		}
	}
	return nil
}

// failedAcquire: the call failed. The result, if it is what was asked for, is the failure value,
// and remembers what it is the failure of.
func (a *fnRun) failedAcquire(st *state, x *callCtx, fn *models.Func, acqs []*models.Acquire, ret symID) {
	for _, q := range acqs {
		if !q.IsReturn() {
			a.stillUninit(st, x, fn, q, ret)
			continue
		}
		o := Object{Kind: objectKind(q), API: fn.Name, Native: fn, Acquire: q, Release: q.Release}
		if a.safeHandleResult(x) {
			o.Kind = SafeHandle
			o.ownerGuess = !a.ownerTypeOf(x.tgt.Ret)
		}
		// The symbol of the result stands for both outcomes: the object is interned once.
		id := a.intern(objKey{site: a.site(x.in), role: 0, iter: st.iter}, ret, o, x.in)
		st.setObj(ostate{id: id, st: stFailed, steps: a.step(nil, x.in, StepAcquire, fn.Name+" fails")})
	}
	if a.f.File.Lang == ir.CSharp {
		for i, arg := range x.args {
			// An out parameter is always assigned; on failure nothing useful.
			if arg != nil && arg.Ref == ir.ByOut {
				if v := st.temp(arg.Val); v.k == vAddr {
					a.assign(st, v.reg, symVal(a.fresh(st, x.in, roleOutBase+int16(i)+500)), x.in)
				}
			}
		}
	}
}

// stillUninit: the call failed and filled nothing: what the variable holds depends on the result.
func (a *fnRun) stillUninit(st *state, x *callCtx, fn *models.Func, q *models.Acquire, ret symID) {
	r := a.outPlace(st, x, fn, q)
	if r == 0 {
		return
	}
	old := a.load(st, r)
	if old.k == vUninit || slices.Contains(x.unwritten, r) {
		st.bind(r, value{k: vUninit, sym: ret})
	}
	if o, ok := st.obj(a.objectOf(old)); ok && o.st == stReleased && !a.flow.read[x.in.Dst] {
		// Nobody asks whether the call failed: what was closed before is not to blame.
		st.bind(r, symVal(a.fresh(st, x.in, roleOutBase+int16(q.Param)+500)))
	}
}
