package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// errorItem is something met on the way back from a read of the last error.
type errorItem struct {
	call   errorCall
	tested bool // a branch depends on its result; else the call was just made
	failed bool // the way taken is that of its failure
	branch ir.Span
	place  *ir.Instr // the variable or field that was tested, nil when it was the result itself
}

// errorPath is one way back from a read, nearest item first: what was called, then the first calls
// whose results were tested, if any. What was called between these and their test counts as called.
type errorPath []errorItem

const (
	maxErrorPaths = 64
	maxErrorSteps = 2000
)

// errorWalk goes back from a read over all ways.
type errorWalk struct {
	r     *errorRun
	f     *ir.Func
	preds [][]ir.BlockID
	paths []errorPath
	steps int
}

// paths goes back from instruction at (index j of block b).
func (r *errorRun) paths(f *ir.Func, b ir.BlockID, j int) []errorPath {
	w := &errorWalk{r: r, f: f, preds: predecessors(f)}
	w.back(b, j, nil, nil, nil)
	return w.paths
}

// back looks at the instructions of b before index j, then at its predecessors. tested are the calls
// whose test was met; seen are the blocks of the way so far.
func (w *errorWalk) back(b ir.BlockID, j int, have, tested errorPath, seen []ir.BlockID) {
	if w.steps++; w.steps > maxErrorSteps || len(w.paths) >= maxErrorPaths {
		return
	}
	for j--; j >= 0; j-- {
		in := &w.f.Blocks()[b].Instrs[j]
		if in.Op == ir.OpCatch && len(tested) == 0 {
			return // who threw is not known
		}
		if in.Op == ir.OpStore && len(tested) > 0 && w.otherwise(in, tested[0].place) {
			return // on this way something else was tested
		}
		if in.Op != ir.OpCall {
			continue
		}
		if slices.ContainsFunc(tested, func(it errorItem) bool { return it.call.in == in }) {
			w.done(have, tested)
			return
		}
		if c := w.r.call(w.f, in); c.effect != errNothing {
			have = append(slices.Clone(have), errorItem{call: c})
		}
	}
	if b == 0 && len(tested) == 0 {
		w.done(have, nil) // a way on which the call tested was not made says nothing
	}
	for _, p := range w.preds[b] {
		if slices.Contains(seen, p) {
			continue
		}
		now := tested
		if t := &w.f.Blocks()[p].Term; len(now) == 0 && t.Kind == ir.TermBranch && t.Succs[0] != t.Succs[1] {
			now = w.tested(t, t.Succs[0] == b)
		}
		w.back(p, len(w.f.Blocks()[p].Instrs), have, now, append(slices.Clone(seen), p))
	}
}

// otherwise tells whether a store gives the tested place a value that no call made.
func (w *errorWalk) otherwise(in, place *ir.Instr) bool {
	if place == nil {
		return false
	}
	a := w.f.Def(in.A)
	return a != nil && samePlace(place, a) && len(callsIn(w.f, in.B, 0)) == 0
}

// testedPlace is the place whose content a condition looks at, nil if it is none.
func testedPlace(f *ir.Func, cond ir.Temp) *ir.Instr {
	for n := 0; n < maxValueDepth; n++ {
		d := f.Def(cond)
		switch {
		case d == nil:
			return nil
		case d.Op == ir.OpUnary || d.Op == ir.OpBin || d.Op == ir.OpCast:
			cond = d.A
		case d.Op == ir.OpLoad:
			return f.Def(d.A)
		default:
			return nil
		}
	}
	return nil
}

func (w *errorWalk) done(have, tested errorPath) {
	w.paths = append(w.paths, append(slices.Clone(have), tested...))
}

// tested are the calls whose results a branch depends on.
func (w *errorWalk) tested(t *ir.Term, truth bool) (items []errorItem) {
	for _, in := range callsIn(w.f, t.Cond, 0) {
		c := w.r.call(w.f, in)
		if c.effect == errNothing && len(c.tgt.Funcs) == 0 {
			continue
		}
		items = append(items, errorItem{call: c, tested: true, failed: w.fails(t.Cond, truth, 0), branch: t.Span, place: testedPlace(w.f, t.Cond)})
	}
	return items
}

// fails tells whether a condition being true (or false) says that a call failed: its BOOL is
// false, its handle is 0 or -1, its count is negative.
func (w *errorWalk) fails(cond ir.Temp, truth bool, depth int) bool {
	d := w.f.Def(cond)
	if d == nil || depth > 8 {
		return false
	}
	switch d.Op {
	case ir.OpUnary:
		return d.Sub == ir.Not && w.fails(d.A, !truth, depth+1)
	case ir.OpCast:
		return w.fails(d.A, truth, depth+1)
	case ir.OpBin:
		n, ok := w.r.prog.Value(w.f, d.B)
		if !ok || n != 0 && n != -1 && n != 1 {
			return false
		}
		switch sub := d.Sub; {
		case n == 1:
			return sub == ir.Eq && !truth || sub == ir.Ne && truth
		case sub == ir.Eq, sub == ir.Lt, sub == ir.Le:
			return truth
		case sub == ir.Ne, sub == ir.Gt, sub == ir.Ge:
			return !truth
		}
		return false
	case ir.OpLoad:
		if a := w.f.Def(d.A); a != nil && (a.Op == ir.OpMember || a.Op == ir.OpName) && lastDot(a.Name) == "IsInvalid" {
			return truth
		}
		return !truth
	case ir.OpCall:
		return !truth
	}
	return false
}
