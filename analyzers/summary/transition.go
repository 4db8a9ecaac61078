package summary

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Hazard is what makes a C function unfit for a call without a GC transition.
type Hazard uint8

// Hazards, in the order in which they are named.
const (
	NoHazard Hazard = iota
	CallsBack
	Blocks
	LoopsForever
)

// Reason is a hazard of a C function with the way there: calls, from the function itself down to
// the instruction.
type Reason struct {
	Hazard Hazard
	Why    string // "takes the lock of the heap"
	// Always: every path through the functions on the way meets it.
	Always bool
	Steps  []ReasonStep
}

// ReasonStep is one place on the way.
type ReasonStep struct {
	File *ir.File
	Span ir.Span
	Text string
}

// Transitions answers what C functions do that matters to callers without a GC transition. It looks
// at the bodies in the unit and at what the models know of the functions that these call. Not safe
// for concurrent use.
type Transitions struct {
	prog *link.Program
	memo map[*ir.Func]*Reason
	open map[*ir.Func]bool
	leaf map[*ir.Func]bool
}

// NewTransitions makes an empty set of answers over p.
func NewTransitions(p *link.Program) *Transitions {
	return &Transitions{prog: p, memo: map[*ir.Func]*Reason{}, open: map[*ir.Func]bool{}, leaf: map[*ir.Func]bool{}}
}

const maxTransitionDepth = 24

// Of returns the worst that is known of f, nil if nothing is: that is no proof that it is harmless,
// see Leaf.
func (t *Transitions) Of(f *ir.Func) *Reason { return t.of(f, 0) }

func (t *Transitions) of(f *ir.Func, depth int) *Reason {
	if r, ok := t.memo[f]; ok {
		return r
	}
	if t.open[f] || depth > maxTransitionDepth {
		return nil // a recursion: its members answer for themselves
	}
	t.open[f] = true
	defer delete(t.open, f)
	best := t.spins(f)
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if in := &f.Blocks()[i].Instrs[j]; in.Op == ir.OpCall {
				if r := t.call(f, in, depth); r != nil && !t.endsProgram(f, &f.Blocks()[i]) {
					r.Always = r.Always && meetsAlways(f, ir.BlockID(i))
					best = worse(best, r)
				}
			}
		}
	}
	t.memo[f] = best
	return best
}

// worse prefers what always happens, then the first hazard of the list, then the first place.
func worse(a, b *Reason) *Reason {
	switch {
	case a == nil:
		return b
	case a.Always != b.Always:
		if b.Always {
			return b
		}
		return a
	case b.Hazard < a.Hazard:
		return b
	}
	return a
}

// call is what one call adds.
func (t *Transitions) call(f *ir.Func, in *ir.Instr, depth int) *Reason {
	at := ReasonStep{File: f.File, Span: in.Span}
	tgt := t.prog.Callee(f, in)
	switch {
	case len(tgt.Funcs) > 0:
		r := t.of(tgt.Funcs[0], depth+1)
		if r == nil {
			return nil
		}
		c := *r
		c.Always = r.Always && len(tgt.Funcs) == 1
		at.Text = "calls " + tgt.Funcs[0].Name
		c.Steps = append([]ReasonStep{at}, r.Steps...)
		return &c
	case in.Call.Fn != 0 && tgt.Native == nil:
		at.Text = "calls through a function pointer"
		return &Reason{Hazard: CallsBack, Why: "calls back through a function pointer", Always: true, Steps: []ReasonStep{at}}
	}
	name := tgt.NativeName
	if name == "" {
		name = in.Call.Name
	}
	what, why := t.prog.DB.Transition(name, true)
	at.Text = name + " " + why
	switch what {
	case models.TransitionBlocks:
		return &Reason{Hazard: Blocks, Why: why, Always: true, Steps: []ReasonStep{at}}
	case models.TransitionCallsBack:
		return &Reason{Hazard: CallsBack, Why: why, Always: true, Steps: []ReasonStep{at}}
	}
	return nil
}

// endsProgram tells whether the block ends in a call that does not return: what comes before it
// is said on the way out.
func (t *Transitions) endsProgram(f *ir.Func, b *ir.Block) bool {
	if b.Term.Kind == ir.TermUnreachable {
		return true
	}
	for i := range b.Instrs {
		if in := &b.Instrs[i]; in.Op == ir.OpCall {
			if tgt := t.prog.Callee(f, in); tgt.NeverReturns() {
				return true
			}
		}
	}
	return false
}

// Leaf tells whether all that f does is known and harmless: no hazards, and every call goes to a
// body of the unit that is a leaf, or to a function that the models know as one.
func (t *Transitions) Leaf(f *ir.Func) bool {
	if l, ok := t.leaf[f]; ok {
		return l
	}
	t.leaf[f] = false // while a recursion is open
	l := len(f.Blocks()) > 0 && f.Problems == 0 && t.Of(f) == nil
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if in := &f.Blocks()[i].Instrs[j]; l && in.Op == ir.OpCall {
				l = t.leafCall(f, in)
			}
		}
	}
	t.leaf[f] = l
	return l
}

func (t *Transitions) leafCall(f *ir.Func, in *ir.Instr) bool {
	tgt := t.prog.Callee(f, in)
	if len(tgt.Funcs) > 0 {
		return !slices.ContainsFunc(tgt.Funcs, func(g *ir.Func) bool { return !t.Leaf(g) })
	}
	what, _ := t.prog.DB.Transition(in.Call.Name, true)
	return what == models.TransitionLeaf
}

// meetsAlways tells whether no path leads from the entry to the exit around block b.
func meetsAlways(f *ir.Func, b ir.BlockID) bool {
	seen := make([]bool, len(f.Blocks()))
	stack := []ir.BlockID{0}
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if x == b || seen[x] {
			continue
		}
		seen[x] = true
		stack = append(stack, f.Blocks()[x].Term.Succs...)
	}
	return !seen[f.Exit]
}
