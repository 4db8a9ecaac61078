package kernel

import (
	"iter"

	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

// losses yields the leaks for which want holds, one for each call that made what is lost: the
// strongest. What a structured exception loses counts as nothing: it may come from anywhere.
func losses(p *rules.Pass, want func(*lifetime.Event) bool) iter.Seq[*lifetime.Event] {
	type site struct {
		in   any
		from uint32
	}
	return func(yield func(*lifetime.Event) bool) {
		best := map[site]*lifetime.Event{}
		var order []site
		for ev := range p.Events(lifetime.Leak) {
			if !ev.Kernel || ev.How == lifetime.AtThrow || !want(ev) {
				continue
			}
			at := site{ev.Func, ev.Obj.Span.Start}
			old := best[at]
			if old == nil {
				order = append(order, at)
			}
			if old == nil || old.How == lifetime.AtOverwrite && ev.How != lifetime.AtOverwrite {
				best[at] = ev
			}
		}
		for _, at := range order {
			if !yield(best[at]) {
				return
			}
		}
	}
}

// wayOut words how the thing is lost; done is what should have happened to it ("closed").
func wayOut(ev *lifetime.Event, done string) string {
	switch {
	case ev.How == lifetime.AtOverwrite:
		return "is overwritten before it is " + done
	case ev.EveryPath:
		return "is never " + done
	case ev.InLoop:
		return "is not " + done + " on a path, once in each round of the loop"
	}
	return "is not " + done + " on a path that leaves " + ev.Func.Name
}

// with says in brackets what ends the object, if that is known.
func with(o *lifetime.Object) string {
	if len(o.Release) == 0 {
		return ""
	}
	return " (" + rules.Quote(o.Release[0], "") + ")"
}
