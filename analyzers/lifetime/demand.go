package lifetime

import (
	"context"
	"maps"
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
// Where a run is told to look at every function, the calls of all of them choose, in the same rounds, and no words.
// The server (Unit) has other levels, and in recursions it knows less (ARCHITECTURE.md).
//
// Levels (see package summary) are those of the questions that functions ask about each other, and not of
// their calls: what is below a function of which nobody asks anything is not looked at. Which questions
// there are depends on the answers: a question that was not expected is noted and answered as if nothing
// were known, and whoever asked it is looked at again. So it goes for functions that turn out to matter.
// All that is compared or noted is so between rounds, so that the number of workers makes no difference.

// demand is what such a run knows.
type demand struct {
	u     *Unit
	ctx   context.Context
	words *triggers
	every bool              // the calls of all functions decide, and not words, what is looked at
	chose map[*ir.Func]bool // functions that are interpreted without being asked for
	slots map[*ir.Func]*slot

	missed  bool // all functions must be looked at
	ended   bool // one goroutine is left, and what is asked is answered at once
	waits   waiting
	held    *ir.Hold            // where bodies of C are unpacked that nobody looks at again; or nil
	part    part                // how many bodies are looked at before all are dropped
	looked  int                 // how many temps those have that were looked at since then
	still   map[*ir.Func]bool   // C functions of which nothing comes by themselves
	freeing map[*ir.Func]bool   // C functions whose calls are known: whether one releases something
	idle    map[*ir.Func]bool   // those of them of which nothing comes at all, as far as is known
	woken   map[*ir.Func]bool   // that were idle until now
	pinned  sync.Map            // see mayPin and pinsField
	pinning func() *link.Among  // functions that may pin something
	failed  map[*ir.Func]string // what a look at them panicked with
}

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

func runDemand(ctx context.Context, prog *link.Program, workers int, every bool) *Result {
	return newDemand(ctx, prog, workers, every).all()
}

func newDemand(ctx context.Context, prog *link.Program, workers int, every bool) *demand {
	return &demand{u: newUnit(prog, workers), ctx: ctx, every: every, part: part{temps: maxPart, funcs: maxLooks}, chose: map[*ir.Func]bool{}, slots: map[*ir.Func]*slot{}, still: map[*ir.Func]bool{}, freeing: map[*ir.Func]bool{}, idle: map[*ir.Func]bool{}, woken: map[*ir.Func]bool{}}
}

// all looks at all that something can come of.
func (d *demand) all() *Result {
	prog := d.u.e.prog
	d.begin()
	if !prog.Unread.More() {
		d.run()
	}
	if prog.Unread.More() {
		return &Result{Prog: prog}
	}
	if d.missed {
		return runAll(d.ctx, prog, d.u.workers)
	}
	d.ended = true
	res := d.u.Result()
	if !d.every && prog.Unread != nil {
		res.Told = d.words.told()
	}
	res.Stats.Panics = append(res.Stats.Panics, d.panics(res)...)
	return res
}

// each calls do for the index of each of some functions, by many goroutines. A panic costs what it would have said of that
// function, and is reported.
func (d *demand) each(fs []*ir.Func, do func(i int)) {
	for _, p := range parallel.Do(d.ctx, d.u.workers, len(fs), do) {
		if d.failed == nil {
			d.failed = map[*ir.Func]string{}
		}
		if f := fs[p.Index]; d.failed[f] == "" {
			d.failed[f] = p.Value
		}
	}
}

// panics are those of functions of which res does not tell one.
func (d *demand) panics(res *Result) (out []FuncPanic) {
	for _, p := range res.Stats.Panics {
		delete(d.failed, p.Func)
	}
	if len(d.failed) == 0 {
		return nil
	}
	for _, f := range d.u.e.prog.Funcs() {
		if text, ok := d.failed[f]; ok {
			out = append(out, FuncPanic{f, text})
		}
	}
	return out
}

// runAll looks at all functions, in the order of their calls.
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
	d.pinning = sync.OnceValue(func() *link.Among { return e.prog.Among(d.words.pins) })
	e.prog.Unread.Where(d.words.inText)
	if e.prog.Unread.More() {
		return
	}
	may := d.where(func(f *ir.Func) bool { return d.every && f.HasBody() || d.words.mayMatter(f) })
	u.graph = summary.Empty(e.prog)
	d.resolveC(may)
	chosen := d.look(may)
	if e.prog.Unread.More() {
		return
	}
	e.border = newBorder(e.prog, u.graph)
	e.need = d
	d.choose(chosen)
}

// resolveC finds the callees of the C functions among some, whether these stand still, and whether they release something.
func (d *demand) resolveC(may []*ir.Func) {
	fs := slices.DeleteFunc(slices.Clone(may), func(f *ir.Func) bool { return f.File.Lang != ir.C })
	still, keeps := make([]bool, len(fs)), make([]bool, len(fs))
	d.hold(&ir.Hold{})
	d.inParts(fs, func(i int) {
		d.u.graph.ResolveOne(d.u.e.prog, fs[i])
		still[i] = !d.u.e.directC(fs[i])
		keeps[i] = !d.u.e.callsRelease(fs[i])
	})
	d.hold(nil)
	for i, f := range fs {
		if still[i] {
			d.still[f] = true
		}
		d.freeing[f] = !keeps[i]
	}
}

// look finds those of some functions that matter by themselves, and the callees of those in C# that may call C functions of the unit.
func (d *demand) look(may []*ir.Func) (chosen []*ir.Func) {
	e := &d.u.e
	hasC := slices.ContainsFunc(e.prog.Files, func(f *ir.File) bool { return f.Lang == ir.C && len(f.Funcs) > 0 })
	direct := make([]bool, len(may))
	d.inParts(may, func(i int) {
		f := may[i]
		if f.File.Lang == ir.CSharp && hasC && (d.every || d.words.inNative(f)) {
			d.u.graph.ResolveOne(e.prog, f)
		}
		direct[i] = e.direct(f, d.mayMean)
	})
	for i, f := range may {
		if direct[i] {
			chosen = append(chosen, f)
		}
	}
	return chosen
}

// where are the functions that something holds for, in the order of the program. Many goroutines ask.
func (d *demand) where(holds func(*ir.Func) bool) []*ir.Func {
	files := d.u.e.prog.Files
	in := make([][]*ir.Func, len(files))
	panics := parallel.Do(d.ctx, d.u.workers, len(files), func(i int) {
		for _, f := range files[i].Funcs {
			if holds(f) {
				in[i] = append(in[i], f)
			}
		}
	})
	if len(panics) > 0 {
		panic(panics[0].Value) // as if one had asked: nothing may be left out
	}
	return slices.Concat(in...)
}

// mayMean tells whether a call can be of interest by itself.
func (d *demand) mayMean(f *ir.Func, c *ir.Call) bool { return d.every || d.words.inCall(f, c) }

// choose adds functions, what they ask for, and the levels of those.
func (d *demand) choose(fs []*ir.Func) {
	for _, f := range fs {
		d.chose[f] = true
		d.slot(f)
		d.reopen(f)
		s := d.slots[f]
		s.root = true
		if s.old != nil {
			s.old.interest, s.old.crossing = false, false // as callers saw it, see canMatter
		}
	}
	for f := range d.slots { // who calls them asks now whether they matter
		d.ask(f, d.chosenCallees(f))
	}
	d.below(fs)
}

// below makes places for some functions, each of which is there once, and for what these are sure to ask, and so on, and finds the levels.
func (d *demand) below(fs []*ir.Func) {
	u := d.u
	for _, f := range fs {
		d.slot(f)
	}
	for len(fs) > 0 && d.ctx.Err() == nil {
		asks, sure := make([][]*ir.Func, len(fs)), make([]bool, len(fs))
		d.inParts(fs, func(i int) {
			u.graph.ResolveOne(u.e.prog, fs[i])
			asks[i] = d.asks(fs[i])
			sure[i] = fs[i].File.Lang == ir.CSharp && d.surely(fs[i])
		})
		var next []*ir.Func
		for i, f := range fs {
			d.slots[f].sure = sure[i]
			next = append(next, d.ask(f, asks[i])...)
			next = append(next, d.expect(f)...)
		}
		fs = next
	}
	d.order()
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

// order finds the levels. Who sees another part of what it asks for than before is looked at again.
func (d *demand) order() {
	u, old := d.u, d.u.e.level
	u.levels = u.graph.Levels()
	u.e.level = make(map[*ir.Func]int32, len(d.slots))
	for n, level := range u.levels {
		u.levels[n] = slices.DeleteFunc(level, func(f *ir.Func) bool { return d.slots[f] == nil })
		for _, f := range u.levels[n] {
			u.e.level[f] = int32(n)
		}
	}
	for f, s := range d.slots {
		for g := range s.asks {
			if s.done && (old[g] < old[f]) != (u.e.level[g] < u.e.level[f]) {
				d.reopen(f)
				break
			}
		}
	}
}

func (d *demand) chosenCallees(f *ir.Func) (out []*ir.Func) {
	d.u.graph.EachCallee(f, func(g *ir.Func) {
		if d.chose[g] {
			out = append(out, g)
		}
	})
	return out
}

// plain tells by its words that f only reads: it calls nothing, throws nothing, and touches no variable, so
// that there is nothing in it to interpret, and nothing that it may keep.
func (d *demand) plain(f *ir.Func) bool {
	return !d.every && !d.chose[f] && f.File.Lang == ir.CSharp && f.Kind != ir.FuncSetter && f.Packed() && !f.Names(notPlain) &&
		!(f.Ret == "bool" && d.u.e.soleMember(f) != nil) // a question to the handle in a struct
}

// notPlain are words of bodies that may do more.
var notPlain = ir.OpWords(ir.OpCall, ir.OpThrow, ir.OpCatch, ir.OpFixed, ir.OpVarAddr, ir.OpLambda, ir.OpUnknown)

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
