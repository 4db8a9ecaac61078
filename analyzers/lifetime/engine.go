package lifetime

import (
	"context"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
)

// Analyzer runs the interpreter; its result is a *Result.
var Analyzer = &analysis.Analyzer{
	Name:       "lifetime",
	Doc:        "handles, pins, storage and operations on all paths",
	Requires:   []*analysis.Analyzer{source.Analyzer, link.Analyzer},
	ResultType: reflect.TypeFor[*Result](),
	Run: func(p *analysis.Pass) (any, error) {
		in := p.ResultOf[source.Analyzer].(*source.Snapshot).Input
		prog := p.ResultOf[link.Analyzer].(*link.Program)
		return runDemand(in.Ctx(), prog, in.Workers, in.Everything), nil
	},
}

// Result is what the interpreter found in one unit.
type Result struct {
	Prog   *link.Program
	Events []*Event   // ordered by file, place and kind
	Pins   []*PinSite // ordered by file and place
	Only   *ir.File   // the file whose findings are asked for; nil: all
	Stats  Stats
	// Summaries holds what callers know of each function with a body.
	Summaries map[*ir.Func]*Summary
	// Told is what bodies were asked for besides words, where words chose what is looked at; else nil.
	Told *Told

	once   sync.Once
	byKind map[EventKind][]int // indexes of Events
}

// OfKinds returns the events of some kinds, in their order. Events must not change any more.
func (r *Result) OfKinds(kinds ...EventKind) []*Event {
	r.once.Do(func() {
		r.byKind = map[EventKind][]int{}
		for i, ev := range r.Events {
			r.byKind[ev.Kind] = append(r.byKind[ev.Kind], i)
		}
	})
	var at []int
	for i, k := range kinds {
		if !slices.Contains(kinds[:i], k) {
			at = append(at, r.byKind[k]...)
		}
	}
	slices.Sort(at)
	out := make([]*Event, len(at))
	for i, n := range at {
		out[i] = r.Events[n]
	}
	return out
}

// Stats counts what was done and what was given up on.
type Stats struct {
	Functions   int         // functions with a body
	Interpreted int         // those that were interpreted; the others hold nothing of interest
	Bounded     []*ir.Func  // not explored to the end, because a bound was hit
	Wide        []*ir.Func  // their callers are told nothing, as there is too much to tell
	Panics      []FuncPanic // functions whose analysis failed
}

// FuncPanic is a failure inside the interpreter: the findings of that function are lost.
type FuncPanic struct {
	Func *ir.Func
	Text string
}

// engine runs the interpreter over a unit.
type engine struct {
	prog        *link.Program
	results     map[*ir.Func]*funcResult
	level       map[*ir.Func]int32
	now         int32             // level of the function at hand
	at          *ir.Func          // the function at hand, nil if the unit is done
	scope       map[*ir.File]bool // files whose events are asked for; nil: all
	posixFiles  map[*ir.File]bool // C files that are written for POSIX systems as well
	border      *border
	kernelFiles map[*ir.File]bool     // C files that run in kernel mode
	kernelFuncs map[string][]*ir.Func // their functions, by name
	raised      map[*ir.Func]string   // those of them that the system calls above PASSIVE_LEVEL
	own         *ownTypes
	passers     map[*ir.Func]bool // functions that are, or give to native code, what it calls back
	usings      []namedUsing      // those that make aliases or import members, in a run from scratch
	need        *demand           // what is looked at in a run that leaves out what does not matter; nil: all
}

// ownTypes remembers which classes of the unit own a native handle.
type ownTypes struct {
	mu    sync.Mutex
	known map[*link.Type]bool
}

// Run interprets all functions of the unit that can matter, callees before callers, with the
// given number of workers. The result does not depend on that number. Events of the kinds FieldReleased
// and FieldEscaped, and summaries, are there as far as something asks for them.
func Run(ctx context.Context, prog *link.Program, workers int) *Result {
	return runDemand(ctx, prog, workers, false)
}

// funcResult is what is known of one function.
type funcResult struct {
	sum        *Summary
	events     []Event
	pins       []*PinSite
	interest   bool
	crossing   bool // matters to callers that take part in the border between the languages
	ran        bool
	bound      bool
	wide       bool // callers are told nothing, as there is too much to tell
	waits      int8 // in which body below something is waited for (see engine.waits); left out where few functions are looked at
	readsError bool // it reads the last error; likewise
	panicked   string
}

// noResult stands for functions that are not looked at yet.
var noResult = &funcResult{}

// of is what is known of a callee. Functions of a recursion know nothing of each other, nor does
// anybody of functions that come later in the order of levels, also when an earlier run has left
// something about them.
func (e *engine) of(f *ir.Func) *funcResult {
	if e.need != nil {
		return e.need.of(f, e)
	}
	if r := e.results[f]; r != nil && e.level[f] < e.now {
		return r
	}
	return noResult
}

func (e *engine) interested(f *ir.Func) bool {
	return (e.need == nil || e.need.canMatter(f)) && e.of(f).interest
}

func (e *engine) crosses(f *ir.Func) bool {
	return (e.need == nil || e.need.canMatter(f)) && e.of(f).crossing
}

// awayFromWait is how far a callee is from a wait (see waits), as far as is known.
func (e *engine) awayFromWait(f *ir.Func) int8 {
	if e.need != nil {
		return e.need.awayFromWait(f, e)
	}
	return e.of(f).waits
}

func (e *engine) errorRead(f *ir.Func) bool {
	if e.need != nil {
		return e.need.knows(f, e) && e.readsError(f)
	}
	return e.of(f).readsError
}

// scoped tells whether events of f are asked for.
func (e *engine) scoped(f *ir.Func) bool { return e.scope == nil || e.scope[f.File] }

// asked are the functions whose events are asked for, and some others, in the order of the program. chosen
// and carries say of a C# function whether its body may hold what is looked for, and whether a call of
// it can be that (nil: never); they serve to look at fewer functions.
func (e *engine) asked(chosen, carries func(*ir.Func) bool, others ...map[*ir.Func]bool) []*ir.Func {
	if e.need != nil {
		return e.need.scanned(chosen, carries)
	}
	if e.scope == nil {
		return e.prog.Funcs()
	}
	var out []*ir.Func
	for f := range e.scope {
		out = append(out, f.Funcs...)
	}
	for _, set := range others {
		for f := range set {
			if !e.scope[f.File] {
				out = append(out, f)
			}
		}
	}
	slices.SortFunc(out, func(f, g *ir.Func) int {
		return cmpOr(cmpString(f.File.Path, g.File.Path), cmpInt(int64(f.Index), int64(g.Index)))
	})
	return out
}

// runFunc analyses one function.
func (e *engine) runFunc(f *ir.Func) funcResult {
	known := e.interesting(f)
	if !known && !e.borderInterest(f) {
		return funcResult{sum: e.scan(f)}
	}
	if tooLarge(f) {
		return funcResult{sum: e.scan(f), bound: true}
	}
	a := newAnalysis(e, f)
	sum := a.analyse()
	if sum.unknown && f.Flags&ir.Iterator == 0 {
		scanned := *sum
		scanned.scanned, scanned.escapes = true, e.scan(f).escapes
		sum = &scanned
	}
	if sum.passive = a.passive; f.File.Lang == ir.CSharp {
		sum.test, sum.tests = e.predicateOf(f)
	}
	sum.ends = a.keepsBits && sum.asksArguments() && e.endsBy(f)
	matters := sum.matters(a.ofStruct(f))
	r := funcResult{sum: sum, events: a.events, pins: a.sites(), interest: matters && known, ran: true, bound: a.bound, wide: a.wide}
	r.crossing = e.border.funcs[f] && (matters || sum.crosses())
	a.t.giveBack()
	a.pool.giveBack()
	return r
}

func newAnalysis(e *engine, f *ir.Func) *fnRun {
	return &fnRun{
		f: f, prog: e.prog, eng: e, keepsBits: e.border.funcs[f] || e.endsBy(f), inKernel: e.kernel(f.File), routineKind: e.raised[f], at: make([]atInstr, f.Temps()+1), t: newTables(), pool: newStatePool(), flow: newFlow(f),
		objects: make([]*Object, 1, 8), objIdx: map[objKey]objID{},
		errSym: map[symID]objID{}, startErr: map[symID]bool{}, neverSet: map[regID]bool{}, lockedAt: map[symID]objID{}, retSym: map[symID]objID{}, status: map[symID]models.Success{},
		siteOf: map[*ir.Instr]int32{}, seen: make([][]uint64, len(f.Blocks())),
		eventIdx: map[eventKey]int{}, ends: map[endKey]*endCount{}, guards: map[int32]*guard{}, pinEnds: map[int32]*pinEnd{}, pinSites: map[int32]*PinSite{}, tested: map[symID]bool{}, nullTests: map[regID]ir.Span{}, compares: map[int32]*comparison{}, unset: map[ir.Span]bool{}, outIdx: map[string][]int{}, rightClosers: map[int32][]ir.BlockID{},
	}
}

// summaryOf is the summary of a callee; unknown while a recursion is being analysed.
func (e *engine) summaryOf(f *ir.Func) *Summary {
	if s := e.of(f).sum; s != nil {
		return s
	}
	return unknownSummary
}

// matters tells whether a caller must interpret calls of the function, which may be a method of a struct: it does more than look.
func (s *Summary) matters(ofStruct bool) bool {
	if s.passive != nil {
		return true
	}
	if s.unknown || s.borrows {
		return false
	}
	for i := range s.outcomes {
		o := &s.outcomes[i]
		if o.ret.obj != nil && !o.ret.borrowed || o.ret.owner != nil {
			return true
		}
		for j := range o.effects {
			if k := o.effects[j].kind; k == effLock || k == effUnlock {
				return true
			}
			// What a method does to its own object's members interests callers only when they
			// hold the object's parts themselves, which is rare but for structs: it does not make them run.
			if e := &o.effects[j]; e.path.root != rootParam && !(ofStruct && e.path.root == rootThis) || e.path.depth() > 2 {
				continue
			}
			switch o.effects[j].kind {
			case effAcquire, effRelease, effReference, effStart, effComplete, effCancel, effKeep:
				return true
			}
		}
	}
	return false
}

// interesting is the cheap test that decides whether f is interpreted: it calls something the
// models know of, it pins, or it calls a function that matters.
func (e *engine) interesting(f *ir.Func) bool { return e.interestingBy(f, e.interested, e.crosses) }

// interestingBy is interesting by what two functions tell of callees.
func (e *engine) interestingBy(f *ir.Func, interested, crosses func(*ir.Func) bool) bool {
	if len(f.Blocks()) == 0 {
		return false
	}
	if worksOnArguments(f) || e.endsBy(f) || setsHandle(f) || e.decides(f) {
		return true
	}
	throws := false
	for i := range f.Blocks() {
		b := &f.Blocks()[i]
		throws = throws || b.Term.Kind == ir.TermThrow && b.Handler == ir.NoBlock && len(f.Blocks()) <= 16
		for j := range b.Instrs {
			in := &b.Instrs[j]
			switch in.Op {
			case ir.OpFixed:
				return true
			case ir.OpCall:
				if t := e.prog.Callee(f, in); e.callMatters(f, in, t) || slices.ContainsFunc(t.Funcs, interested) || slices.ContainsFunc(t.NativeBodies(), crosses) {
					return true
				}
			case ir.OpMember, ir.OpName:
				if f.File.Lang == ir.CSharp && e.propertyMatters(f, in, interested) {
					return true
				}
			}
		}
	}
	return throws && len(f.Params) > 0
}

// setsHandle tells whether f is a small C# setter for a raw handle: what it does to its field counts.
func setsHandle(f *ir.Func) bool {
	if f.Kind != ir.FuncSetter || len(f.Params) != 1 || len(f.Blocks()) > 8 {
		return false
	}
	return rawHandleType(f.Var(f.Params[0]).Type)
}

// callMatters tells whether a call is worth following, whatever is known of the functions of the unit
// that it reaches.
func (e *engine) callMatters(f *ir.Func, in *ir.Instr, t *link.Target) bool {
	if e.callsForOwners(f, in, t) || e.modelMatters(f, t) {
		return true
	}
	return t.MemberName != "" && (t.Native == nil || len(t.Funcs) > 0) && e.prog.DB.DotNetThrows(t.MemberName) == models.ThrowConditional
}

// modelMatters tells whether the models know something of what t calls that is worth following.
func (e *engine) modelMatters(f *ir.Func, t *link.Target) bool {
	if n := t.Native; n != nil && len(t.Funcs) == 0 {
		if e.kernel(f.File) && e.kernelMatters(n) {
			return true
		}
		if n.Wait != nil || !runtimeOnly(n) && !(socketOnly(n) && e.posix(f)) {
			return true
		}
		return n.Overlapped != nil && n.Overlapped.Kind.Starts() || len(n.Holds) > 0 || n.EndsHold
	}
	for _, m := range t.Members {
		switch m.Kind {
		case models.KindPin, models.KindGCHandle, models.KindNativeAlloc, models.KindNativeOverlapped, models.KindNativeHandle, models.KindHandleDuplicate,
			models.KindNeedsPinned, models.KindRefToPointer, models.KindAddressOfPin, models.KindPool, models.KindPinnedAlloc,
			models.KindLock:
			return true
		}
	}
	if t.MemberName != "" {
		typ, name := models.SplitMember(t.MemberName)
		return e.prog.DB.MemberRelease(typ, name) != nil
	}
	return false
}

// runtimeOnly tells whether all that the function opens or releases belongs to the C runtime.
func runtimeOnly(n *models.Func) bool {
	for i := range n.Acquires {
		if !models.RuntimeKind(n.Acquires[i].Kind) {
			return false
		}
	}
	for i := range n.Releases {
		for _, t := range n.Releases[i].Types {
			if !models.RuntimeKind(t) {
				return false
			}
		}
	}
	return len(n.Sinks) == 0
}

func socketOnly(n *models.Func) bool {
	for i := range n.Acquires {
		if n.Acquires[i].Class != models.ClassSocket {
			return false
		}
	}
	return len(n.Releases)+len(n.Sinks) == 0
}

// propertyMatters tells whether an accessor matters that the address of a property is used for.
func (e *engine) propertyMatters(f *ir.Func, in *ir.Instr, interested func(*ir.Func) bool) bool {
	var ref link.Ref
	if in.Op == ir.OpName {
		ref = e.prog.Name(f, in.Name)
	} else {
		ref = e.prog.Member(f, e.prog.TypeOfOwner(f, in), in.Name)
	}
	get, set := ref.Getter != nil && interested(ref.Getter), ref.Setter != nil && interested(ref.Setter)
	if get && set || !get && !set || ref.Setter == nil {
		return get
	}
	access := f.Accesses()[in.Dst]
	return set && access&ir.Writes != 0 || get && (access&ir.Writes == 0 || access&ir.Reads != 0)
}

func sortEvents(es []*Event) {
	slices.SortStableFunc(es, func(x, y *Event) int {
		return cmpOr(cmpString(x.Func.File.Path, y.Func.File.Path), cmpInt(int64(x.Span.Start), int64(y.Span.Start)),
			cmpInt(int64(x.Kind), int64(y.Kind)), cmpInt(int64(x.End.Start), int64(y.End.Start)),
			cmpString(string(x.Use), string(y.Use)), cmpString(string(x.How), string(y.How)))
	})
}

func cmpOr(cs ...int) int {
	for _, c := range cs {
		if c != 0 {
			return c
		}
	}
	return 0
}

func cmpInt(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func cmpString(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
