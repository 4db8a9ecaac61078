package lifetime

import (
	"maps"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// run interprets what is chosen, then the callers of what turned out to matter, until there are none.
func (d *demand) run() {
	told := map[*ir.Func]bool{} // functions whose callers are chosen
	fields, releasing := map[string]bool{}, map[*ir.Func]bool{}
	for n := 0; d.ctx.Err() == nil && !d.missed && !d.u.e.prog.Unread.More(); n++ {
		if n == maxRounds {
			d.missed = true
			return
		}
		d.interpret()
		fresh := d.matters(told)
		next := d.callersOf(fresh)
		next = append(next, d.usersOf(fields, releasing)...)
		seen := map[*ir.Func]bool{}
		next = slices.DeleteFunc(next, func(f *ir.Func) bool {
			known := d.chose[f] || seen[f]
			seen[f] = true
			return known
		})
		if len(next) == 0 {
			return
		}
		d.choose(next)
	}
}

// reopen says that f, if it was interpreted already, may not have known all that is known now.
func (d *demand) reopen(f *ir.Func) {
	if s := d.slots[f]; s.done {
		old := s.r
		d.slots[f] = &slot{r: s.r, old: &old, root: s.root, sure: s.sure, asks: s.asks, also: s.also, more: s.more}
	}
}

// maxRounds is how often the program is looked through for callers: what matters in longer chains of
// calls is found by a look at all functions.
const maxRounds = 40

// interpret runs all that is chosen and was not run, and again what was reopened and who asked for what is
// different now.
func (d *demand) interpret() {
	for again := true; again && d.ctx.Err() == nil; {
		for levels := d.u.levels; len(levels) > 0; {
			var todo []*ir.Func
			todo, levels = d.atOnce(levels)
			d.inParts(todo, func(i int) { d.result(todo[i]) })
		}
		again = d.tell()
		again = d.grow() || again
	}
	for f, s := range d.slots {
		if s.done {
			d.u.e.results[f] = &s.r
		}
	}
}

// atOnce are the functions to be interpreted on some levels from the first, and the levels behind these. Who asks
// for what another goroutine is about waits for it, so that levels of C# need not wait for each other. Whether a C function
// is left out rests on what lies below it, and is known when that is done.
func (d *demand) atOnce(levels [][]*ir.Func) (todo []*ir.Func, rest [][]*ir.Func) {
	for n, level := range levels {
		before := len(todo)
		for _, f := range level {
			if s := d.slots[f]; !s.done && (s.root || s.old != nil) {
				todo = append(todo, f)
			}
		}
		if !slices.ContainsFunc(todo[before:], func(f *ir.Func) bool { return f.File.Lang != ir.CSharp }) {
			continue
		}
		if before > 0 {
			return todo[:before], levels[n:]
		}
		return d.leaveOut(todo), levels[n+1:]
	}
	return todo, nil
}

// tell reopens those who asked for what is different now, and tells whether there are any.
func (d *demand) tell() bool {
	differs := map[*ir.Func]bool{}
	for f, s := range d.slots {
		if s.done && s.old != nil {
			if !sameToCallers(s.old, &s.r) {
				differs[f] = true
			}
			s.old = nil
		}
	}
	for f := range d.woken {
		differs[f] = true
	}
	clear(d.woken)
	if len(differs) == 0 {
		return false
	}
	for f, s := range d.slots {
		for g := range s.asks {
			if differs[g] {
				d.reopen(f)
				break
			}
		}
	}
	return true
}

// grow adds what was asked for, and tells whether there was something.
func (d *demand) grow() bool {
	var fresh []*ir.Func
	grown := false
	for f, s := range d.slots {
		if len(s.also) > 0 {
			also := slices.Collect(maps.Keys(s.also))
			s.also, grown = nil, true
			d.note(f, also)
		}
		if len(s.more) > 0 {
			more := slices.Collect(maps.Keys(s.more))
			s.more, grown = nil, true
			fresh = append(fresh, d.ask(f, more)...)
		}
	}
	if grown {
		d.below(fresh)
	}
	return d.lookForWaits() || grown
}

// matters are the functions, other than those in told, of which callers must know; they are added to told.
func (d *demand) matters(told map[*ir.Func]bool) map[*ir.Func]bool {
	out := map[*ir.Func]bool{}
	for f, r := range d.u.e.results {
		if (r.interest || r.crossing) && !told[f] {
			told[f], out[f] = true, true
		}
	}
	return out
}

// callersOf are the functions that call one of some others, in the order of the program, without those
// that are chosen.
func (d *demand) callersOf(called map[*ir.Func]bool) (out []*ir.Func) {
	if len(called) == 0 {
		return nil
	}
	u := d.u
	var may []*ir.Func
	for _, f := range u.e.mayCall(slices.Collect(maps.Keys(called))) {
		if !d.chose[f] && !u.graph.Resolved(f) {
			may = append(may, f)
		}
	}
	d.inParts(may, func(i int) { u.graph.ResolveOne(u.e.prog, may[i]) })
	for _, f := range u.graph.Callers(called) {
		if !d.chose[f] {
			out = append(out, f)
		}
	}
	return out
}

// usersOf are the functions that may release what others put into fields, as far as that is asked for:
// of pins and GC handles (see forgotten), and of handles that one method closes and leaves there. Those
// that name such a field, and callers of those that release what is in one. fields and releasing are
// those that were looked up already.
func (d *demand) usersOf(fields map[string]bool, releasing map[*ir.Func]bool) []*ir.Func {
	var fresh []ir.Word
	prog := d.u.e.prog
	for _, r := range d.u.e.results {
		for i := range r.events {
			ev := &r.events[i]
			asks := ev.Kind == FieldStale || ev.Kind == FieldAcquired && (ev.Obj.Kind == Pin || ev.Obj.Kind == GCHandle)
			if asks && !fields[ev.Field] {
				fields[ev.Field] = true
				fresh = append(fresh, ir.WordOf(ev.Field))
				prog.Unread.Uses(fresh[len(fresh)-1:], lastDot(ev.Owner))
			}
		}
	}
	more := map[*ir.Func]bool{}
	for f, r := range d.u.e.results {
		if !releasing[f] && slices.ContainsFunc(r.events, func(ev Event) bool { return ev.Kind == FieldReleased && fields[ev.Field] }) {
			releasing[f], more[f] = true, true
		}
	}
	slices.Sort(fresh)
	var out []*ir.Func
	for _, f := range prog.Naming(fresh) {
		if !d.chose[f] {
			out = append(out, f)
		}
	}
	return append(out, d.callersOf(more)...)
}

// scanned are the functions that the scans beside the interpreter look at: those that words choose, and
// callers of those that carries holds for, and so on; in the order of the program. Who calls one of them is asked again whether
// carries holds.
func (d *demand) scanned(chosen func(*ir.Func) bool, carries func(*ir.Func) bool) []*ir.Func {
	fresh := d.where(func(f *ir.Func) bool { return f.HasBody() && (d.every || chosen(f)) })
	if carries == nil {
		return fresh
	}
	in, carrying := map[*ir.Func]bool{}, map[*ir.Func]bool{}
	for _, f := range fresh {
		in[f] = true
	}
	for len(fresh) > 0 {
		var called []*ir.Func
		for _, f := range fresh {
			if f.File.Lang == ir.CSharp && carries(f) {
				carrying[f] = true
				called = append(called, f)
			}
		}
		fresh = fresh[:0:0]
		for _, f := range d.u.e.mayCall(called) {
			in[f] = true
			if !carrying[f] {
				fresh = append(fresh, f)
			}
		}
	}
	return d.where(func(f *ir.Func) bool { return in[f] })
}
