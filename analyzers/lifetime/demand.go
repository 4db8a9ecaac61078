package lifetime

import (
	"context"
	"slices"
	"sync"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/summary"
)

// A run from scratch looks at few functions: those of which something can come by themselves, those
// whose summaries these ask for, and the callers of functions with summaries that matter. What it finds is
// what a look at all functions finds, because each of these reasons is told from too many functions
// rather than too few: by the words of their bodies (ir.Func.Names), and then by the calls themselves.
//
// Levels (see package summary) are found for what is below these functions alone; there they are those
// of the whole graph, because the level of a function depends on nothing but what it calls.

// demand is what such a run knows.
type demand struct {
	u     *Unit
	ctx   context.Context
	words *triggers
	chose map[*ir.Func]bool // functions that are interpreted without being asked for
	slots map[*ir.Func]*slot
	late  bool // one goroutine is left: what is missing can be added

	mu     sync.Mutex
	missed bool                    // all functions must be looked at: one was asked for that should have been below one of chose
	askers map[*ir.Func][]*ir.Func // who asked for a function
	wait   map[*ir.Func]bool       // which functions wait for something, as far as somebody asked
}

// slot holds the result of one function, made by the first who asks.
type slot struct {
	once sync.Once
	done bool
	r    funcResult
	old  *funcResult // what was known before it was looked at again
}

func runDemand(ctx context.Context, prog *link.Program, workers int) *Result {
	u := newUnit(prog, workers)
	d := &demand{u: u, ctx: ctx, chose: map[*ir.Func]bool{}, slots: map[*ir.Func]*slot{},
		askers: map[*ir.Func][]*ir.Func{}, wait: map[*ir.Func]bool{}}
	d.begin()
	d.run()
	if d.missed {
		return runAll(ctx, prog, workers)
	}
	d.late = true
	return u.Result()
}

// runAll looks at all functions.
func runAll(ctx context.Context, prog *link.Program, workers int) *Result {
	u := NewUnit(ctx, prog, workers)
	u.Run(ctx, nil)
	return u.Result()
}

// begin resolves what may matter by its words, and chooses what does.
func (d *demand) begin() {
	u := d.u
	e := &u.e
	e.posixFiles = posixFiles(e.prog.Files)
	e.indexKernel()
	d.words = e.findTriggers()
	var may []*ir.Func
	for _, f := range e.prog.Funcs() {
		if d.words.mayMatter(f) {
			may = append(may, f)
		}
	}
	u.graph = summary.Empty(e.prog)
	d.inParts(may, func(f *ir.Func) { u.graph.ResolveOne(e.prog, f) })
	direct := make([]bool, len(may))
	parallel.Do(d.ctx, u.workers, len(may), func(i int) { direct[i] = e.direct(may[i]) })
	var chosen []*ir.Func
	for i, f := range may {
		if direct[i] {
			chosen = append(chosen, f)
		}
	}
	e.border = newBorder(e.prog, u.graph)
	d.dropC()
	e.need = d
	d.choose(chosen)
	d.drop(may)
}

// drop lets go of the bodies of some functions that are not below the chosen ones.
func (d *demand) drop(fs []*ir.Func) {
	below := d.u.graph.Below(d.chosen())
	for _, f := range fs {
		if f.Packed() && !below[f] {
			f.Drop()
			d.u.e.prog.Forget(f)
		}
	}
	d.u.e.prog.ForgetUses()
}

func (d *demand) chosen() []*ir.Func {
	fs := make([]*ir.Func, 0, len(d.chose))
	for f := range d.chose {
		fs = append(fs, f)
	}
	return fs
}

// choose adds functions, all that they call, and the levels of those.
func (d *demand) choose(fs []*ir.Func) {
	for _, f := range fs {
		d.chose[f] = true
	}
	d.below(fs)
}

func (d *demand) below(fs []*ir.Func) {
	u := d.u
	u.graph.ResolveBelow(d.ctx, u.e.prog, u.workers, fs)
	u.levels = u.graph.Levels()
	below := u.graph.Below(fs)
	for n, level := range u.levels {
		for _, f := range level {
			u.e.level[f] = int32(n)
			if d.slots[f] == nil && below[f] {
				d.slots[f] = &slot{}
			}
		}
	}
}

// run interprets what is chosen, then the callers of what turned out to matter, until there are none.
func (d *demand) run() {
	told := map[*ir.Func]bool{} // functions whose callers are chosen
	fields, releasing := map[string]bool{}, map[*ir.Func]bool{}
	for n := 0; d.ctx.Err() == nil && !d.missed; n++ {
		if n == maxRounds {
			d.missed = true
			return
		}
		d.interpret()
		fresh := d.matters(told)
		next := d.callersOf(fresh)
		next = append(next, d.usersOf(fields, releasing)...)
		next = slices.DeleteFunc(next, func(f *ir.Func) bool { return d.chose[f] })
		for f := range fresh {
			d.reopen(d.askers[f])
		}
		d.reopen(next)
		if len(next) == 0 && len(d.reopened()) == 0 {
			return
		}
		d.choose(next)
	}
}

// reopen says that functions that were interpreted already may not have known all that is known now.
func (d *demand) reopen(fs []*ir.Func) {
	for _, f := range fs {
		if s := d.slots[f]; s != nil && s.done {
			old := s.r
			*s = slot{r: s.r, old: &old}
		}
	}
}

// reopened are the functions that are to be looked at again.
func (d *demand) reopened() (out []*ir.Func) {
	for f, s := range d.slots {
		if s.old != nil && !s.done {
			out = append(out, f)
		}
	}
	return out
}

// maxRounds is how often the program is looked through for callers: what matters in longer chains of
// calls is found by a look at all functions.
const maxRounds = 40

// interpret runs all that is chosen and was not run, and again what was reopened and who asked for what is
// different now.
func (d *demand) interpret() {
	for d.ctx.Err() == nil && !d.missed {
		for _, level := range d.u.levels {
			var todo []*ir.Func
			for _, f := range level {
				if s := d.slots[f]; s != nil && !s.done && (d.chose[f] || s.old != nil) {
					todo = append(todo, f)
				}
			}
			d.inParts(todo, func(f *ir.Func) { d.result(f) })
		}
		again := false
		for f, s := range d.slots {
			if s.done && d.u.e.results[f] == nil {
				d.u.e.results[f] = &s.r
			}
			if s.done && s.old != nil {
				differs := !sameToCallers(s.old, &s.r)
				s.old = nil
				if differs {
					d.reopen(d.askers[f])
					again = true
				}
			}
		}
		if !again {
			return
		}
	}
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

// of is what e, with the function at hand, knows of f.
func (d *demand) of(f *ir.Func, e *engine) *funcResult {
	if !d.knows(f, e.now) {
		return noResult
	}
	d.note(f, e.at)
	return d.result(f)
}

// knows tells whether somebody at level now knows something of f.
func (d *demand) knows(f *ir.Func, now int32) bool {
	if d.slots[f] == nil {
		if !d.late {
			d.mu.Lock()
			d.missed = true
			d.mu.Unlock()
			return false
		}
		d.below([]*ir.Func{f})
	}
	return d.u.e.level[f] < now
}

// canMatter tells whether f may matter to its caller at. A function that is not chosen does not: it does
// nothing by itself that matters, nor does it call what matters. If that turns out to be wrong, it will be
// chosen, and at is looked at again.
func (d *demand) canMatter(f, at *ir.Func) bool {
	if d.chose[f] {
		return true
	}
	d.note(f, at)
	return false
}

// note remembers who asked for f.
func (d *demand) note(f, at *ir.Func) {
	if at == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if l := d.askers[f]; len(l) == 0 || l[len(l)-1] != at {
		d.askers[f] = append(l, at)
	}
}

// waits tells whether f waits for something, as far as somebody at level now knows.
func (d *demand) waits(f *ir.Func, now int32) bool {
	if !d.knows(f, now) {
		return false
	}
	d.mu.Lock()
	w, ok := d.wait[f]
	d.mu.Unlock()
	if !ok {
		e := d.u.e
		e.at, e.now = nil, e.level[f]
		w = e.waits(f)
		d.mu.Lock()
		d.wait[f] = w
		d.mu.Unlock()
	}
	return w
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
	words := wordSet{}
	for f := range called {
		words.addCalls(f)
	}
	d.u.e.aliasesOf(words)
	u := d.u
	var may []*ir.Func
	for _, f := range u.e.prog.Naming(words.sorted()) {
		if !d.chose[f] && !u.graph.Resolved(f) {
			may = append(may, f)
		}
	}
	u.graph.Resolve(d.ctx, u.e.prog, u.workers, may)
	calls := map[*ir.Func]bool{}
	for _, f := range u.graph.Callers(called) {
		if calls[f] = true; !d.chose[f] {
			out = append(out, f)
		}
	}
	for _, f := range may {
		if !calls[f] && d.slots[f] == nil && f.Packed() {
			f.Drop()
			u.e.prog.Forget(f)
		}
	}
	u.e.prog.ForgetUses() // some of them are dropped
	return out
}

// usersOf are the functions that may release what others put into fields, as far as that is asked for:
// of pins and GC handles (see forgotten), and of handles that one method closes and leaves there. Those
// that name such a field, and callers of those that release what is in one. fields and releasing are
// those that were looked up already.
func (d *demand) usersOf(fields map[string]bool, releasing map[*ir.Func]bool) []*ir.Func {
	var fresh []ir.Word
	for _, r := range d.u.e.results {
		for i := range r.events {
			ev := &r.events[i]
			asks := ev.Kind == FieldStale || ev.Kind == FieldAcquired && (ev.Obj.Kind == Pin || ev.Obj.Kind == GCHandle)
			if asks && !fields[ev.Field] {
				fields[ev.Field] = true
				fresh = append(fresh, ir.WordOf(ev.Field))
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
	for _, f := range d.u.e.prog.Naming(fresh) {
		if !d.chose[f] {
			out = append(out, f)
		}
	}
	return append(out, d.callersOf(more)...)
}

// scanned are the functions that the scans beside the interpreter look at: those that words choose, and
// callers of those that carries holds for, and so on; in the order of the program.
func (d *demand) scanned(chosen func(*ir.Func) bool, carries func(*ir.Func) bool) (out []*ir.Func) {
	in := map[*ir.Func]bool{}
	var fresh []*ir.Func
	for _, f := range d.u.e.prog.Funcs() {
		if f.HasBody() && chosen(f) {
			in[f] = true
			fresh = append(fresh, f)
		}
	}
	for carries != nil && len(fresh) > 0 {
		words := wordSet{}
		for _, f := range fresh {
			if f.File.Lang == ir.CSharp && carries(f) {
				words.addCalls(f)
			}
		}
		fresh = fresh[:0:0]
		d.u.e.aliasesOf(words)
		for _, f := range d.u.e.prog.Naming(words.sorted()) {
			if !in[f] {
				in[f] = true
				fresh = append(fresh, f)
			}
		}
	}
	for _, f := range d.u.e.prog.Funcs() {
		if in[f] {
			out = append(out, f)
		}
	}
	return out
}
