package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Waits and operations of the .NET library: events, tasks, and members whose buffer is in use until
// the task that they return is complete.

// startTask interprets a call that returns a task and uses a buffer until it is complete; false
// when the call is none or the buffer is not one that can end.
func (a *fnRun) startTask(st *state, x *callCtx) bool {
	n, ok := a.prog.DB.DotNetAsync(x.tgt.MemberName)
	if !ok || n >= len(x.c.Args) || x.in.Dst == 0 {
		return false
	}
	buf := st.temp(x.c.Args[n].Val)
	if id := a.objectOf(buf); id == 0 || a.objects[id].Kind != Pooled {
		return false
	}
	task := a.fresh(st, x.in, roleResult)
	st.assume(task, ir.Ne, 0)
	op := &opInfo{task: true, asyncSeen: true, uses: []opUse{{UseBuffer, buf, a.tempName(x.c.Args[n].Val)}}}
	id := a.newObject(st, x.in, roleOp, task, Object{Kind: Operation, API: x.tgt.MemberName, op: op, InLoop: a.flow.inLoop[x.b.ID]},
		a.step(a.stepsOf(st, buf), x.in, StepStart, x.tgt.MemberName+" starts; the buffer is in use until its task is complete"))
	st.change(id, func(o *ostate) { o.st = stPending })
	st.setTemp(x.in.Dst, symVal(task))
	return true
}

// stepsOf is the chain of the object that v refers to, nil if none.
func (a *fnRun) stepsOf(st *state, v value) *Step {
	if id := a.objectOf(v); id != 0 {
		o, _ := st.obj(id)
		return o.steps
	}
	return nil
}

// awaited: what an await waits for is complete after it.
func (a *fnRun) awaited(st *state, in *ir.Instr) { a.taskDone(st, st.temp(in.A)) }

// taskDone: the operation behind the task v, if it is one, counts as complete.
func (a *fnRun) taskDone(st *state, v value) {
	if id := a.objectOf(v); id != 0 && a.objects[id].Kind == Operation && a.objects[id].op.task {
		st.change(id, func(o *ostate) { o.st = stDone })
	}
}

// variableAt is what lies in the variable that v is the address of; v itself when it is none, or nothing is known of it.
func (a *fnRun) variableAt(st *state, v value) value {
	if v.k != vAddr {
		return v
	}
	if w, ok := st.binding(v.reg); ok {
		return w
	}
	return v
}

// tasksGiven: a call gets a task, or is made on one. Unless it only gives the same task back, it may
// wait for it.
func (a *fnRun) tasksGiven(st *state, x *callCtx) {
	name := x.tgt.MemberName
	if role, _ := a.prog.DB.Role(name); role == models.RoleSame {
		return
	}
	for i := range x.c.Args {
		a.taskDone(st, st.temp(x.c.Args[i].Val))
	}
	a.taskDone(st, x.recv)
}

// startedHere: an exception from the call itself means that it started nothing.
func (a *fnRun) startedHere(st *state, in *ir.Instr) {
	site := a.site(in)
	for i, o := range st.objs {
		if obj := a.objects[o.id]; obj.Kind == Operation && obj.op.task && obj.site == site {
			st.objs[i].st = stDone
		}
	}
}

// waitMember interprets waits of the .NET library. What is waited for signals the end of whatever
// native operation is under way: which event belongs to which is not followed.
func (a *fnRun) waitMember(st *state, x *callCtx) ([]*state, bool) {
	if !isWait(x.tgt.Members) {
		return nil, false
	}
	ids := a.pendingOps(st)
	if len(ids) == 0 {
		return nil, false
	}
	ret := a.fresh(st, x.in, roleResult)
	st.setTemp(x.in.Dst, symVal(ret))
	name := x.tgt.Members[0].Type + "." + x.tgt.Members[0].Name
	out := one(st)
	if a.mayTimeOut(st, x) {
		late := st.clone()
		if assumeTimedOut(late, ret, x.tgt.Members[0], true) {
			a.markWaited(late, x.in, ids, true, name+" times out: still pending")
			out = append(out, late)
		}
		assumeTimedOut(st, ret, x.tgt.Members[0], false)
	}
	a.markWaited(st, x.in, ids, false, name+": complete")
	return out, true
}

func isWait(ms []*models.Member) bool {
	return slices.ContainsFunc(ms, func(m *models.Member) bool { return m.Kind == models.KindWait })
}

// pendingOps are the native operations that are under way.
func (a *fnRun) pendingOps(st *state) (ids []objID) {
	for _, o := range st.objs {
		if obj := a.objects[o.id]; obj.Kind == Operation && o.st == stPending && !obj.op.task {
			ids = append(ids, o.id)
		}
	}
	return ids
}

func (a *fnRun) markWaited(st *state, in *ir.Instr, ids []objID, late bool, text string) {
	for _, id := range ids {
		st.change(id, func(o *ostate) {
			if o.st != stPending {
				return
			}
			o.steps = a.step(o.steps, in, StepWait, text)
			if late {
				o.timedOut = true
			} else {
				o.st, o.waited = stDone, true
			}
		})
	}
}

// mayTimeOut: there is a time-out that is not known to be infinite. Of WaitAny and WaitAll the
// first argument is what is waited for; a cancellation token is no time-out.
func (a *fnRun) mayTimeOut(st *state, x *callCtx) bool {
	first := 0
	if len(x.tgt.Members) > 0 && x.tgt.Members[0].ReleaseArg >= 0 {
		first = x.tgt.Members[0].ReleaseArg + 1
	}
	if len(x.c.Args) <= first {
		return false
	}
	arg := &x.c.Args[first]
	if shortName(a.prog.TypeOf(a.f, arg.Val)) == "CancellationToken" {
		return false
	}
	n, known := st.number(st.temp(arg.Val))
	return !known || n != -1
}

// assumeTimedOut narrows the result of a wait: false, or of WaitAny a number past all indices.
func assumeTimedOut(st *state, ret symID, m *models.Member, late bool) bool {
	if m.Name == "WaitAny" {
		return st.assume(ret, map[bool]ir.Sub{true: ir.Ge, false: ir.Lt}[late], 258)
	}
	return st.assume(ret, map[bool]ir.Sub{true: ir.Eq, false: ir.Ne}[late], 0)
}

// maxWaitCalls is how far away a wait may be, in bodies. What lies deeper waits for something of its own: the helper that waits for
// its caller's operation is near, and nearly everything is below a call of a large program.
const maxWaitCalls = 4

// waits is in which body below a function something is waited for: 1 in its own, 2 in one that it calls, and so on; 0 where there
// is none up to maxWaitCalls. away says so of those that it calls.
func (e *engine) waits(f *ir.Func, away func(*ir.Func) int8) int8 {
	nearest := int8(0)
	near := func(fs []*ir.Func) {
		for _, g := range fs {
			if n := away(g); n > 0 && n < maxWaitCalls && (nearest == 0 || n < nearest-1) {
				nearest = n + 1
			}
		}
	}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			t := e.prog.Callee(f, in)
			if isWait(t.Members) || waitsNative(t) {
				return 1
			}
			near(t.NativeBodies())
			near(t.Funcs)
		}
	}
	return nearest
}

// readsError tells whether a function reads the last error itself.
func (e *engine) readsError(f *ir.Func) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			t := e.prog.Callee(f, in)
			if name := t.NativeName + t.MemberName; name != "" {
				if role, _ := e.prog.DB.Role(name); role == models.RoleLastError {
					return true
				}
			}
		}
	}
	return false
}

func waitsNative(t *link.Target) bool {
	if t.Native == nil || len(t.Funcs) > 0 {
		return false
	}
	if t.Native.EndsHold {
		return true
	}
	if t.Native.Wait == nil {
		return false
	}
	switch t.Native.Wait.Role {
	case models.RoleCompletes, models.RoleWaitsEvent, models.RoleDequeues, models.RoleAlertable:
		return true
	}
	return false
}

// errorReadInside: a callee reads the last error, which is that of a start. Whether it is "pending"
// it may tell, and how it says so is not followed: nothing more is said of that operation.
func (a *fnRun) errorReadInside(st *state, x *callCtx) {
	id := a.errSym[st.lastErr.sym]
	if st.lastErr.k != vSym || id == 0 || !slices.ContainsFunc(x.tgt.Funcs, func(f *ir.Func) bool { return a.eng.errorRead(f) }) {
		return
	}
	op := a.objects[id].op
	op.errorRead, op.pendingTested = true, true
	st.change(id, func(o *ostate) { o.st = stDone })
	if op.countReg != 0 {
		st.bind(op.countReg, symVal(a.fresh(st, x.in, roleCount))) // where it is not set, that may be told too
	}
	for i := range x.args {
		if v, ok := x.arg(st, i); ok && v == op.ov {
			a.escape(st, v, x.in, "", 0) // the callee frees it if nothing is pending
		}
	}
}

// waitedInside: a callee waits for something; for what is not followed. Operations that were under
// way before the call count as complete then.
func (a *fnRun) waitedInside(states []*state, fs []*ir.Func, ids []objID) {
	asked := slices.ContainsFunc(states, func(s *state) bool { return len(s.cancels) > 0 })
	if len(ids) == 0 && !asked || !slices.ContainsFunc(fs, func(f *ir.Func) bool { return a.eng.awayFromWait(f) > 0 }) {
		return
	}
	for _, s := range states {
		s.cancels = nil
		for _, id := range ids {
			s.change(id, func(o *ostate) {
				if o.st == stPending {
					o.st = stDone
				}
			})
		}
	}
}
