package handles

import (
	"iter"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/rules"
)

// leakClass says which rule reports a leaked object.
type leakClass uint8

const (
	notOurs      leakClass = iota
	leakedHandle           // PIN401, PIN402
	forgottenOne           // PIN406: one of several handles of one call
	overwritten            // PIN407
	leakedMemory           // PIN412
)

// lostSite is one call that acquired what is lost.
type lostSite struct {
	f    *ir.Func
	span ir.Span
}

// leaks yields the leaks of one class, at most one for each object: the strongest.
func leaks(p *rules.Pass, class leakClass) iter.Seq[*lifetime.Event] {
	taken := takenBack(p)
	best := map[*lifetime.Object]*lifetime.Event{}
	var order []*lifetime.Object
	for ev := range p.Events(lifetime.Leak) {
		if !p.Wants(ev.Func.File) || !counts(ev) || ev.Obj.Lent && slices.ContainsFunc(ev.Obj.Release, func(r string) bool { return taken[r] }) {
			continue
		}
		old := best[ev.Obj]
		if old == nil {
			order = append(order, ev.Obj)
		}
		if old == nil || strength(ev) > strength(old) {
			best[ev.Obj] = ev
		}
	}
	lost := map[lostSite]int{}
	for _, o := range order {
		lost[lostSite{o.Func, o.Span}]++
	}
	return func(yield func(*lifetime.Event) bool) {
		told := map[lostSite]bool{}
		for _, o := range order {
			site := lostSite{o.Func, o.Span}
			if classify(best[o], lost[site]) != class || told[site] {
				continue
			}
			told[site] = true
			if !yield(best[o]) {
				return
			}
		}
	}
}

// takenBack are the functions by which the unit releases handles that objects made over them may have handed out.
func takenBack(p *rules.Pass) map[string]bool {
	out := map[string]bool{}
	for ev := range p.Events(lifetime.HandleOfLender) {
		out[ev.API] = true
	}
	return out
}

// strength orders the ways in which one object is lost: what happens without an exception is the
// better proof.
func strength(ev *lifetime.Event) int {
	switch ev.How {
	case lifetime.AtThrow, lifetime.AtYield:
		return 0
	case lifetime.AtHandover:
		return 1
	case lifetime.AtOverwrite:
		return 2
	}
	return 3
}

func classify(ev *lifetime.Event, lostAtSite int) leakClass {
	switch o := ev.Obj; {
	case o.Kind == lifetime.Memory:
		return leakedMemory
	case o.Acquire != nil && o.Acquire.Field != "" && siblings(o) > lostAtSite:
		return forgottenOne
	case ev.How == lifetime.AtOverwrite:
		return overwritten
	}
	return leakedHandle
}

// siblings counts the handles that the call of o puts into the same struct as o.
func siblings(o *lifetime.Object) (n int) {
	for i := range o.Native.Acquires {
		if q := &o.Native.Acquires[i]; q.Param == o.Acquire.Param && q.Field != "" && !q.Borrowed && q.Class == o.Acquire.Class {
			n++
		}
	}
	return n
}

// kept are classes of which a process usually holds one as long as it lives, or whose objects
// are released with something else (the window, the process).
var kept = []models.Class{
	models.ClassModule, models.ClassUser, models.ClassRegistration, models.ClassLock, models.ClassCOMRef, models.ClassOther,
}

// counts tells whether the leak is one that a rule of this family reports.
func counts(ev *lifetime.Event) bool {
	o := ev.Obj
	if ev.How == lifetime.AtThrow && ev.Func.File.Lang == ir.C {
		return false // structured exceptions may come from anywhere
	}
	if o == nil || o.Kind != lifetime.Handle && o.Kind != lifetime.Memory {
		return false
	}
	if ignored(o) && !releasedElsewhere(ev) || inKernel(ev) {
		return false
	}
	return !(lifetime.EndsProcess(ev.Func) && !ev.InLoop) && !marksInstance(ev)
}

// marksInstance tells whether it is a mutex that nobody closes: it tells other instances that this one runs, until the process ends.
func marksInstance(ev *lifetime.Event) bool {
	q := ev.Obj.Acquire
	return q != nil && q.Kind == mutexKind && !ev.InLoop && (ev.EveryPath || ev.How == lifetime.AtDiscard)
}

// mutexKind and windowKind are the kinds of mutexes in the models, and of windows, which go with the one that they are in.
const (
	mutexKind  = "HANDLE:mutex"
	windowKind = "HWND"
)

// ignored tells whether the object is of a kind that nobody is asked to release. Who describes a
// function of their own without a class wants to hear of its leaks.
func ignored(o *lifetime.Object) bool {
	q := o.Acquire
	if q != nil && q.Confidence == models.UserSaid && q.Class == models.ClassOther {
		return false
	}
	return q != nil && (o.FromC && models.RuntimeKind(q.Kind) || slices.Contains(kept, q.Class) || q.Kind == crtMemory || q.Confidence == models.Unverified)
}

// releasedElsewhere tells whether the function ends before the place where it would release an object of a kind that is usually kept, and
// has done nothing with it. What was used may be kept for that: it is released only where it is of no use.
func releasedElsewhere(ev *lifetime.Event) bool {
	q := ev.Obj.Acquire
	return ev.PairedLater && !ev.Asked && ev.How == lifetime.AtReturn && q != nil && q.Kind != windowKind && !ev.Obj.FromC && slices.Contains(kept, q.Class) && q.Confidence != models.Unverified
}

// inKernel tells whether the rules on kernel mode speak of the handle.
func inKernel(ev *lifetime.Event) bool {
	return ev.Kernel && ev.Obj.Acquire != nil && ev.Obj.Acquire.Class == models.ClassKernelHandle
}

// crtMemory is the kind of malloc and its kin: plain C memory is not what these rules are about.
const crtMemory = "CRT_MEM"

// grade sets severity and confidence of a leak: lost on every path or once in each round of a
// loop is an error; an exception path is a warning.
func grade(r *rules.Raw, ev *lifetime.Event) {
	switch {
	case ev.How == lifetime.AtThrow, ev.How == lifetime.AtHandover:
		r.Severity = rules.Warning
	case ev.EveryPath, ev.InLoop, ev.How == lifetime.AtDiscard:
		r.Severity = rules.Error
	default:
		r.Severity = rules.Warning
	}
	if ev.Obj.Acquire == nil {
		r.Severity = rules.Warning // only its name says that the call opens something
	}
	if ev.Obj.Acquire == nil || ev.Obj.Acquire.Confidence == models.ByType {
		r.Confidence = rules.Medium
	}
}

// wayOut words how the object is lost.
func wayOut(ev *lifetime.Event) string {
	switch {
	case ev.How == lifetime.AtDiscard:
		return "nothing keeps it, so that it can never be released"
	case ev.How == lifetime.AtThrow:
		return "is not released when an exception leaves " + ev.Func.Name
	case ev.How == lifetime.AtHandover:
		return "is lost when the call that it is given to fails"
	case ev.How == lifetime.AtYield:
		return "is not released when the consumer stops at a yield return"
	case ev.EveryPath:
		return "is never released"
	case ev.InLoop:
		return "is not released on a path, once in each round of the loop"
	}
	return "is not released on a path that leaves " + ev.Func.Name
}

// maker is the API that made the object.
func maker(o *lifetime.Object) string { return rules.Quote(o.API, "a call") }

// releaser names what releases the object.
func releaser(o *lifetime.Object) string {
	if len(o.Release) == 0 {
		return "its release function"
	}
	return rules.Quote(o.Release[0], "")
}

// with says in brackets what releases the object, if that is known.
func with(o *lifetime.Object) string {
	if len(o.Release) == 0 {
		return ""
	}
	return " (" + rules.Quote(o.Release[0], "") + ")"
}

// forgottenFields yields, once for each field, the acquisitions that go to fields which nothing
// takes care of.
func forgottenFields(p *rules.Pass) iter.Seq[*lifetime.Event] {
	type member struct{ owner, name string }
	return func(yield func(*lifetime.Event) bool) {
		told := map[member]bool{}
		for ev := range p.Events(lifetime.FieldAcquired) {
			m := member{ev.Owner, ev.Field}
			if ev.Obj.Kind != lifetime.Handle && ev.Obj.Kind != lifetime.Memory || !ev.Forgotten || told[m] || ignored(ev.Obj) {
				continue
			}
			told[m] = true
			if !yield(ev) {
				return
			}
		}
	}
}
