package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// heldLock is a lock that the path holds, or a level that it raised. Values are never changed.
type heldLock struct {
	kind  string
	v     value // the lock
	level int   // at which the thread runs while it is held, 0 when it does not raise
	at    ir.Span
	steps *Step
}

// levelKind is the kind of a level that was raised without a lock.
const levelKind = "IRQL"

// passiveCall is a call that needs PASSIVE_LEVEL, for callers that run above it.
type passiveCall struct {
	api   string
	steps *Step
}

// level is the lowest level at which the thread can run here, and the lock or level that says so.
func (st *state) level() (level int, by *heldLock) {
	for i := range st.held {
		if l := st.held[i].level; l > level {
			level, by = l, &st.held[i]
		}
	}
	return level, by
}

// lockCall applies what the function does to locks and levels.
func (a *fnRun) lockCall(st *state, x *callCtx, fn *models.Func, l *models.Lock) ([]*state, bool) {
	v, _ := x.arg(st, l.Param)
	level, _ := a.prog.DB.Level(l.Level)
	switch l.Act {
	case models.LockAcquires, models.LockTries:
		ret := a.lockResult(st, x, fn, l)
		out := one(st)
		if l.Act == models.LockTries && a.flow.read[x.in.Dst] {
			bad := st.clone()
			if !bad.assume(ret, ir.Eq, 0) || !st.assume(ret, ir.Ne, 0) {
				return out, true
			}
			out = append(out, bad)
		}
		st.hold(heldLock{l.Kind, v, level, x.in.Span, a.step(nil, x.in, StepNote, fn.Name+" takes the "+l.Kind)})
		return out, true
	case models.LockReleases:
		a.lockResult(st, x, fn, l)
		st.letGo(l.Kind, v)
		return one(st), true
	case models.LevelRaises:
		if n, ok := st.number(v); ok && l.Level == "-" {
			level = int(n)
		} else if l.Level == "-" {
			level = a.levelNamed(x, l.Param)
		}
		a.lockResult(st, x, fn, l)
		if level > 0 {
			st.hold(heldLock{levelKind, value{}, level, x.in.Span, a.step(nil, x.in, StepNote, fn.Name+" raises the level")})
		}
		return one(st), true
	case models.LevelLowers:
		a.lockResult(st, x, fn, l)
		st.letGo(levelKind, value{})
		return one(st), true
	}
	return nil, false
}

// levelNamed is the level that parameter p names as a constant of the driver kit; 0 if it does not.
func (a *fnRun) levelNamed(x *callCtx, p int) int {
	if p < 0 || p >= len(x.args) || x.args[p] == nil {
		return 0
	}
	d := a.f.Def(x.args[p].Val)
	for d != nil && (d.Op == ir.OpLoad || d.Op == ir.OpCast) {
		d = a.f.Def(d.A)
	}
	if d == nil || d.Op != ir.OpName {
		return 0
	}
	n, _ := a.prog.DB.Level(d.Name)
	return n
}

// lockResult sets the result, and what the call writes through its other arguments.
func (a *fnRun) lockResult(st *state, x *callCtx, fn *models.Func, l *models.Lock) symID {
	for i := range x.args {
		if v, ok := x.arg(st, i); ok && i != l.Param && v.k == vAddr {
			a.writtenThrough(st, v, x.in, i)
		}
	}
	return a.setResult(st, x, fn)
}

// maxHeld bounds the locks that are followed at a time.
const maxHeld = 6

func (st *state) hold(h heldLock) {
	for _, l := range st.held {
		if l.kind == h.kind && l.v == h.v && h.v.k != vUnknown {
			return // taken again, in another round of a loop or recursively
		}
	}
	if len(st.held) < maxHeld {
		st.held = append(slices.Clip(st.held), h)
	}
}

// letGo drops the lock v of that kind. Where it is not known which one it is, the last of its kind
// goes; where none is held, a caller's is.
func (st *state) letGo(kind string, v value) {
	at := -1
	for i := range st.held {
		if st.held[i].kind == kind && (at < 0 || st.held[i].v == v || st.held[at].v != v) {
			at = i
		}
	}
	if at < 0 {
		known := slices.ContainsFunc(st.freed, func(l heldLock) bool { return l.kind == kind })
		if !known {
			st.freed = append(slices.Clip(st.freed), heldLock{kind: kind, v: v})
		}
		return
	}
	st.held = slices.Delete(slices.Clone(st.held), at, at+1)
}

// dropLocks: something that is not followed may have let go of everything.
func (st *state) dropLocks() { st.held = nil }

// checkLevel reports a function that needs PASSIVE_LEVEL to open, close or reference something, and
// is called above it.
func (a *fnRun) checkLevel(st *state, x *callCtx, fn *models.Func) {
	if fn.IRQL == nil || fn.IRQL.Max != "PASSIVE_LEVEL" || !opensOrCloses(a, fn) {
		return
	}
	a.needsPassive(st, x, passiveCall{fn.Name, a.step(nil, x.in, StepEnd, fn.Name+" needs PASSIVE_LEVEL")})
}

func opensOrCloses(a *fnRun, fn *models.Func) bool {
	if act, _ := a.prog.DB.Reference(fn.Name); act != "" {
		return true
	}
	return slices.ContainsFunc(fn.Acquires, func(q models.Acquire) bool {
		return q.Class == models.ClassKernelHandle || q.Class == models.ClassKernelRef
	}) || slices.ContainsFunc(fn.Releases, func(r models.Release) bool {
		return slices.ContainsFunc(r.Types, func(t string) bool {
			c := a.prog.DB.ClassOf(t)
			return c == models.ClassKernelHandle || c == models.ClassKernelRef
		})
	})
}

// needsPassive: the call at hand needs PASSIVE_LEVEL. Where the level depends on the caller, the
// summary says so.
func (a *fnRun) needsPassive(st *state, x *callCtx, p passiveCall) {
	level, by := st.level()
	switch {
	case level > 0:
		a.emit(Event{Kind: CalledRaised, How: AtLocked, Span: x.in.Span, API: p.api, Field: by.kind, Value: int64(level), Steps: appendSteps(by.steps, p.steps).List()})
	case a.routineKind != "":
		a.emit(Event{Kind: CalledRaised, How: InRoutine, Span: x.in.Span, API: p.api, Field: a.routineKind, Value: dispatchLevel, Steps: p.steps.List()})
	case a.passive == nil && len(st.freed) == 0 && !a.asksLevel():
		a.passive = &p
	}
}

const dispatchLevel = 2

// maxPassive is how many steps deep in helpers a call is still held against its callers: the deeper,
// the more conditions stand between them.
const maxPassive = 2

// calleeNeeds applies what a function of the unit needs of the level at which it is called.
func (a *fnRun) calleeNeeds(st *state, x *callCtx, f *ir.Func, s *Summary) {
	if s.passive == nil || !a.inKernel || len(s.passive.steps.List()) > maxPassive {
		return
	}
	enter := &Step{File: a.f.File, Span: x.in.Span, Kind: StepCall, Text: "calls " + f.Name}
	a.needsPassive(st, x, passiveCall{s.passive.api, appendSteps(enter, s.passive.steps)})
}

// asksLevel tells whether the function asks at which level it runs, and so knows what it does.
func (a *fnRun) asksLevel() bool {
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			in := &a.f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			if l := a.prog.DB.Lock(in.Call.Name); l != nil && l.Act == models.LevelAsks {
				return true
			}
		}
	}
	return false
}

// lockEffects are the locks that the function leaves held or let go for its caller.
func (a *fnRun) lockEffects(st *state, out []effect) []effect {
	for _, h := range st.freed {
		p, _ := a.valuePath(h.v)
		out = append(out, effect{kind: effUnlock, path: p, api: h.kind})
	}
	for _, h := range st.held {
		p, _ := a.valuePath(h.v)
		out = append(out, effect{kind: effLock, path: p, api: h.kind, value: int64(h.level), steps: h.steps})
	}
	return out
}

// applyLock applies such an effect at a call.
func (a *fnRun) applyLock(st *state, x *callCtx, e *effect, enter *Step) {
	v, _, _ := a.contentOrAddr(st, x, e.path)
	if e.kind == effUnlock {
		st.letGo(e.api, v)
		return
	}
	st.hold(heldLock{e.api, v, int(e.value), x.in.Span, appendSteps(enter, e.steps)})
}

// always tells whether every way through the function leaves a lock of that kind held: it is there
// to take the lock. Functions that hold one on some ways only depend on more than is followed.
func (s *Summary) always(e *effect) bool {
	for i := range s.outcomes {
		has := slices.ContainsFunc(s.outcomes[i].effects, func(x effect) bool { return x.kind == effLock && x.api == e.api })
		if !has && !s.outcomes[i].throws {
			return false
		}
	}
	return true
}
