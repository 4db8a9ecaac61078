package lifetime

import "github.com/pinvet/pinvet/analyzers/ir"

// The last error of a start tells whether the operation is pending, wherever it is asked for: behind
// calls that are made in between, and in the callers of the function that started it.

// keepsError tells whether the last error that is known here is still what is asked for after call
// x: C code that looks at no result of the call cannot mean the error of that.
func (a *fnRun) keepsError(st *state, x *callCtx) bool {
	if a.f.File.Lang != ir.C || !a.errorOfStart(st.lastErr) {
		return false
	}
	return x.in.Dst == 0 || !usesTemp(a.f, x.in.Dst)
}

// errorLeft is what a path knows, at its end, of the last error of a start.
func (a *fnRun) errorLeft(st *state) lastError {
	if !a.errorOfStart(st.lastErr) {
		return lastError{}
	}
	c := st.consOf(st.lastErr.sym)
	c.sym = 0
	return lastError{known: c != anyCons(0), c: c}
}

// applyError sets the last error after a call that ended in outcome o; before is that before the call.
func (a *fnRun) applyError(st *state, x *callCtx, o *outcome, before value, n int16) {
	switch now := st.lastErr; {
	case x.tgt.Import != nil:
	case o.err.known:
		c := o.err.c
		c.sym = a.fresh(st, x.in, 800+n)
		st.setCons(c)
		a.startErr[c.sym] = true
		for _, now := range st.objs {
			if obj := a.objects[now.id]; obj.Kind == Operation && now.st == stPending && obj.site == a.site(x.in) {
				a.errSym[c.sym] = now.id
			}
		}
		st.lastErr = symVal(c.sym)
	default:
		st.lastErr = before
		if !a.keepsError(st, x) {
			st.lastErr = now
		}
	}
}

func (a *fnRun) errorOfStart(v value) bool {
	return v.k == vSym && (a.errSym[v.sym] != 0 || a.startErr[v.sym])
}
