package lifetime

import (
	"slices"
	"sync"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
)

// slot holds the result of one function, made by the first who asks.
type slot struct {
	once sync.Once
	done bool
	root bool // is to be interpreted whether or not somebody asks
	sure bool // there is something to interpret
	r    funcResult
	old  *funcResult       // what was known before it was looked at again
	asks map[*ir.Func]bool // of what functions it can ask what is known
	also map[*ir.Func]bool // of what others it did, and knew it, as it was expected
	more map[*ir.Func]bool // of what others it did in vain: they are added when all is done that can be
	wait map[*ir.Func]bool // of which it asked whether they wait for something, before that was known
}

// slot makes a place for the result of f, false if there is one.
func (d *demand) slot(f *ir.Func) bool {
	if d.slots[f] != nil {
		return false
	}
	d.slots[f] = &slot{asks: map[*ir.Func]bool{}}
	return true
}

// ask notes of what functions f can ask, and returns those of which nobody could.
func (d *demand) ask(f *ir.Func, asked []*ir.Func) (fresh []*ir.Func) {
	asked = d.note(f, asked)
	for _, g := range asked {
		if d.slot(g) {
			fresh = append(fresh, g)
		}
	}
	if len(asked) > 0 {
		d.reopen(f)
	}
	return fresh
}

// note notes of what functions f can ask, and returns those of which that is news.
func (d *demand) note(f *ir.Func, asked []*ir.Func) []*ir.Func {
	s := d.slots[f]
	asked = slices.DeleteFunc(slices.Clone(asked), func(g *ir.Func) bool {
		known := s.asks[g]
		s.asks[g] = true
		return known
	})
	d.u.graph.Ask(f, asked)
	return asked
}

func with(set map[*ir.Func]bool, f *ir.Func) map[*ir.Func]bool {
	if set == nil {
		set = map[*ir.Func]bool{}
	}
	set[f] = true
	return set
}

// expect makes places for what f will ask, if it is interpreted: nearly all that it calls on its paths. That serves to
// know the answers the first time; what is asked in the end decides what is known, as far as recursions go. It returns
// those of which there were none.
func (d *demand) expect(f *ir.Func) (fresh []*ir.Func) {
	if f.File.Lang != ir.CSharp || !d.slots[f].sure {
		return nil
	}
	var soon []*ir.Func
	for _, g := range d.u.graph.Callees(f) {
		if d.plain(g) || g.File.Lang != ir.CSharp || !g.HasBody() {
			continue
		}
		soon = append(soon, g)
		if d.slot(g) {
			fresh = append(fresh, g)
		}
	}
	d.u.graph.Expect(f, soon)
	return fresh
}

// plain tells by its words that f only reads: it calls nothing, throws nothing, and touches no variable, so
// that there is nothing in it to interpret, and nothing that it may keep.
func (d *demand) plain(f *ir.Func) bool {
	return !d.every && !d.chose[f] && f.File.Lang == ir.CSharp && f.Kind != ir.FuncSetter && f.Packed() && !f.Names(notPlain) &&
		!(f.Ret == "bool" && d.u.e.soleMember(f) != nil) // a question to the handle in a struct
}

// asks are functions of which f is sure to ask what is known of them, if it is asked itself: those that are
// chosen and that it calls, and, where it is not interpreted, those that it gives what its caller gave.
func (d *demand) asks(f *ir.Func) (asked []*ir.Func) {
	u := d.u
	if f.File.Lang != ir.CSharp {
		return u.graph.Callees(f)
	}
	asked = d.chosenCallees(f)
	no := func(*ir.Func) bool { return false }
	if len(f.Blocks()) == 0 || d.chose[f] || u.e.interestingBy(f, no, no) {
		return asked
	}
	c := newScanner(&u.e, f)
	c.escapes = keptAnyway(f)
	c.follow()
	c.eachCall(func(in *ir.Instr) {
		if t := u.e.prog.Callee(f, in); len(t.NativeBodies()) > 0 || len(t.Funcs) > 0 && t.Complete {
			asked = append(append(asked, t.Funcs...), t.NativeBodies()...)
		} else {
			c.call(in) // what this keeps nobody else is asked about
		}
	})
	return slices.DeleteFunc(asked, d.plain)
}

// surely tells whether f is interpreted whatever is known of its callees, or because of what is.
func (d *demand) surely(f *ir.Func) bool {
	known := func(is func(*funcResult) bool) func(*ir.Func) bool {
		return func(g *ir.Func) bool {
			s := d.slots[g]
			return s != nil && d.chose[g] && (s.done && is(&s.r) || s.old != nil && is(s.old))
		}
	}
	return d.u.e.interestingBy(f, known(func(r *funcResult) bool { return r.interest }), known(func(r *funcResult) bool { return r.crossing }))
}

// result is that of f, whose callees are asked for theirs on the way.
func (d *demand) result(f *ir.Func) *funcResult {
	s := d.slots[f]
	s.once.Do(func() {
		e := d.u.e // with the function at hand
		e.at, e.now = f, e.level[f]
		if p := parallel.Catch(0, func() { s.r = e.runFunc(f) }); p != nil {
			s.r = funcResult{sum: unknownSummary, panicked: p.Value}
		}
		s.done = true
	})
	return &s.r
}

// of is what e knows of f.
func (d *demand) of(f *ir.Func, e *engine) *funcResult {
	if d.plain(f) {
		return &funcResult{sum: &Summary{borrows: true, escapes: keptAnyway(f)}}
	}
	if !d.knows(f, e) {
		return noResult
	}
	return d.result(f)
}

// knows tells whether e, with a function at hand, knows something of f. If it did not count on the question,
// it will the next time.
func (d *demand) knows(f *ir.Func, e *engine) bool {
	if e.at == nil && !d.ended {
		return false
	}
	if e.at == nil {
		if s := d.slots[f]; !d.idle[f] && (s == nil || !s.done) {
			d.slot(f)
			d.slots[f].root = true
			d.below([]*ir.Func{f})
			d.interpret()
		}
		return true
	}
	s := d.slots[e.at]
	switch {
	case s.asks[f]:
		return e.level[f] < e.now
	case d.slots[f] != nil && e.level[f] < e.now:
		s.also = with(s.also, f) // it asks nothing of the function at hand, so that this makes no recursion
		return true
	}
	s.more = with(s.more, f)
	return false
}

// canMatter tells whether f may matter to callers. A function that is not chosen does not: it does
// nothing by itself that matters, nor does it call what matters. If that turns out to be wrong, it will be
// chosen, and its callers are looked at again.
func (d *demand) canMatter(f *ir.Func) bool { return d.chose[f] && !d.idle[f] }
