package lifetime

import (
	"maps"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Whether a function waits for something depends on all that it calls, directly or not, but few ask: those
// that call it while an operation is under way. All below it is looked at then.

// waiting is what is known of that.
type waiting struct {
	in        map[*ir.Func]bool // whether functions wait; those that are not in it were not asked about
	recursion func(*ir.Func) int32
}

// waitsIn tells whether f waits for something, as far as e knows: functions of a recursion know nothing of
// each other. What e asks for the first time it knows the next time.
func (d *demand) waitsIn(f *ir.Func, e *engine) bool {
	if w, known := d.waits.in[f]; known {
		return w && d.waits.recursion(f) != d.waits.recursion(e.at)
	}
	s := d.slots[e.at]
	if s.wait == nil {
		s.wait = map[*ir.Func]bool{}
	}
	s.wait[f] = true
	return false
}

// lookForWaits answers what was asked for, and tells whether that was something.
func (d *demand) lookForWaits() bool {
	u := d.u
	var asked []*ir.Func
	for f, s := range d.slots {
		if len(s.wait) > 0 {
			asked = slices.AppendSeq(asked, maps.Keys(s.wait))
			s.wait = nil
			d.reopen(f)
		}
	}
	if len(asked) == 0 {
		return false
	}
	var below []*ir.Func
	for f := range u.graph.Below(d.ctx, u.e.prog, u.workers, asked) {
		if _, known := d.waits.in[f]; !known {
			below = append(below, f)
		}
	}
	looks := make(map[*ir.Func]*ownWaits, len(below))
	for _, f := range below {
		looks[f] = &ownWaits{}
	}
	d.inParts(below, func(f *ir.Func) {
		w := looks[f]
		w.waits = u.e.waits(f, func(g *ir.Func) bool { w.calls = append(w.calls, g); return false })
	})
	d.waits.recursion = u.graph.Recursions()
	if d.waits.in == nil {
		d.waits.in = map[*ir.Func]bool{}
	}
	for _, f := range below {
		d.waitsBelow(f, looks)
	}
	return true
}

// ownWaits is what one body says.
type ownWaits struct {
	waits bool
	calls []*ir.Func // if it does not itself
}

// waitsBelow tells whether f waits for something, apart from the recursion that it is in.
func (d *demand) waitsBelow(f *ir.Func, looks map[*ir.Func]*ownWaits) bool {
	if w, known := d.waits.in[f]; known {
		return w
	}
	own := looks[f]
	w := own.waits || slices.ContainsFunc(own.calls, func(g *ir.Func) bool {
		return d.waits.recursion(g) != d.waits.recursion(f) && d.waitsBelow(g, looks)
	})
	d.waits.in[f] = w
	return w
}
