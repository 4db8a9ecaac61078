package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// Libraries that serve several systems have numbers of their own for errors: status == LIB_FROM_OS_ERROR(ERROR_IO_PENDING).
// How these are made is often a matter of the build, so that the status is no number that is known here. What makes
// such a number out of that for "pending" makes others out of other errors, so that all these tests ask for the last error.

// asksForError is the test of the last error that a comparison stands for which has a call of such a function on one side:
// of that of the one operation that was started and may be pending.
func (a *fnRun) asksForError(st *state, in *ir.Instr) (value, bool) {
	if a.f.File.Lang != ir.C || len(a.errSym) == 0 || in.Sub != ir.Eq && in.Sub != ir.Ne {
		return value{}, false
	}
	for _, t := range [...]ir.Temp{in.A, in.B} {
		d := a.f.Def(t)
		if d == nil || !isErrorMaker(d) {
			continue
		}
		n, known := st.number(st.temp(d.Call.Args[0].Val))
		if !known || n == 0 {
			continue
		}
		if err, pending := a.startThatMayBe(st); err != 0 && a.makesError(d.Call.Name, pending) {
			return a.compareValues(st, in, in.Sub, symVal(err), intVal(n)), true
		}
	}
	return value{}, false
}

// isErrorMaker: a call has one argument, as those have that make one number of another.
func isErrorMaker(in *ir.Instr) bool {
	return in.Op == ir.OpCall && len(in.Call.Args) == 1 && in.Call.Name != ""
}

// startThatMayBe is the last error of the only start in this state that may have left an operation, and the error that means so.
func (a *fnRun) startThatMayBe(st *state) (err symID, pending int64) {
	for s, id := range a.errSym {
		if o, there := st.obj(id); !there || o.st != stPending && o.st != stFailed {
			continue
		}
		if err != 0 {
			return 0, 0
		}
		err, pending = s, intVal(a.objects[id].Native.Overlapped.PendingError).n
	}
	return err, pending
}

// makesError tells whether the function gives the function or macro of that name the error n somewhere.
func (a *fnRun) makesError(name string, n int64) bool {
	key := errorMaker{name, n}
	makes, known := a.makers[key]
	if known {
		return makes
	}
	for _, in := range callsOf(a.f) {
		if isErrorMaker(in) && in.Call.Name == name {
			m, ok := a.numberNamed(in.Call.Args[0].Val)
			makes = makes || ok && m == n
		}
	}
	if a.makers == nil {
		a.makers = map[errorMaker]bool{}
	}
	a.makers[key] = makes
	return makes
}

type errorMaker struct {
	name  string
	error int64
}

// numberNamed is the number that t is, when it is one or the name of one.
func (a *fnRun) numberNamed(t ir.Temp) (int64, bool) {
	switch d := a.f.DefBehindCasts(t); {
	case d == nil:
	case d.Op == ir.OpConst && d.Const == ir.ConstInt:
		return d.Int, true
	case d.Op == ir.OpLoad:
		if p := a.f.Def(d.A); p != nil && p.Op == ir.OpName {
			return a.eng.prog.Const(a.f, p.Name)
		}
	}
	return 0, false
}
