package lifetime

import (
	"context"
	"math"
	"slices"
	"sync/atomic"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/summary"
)

// Unit interprets a program, and does so again where its bodies change. What it gives is what [Run]
// gives of the program as it is: an edit costs the functions that it concerns.
type Unit struct {
	Progress func(done, total int) // told of functions that are looked at; may be nil

	e       engine
	workers int
	graph   *summary.Graph
	levels  [][]*ir.Func
	callers map[*ir.Func][]*ir.Func
	stale   map[*ir.Func]bool
	final   map[*ir.File][]*Event // events of each file as the last Result gave them
	touched []*ir.File            // edited since the last settle
	names   map[string]bool       // of members that the edits concern

	relinked bool
}

// NewUnit begins with a program of which nothing is known.
func NewUnit(ctx context.Context, prog *link.Program, workers int) *Unit {
	u := newUnit(prog, workers)
	u.link(ctx)
	u.stale = make(map[*ir.Func]bool, len(prog.Funcs()))
	for _, f := range prog.Funcs() {
		u.stale[f] = true
	}
	return u
}

func newUnit(prog *link.Program, workers int) *Unit {
	return &Unit{workers: workers, e: engine{
		prog: prog, results: map[*ir.Func]*funcResult{}, level: map[*ir.Func]int32{}, own: &ownTypes{known: map[*link.Type]bool{}},
		passers: map[*ir.Func]bool{},
	}}
}

// link builds what is known of the program as a whole.
func (u *Unit) link(ctx context.Context) {
	u.e.posixFiles = posixFiles(u.e.prog.Files)
	u.e.indexKernel()
	u.graph = summary.NewGraph(ctx, u.e.prog, u.workers)
	u.order()
	u.e.border = newBorder(u.e.prog, u.graph)
}

// order puts the functions into levels and finds who calls whom.
func (u *Unit) order() {
	u.levels = u.graph.Levels()
	u.e.level = make(map[*ir.Func]int32, len(u.e.prog.Funcs()))
	for n, level := range u.levels {
		for _, f := range level {
			u.e.level[f] = int32(n)
		}
	}
	u.callers = map[*ir.Func][]*ir.Func{}
	for _, f := range u.e.prog.Funcs() {
		u.graph.EachCallee(f, func(g *ir.Func) { u.callers[g] = append(u.callers[g], f) })
	}
}

// Run interprets what is not known of the functions of some files, and of all that they call; of all
// functions where files is nil. It returns false when ctx ended it; what was done stays done.
func (u *Unit) Run(ctx context.Context, files []*ir.File) bool {
	if files == nil {
		u.settle()
	}
	want := u.wanted(files)
	total := len(u.stale)
	if want != nil {
		total = len(want)
	}
	var done atomic.Int64
	for n := range u.levels {
		var todo []*ir.Func
		for _, f := range u.levels[n] {
			if u.stale[f] && (want == nil || want[f]) {
				todo = append(todo, f)
			}
		}
		if len(todo) > 0 && !u.runLevel(ctx, int32(n), todo, func() {
			if u.Progress != nil {
				u.Progress(int(done.Add(1)), total)
			}
		}) {
			return false
		}
	}
	return ctx.Err() == nil
}

// wanted are the functions of files and what they call, as far as they are stale; nil for all.
func (u *Unit) wanted(files []*ir.File) map[*ir.Func]bool {
	if files == nil {
		return nil
	}
	want, seen := map[*ir.Func]bool{}, map[*ir.Func]bool{}
	var stack []*ir.Func
	for _, f := range files {
		stack = append(stack, f.Funcs...)
	}
	for len(stack) > 0 {
		f := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[f] {
			continue
		}
		seen[f] = true
		if u.stale[f] {
			want[f] = true
		}
		u.graph.EachCallee(f, func(g *ir.Func) {
			if !seen[g] {
				stack = append(stack, g)
			}
		})
	}
	return want
}

// runLevel interprets functions of one level. Callers of those of which something else is known than
// before become stale.
func (u *Unit) runLevel(ctx context.Context, n int32, todo []*ir.Func, tick func()) bool {
	out := make([]*funcResult, len(todo))
	e := u.e // with the level at hand
	e.now = n
	panics := parallel.Do(ctx, u.workers, len(todo), func(i int) {
		r := e.runFunc(todo[i])
		r.waits, r.readsError = e.waits(todo[i], e.awayFromWait), e.readsError(todo[i])
		out[i] = &r
		tick()
	})
	for _, p := range panics {
		out[p.Index] = &funcResult{sum: unknownSummary, panicked: p.Value}
	}
	whole := true
	for i, f := range todo {
		r := out[i]
		if r == nil || r.sum == nil || ctx.Err() != nil {
			whole = false // the context ended
			continue
		}
		old := u.e.results[f]
		u.e.results[f] = r
		delete(u.stale, f)
		if old != nil && !sameToCallers(old, r) {
			for _, g := range u.callers[f] {
				u.stale[g] = true
			}
		}
	}
	return whole
}

// Stale tells how many functions are to be looked at.
func (u *Unit) Stale() int { return len(u.stale) }

// Invalidate says that what is known of functions may be wrong.
func (u *Unit) Invalidate(fs ...*ir.Func) {
	for _, f := range fs {
		u.stale[f] = true
	}
}

// Result is what is known of the whole unit, after Run has looked at all of it.
func (u *Unit) Result() *Result {
	res := &Result{Prog: u.e.prog, Summaries: make(map[*ir.Func]*Summary, len(u.e.results))}
	for _, level := range u.levels {
		for _, f := range level {
			r := u.e.results[f]
			if r == nil && u.e.need != nil {
				continue // nobody asked
			}
			if r == nil {
				r = &funcResult{sum: unknownSummary} // the context ended
			}
			res.Summaries[f] = r.sum
			res.Events = addEvents(res.Events, r)
			res.Pins = append(res.Pins, r.pins...)
			if r.ran {
				res.Stats.Interpreted++
			}
			if r.bound {
				res.Stats.Bounded = append(res.Stats.Bounded, f)
			}
			if r.wide {
				res.Stats.Wide = append(res.Stats.Wide, f)
			}
			if r.panicked != "" {
				res.Stats.Panics = append(res.Stats.Panics, FuncPanic{f, r.panicked})
			}
		}
	}
	res.Stats.Functions = len(u.e.prog.Funcs())
	u.e.own.forget()
	clear(u.e.passers)
	u.all().finishUnit(res)
	sortEvents(res.Events)
	slices.SortStableFunc(res.Pins, func(x, y *PinSite) int {
		return cmpOr(cmpString(x.Func.File.Path, y.Func.File.Path), cmpInt(int64(x.Obj.Span.Start), int64(y.Obj.Span.Start)))
	})
	u.final = map[*ir.File][]*Event{}
	for _, ev := range res.Events {
		u.final[ev.Func.File] = append(u.final[ev.Func.File], ev)
	}
	return res
}

// all is the engine as it sees the finished unit: nothing is hidden from it.
func (u *Unit) all() *engine {
	e := u.e
	e.now = math.MaxInt32
	return &e
}

// addEvents adds copies: what settles the unit changes them.
func addEvents(out []*Event, r *funcResult) []*Event {
	events := slices.Clone(r.events)
	for i := range events {
		out = append(out, &events[i])
	}
	return out
}

// ResultOf is like Result, but only the events of one file are made anew, after Run has looked at it:
// those of other files are as the last Result gave them. Summaries, pins and counts are left out.
func (u *Unit) ResultOf(file *ir.File) *Result {
	res := &Result{Prog: u.e.prog, Only: file}
	for _, f := range u.e.prog.Files {
		if f != file {
			res.Events = append(res.Events, u.final[f]...) // finishUnit changes none of these
		}
	}
	others := len(res.Events)
	fs := slices.Clone(file.Funcs)
	slices.SortStableFunc(fs, func(f, g *ir.Func) int { return cmpInt(int64(u.e.level[f]), int64(u.e.level[g])) })
	for _, f := range fs {
		if r := u.e.results[f]; r != nil {
			res.Events = addEvents(res.Events, r)
		}
	}
	foreign := make(map[*Event]bool, others)
	for _, ev := range res.Events[:others] {
		foreign[ev] = true
	}
	e := u.all()
	e.scope = map[*ir.File]bool{file: true}
	e.finishUnit(res)
	res.Events = slices.DeleteFunc(res.Events, func(ev *Event) bool { return ev.Func.File != file && !foreign[ev] })
	sortEvents(res.Events)
	return res
}

func (o *ownTypes) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.known)
}
