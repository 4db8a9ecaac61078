package lifetime

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// The last error of a start tells whether the operation is pending, wherever it is asked for: behind
// calls that are made in between, and in the callers of the function that started it.

// keepsError tells whether the last error that is known here is still what is asked for after call
// x: C code that looks at no result of the call cannot mean the error of that.
func (a *fnRun) keepsError(st *state, x *callCtx) bool {
	if a.f.File.Lang != ir.C || !a.errorOfStart(st.lastErr) {
		return false
	}
	return x.in.Dst == 0 || undefinedMacro(x) || !usesTemp(a.f, x.in.Dst)
}

// undefinedMacro tells whether what is called in C is spelt as a macro, and nothing in the unit defines it.
func undefinedMacro(x *callCtx) bool {
	name := x.tgt.NativeName
	return name != "" && x.tgt.Native == nil && len(x.tgt.Funcs) == 0 && name == strings.ToUpper(name)
}

// castMacro is the value of CONST_CAST(T, v) and the like, where nothing in the unit defines the macro.
func (a *fnRun) castMacro(st *state, x *callCtx) (value, bool) {
	if a.f.File.Lang != ir.C || !strings.HasSuffix(x.tgt.NativeName, "_CAST") || !undefinedMacro(x) {
		return value{}, false
	}
	return x.arg(st, len(x.args)-1)
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

// errorStored: a C function that is given the last error of a start keeps it in a member: set_error(dev, GetLastError()).
func (a *fnRun) errorStored(x *callCtx, out []*state) {
	if a.f.File.Lang != ir.C || len(x.args) < 2 || len(a.errSym)+len(a.startErr) == 0 {
		return
	}
	for i := range x.args {
		for _, st := range out {
			v, ok := x.arg(st, i)
			if !ok || !a.errorOfStart(v) {
				continue
			}
			for _, f := range x.tgt.Funcs {
				for _, p := range storesArgument(f, i) {
					if r := a.place(st, x, p); r != 0 && !a.behindMember(r) {
						st.bind(r, v)
					} else { // it is not seen what is tested later
						st.change(a.errSym[v.sym], func(o *ostate) { o.st = stDone })
					}
				}
			}
		}
	}
}

// storesArgument are the members behind other parameters to which f sets what its parameter i was.
func storesArgument(f *ir.Func, i int) (out []path) {
	for b := range f.Blocks() {
		for j := range f.Blocks()[b].Instrs {
			in := &f.Blocks()[b].Instrs[j]
			if in.Op != ir.OpStore {
				continue
			}
			if from, ok := paramAt(f, in.B); !ok || from != i {
				continue
			}
			if p, ok := memberOfParam(f, in.A); ok {
				out = append(out, p)
			}
		}
	}
	return out
}

// memberOfParam is the path of a member, at address t, of what a parameter points to.
func memberOfParam(f *ir.Func, t ir.Temp) (path, bool) {
	sel := ""
	for d := f.Def(t); d != nil && d.Op == ir.OpField; d = f.Def(d.A) {
		sel = "." + d.Name + sel
		if i, ok := paramAt(f, d.A); ok {
			return path{root: rootParam, index: i, sel: "*" + sel}, true
		}
	}
	return path{}, false
}

// behindMember tells whether r is reached through a pointer in a member, which calls may have changed.
func (a *fnRun) behindMember(r regID) bool {
	root := a.t.regions[a.t.root(r)]
	return root.kind == rPointee && a.t.regions[a.t.symbols[root.sym].reg].kind == rField
}
