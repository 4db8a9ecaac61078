package lifetime

import (
	"maps"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Whether a function waits for something depends on what it calls, but few ask: those that call it while an
// operation is under way. What is within reach below it (maxWaitCalls) is looked at then.

// waiting is what is known of that.
type waiting struct {
	away  map[*ir.Func]int8 // how far functions are from a wait; those that are not in it were not asked about
	looks map[*ir.Func]*ownWaits
}

// ownWaits is what one body says.
type ownWaits struct {
	waits bool
	calls []*ir.Func // if it does not itself
}

// awayFromWait is how far f is from a wait (see engine.waits), as far as is known. What e asks for the first time it
// knows the next time.
func (d *demand) awayFromWait(f *ir.Func, e *engine) int8 {
	if n, known := d.waits.away[f]; known {
		return n
	}
	s := d.slots[e.at]
	if s.wait == nil {
		s.wait = map[*ir.Func]bool{}
	}
	s.wait[f] = true
	return 0
}

// lookForWaits answers what was asked for, and tells whether that was something.
func (d *demand) lookForWaits() bool {
	asked := map[*ir.Func]bool{}
	for f, s := range d.slots {
		if len(s.wait) > 0 {
			maps.Copy(asked, s.wait)
			s.wait = nil
			d.reopen(f)
		}
	}
	if len(asked) == 0 {
		return false
	}
	if d.waits.away == nil {
		d.waits = waiting{map[*ir.Func]int8{}, map[*ir.Func]*ownWaits{}}
	}
	below, seen := slices.Collect(maps.Keys(asked)), maps.Clone(asked)
	for n := 1; n <= maxWaitCalls; n++ {
		below = d.lookBelow(below, seen, n == maxWaitCalls)
	}
	for f := range asked {
		d.waits.away[f] = d.waits.from(f)
	}
	return true
}

// lookBelow looks at some functions, and returns those that they call and that are not in seen yet, to which it adds them. Of
// the last ones, whose callees are too far away, only those that may wait themselves are looked at: such functions are among those
// that matter by their words.
func (d *demand) lookBelow(fs []*ir.Func, seen map[*ir.Func]bool, last bool) (next []*ir.Func) {
	var fresh []*ir.Func
	for _, f := range fs {
		if d.waits.looks[f] == nil && (!last || d.every || d.words.mayMatter(f)) {
			d.waits.looks[f] = &ownWaits{}
			fresh = append(fresh, f)
		}
	}
	d.inParts(fresh, func(i int) {
		f := fresh[i]
		w := d.waits.looks[f]
		w.waits = d.u.e.waits(f, func(g *ir.Func) int8 { w.calls = append(w.calls, g); return 0 }) > 0
	})
	for _, f := range fs {
		if w := d.waits.looks[f]; w != nil && !w.waits {
			for _, g := range w.calls {
				if !seen[g] {
					seen[g] = true
					next = append(next, g)
				}
			}
		}
	}
	return next
}

// from is how far f is from a wait, 0 if that is too far.
func (w *waiting) from(f *ir.Func) int8 {
	seen := map[*ir.Func]bool{f: true}
	level := []*ir.Func{f}
	for n := int8(1); n <= maxWaitCalls; n++ {
		var next []*ir.Func
		for _, g := range level {
			own := w.looks[g]
			if own == nil {
				continue
			}
			if own.waits {
				return n
			}
			for _, h := range own.calls {
				if !seen[h] {
					seen[h] = true
					next = append(next, h)
				}
			}
		}
		level = next
	}
	return 0
}
