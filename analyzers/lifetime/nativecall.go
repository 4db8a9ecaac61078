package lifetime

import (
	slashpath "path"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// What the summary of a C function means to the C# code that calls it through an import.

// freshBlock marks, in effect.value, a block of the C runtime that only the caller has from now on.
const freshBlock = 1

// freshBlock tells whether the object is a block of the C runtime that a C function hands to its
// caller and keeps nowhere else; except is the place through which it does, 0 for the result.
func (a *fnRun) freshBlock(st *state, o ostate, obj *Object, except regID) bool {
	if a.f.File.Lang != ir.C || !a.eng.border.funcs[a.f] || o.st != stEscaped || o.given ||
		obj.Kind != Memory || obj.Acquire == nil || !a.eng.runtimeMemory(obj.Acquire.Kind) {
		return false
	}
	return !slices.ContainsFunc(st.store, func(b binding) bool {
		return a.refersTo(b.v, o.id) && b.reg != except && !a.isLocal(st, b.reg)
	})
}

// nativeResult interprets the result of an import whose body is C; false when it is like any other.
func (a *fnRun) nativeResult(st *state, x *callCtx, f *ir.Func, r *result, enter *Step, n int16) bool {
	imp := x.tgt.Import
	if a.f.File.Lang != ir.CSharp {
		return false
	}
	if imp != nil && isString(imp.Ret) {
		a.stringResult(st, x, f, r, enter)
		st.setTemp(x.in.Dst, symVal(a.fresh(st, x.in, 700+n)))
		return true
	}
	tmpl := r.obj
	if tmpl == nil {
		tmpl = r.made
	}
	if tmpl == nil {
		return false
	}
	id := a.importResult(st, x, f, tmpl, r, enter, n)
	if imp != nil && a.safeHandleResult(x) {
		a.objects[id].Kind = SafeHandle
		st.change(id, func(o *ostate) { o.st = stBorrowed })
	}
	return true
}

func isString(t ir.Type) bool {
	s := shortName(t)
	return (s == "string" || s == "String") && len(t) > 0 && t[len(t)-1] != ']' && t[len(t)-1] != '*'
}

// stringResult: the marshaller makes a string of what C returns, and frees that with CoTaskMemFree.
func (a *fnRun) stringResult(st *state, x *callCtx, f *ir.Func, r *result, enter *Step) {
	if r.made == nil && !r.constant {
		return
	}
	span := x.in.Span
	head := appendSteps(enter, r.steps)
	if r.constant {
		head = &Step{Prev: enter, File: f.File, Span: f.NameSpan, Kind: StepNote, Text: f.Name + " returns a constant of the library"}
	}
	head = &Step{Prev: head, File: a.f.File, Span: span, Kind: StepEnd, Text: "back in C#: the marshaller makes a string of it and frees it with CoTaskMemFree"}
	a.emit(Event{Kind: NativeText, Span: span, Obj: r.made, API: f.Name, Import: x.tgt.Import, Steps: head.List()})
}

// marshalledStart reports buffers, or the OVERLAPPED, of an operation that C code started and that
// only the marshaller pins, for the call.
func (a *fnRun) marshalledStart(st *state, x *callCtx, e *effect, id objID) {
	imp := x.tgt.Import
	if imp == nil || a.f.File.Lang != ir.CSharp {
		return
	}
	o, _ := st.obj(id)
	obj := a.objects[id]
	for i, u := range obj.op.uses {
		p := e.op.ov
		if i > 0 {
			p = e.op.bufs[i-1]
		}
		if p.root != rootParam || p.sel != "" || p.index >= len(imp.Params) {
			continue
		}
		u.name = a.argName(x, p.index)
		obj.op.uses[i].name = u.name
		if null, known := st.isNull(u.v); known && null || a.passing(&imp.Params[p.index]) == passPointer {
			continue
		}
		switch {
		case i == 0 && a.overlappedMarshalled(&imp.Params[p.index]) && !a.staysInPlace(st, u.v):
			a.operationEventKind(st, o, OverlappedByRef, u, x.in.Span, imp)
		case i > 0 && !a.pinnedElsewhere(st, u.v) && !a.packDecides(st, o, u, AtCall, x.in.Span, u.name):
			a.operationEventKind(st, o, MarshallerPin, u, x.in.Span, imp)
		}
	}
}

// closedInside: C code closes the handle of a SafeHandle that the import was given, which will close
// it again. Where the wrapper is told that its handle is gone, all is well.
func (a *fnRun) closedInside(st *state, x *callCtx, f *ir.Func, e *effect, enter *Step) bool {
	imp := x.tgt.Import
	if imp == nil || a.f.File.Lang != ir.CSharp || e.path.root != rootParam || e.path.sel != "" || e.path.index >= len(imp.Params) {
		return false
	}
	i := e.path.index
	d := a.prog.TypeDecl(a.f, imp.Params[i].Type)
	t := a.prog.DB.DotNetType(shortName(imp.Params[i].Type))
	if !(d != nil && d.IsSafeHandle || d == nil && t != nil && t.SafeHandle) {
		return false
	}
	if a.f.Kind == ir.FuncFinalizer || a.invalidated() {
		return true
	}
	steps := &Step{Prev: appendSteps(enter, e.steps), File: a.f.File, Span: x.in.Span, Kind: StepEnd, Text: "back in C#: the SafeHandle still owns the handle and closes it again"}
	a.emit(Event{Kind: NativeCloses, Span: x.in.Span, Field: a.argName(x, i), API: f.Name, Import: imp, Steps: steps.List()})
	return true
}

// invalidated tells whether the function tells some SafeHandle that its handle is gone.
func (a *fnRun) invalidated() bool {
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			in := &a.f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			if eff, _ := a.prog.DB.Ownership(a.prog.Callee(a.f, in).MemberName); eff == models.OwnDisown || eff == models.OwnDropRef {
				return true
			}
		}
	}
	return false
}

// startedByC are the buffers of an operation that C code started on an OVERLAPPED of its own: to the
// C# caller they are pointers that are kept until the operation is complete.
func (a *fnRun) startedByC(st *state, o ostate, obj *Object, out []effect) []effect {
	if a.f.File.Lang != ir.C || !a.eng.border.funcs[a.f] || !obj.op.asyncSeen && !obj.op.knownAsync {
		return out
	}
	if p, ok := a.valuePath(obj.op.ov); ok && p.root != rootGlobal {
		return out // the OVERLAPPED is the caller's
	}
	for _, u := range obj.op.uses {
		if i := a.paramOf(u.v); u.use == UseBuffer && i >= 0 {
			k := &kept{by: a.f.Name, until: "operation"}
			out = append(out, effect{kind: effKeep, path: path{root: rootParam, index: i}, keep: k, obj: obj, steps: o.steps})
		}
	}
	return out
}

// AcrossBorder tells, of a release by the wrong function, whether one language made the block and
// the other releases it.
func (ev *Event) AcrossBorder() bool {
	if ev.Obj == nil || ev.Obj.Kind != Memory || ev.Func.File.Lang != ir.CSharp {
		return false
	}
	inC := slices.ContainsFunc(ev.Steps, func(s *Step) bool { return s.Kind == StepRelease && s.File.Lang == ir.C })
	return ev.Obj.FromC != inC
}

// unfreedBlocks marks leaks of blocks that C allocated with the C runtime, when the C side has a
// function that frees such blocks and no C# code calls any.
func (e *engine) unfreedBlocks(res *Result) {
	var frees []freeFunc
	for i, ev := range res.Events {
		if ev.Kind != Leak || !e.scoped(ev.Func) || ev.How == AtThrow || !ev.Obj.FromC || ev.Obj.Acquire == nil || !e.runtimeMemory(ev.Obj.Acquire.Kind) {
			continue
		}
		if frees == nil {
			frees = e.freeFuncs()
		}
		res.Events[i].Unfreed = unfreed(ev.Obj, frees)
	}
}

// freeFunc is a C function that does nothing to its caller's things but free a block.
type freeFunc struct {
	f      *ir.Func
	typ    ir.Type // of the parameter
	called bool    // by C# code
}

func unfreed(o *Object, frees []freeFunc) (name string) {
	for _, x := range frees {
		if x.typ != "void*" && x.typ != o.CType || !sameFolder(x.f.File.Path, o.made.Path) {
			continue
		}
		if x.called {
			return ""
		}
		if name == "" {
			name = x.f.Name
		}
	}
	return name
}

func sameFolder(p, q string) bool { return slashpath.Dir(p) == slashpath.Dir(q) }

// freeFuncs finds the C functions that imports bind, or that are exported, and that free their only
// pointer.
func (e *engine) freeFuncs() (out []freeFunc) {
	called := map[*ir.Func]bool{}
	for _, f := range e.prog.Funcs() {
		if f.File.Lang == ir.CSharp {
			for _, g := range e.border.graph.Callees(f) {
				called[g] = called[g] || g.File.Lang == ir.C
			}
		}
	}
	bound := map[*ir.Func]bool{}
	for _, f := range e.prog.Files {
		for _, imp := range f.Imports {
			if b := e.prog.NativeOf(imp, f); b != nil && b.Confidence > link.Low {
				for _, g := range b.Funcs {
					bound[g] = true
				}
			}
		}
	}
	for _, f := range e.prog.Funcs() {
		if f.File.Lang != ir.C || !bound[f] && f.Flags&ir.Exported == 0 || len(f.Params) != 1 {
			continue
		}
		if e.frees(f) {
			out = append(out, freeFunc{f, f.Var(f.Params[0]).Type, called[f]})
		}
	}
	return out
}

// frees tells whether f gives its parameter to a function that frees memory of the C runtime.
func (e *engine) frees(f *ir.Func) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall || len(in.Call.Args) == 0 {
				continue
			}
			n := e.prog.Callee(f, in).Native
			if n == nil || len(n.Releases) == 0 || !slices.ContainsFunc(n.Releases[0].Types, e.runtimeMemory) {
				continue
			}
			if d := f.Def(in.Call.Args[0].Val); d != nil && d.Op == ir.OpLoad {
				if v := f.Def(d.A); v != nil && v.Op == ir.OpVarAddr && v.Var == f.Params[0] {
					return true
				}
			}
		}
	}
	return false
}
