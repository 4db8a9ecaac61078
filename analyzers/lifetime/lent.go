package lifetime

import "github.com/pinvet/pinvet/analyzers/ir"

// A block that goes to an import of which nothing is known may be the import's from then on. But where the function frees
// the block after that very call and then returns, the import has only used it, and an exception that is thrown in between loses it.

// lending is a call of an unknown import that an object was given to; prev are those before.
type lending struct {
	prev *lending
	site int32
}

type lentKey struct{ obj, call int32 }

// lend lets the arguments of a call of an unknown import go by do, and remembers what was this function's until then.
func (a *fnRun) lend(st *state, x *callCtx, do func()) {
	var mine []ostate
	for _, o := range st.objs {
		if k := a.objects[o.id].Kind; (k == Memory || k == Handle) && (o.st == stOwned && o.stored == 0 || o.st == stEscaped && o.lent != nil) {
			mine = append(mine, o)
		}
	}
	do()
	for _, was := range mine {
		o, _ := st.obj(was.id)
		if o.st == stEscaped {
			o.lent = a.lentTo(was.lent, a.site(x.in))
			o.steps = a.step(was.steps, x.in, StepCall, "given to "+lastDot(x.c.Name)+", after which it is freed on another path")
			st.setObj(o)
		}
	}
}

// lentTo is prev and one more call.
func (a *fnRun) lentTo(prev *lending, site int32) *lending {
	for l := prev; l != nil; l = l.prev {
		if l.site == site {
			return prev // another round of a loop
		}
	}
	key := lending{prev, site}
	if l := a.lendings[key]; l != nil {
		return l
	}
	if a.lendings == nil {
		a.lendings, a.givenBack = map[lending]*lending{}, map[lentKey]bool{}
	}
	a.lendings[key] = &key
	return &key
}

// lentAtExit looks at an object that was lent, on a path that leaves the function.
func (a *fnRun) lentAtExit(st *state, o ostate, how How, end ir.Span) {
	obj := a.objects[o.id]
	switch {
	case o.st == stReleased && how == AtReturn:
		for l := o.lent; l != nil; l = l.prev {
			a.givenBack[lentKey{obj.site, l.site}] = true
		}
	case o.st == stEscaped && how == AtThrow:
		o.steps = &Step{Prev: o.steps, File: a.f.File, Span: end, Kind: StepEnd, Text: "leaves by an exception here, not released"}
		steps := a.withBranches(o.steps, st.path, obj.Span.Start)
		a.lentLeaks = append(a.lentLeaks, lentLeak{o.lent, Event{Kind: Leak, How: how, Span: obj.Span, End: end, Obj: obj, API: obj.API, Steps: steps, InLoop: obj.InLoop}})
	}
}

// lentLeak is a leak if all calls that the object was lent to give it back.
type lentLeak struct {
	lent  *lending
	event Event
}

// finishLent tells of the leaks of what other paths were given back by the same calls.
func (a *fnRun) finishLent() {
next:
	for _, c := range a.lentLeaks {
		for l := c.lent; l != nil; l = l.prev {
			if !a.givenBack[lentKey{c.event.Obj.site, l.site}] {
				continue next
			}
		}
		a.emit(c.event)
	}
}

// givenToFree: a helper that frees what it is given throws instead. It looked at what that is, which the path does not know,
// or at something else that its caller can do no more about.
func (a *fnRun) givenToFree(st *state, x *callCtx, s *Summary) {
	for i := range x.args {
		if v, ok := x.arg(st, i); ok && s.releasesParam(i) {
			if id := a.objectOf(v); id != 0 {
				st.change(id, func(o *ostate) {
					if o.lent = nil; o.st == stOwned {
						o.st = stEscaped
					}
				})
			}
		}
	}
}
