package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// opInfo describes a started operation.
type opInfo struct {
	ov         value
	uses       []opUse
	handle     value
	event      value
	routine    bool // a completion routine was given
	knownAsync bool
	eventless  bool // the call has a parameter for the event, and got none
	errorRead  bool // the last error of its start was read on some path
	tested     bool // its result was tested on some path
	countReg   regID

	asyncSeen     bool  // something shows that the code expects it to stay pending
	pendingTested bool  // "pending" was told from other errors on some path
	noEvent       bool  // its OVERLAPPED is known to hold no event
	pool          value // thread-pool object that its start was announced to
	keep          *kept // no operation of the system: C code keeps the pointer in uses[0]
	task          bool  // started by a .NET call that returns a task, which the object's sym is
}

// opUse is a piece of storage, or the event, that an operation uses until it is complete.
type opUse struct {
	use  Use
	v    value
	name string // as written: parameter or variable
}

// asyncCall interprets a call that may leave an operation pending. ok is false when it is an
// ordinary call after all.
func (a *fnRun) asyncCall(st *state, x *callCtx, fn *models.Func) ([]*state, bool) {
	ov := fn.Overlapped
	if !ov.Kind.Starts() {
		return nil, false
	}
	v, given := x.arg(st, ov.OverlappedParam)
	if !given {
		return nil, false
	}
	handle, _ := x.arg(st, ov.HandleParam)
	async, known := a.handleAsync(st, handle)
	if null, ok := st.isNull(v); ok && null {
		if known && async {
			a.nullOverlapped(st, x, fn, handle)
		}
		return nil, false
	}
	if known && !async {
		return nil, false
	}
	op := &opInfo{ov: v, handle: handle, knownAsync: known}
	op.uses = append(op.uses, opUse{UseOverlapped, v, a.argName(x, ov.OverlappedParam)})
	a.collectUses(st, x, fn, op)
	a.checkStart(st, x, fn, op)
	return a.startStates(st, x, fn, op), true
}

func (a *fnRun) argName(x *callCtx, i int) string {
	if i < 0 || i >= len(x.args) || x.args[i] == nil {
		return ""
	}
	return a.tempName(x.args[i].Val)
}

// tempName is the name of the variable or member that a temp is the value or address of.
func (a *fnRun) tempName(t ir.Temp) string {
	for n := 0; n < 8; n++ {
		d := a.f.Def(t)
		if d == nil {
			return ""
		}
		switch d.Op {
		case ir.OpVarAddr, ir.OpFixed:
			return a.f.Var(d.Var).Name
		case ir.OpField, ir.OpMember:
			return d.Name
		case ir.OpName:
			return lastDot(d.Name)
		case ir.OpLoad, ir.OpCast, ir.OpElem, ir.OpBin:
			t = d.A
		default:
			return ""
		}
	}
	return ""
}

// collectUses gathers the buffers and the event.
func (a *fnRun) collectUses(st *state, x *callCtx, fn *models.Func, op *opInfo) {
	for _, b := range fn.Overlapped.Buffers {
		v, ok := x.arg(st, b.Param)
		if !ok {
			continue
		}
		if !b.Until.Pinned() {
			if b.Dir == models.DirOut && v.k == vAddr && op.countReg == 0 {
				op.countReg = v.reg
			}
			continue
		}
		if null, known := st.isNull(v); known && null || v.k == vUnknown || v.k == vInt {
			continue
		}
		if capturedInput(fn, &b) || a.ofNoBytes(st, x, fn, b.Param) {
			continue
		}
		op.uses = append(op.uses, opUse{UseBuffer, a.behindFixed(v), a.argName(x, b.Param)})
	}
	if r, ok := x.arg(st, fn.Overlapped.RoutineParam); ok {
		null, known := st.isNull(r)
		op.routine = !(known && null)
	}
	if reg := a.pointeeOf(op.ov); reg != 0 && !op.routine {
		for _, name := range [...]string{"hEvent", "EventHandle"} {
			if v, ok := st.binding(a.t.field(reg, name)); ok {
				op.event = v
			}
		}
		if op.event.k == vSym {
			op.uses = append(op.uses, opUse{UseEvent, op.event, "hEvent"})
		}
	}
	if e, ok := x.arg(st, fn.Overlapped.EventParam); ok && e.k == vSym {
		op.event = e
		op.uses = append(op.uses, opUse{UseEvent, e, a.argName(x, fn.Overlapped.EventParam)})
	} else if null, known := st.isNull(e); ok && known && null {
		op.eventless = true
	}
	op.asyncSeen = a.looksAsync(st, x, fn, op)
	op.noEvent = op.event.k != vSym && a.noEvent(st, op)
}

// rememberOpen notes whether a handle was opened for overlapped I/O.
func (a *fnRun) rememberOpen(st *state, x *callCtx, id objID) {
	obj := a.objects[id]
	if flag := a.prog.DB.OpenFlag(obj.API); flag != nil {
		v, given := x.arg(st, flag.Param)
		_, number := st.number(v)
		set := a.flagged(st, x, flag.Flag)
		switch {
		case flag.Param < 0:
			obj.asyncKnown = true
		case given && flag.Sync:
			obj.asyncKnown = set
		case given && (set || number):
			obj.async, obj.asyncKnown = set, true
		}
	}
	// Event objects: auto-reset or manual-reset.
	if m, ok := x.arg(st, 1); ok && obj.Acquire != nil && obj.Acquire.Kind == "HANDLE:event" {
		if n, known := st.number(m); known {
			obj.autoReset = n == 0
		}
	}
}

// handleAsync tells whether the handle was opened for overlapped I/O, if that was seen.
func (a *fnRun) handleAsync(st *state, h value) (async, known bool) {
	id := a.objectOf(h)
	if id == 0 {
		return false, false
	}
	o := a.objects[id]
	return o.async, o.asyncKnown
}

func (a *fnRun) nullOverlapped(st *state, x *callCtx, fn *models.Func, handle value) {
	if fn.Overlapped.Kind != models.OvStart || fn.Overlapped.Pending == models.PendingSocketError {
		return // a socket waits by itself when there is none
	}
	obj := a.objects[a.objectOf(handle)]
	o, _ := st.obj(obj.id)
	a.emit(Event{Kind: NullOverlapped, Span: x.in.Span, Obj: obj, API: fn.Name,
		Steps: a.step(o.steps, x.in, StepEnd, "used without an OVERLAPPED").List(), KnownAsync: true, Control: a.controls(fn)})
}

// controls tells whether fn sends a request of any kind to a device.
func (a *fnRun) controls(fn *models.Func) bool {
	role, _ := a.prog.DB.Role(fn.Family)
	return role == models.RoleControl
}

// checkStart reports what is wrong with the arguments of a start.
func (a *fnRun) checkStart(st *state, x *callCtx, fn *models.Func, op *opInfo) {
	for i, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind != Operation || !sameStorage(obj.op.ov, op.ov) {
			continue
		}
		st.objs[i].st = stDone                                          // from now on the OVERLAPPED speaks of the new operation
		if o.st == stPending && !o.elsewhere && !a.someElement(op.ov) { // loops that wait for several know which of them goes on
			a.emit(Event{Kind: OperationReused, Span: x.in.Span, Op: obj, API: fn.Name, Field: op.uses[0].name,
				Steps: a.withBranches(a.step(o.steps, x.in, StepEnd, "the same OVERLAPPED is given to "+fn.Name), st.path, obj.Span.Start)})
		}
	}
	if op.ov.k == vAddr && a.t.regions[op.ov.reg].kind == rVar && fn.Overlapped.Kind != models.OvNT {
		whole, _ := st.binding(op.ov.reg)
		if whole.k == vUninit {
			missing := ""
			for _, f := range [...]string{"Offset", "OffsetHigh", "hEvent"} {
				if _, set := st.binding(a.t.field(op.ov.reg, f)); !set && missing == "" {
					missing = f
				}
			}
			if _, union := st.binding(a.t.field(op.ov.reg, "Pointer")); missing != "" && !(union && missing != "hEvent") {
				a.emit(Event{Kind: NotZeroed, Span: x.in.Span, API: fn.Name, Field: op.uses[0].name,
					Steps: a.step(nil, x.in, StepEnd, missing+" was never set").List()})
			}
		}
	}
}

// someElement tells whether v lies in an element of which it is not known which one it is: another one in each round of a loop.
func (a *fnRun) someElement(v value) bool {
	if v.k != vAddr {
		return false
	}
	for r := v.reg; r != 0; r = a.t.regions[r].parent {
		if a.t.regions[r].anyElem() {
			return true
		}
	}
	return false
}

func sameStorage(x, y value) bool {
	return x.k == y.k && (x.k == vAddr && x.reg == y.reg || x.k == vSym && x.sym == y.sym)
}

// startStates splits the path: done at once, pending, not started.
func (a *fnRun) startStates(st *state, x *callCtx, fn *models.Func, op *opInfo) []*state {
	done, pending, failed := st.clone(), st.clone(), st
	var out []*state
	ret := a.fresh(st, x.in, roleResult)
	err := a.fresh(st, x.in, roleError)
	for i, s := range []*state{done, pending, failed} {
		s.dropCons(ret)
		s.dropCons(err)
		s.setTemp(x.in.Dst, symVal(ret))
		s.lastErr = symVal(err)
		if !assumeStart(s, fn.Overlapped, ret, err, i) {
			continue
		}
		a.announced(s, op, i != 2)
		id := a.startObject(s, x, fn, op)
		switch i {
		case 0:
			s.change(id, func(o *ostate) { o.st = stDone })
			a.handToCompletion(s, x, op)
		case 1:
			a.marshallerPins(s, x, fn, op, id)
			a.handToCompletion(s, x, op)
			if op.countReg != 0 {
				s.bind(op.countReg, symVal(a.countSymbol(s, x, id)))
			}
		case 2:
			s.change(id, func(o *ostate) { o.st = stFailed })
		}
		out = append(out, s)
	}
	return out
}

const roleCount int16 = 77

// assumeStart narrows result and last error by the way number i: 0 done, 1 pending, 2 failed.
func assumeStart(s *state, ov *models.Overlapped, ret, err symID, i int) bool {
	pend := intVal(ov.PendingError).n
	switch ov.Pending {
	case models.PendingSocketError:
		if i == 0 {
			return s.assume(ret, ir.Ne, -1)
		}
		return s.assume(ret, ir.Eq, -1) && s.assume(err, map[bool]ir.Sub{true: ir.Eq, false: ir.Ne}[i == 1], pend)
	case models.PendingNonZero: // it only queues
		return i != 0 && s.assume(ret, map[bool]ir.Sub{true: ir.Ne, false: ir.Eq}[i == 1], 0)
	case models.PendingReturn:
		switch i {
		case 0:
			return s.assume(ret, ir.Eq, 0)
		case 1:
			return s.assume(ret, ir.Eq, pend)
		}
		if ov.Kind == models.OvNT {
			return s.assume(ret, ir.Lt, 0)
		}
		return s.assume(ret, ir.Ne, pend) && s.assume(ret, ir.Ne, 0)
	}
	if i == 0 {
		return s.assume(ret, ir.Ne, 0)
	}
	return s.assume(ret, ir.Eq, 0) && s.assume(err, map[bool]ir.Sub{true: ir.Eq, false: ir.Ne}[i == 1], pend)
}

func (a *fnRun) startObject(st *state, x *callCtx, fn *models.Func, op *opInfo) objID {
	// Paths on which other storage or another event goes to the same call have operations of their own.
	key := objKey{site: a.site(x.in), role: roleOp, iter: st.iter, sym: op.event.sym ^ op.ov.sym<<8 ^ op.handle.sym<<16}
	id := a.intern(key, 0, Object{Kind: Operation, API: fn.Name, Native: fn, op: op, InLoop: a.flow.inLoop[x.b.ID]}, x.in)
	st.setObj(ostate{id: id, st: stOwned, steps: a.step(a.pinSteps(st, op), x.in, StepStart, fn.Name+" starts an operation, which may stay pending")})
	have := a.objects[id].op
	have.uses, have.asyncSeen, have.pool = op.uses, have.asyncSeen || op.asyncSeen, op.pool
	a.pinsOperation(op)
	o, _ := st.obj(id)
	o.st = stPending
	st.setObj(o)
	a.errSym[a.t.made(a.site(x.in), roleError, st.iter)] = id
	a.retSym[a.t.made(a.site(x.in), roleResult, st.iter)] = id
	return id
}

// pinSteps is the chain of the first pin that the operation relies on, so that a trace begins
// with it.
func (a *fnRun) pinSteps(st *state, op *opInfo) *Step {
	for _, u := range op.uses {
		if u.v.k == vSym {
			if id := a.addrOf.of(u.v.sym); id != 0 {
				if o, ok := st.obj(id); ok {
					return o.steps
				}
			}
		}
	}
	return nil
}

// handToCompletion: memory, NativeOverlapped and the event go with the operation: whoever
// sees it complete frees them.
func (a *fnRun) handToCompletion(st *state, x *callCtx, op *opInfo) {
	handOn := func(sym symID) {
		id := a.symObj.of(sym)
		if id == 0 {
			return
		}
		st.change(id, func(o *ostate) {
			if o.st == stOwned {
				o.st = stEscaped
			}
		})
	}
	for _, u := range op.uses {
		if u.v.k != vSym {
			continue
		}
		if id := a.symObj.of(u.v.sym); id != 0 && (a.objects[id].Kind == Memory || a.objects[id].Kind == NativeOverlapped) {
			handOn(u.v.sym)
		}
	}
	if op.ov.k == vAddr {
		if g := a.t.regions[a.t.root(op.ov.reg)]; g.kind == rPointee {
			handOn(g.sym)
		}
	}
}

// marshallerPins reports buffers that only the marshaller pins, for the call.
func (a *fnRun) marshallerPins(st *state, x *callCtx, fn *models.Func, op *opInfo, id objID) {
	imp := x.tgt.Import
	if imp == nil {
		return
	}
	o, _ := st.obj(id)
	for _, b := range fn.Overlapped.Buffers {
		if !b.Until.Pinned() || b.Param >= len(imp.Params) || capturedInput(fn, &b) {
			continue
		}
		v, ok := x.arg(st, b.Param)
		if null, known := st.isNull(v); !ok || known && null || !a.marshalled(&imp.Params[b.Param]) || a.pinnedElsewhere(st, v) {
			continue
		}
		u := opUse{UseBuffer, v, a.argName(x, b.Param)}
		if !a.packDecides(st, o, u, AtCall, x.in.Span, u.name) {
			a.operationEventKind(st, o, MarshallerPin, u, x.in.Span, imp)
		}
	}
	p := fn.Overlapped.OverlappedParam
	if p < len(imp.Params) && a.overlappedMarshalled(&imp.Params[p]) && !a.staysInPlace(st, op.ov) {
		a.operationEventKind(st, o, OverlappedByRef, op.uses[0], x.in.Span, imp)
	}
}

func (a *fnRun) operationEventKind(st *state, o ostate, k EventKind, u opUse, span ir.Span, imp *ir.Import) {
	obj := a.objects[o.id]
	a.emit(Event{Kind: k, How: AtCall, Use: u.use, Span: span, Op: obj, API: obj.API, Field: u.name,
		Import:     imp,
		HeldBy:     obj.op.heldBy(),
		Steps:      a.withBranches(&Step{Prev: o.steps, File: a.f.File, Span: span, Kind: StepEnd, Text: "pinned by the marshaller until the call returns"}, st.path, obj.Span.Start),
		KnownAsync: obj.op.knownAsync})
}

// marshalled tells whether an argument for the parameter is managed memory that the marshaller
// pins (or copies) for the call only.
func (a *fnRun) marshalled(p *ir.Param) bool {
	t := string(p.Type)
	return p.Ref != ir.ByValue || len(t) > 2 && t[len(t)-2:] == "[]" || hasPrefix(t, "Span<") || hasPrefix(t, "ReadOnlySpan<") || hasPrefix(t, "Memory<")
}

// overlappedMarshalled: the OVERLAPPED is passed by reference or as a class.
func (a *fnRun) overlappedMarshalled(p *ir.Param) bool {
	if p.Ref == ir.ByRef || p.Ref == ir.ByIn || p.Ref == ir.ByOut {
		return true
	}
	d := a.prog.TypeDecl(a.f, p.Type)
	return d != nil && d.Kind == ir.TypeClass && !d.IsSafeHandle
}

func hasPrefix(s, p string) bool { return len(s) >= len(p) && s[:len(p)] == p }

// pinnedElsewhere tells whether something else than the call pins v for now.
func (a *fnRun) pinnedElsewhere(st *state, v value) bool {
	if id := a.objectOf(v); id != 0 && a.objects[id].Kind == POHArray {
		return true
	}
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if (obj.Kind == Pin || obj.Kind == NativeOverlapped) && o.st != stReleased && slices.ContainsFunc(obj.targets, func(t value) bool { return sameStorage(t, v) }) {
			return true
		}
	}
	return false
}
