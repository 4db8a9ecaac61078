package lifetime

import (
	"slices"
	"strings"
	"unicode"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// What calls of functions of the unit do beside what their summaries say.

// moreArgs: what is given in the place of "..." goes where no summary looks, so it escapes. What a
// format text takes is only written out.
func (a *fnRun) moreArgs(st *state, x *callCtx) {
	if a.f.File.Lang != ir.C {
		a.moreElements(st, x)
		return
	}
	fixed := len(x.c.Args)
	for _, f := range x.tgt.Funcs {
		if f.File.Lang != ir.C || len(f.Params) == 0 || isMacro(f) && !handsOnRest(f) {
			return
		}
		fixed = min(fixed, len(f.Params))
	}
	if len(x.tgt.Funcs) == 0 || formatted(a.f, x.c.Args[:fixed]) {
		return
	}
	for i := fixed; i < len(x.c.Args); i++ {
		a.handOver(st, x, &x.c.Args[i])
	}
}

// moreElements: what is given beyond a params array lies in that array, so it goes where the array goes.
func (a *fnRun) moreElements(st *state, x *callCtx) {
	for i := range x.c.Args {
		p := x.tgt.Param(i)
		if slices.ContainsFunc(x.tgt.Funcs, func(f *ir.Func) bool { last := lastParam(f, p); return last < p && a.summaryOf(f).keeps(last) }) {
			a.handOver(st, x, &x.c.Args[i])
		}
	}
}

// lastParam is the index of the parameter of a C# function that what is given at index i belongs to: all beyond a params array lies in it.
func lastParam(f *ir.Func, i int) int {
	if last := len(f.Params) - 1; i < receiverBit && last >= 0 && i > last && f.File.Lang == ir.CSharp && f.Var(f.Params[last]).Flags&ir.Params != 0 {
		return last
	}
	return i
}

// handsOnRest tells whether the body of a macro holds what is given in the place of "...": its last parameter is the first
// of that.
func handsOnRest(f *ir.Func) bool {
	return f.Flags&ir.Params != 0 && f.Var(f.Params[len(f.Params)-1]).Name == "__VA_ARGS__"
}

// formatted tells whether one of the arguments is a text with a "%" in it, or made of one by a call:
// _("%s: %d").
func formatted(f *ir.Func, args []ir.Arg) bool {
	return slices.ContainsFunc(args, func(arg ir.Arg) bool {
		d := f.DefBehindCasts(arg.Val)
		if d != nil && d.Op == ir.OpCall {
			return formatted(f, d.Call.Args)
		}
		return d != nil && d.Op == ir.OpConst && d.Const == ir.ConstString && strings.Contains(d.Name, "%")
	})
}

// beyond tells whether argument i of a call of C functions goes in the place of "...", where nothing
// says that it is only written out.
func (c *scanner) beyond(fs []*ir.Func, call *ir.Call, i int) bool {
	for _, f := range fs {
		if f.File.Lang == ir.C && !isMacro(f) && len(f.Params) > 0 && i >= len(f.Params) {
			return !formatted(c.f, call.Args[:min(len(f.Params), len(call.Args))])
		}
	}
	return false
}

// namedCloser: a function of the unit that bears the name of a function that releases stands for that
// one. What it leaves on some way of its own, where its result tells of a failure, is not held against
// its caller.
func (a *fnRun) namedCloser(x *callCtx, out []*state) {
	if a.f.File.Lang != ir.C || len(x.tgt.Funcs) == 0 {
		return
	}
	fn := a.closerNamed(x.tgt.Funcs[0].Name)
	if fn == nil {
		return
	}
	for i := range fn.Releases {
		for _, s := range out {
			v, ok := x.arg(s, fn.Releases[i].Param)
			if !ok {
				continue
			}
			s.change(a.objectOf(v), func(o *ostate) {
				if o.st == stOwned {
					o.st = stEscaped
				}
			})
		}
	}
}

// closerNamed is the function that releases of which the name tells: LsaClose, pLsaClose, api_LsaClose.
func (a *fnRun) closerNamed(name string) *models.Func {
	bare := strings.TrimLeftFunc(name, unicode.IsLower)
	for _, n := range []string{name, bare, name[strings.LastIndexByte(name, '_')+1:]} {
		if fn := a.prog.DB.Func(n); fn != nil && len(fn.Releases) > 0 && fn.Sig != nil {
			return fn
		}
	}
	return nil
}

// readsFirst tells whether a C function looks at what lies behind parameter i before it stores there:
// what it does with it is its own affair, as where it adds to what is there.
func readsFirst(f *ir.Func, i int) bool {
	if f.File.Lang != ir.C || i < 0 || i >= len(f.Params) {
		return false
	}
	for b := range f.Blocks() {
		for k := range f.Blocks()[b].Instrs {
			in := &f.Blocks()[b].Instrs[k]
			switch in.Op {
			case ir.OpLoad, ir.OpStore:
				if p, ok := paramAt(f, in.A); ok && p == i {
					return in.Op == ir.OpLoad
				}
			case ir.OpCall:
				for _, arg := range in.Call.Args {
					if p, ok := paramAt(f, arg.Val); ok && p == i {
						return false
					}
				}
			}
		}
	}
	return false
}

// routineReleases tells whether a function of the unit that is given to the call releases one of its
// own parameters by what releases the object that the call makes: a work item that ends itself.
func (a *fnRun) routineReleases(x *callCtx, q *models.Acquire) bool {
	if a.f.File.Lang != ir.C {
		return false
	}
	for _, arg := range x.c.Args {
		d := a.f.Def(arg.Val)
		for d != nil && (d.Op == ir.OpLoad || d.Op == ir.OpCast) {
			d = a.f.Def(d.A)
		}
		if d == nil || d.Op != ir.OpName {
			continue
		}
		if f := a.prog.Name(a.f, d.Name).Func; f != nil && callsOnParam(f, q.Release) {
			return true
		}
	}
	return false
}

// callsOnParam tells whether f gives one of its parameters to a function of one of the names.
func callsOnParam(f *ir.Func, names []string) bool {
	for b := range f.Blocks() {
		for k := range f.Blocks()[b].Instrs {
			in := &f.Blocks()[b].Instrs[k]
			if in.Op != ir.OpCall || !slices.Contains(names, in.Call.Name) {
				continue
			}
			for _, arg := range in.Call.Args {
				if _, ok := paramAt(f, arg.Val); ok {
					return true
				}
			}
		}
	}
	return false
}

// askedBeside: a branch asks a member of the storage that holds the OVERLAPPED of an operation with a
// completion routine. The routine keeps such members, and whoever asks them knows whether it ran.
func (a *fnRun) askedBeside(st *state, cond ir.Temp) {
	if a.f.File.Lang != ir.C {
		return
	}
	root := a.askedRoot(st, cond, 0)
	if root == 0 {
		return
	}
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind == Operation && o.st == stPending && obj.op.ov.k == vAddr && obj.op.routine && a.t.root(obj.op.ov.reg) == root {
			o.st = stDone
			st.setObj(o)
		}
	}
}

// askedRoot is the storage of whose members the condition is made; 0 when it is none.
func (a *fnRun) askedRoot(st *state, t ir.Temp, depth int) regID {
	d := a.f.Def(t)
	if d == nil || depth > 4 {
		return 0
	}
	switch d.Op {
	case ir.OpCast:
		return a.askedRoot(st, d.A, depth+1)
	case ir.OpBin:
		if r := a.askedRoot(st, d.A, depth+1); r != 0 {
			return r
		}
		return a.askedRoot(st, d.B, depth+1)
	case ir.OpLoad:
		if p := a.f.Def(d.A); p != nil && (p.Op == ir.OpField || p.Op == ir.OpMember) {
			if v := st.temp(d.A); v.k == vAddr {
				return a.t.root(v.reg)
			}
		}
	}
	return 0
}
