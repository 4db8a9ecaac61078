package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Roles of symbols and objects made by one call.
const (
	roleResult    int16 = 0
	roleError     int16 = 1
	roleTold      int16 = 2 // a known result, of which is noted whether somebody looks at it
	roleOp        int16 = 3
	roleOutBase   int16 = 10   // plus the parameter index
	roleWhole     int16 = 7800 // what a call writes to, of which a member may have a role of its own; plus the parameter index
	roleWritten   int16 = 8000
	roleReference int16 = 7900
	roleFilled    int16 = 7700  // plus the parameter index
	roleEffect    int16 = 10000 // plus the number of a place that a callee fills
)

// callNative interprets a call of a known function by its model.
func (a *fnRun) callNative(st *state, x *callCtx, fn *models.Func) []*state {
	if a.inKernel {
		if out, ok := a.callKernel(st, x, fn); ok {
			return out
		}
	}
	a.announce(st, x, fn.Name)
	a.checkUses(st, x, fn)
	if a.givenNothing(st, x, fn) {
		return a.failsForThat(st, x, fn)
	}
	released := a.releases(st, x, fn)
	a.sinks(st, x, fn)
	sel := a.selection(st, x, fn)
	a.borrowedArgs(st, x, fn, released)
	if waitsNative(x.tgt) {
		st.cancels = nil
		a.keptDone(st)
	} else if fn.MayBlock {
		st.cancels = nil
		a.heldRunsDone(st)
	}
	if fn.Overlapped != nil {
		if out, ok := a.asyncCall(st, x, fn); ok {
			return out
		}
	}
	if fn.Wait != nil {
		if out, ok := a.waitCall(st, x, fn); ok {
			return out
		}
	}
	out := a.acquire(st, x, fn)
	a.selected(out, x, sel)
	a.keptByModel(out, x, fn)
	return a.holdMemory(out, x, fn)
}

// setResult gives the call a fresh result and a fresh last error.
func (a *fnRun) setResult(st *state, x *callCtx, fn *models.Func) symID {
	s := a.fresh(st, x.in, roleResult)
	st.setTemp(x.in.Dst, symVal(s))
	if givesCount(fn) {
		st.assume(s, ir.Ge, 0)
	}
	sets := fn == nil || fn.Sig == nil || fn.Sig.SetsLastError || len(fn.Acquires) > 0
	if sets && !a.keepsError(st, x) {
		st.lastErr = symVal(a.fresh(st, x.in, roleError))
	}
	return s
}

// givesCount tells whether the result is the length of a text that the function writes: it is unsigned,
// and no declaration of it makes it negative.
func givesCount(fn *models.Func) bool {
	if fn == nil || fn.Sig == nil || fn.Sig.Return.PtrDepth > 0 || fn.Sig.Return.Base != "u32" {
		return false
	}
	return slices.ContainsFunc(fn.Sig.Params, func(p models.Param) bool {
		return p.Dir == models.DirOut && (p.Type.Base == "lpwstr" || p.Type.Base == "lpstr")
	})
}

// borrowedArgs forgets what the function writes through its arguments. Arguments escape when the
// model says that they are kept, or when it knows no prototype.
func (a *fnRun) borrowedArgs(st *state, x *callCtx, fn *models.Func, skip map[int]bool) {
	own := handledElsewhere(fn)
	retained := map[int]bool{}
	for _, p := range fn.Retains {
		retained[p] = true
	}
	for i, arg := range x.args {
		if arg == nil || skip[i] || own[i] {
			continue
		}
		v := st.temp(arg.Val)
		if retained[i] {
			a.escapeArg(st, arg, x.in)
			continue
		}
		if a.callbackData(st, x, fn, i) {
			a.escapeArg(st, arg, x.in)
			continue
		}
		if fn.Sig == nil {
			if a.keepsOwn(st, x, fn, i) {
				continue
			}
			if len(fn.Acquires)+len(fn.Releases) == 0 && fn.Overlapped == nil && fn.Wait == nil {
				a.escapeArg(st, arg, x.in)
			}
			continue
		}
		if i >= len(fn.Sig.Params) {
			continue // variable arguments are read
		}
		if p := &fn.Sig.Params[i]; p.Type.PtrDepth > 0 && p.Dir != models.DirIn || arg.Ref == ir.ByOut || v.k == vAddr && addressAsNumber(&p.Type) {
			left := a.heldMembers(st, fn, v, i)
			x.unwritten = append(x.unwritten, a.unwrittenMembers(st, x, fn, i)...)
			a.keepBlocks(st, x, fn, v, func() { a.writtenThrough(st, v, x.in, i) })
			for _, b := range left {
				st.bind(b.reg, b.v)
			}
			a.filled(st, x, fn, v, i)
		}
	}
}

// unwrittenMembers are the places in what argument i points to where fn puts handles, as far as these were never given a value.
func (a *fnRun) unwrittenMembers(st *state, x *callCtx, fn *models.Func, i int) (out []regID) {
	for k := range fn.Acquires {
		q := &fn.Acquires[k]
		if q.Field == "" || q.Param != i || a.f.File.Lang != ir.C {
			continue
		}
		if r := a.outPlace(st, x, fn, q); r != 0 && a.load(st, r).k == vUninit {
			out = append(out, r)
		}
	}
	return out
}

// filled: the function writes what parameter i of it, a parameter of this C function, points to. What an
// acquisition puts there is told by that.
func (a *fnRun) filled(st *state, x *callCtx, fn *models.Func, v value, i int) {
	if v.k != vSym || a.f.File.Lang != ir.C || slices.ContainsFunc(fn.Acquires, func(q models.Acquire) bool { return q.Param == i && !q.IsReturn() }) {
		return
	}
	if p, ok := a.symPath(v.sym); ok && p.root == rootParam && p.sel == "" {
		st.bind(a.t.pointee(v.sym), symVal(a.fresh(st, x.in, roleFilled+int16(i))))
	}
}

// addressAsNumber tells whether a parameter is a number as wide as a pointer, in which addresses of what
// is to be filled travel as well: the LPARAM of a message.
func addressAsNumber(t *models.TypeCode) bool {
	return t.PtrDepth == 0 && (t.Base == "ip" || t.Base == "up")
}

// callbackData tells whether parameter i is what the function hands to a callback that it is given:
// what is reached through it is the callback's as well.
func (a *fnRun) callbackData(st *state, x *callCtx, fn *models.Func, i int) bool {
	if !givesData(fn, i) {
		return false
	}
	for k := range fn.Sig.Params {
		if !fn.Sig.Params[k].IsCallback() {
			continue
		}
		v, given := x.arg(st, k)
		if null, known := st.isNull(v); given && !(known && null) {
			return true
		}
	}
	return false
}

// givesData tells whether parameter i can be the data of a callback: a pointer to anything, or a
// pointer-sized number, beside a parameter that is a function.
func givesData(fn *models.Func, i int) bool {
	if fn.Sig == nil || i < 0 || i >= len(fn.Sig.Params) {
		return false
	}
	t := fn.Sig.Params[i].Type
	if !(t.PtrDepth == 0 && (t.Base == "ip" || t.Base == "up") || t.PtrDepth == 1 && t.Base == "v") {
		return false
	}
	return slices.ContainsFunc(fn.Sig.Params, func(p models.Param) bool { return p.IsCallback() })
}

// handledElsewhere are the parameters whose pointee acquire, asyncCall and waitCall take care of.
func handledElsewhere(fn *models.Func) map[int]bool {
	own := map[int]bool{}
	for i := range fn.Acquires {
		if q := &fn.Acquires[i]; !q.IsReturn() && q.Field == "" && !q.Array && q.Class != models.ClassCOMRef {
			own[q.Param] = true
		}
	}
	if fn.Overlapped != nil {
		own[fn.Overlapped.OverlappedParam] = true
	}
	if fn.Wait != nil {
		own[fn.Wait.OverlappedParam] = true
	}
	return own
}

// writtenThrough: the callee may write what v points to; what lies there now may be released or
// kept, if the pointee holds handles.
func (a *fnRun) writtenThrough(st *state, v value, in *ir.Instr, i int) {
	if v.k != vAddr {
		if v.k == vSym {
			p := a.t.pointee(v.sym)
			a.escapeRegion(st, p, in, 0) // or it lies behind: an address with an offset is the same to us
			st.unbindIf(func(x regID) bool { return x != p && a.t.within(x, p) })
		}
		return
	}
	a.escapeRegion(st, v.reg, in, 0)
	st.unbindIf(func(x regID) bool { return a.t.within(x, v.reg) })
	st.bind(v.reg, symVal(a.fresh(st, in, roleWhole+int16(i))))
}

// keepBlocks runs do, which lets go what lies in the struct that a known function is given. Blocks that C#
// code made and still holds in a variable stay its own: the function works on them, and leaves their addresses where they are.
func (a *fnRun) keepBlocks(st *state, x *callCtx, fn *models.Func, v value, do func()) {
	if v.k != vAddr || a.f.File.Lang != ir.CSharp || len(fn.Releases)+len(fn.Sinks)+len(fn.Retains)+len(fn.Acquires) > 0 || fn.Overlapped != nil {
		do()
		return
	}
	var blocks []ostate
	var members []binding
	for _, bd := range st.store {
		id := a.objectOf(bd.v)
		if id == 0 || bd.reg == v.reg || !a.t.within(bd.reg, v.reg) || !a.heldByVariable(st, bd.v) {
			continue
		}
		if o, ok := st.obj(id); ok && o.st == stOwned && o.stored == 0 && a.objects[id].Kind == Memory && a.objects[id].Member != nil {
			blocks, members = append(blocks, o), append(members, bd)
		}
	}
	do()
	for i := range blocks {
		st.setObj(blocks[i])
		st.bind(members[i].reg, members[i].v)
	}
}

// heldByVariable tells whether a local variable holds v.
func (a *fnRun) heldByVariable(st *state, v value) bool {
	return slices.ContainsFunc(st.store, func(bd binding) bool {
		g := a.t.regions[bd.reg]
		return bd.v == v && g.kind == rVar && a.f.Var(g.v).Kind == ir.VarLocal
	})
}

// checkUses reports released handles that are given to the call.
func (a *fnRun) checkUses(st *state, x *callCtx, fn *models.Func) {
	for i := range x.args {
		v, ok := x.arg(st, i)
		if !ok {
			continue
		}
		id := a.objectOf(v)
		if id == 0 || v.raw || isReleased(fn, i) {
			continue // of raw handles that outlive their owner, see rawUses
		}
		a.noteUse(st, id)
		o, ok := st.obj(id)
		if !ok || o.st != stReleased || a.objects[id].Kind == Pin || a.objects[id].Kind == GCHandle || a.objects[id].Kind == Reference {
			continue
		}
		if fn.Sig == nil || i >= len(fn.Sig.Params) {
			continue // printed, most likely
		} else {
			t := fn.Sig.Params[i].Type
			if !t.IsHandle() || a.prog.DB.ClassOf(t.Name) == models.ClassUser {
				continue // windows and the like are looked up: IsWindow and others answer
			}
		}
		if a.closedByAnotherLoop(x, o) {
			continue
		}
		obj := a.objects[id]
		steps := a.step(o.steps, x.in, StepEnd, "used here by "+fn.Name)
		a.emit(Event{Kind: UseAfterRelease, Span: x.in.Span, Obj: obj, API: fn.Name, ByNative: true, Steps: a.withBranches(steps, st.path, obj.Span.Start)})
	}
}

func isReleased(fn *models.Func, param int) bool {
	for i := range fn.Releases {
		if fn.Releases[i].Param == param {
			return true
		}
	}
	return false
}

// releases applies the releases of the model and returns the parameters that they took.
func (a *fnRun) releases(st *state, x *callCtx, fn *models.Func) map[int]bool {
	var took map[int]bool
	for i := range fn.Releases {
		r := &fn.Releases[i]
		v, ok := x.arg(st, r.Param)
		if !ok || !a.holds(st, x, r.When) || slices.ContainsFunc(r.Types, a.countedKind) {
			continue
		}
		if took == nil {
			took = map[int]bool{}
		}
		took[r.Param] = true
		if r.ViaStruct {
			a.releaseViaStruct(st, x, fn)
			continue
		}
		if r.Success.Test == models.SuccessValue {
			// It releases only when it succeeds (realloc): nothing certain after the call.
			a.escape(st, v, x.in, "", 0)
			continue
		}
		a.releaseArg(st, x, fn, r, v)
	}
	return took
}

// countedKind is counted for a kind.
func (a *fnRun) countedKind(kind string) bool { return counted(a.prog.DB.ClassOf(kind)) }

// releaseViaStruct: the function releases what came with a structure, which is not followed: all that it
// could be.
func (a *fnRun) releaseViaStruct(st *state, x *callCtx, fn *models.Func) {
	for i := range st.objs {
		o := &st.objs[i]
		if q := a.objects[o.id].Acquire; q != nil && o.st == stOwned && q.ReleasedBy(fn) {
			o.st, o.stored = stReleased, 0
			o.steps = a.step(o.steps, x.in, StepRelease, "released by "+fn.Name)
		}
	}
}

func (a *fnRun) releaseArg(st *state, x *callCtx, fn *models.Func, r *models.Release, v value) {
	if r.ByRef || r.Field != "" || a.structHandle(st, fn, v) {
		reg := a.pointeeOf(v)
		if reg == 0 {
			return
		}
		if r.Field != "" {
			reg = a.t.field(reg, r.Field)
		}
		a.release(st, x, releaseBy{api: fn.Name, fn: fn, types: r.Types, noop: r.NoOp}, a.load(st, reg), reg)
		if r.ByRef {
			st.bind(reg, value{k: vInt})
		}
		return
	}
	var place regID
	if arg := x.args[r.Param]; arg.Addr != 0 {
		if p := st.temp(arg.Addr); p.k == vAddr {
			place = p.reg
		}
	}
	a.release(st, x, releaseBy{api: fn.Name, fn: fn, types: r.Types, noop: r.NoOp}, v, place)
}

// structHandle tells whether v is the address of a handle that is a structure of its own, such as a
// CredHandle, which fn releases.
func (a *fnRun) structHandle(st *state, fn *models.Func, v value) bool {
	if v.k != vAddr {
		return false
	}
	id := a.objectOf(a.load(st, v.reg))
	return id != 0 && a.objects[id].Acquire != nil && a.objects[id].Acquire.ReleasedBy(fn)
}

// holds evaluates a condition of the models on the arguments; what is not known counts as true.
func (a *fnRun) holds(st *state, x *callCtx, w models.When) bool {
	if w.Always() {
		return true
	}
	for _, c := range w.Conds {
		truth := a.holdsOne(st, x, c)
		if truth == w.Any {
			return w.Any
		}
	}
	return !w.Any
}

// holdsSurely is holds, but what is not known counts as false: nothing is acquired on a guess.
func (a *fnRun) holdsSurely(st *state, x *callCtx, w models.When) bool {
	for _, c := range w.Conds {
		v, ok := x.arg(st, c.Param)
		if c.Op == models.CondSelfProcess || c.Op == models.CondOtherProcess {
			if !ok || a.selfSurely(st, v) != (c.Op == models.CondSelfProcess) {
				return false
			}
			continue
		}
		if !ok || c.Field != "" {
			return false
		}
		if c.Op == models.CondLacksRare {
			continue // as in holds
		}
		_, known := st.number(v)
		if c.Op == models.CondNull || c.Op == models.CondNotNull {
			_, known = st.isNull(v)
		}
		if c.Op == models.CondHasFlags && v.k == vSym && v.n&c.Value == c.Value {
			known = true
		}
		if !known {
			return false
		}
	}
	return a.holds(st, x, w)
}

// selfProcess tells whether v can be the handle of the current process: the pseudo handle, or what
// comes from outside. A process that was opened here is another one.
func (a *fnRun) selfProcess(st *state, v value) bool {
	if n, ok := st.number(v); ok {
		return n == -1
	}
	id := a.objectOf(v)
	return id == 0 || a.objects[id].Acquire == nil || a.objects[id].Acquire.Borrowed
}

// selfSurely tells whether v is the handle of the current process as the code says it.
func (a *fnRun) selfSurely(st *state, v value) bool {
	if n, ok := st.number(v); ok {
		return n == -1
	}
	id := a.objectOf(v)
	return id != 0 && a.objects[id].Acquire != nil && a.objects[id].Acquire.Borrowed
}

// isSum tells whether t is a number that is added to another one: an address in something, even where that may not be there.
func (a *fnRun) isSum(t ir.Temp, depth int) bool {
	d := a.f.DefBehindCasts(t)
	switch {
	case d == nil || depth > maxValueDepth:
		return false
	case d.Op == ir.OpCall && newNumber(d):
		return a.isSum(d.Call.Args[0].Val, depth+1)
	case d.Op == ir.OpCall:
		return lastDot(a.prog.Callee(a.f, d).MemberName) == "Add"
	}
	return d.Op == ir.OpBin && d.Sub == ir.Add
}

func (a *fnRun) holdsOne(st *state, x *callCtx, c models.Cond) bool {
	v, ok := x.arg(st, c.Param)
	if !ok {
		return true
	}
	if c.Field != "" {
		r := a.pointeeOf(v)
		if r == 0 {
			return true
		}
		v = a.load(st, a.t.field(r, c.Field))
	}
	n, known := st.number(v)
	switch c.Op {
	case models.CondSelfProcess:
		return a.selfProcess(st, v)
	case models.CondOtherProcess:
		return !a.selfProcess(st, v)
	case models.CondNull:
		null, k := st.isNull(v)
		return (!k || null) && !(c.Field == "" && a.isSum(x.args[c.Param].Val, 0))
	case models.CondNotNull:
		null, k := st.isNull(v)
		return !k || !null
	case models.CondEqual:
		return !known || n == c.Value
	case models.CondNotEqual:
		return !known || n != c.Value
	case models.CondHasFlags:
		if known {
			return n&c.Value == c.Value
		}
		return v.k == vSym && v.n&c.Value == c.Value
	case models.CondLacksFlags:
		return !known || n&c.Value == 0
	case models.CondLacksRare:
		if v.k == vSym && !known { // some bits of it may be known
			n = v.n
		}
		return n&c.Value == 0
	}
	return true
}

// sinks lets go what the callee takes over.
func (a *fnRun) sinks(st *state, x *callCtx, fn *models.Func) {
	for i := range fn.Sinks {
		s := &fn.Sinks[i]
		if v, ok := x.arg(st, s.Param); ok && a.holds(st, x, s.When) {
			if s.Success.Test == models.SuccessUnknown || s.Success.Test == models.SuccessAlways {
				a.escape(st, v, x.in, "", 0)
			}
		}
	}
	for _, p := range fn.Sink {
		if v, ok := x.arg(st, p); ok && len(fn.Sinks) == 0 {
			a.escape(st, v, x.in, "", 0)
		}
	}
}

// notTaken: the call failed and took nothing over; ret would tell.
func (a *fnRun) notTaken(st *state, x *callCtx, sinks []*models.Sink, ret symID) {
	for _, s := range sinks {
		if v, ok := x.arg(st, s.Param); ok {
			if id := a.objectOf(v); id != 0 {
				st.change(id, func(o *ostate) { o.handover = ret })
			}
		}
	}
}

func (a *fnRun) sinksOnSuccess(fn *models.Func) (out []*models.Sink) {
	for i := range fn.Sinks {
		if t := fn.Sinks[i].Success.Test; t != models.SuccessUnknown && t != models.SuccessAlways {
			out = append(out, &fn.Sinks[i])
		}
	}
	return out
}

// assumeOutcome narrows the result by "the call succeeded" (or failed).
func assumeOutcome(st *state, ret symID, s models.Success, invalid []int64, ok bool) bool {
	pick := func(good bool, sub ir.Sub, n int64) bool {
		if good != ok {
			sub, _ = sub.Negate()
		}
		return st.assume(ret, sub, n)
	}
	switch s.Test {
	case models.SuccessNonZero:
		return pick(true, ir.Ne, 0)
	case models.SuccessZero:
		return pick(true, ir.Eq, 0)
	case models.SuccessHResult, models.SuccessNTStatus:
		return pick(true, ir.Ge, 0)
	case models.SuccessValue:
		if ok {
			for _, n := range invalid {
				if !st.assume(ret, ir.Ne, intVal(n).n) {
					return false
				}
			}
			return true
		}
		if len(invalid) > 0 {
			return st.assume(ret, ir.Eq, intVal(invalid[0]).n)
		}
	case models.SuccessOneOf:
		if ok && len(s.Values) > 0 {
			return st.assume(ret, ir.Eq, s.Values[0]) // the others are rare, and seldom tested for
		}
		for _, n := range s.Values {
			if !st.assume(ret, ir.Ne, n) {
				return false
			}
		}
	case models.SuccessNotOneOf:
		if ok {
			for _, n := range s.Values {
				if !st.assume(ret, ir.Ne, n) {
					return false
				}
			}
			return true
		}
		if len(s.Values) == 1 {
			return st.assume(ret, ir.Eq, s.Values[0])
		}
	}
	return true
}

func (a *fnRun) safeHandleArg(x *callCtx, p int) bool {
	if imp := x.tgt.Import; imp != nil && p < len(imp.Params) {
		return a.ownerTypeOf(imp.Params[p].Type)
	}
	if a.f.File.Lang != ir.CSharp || p >= len(x.args) || x.args[p] == nil {
		return false
	}
	// The declaration is not seen: what receives the handle tells, and "out var" receives what the
	// declaration says: binding packages hand out owners.
	t := a.prog.TypeOfPlace(a.f, x.args[p].Val)
	return t == "" && x.args[p].Ref == ir.ByOut || a.ownerTypeOf(t) || a.ownerOfStruct(x, p, t)
}

// ownerOfStruct tells whether the function gives the address of a struct, and the type that receives it is named for the
// struct itself: a class of the binding package, which owns the address.
func (a *fnRun) ownerOfStruct(x *callCtx, p int, t ir.Type) bool {
	fn := x.tgt.Native
	if fn == nil || fn.Sig == nil || p >= len(fn.Sig.Params) || a.prog.TypeDecl(a.f, t) != nil {
		return false
	}
	given := &fn.Sig.Params[p].Type
	return given.PtrDepth == 2 && given.Name != "" && !strings.HasSuffix(string(t), "*") && shortName(t) == given.Name
}

// ownerTypeOf tells whether values of the type own their handle: SafeHandle and its like.
func (a *fnRun) ownerTypeOf(t ir.Type) bool {
	if t == "" {
		return false
	}
	if d := a.prog.TypeDecl(a.f, t); d != nil {
		return d.IsSafeHandle || d.Kind == ir.TypeClass
	}
	s := shortName(t)
	if s == "StringBuilder" {
		return true // the marshaller copies its text, and frees what was given
	}
	if i := a.prog.DB.DotNetType(s); i != nil {
		return i.SafeHandle || i.OwnsNative && !i.Pointer
	}
	// The marshaller copies and frees strings and arrays; a type that is not seen goes by its name.
	return s == "string" || s == "String" || strings.HasSuffix(string(t), "[]") || strings.HasPrefix(s, "Safe")
}
