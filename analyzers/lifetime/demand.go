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
	ends    map[*ir.Func]bool   // whether functions of a recursion never return, by their bodies: see isIdle
	pinned  sync.Map            // see mayPin and pinsField
	pinning func() *link.Among  // functions that may pin something
	failed  map[*ir.Func]string // what a look at them panicked with
}

func runDemand(ctx context.Context, prog *link.Program, workers int, every bool) *Result {
	return newDemand(ctx, prog, workers, every).all()
}

func newDemand(ctx context.Context, prog *link.Program, workers int, every bool) *demand {
	return &demand{u: newUnit(prog, workers), ctx: ctx, every: every, part: part{temps: maxPart, funcs: maxLooks}, chose: map[*ir.Func]bool{}, slots: map[*ir.Func]*slot{}, still: map[*ir.Func]bool{}, freeing: map[*ir.Func]bool{}, idle: map[*ir.Func]bool{}, woken: map[*ir.Func]bool{}, ends: map[*ir.Func]bool{}}
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

// notPlain are words of bodies that may do more.
var notPlain = ir.OpWords(ir.OpCall, ir.OpThrow, ir.OpCatch, ir.OpFixed, ir.OpVarAddr, ir.OpLambda, ir.OpUnknown)
