package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// comparison gathers how the result of one acquisition is tested, over all paths.
type comparison struct {
	right bool
	asked bool // a function of the code itself was asked about it
	wrong []wrongTest
	obj   *Object
}

type wrongTest struct {
	span  ir.Span
	value int64
	how   How
	truth bool // used as a condition
	steps *Step
}

// noteComparison looks at "sym sub n" for what it says about acquisitions and starts.
func (a *fnRun) noteComparison(st *state, sym symID, sub ir.Sub, n int64, in *ir.Instr) {
	a.noteStartTest(sym, n)
	a.noteTested(sym)
	id := a.symObj.of(sym)
	if id == 0 {
		return
	}
	obj := a.objects[id]
	if obj.Acquire == nil || !obj.Acquire.IsReturn() || len(obj.Acquire.Invalid) == 0 || obj.Kind == Memory {
		return
	}
	if obj.Kind == SafeHandle && (sub == ir.Ne || obj.ownerGuess) {
		return // "if there is one" before a use or Dispose is no question for failure
	}
	if sub != ir.Eq && sub != ir.Ne || n != 0 && n != -1 {
		a.testedRightly(st, id)
		return
	}
	var how How
	if obj.Kind == SafeHandle && !a.withNull(in) {
		how = OfNumber // of DangerousGetHandle, or by an operator of the type
	}
	if slices.ContainsFunc(obj.Acquire.Invalid, func(v int64) bool { return intVal(v).n == n }) && (obj.Kind != SafeHandle || how == OfNumber) {
		a.testedRightly(st, id)
		return
	}
	if !a.withVariable(st, in, sym) {
		a.testedWrongly(st, id, wrongTest{span: in.Span, value: n, how: how})
	}
}

// withVariable tells whether s is compared with what lies in a part of something, or in a local that changes: which handle it
// is, is asked, and not whether it is one, even where none lies there. A local that is set once is a name for a constant.
func (a *fnRun) withVariable(st *state, in *ir.Instr, s symID) bool {
	for _, t := range [...]ir.Temp{in.A, in.B} {
		d := a.f.DefBehindCasts(t)
		if v := st.temp(t); d == nil || d.Op != ir.OpLoad || v.k == vSym && v.sym == s {
			continue
		}
		if p := a.f.Def(d.A); p == nil || p.Op != ir.OpName && (p.Op != ir.OpVarAddr || a.setAgain(p.Var)) {
			return true
		}
	}
	return false
}

// setAgain tells whether a local is set in more than one place.
func (a *fnRun) setAgain(v ir.VarID) bool {
	n := 0
	for _, b := range a.f.Blocks() {
		for i := range b.Instrs {
			if in := &b.Instrs[i]; in.Op == ir.OpStore {
				if d := a.f.Def(in.A); d != nil && d.Op == ir.OpVarAddr && d.Var == v {
					n++
				}
			}
		}
	}
	return n > 1
}

func (a *fnRun) testedRightly(st *state, id objID) {
	a.comparisonOf(a.objects[id]).right = true
	if o, ok := st.obj(id); ok && o.misread {
		st.change(id, func(o *ostate) { o.misread = false })
	}
}

func (a *fnRun) testedWrongly(st *state, id objID, w wrongTest) {
	if a.helperGives(a.objects[id].ViaCall, w.value) {
		return
	}
	o, ok := st.obj(id)
	if ok && o.st == stFailed && !o.misread {
		st.change(id, func(o *ostate) { o.misread = true })
	}
	c := a.comparisonOf(a.objects[id])
	if slices.ContainsFunc(c.wrong, func(x wrongTest) bool { return x.span == w.span }) {
		return
	}
	w.steps = o.steps
	c.wrong = append(c.wrong, w)
}

// withNull tells whether one side of a comparison is the word null, or default.
func (a *fnRun) withNull(in *ir.Instr) bool {
	for _, t := range [...]ir.Temp{in.A, in.B} {
		if d := a.f.Def(t); d != nil && d.Op == ir.OpConst && (d.Const == ir.ConstNull || d.Const == ir.ConstDefault) {
			return true
		}
	}
	return false
}

// helperGives tells whether a helper has a way on which it gives that number, which is then its own
// value for failure.
func (a *fnRun) helperGives(f *ir.Func, n int64) bool {
	if f == nil {
		return false
	}
	s := a.eng.summaryOf(f)
	return slices.ContainsFunc(s.outcomes, func(o outcome) bool {
		return !o.throws && o.ret.known && o.ret.obj == nil && o.ret.c.lo == n && o.ret.c.hi == n
	})
}

// noteUnset: a comparison with a number finds it, where the code itself put it there.
func (a *fnRun) noteUnset(in *ir.Instr, found bool) {
	if found && a.f.File.Lang == ir.C {
		a.unset[in.Span] = true
	}
}

// asksWhetherSet tells whether a test of a handle that belongs to somebody else, who has it open, is about the value that
// the variable had before.
func (a *fnRun) asksWhetherSet(c *comparison, w wrongTest) bool {
	return c.obj.Acquire.Borrowed && a.unset[w.span]
}

func (a *fnRun) comparisonOf(obj *Object) *comparison {
	c := a.compares[obj.site]
	if c == nil {
		c = &comparison{obj: obj}
		a.compares[obj.site] = c
	}
	return c
}

// noteRightTest: the handle was tested by a property that knows its failure values.
func (a *fnRun) noteRightTest(sym symID) {
	if id := a.symObj.of(sym); id != 0 {
		a.comparisonOf(a.objects[id]).right = true
	}
}

// noteTruthTest: a handle is used as a condition, which is a test against 0.
func (a *fnRun) noteTruthTest(st *state, sym symID) {
	id := a.symObj.of(sym)
	if id == 0 {
		return
	}
	if q := a.objects[id].Acquire; q != nil && q.IsReturn() && slices.Contains(q.Invalid, 0) {
		a.testedRightly(st, id)
	}
}

// noteWrongTruth: the condition at span asks a handle whether it is 0, which its failure value is not.
func (a *fnRun) noteWrongTruth(st *state, v value, span ir.Span) {
	if v.k != vSym || a.f.File.Lang != ir.C {
		return
	}
	id := a.symObj.of(v.sym)
	if id == 0 || a.objects[id].Kind != Handle {
		return
	}
	if q := a.objects[id].Acquire; q != nil && q.IsReturn() && len(q.Invalid) > 0 && !slices.Contains(q.Invalid, 0) {
		a.testedWrongly(st, id, wrongTest{span: span, truth: true})
	}
}

// noteAsked: a function of the code itself, such as is_valid(h), is asked about a handle, and knows what
// it looks for.
func (a *fnRun) noteAsked(st *state, x *callCtx) {
	if a.f.File.Lang != ir.C || x.tgt.Native != nil || !a.askedForZero(x) {
		return
	}
	for i := range x.args {
		if v, ok := x.arg(st, i); ok && v.k == vSym {
			if id := a.symObj.of(v.sym); id != 0 {
				a.comparisonOf(a.objects[id]).asked = true
			}
		}
	}
}

// finishComparisons reports acquisitions whose result is only ever compared with a wrong value. Of
// several tests of its truth one is enough.
func (a *fnRun) finishComparisons() {
	var sites []int32
	for s := range a.compares {
		sites = append(sites, s)
	}
	slices.Sort(sites)
	for _, s := range sites {
		c := a.compares[s]
		if c.right {
			continue
		}
		truth := false
		for _, w := range c.wrong {
			if a.asksWhetherSet(c, w) || w.truth && (truth || c.asked || slices.ContainsFunc(c.wrong, func(w wrongTest) bool { return !w.truth })) {
				continue
			}
			truth = truth || w.truth
			steps := (&Step{Prev: w.steps, File: a.f.File, Span: w.span, Kind: StepEnd, Text: "compared with a value that does not mean failure"}).List()
			a.emit(Event{Kind: WrongSentinel, How: w.how, Span: w.span, Obj: c.obj, API: c.obj.API, Value: w.value, Steps: steps})
		}
	}
}

// noteOtherTest: a SafeHandle is compared with something that is not a number here, such as the
// InvalidHandle of its type.
func (a *fnRun) noteOtherTest(v value) {
	if id := a.objectOf(v); id != 0 && a.objects[id].Kind == SafeHandle {
		a.comparisonOf(a.objects[id]).right = true
	}
}
