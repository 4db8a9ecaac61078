package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// Of most C functions nothing comes: they call nothing that the models know, and no function that matters. That is told
// without their bodies: what they do by themselves is noted when their calls are resolved, and the calls are in the graph.
// Only who hands them something asks more of them, and then they are looked at.

// directC tells whether something can come of a C function by itself: what interesting, endsBy and neverReturns ask, but for
// what calls of functions of the unit add.
func (e *engine) directC(f *ir.Func) bool {
	if worksOnArguments(f) || e.decides(f) || !reachesExit(f, nil) {
		return true
	}
	for i := range f.Blocks() {
		b := &f.Blocks()[i]
		if b.Term.Kind == ir.TermThrow {
			return true
		}
		for j := range b.Instrs {
			in := &b.Instrs[j]
			if in.Op == ir.OpFixed {
				return true
			}
			if in.Op != ir.OpCall {
				continue
			}
			t := e.prog.Callee(f, in)
			if e.callMatters(f, in, t) || t.NeverReturns() {
				return true
			}
		}
	}
	return false
}

// idle tells whether it is known of f, which need not have been looked at, that it does not matter to callers: it returns, and
// is of no interest.
func (e *engine) idle(f *ir.Func) bool { return e.need != nil && e.need.idle[f] }

// leaveOut removes those of some functions of one level that are idle. All levels below are done.
func (d *demand) leaveOut(todo []*ir.Func) []*ir.Func {
	out := todo[:0]
	for _, f := range todo {
		was := d.idle[f]
		if d.slots[f].old == nil && d.isIdle(f) {
			d.idle[f] = true
			continue
		}
		if was {
			delete(d.idle, f)
			d.woken[f] = true
		}
		out = append(out, f)
	}
	return out
}

func (d *demand) isIdle(f *ir.Func) bool {
	if !d.still[f] || d.u.e.border.funcs[f] {
		return false
	}
	idle, level := true, d.u.e.level
	d.u.graph.EachCallee(f, func(g *ir.Func) {
		if s := d.slots[g]; s != nil && s.done && level[g] < level[f] && (s.r.interest || s.r.crossing || s.r.sum.noReturn || s.r.sum.ends) {
			idle = false
		}
		if idle && level[g] == level[f] && d.endsDeep(g) {
			idle = false
		}
	})
	return idle
}

// endsDeep is endsDeep of the engine, asked once for all that call f.
func (d *demand) endsDeep(f *ir.Func) bool {
	ends, known := d.ends[f]
	if !known {
		ends = d.u.e.endsDeep(f, maxEndsDeep)
		d.ends[f] = ends
	}
	return ends
}
