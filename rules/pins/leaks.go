package pins

import (
	"iter"

	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/rules"
)

// leaks yields the leaks of objects of one kind, at most one for each object: the strongest.
func leaks(p *rules.Pass, kind lifetime.ObjectKind) iter.Seq[*lifetime.Event] {
	best := map[*lifetime.Object]*lifetime.Event{}
	var order []*lifetime.Object
	for ev := range p.Events(lifetime.Leak) {
		if ev.Obj == nil || ev.Obj.Kind != kind || !structHandle(p, ev.Obj) || lifetime.EndsProcess(ev.Func) && !ev.InLoop {
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
	return func(yield func(*lifetime.Event) bool) {
		for _, o := range order {
			if !yield(best[o]) {
				return
			}
		}
	}
}

// structHandle tells whether the object is held by a struct alone, so that nothing frees it when
// the struct is lost. Classes that hold pins have finalizers.
func structHandle(p *rules.Pass, o *lifetime.Object) bool {
	if len(o.Release) == 0 {
		return false
	}
	typ, _ := models.SplitMember(o.Release[0])
	t := p.Program.DB.DotNetType(typ)
	return t != nil && t.Struct
}

// strength orders the ways in which one object is lost: what happens without an exception is the
// better proof.
func strength(ev *lifetime.Event) int {
	switch ev.How {
	case lifetime.AtThrow, lifetime.AtCatch:
		return 0
	case lifetime.AtHandover:
		return 1
	case lifetime.AtOverwrite:
		return 2
	}
	return 3
}

// wayOut words how the object is lost.
func wayOut(ev *lifetime.Event) string {
	switch {
	case ev.How == lifetime.AtDiscard:
		return "is not kept, so that nothing can ever free it"
	case ev.How == lifetime.AtCatch:
		return "is not freed when an exception is caught in " + ev.Func.Name
	case ev.How == lifetime.AtThrow:
		return "is not freed when an exception leaves " + ev.Func.Name
	case ev.How == lifetime.AtHandover:
		return "is lost when the call that it is given to fails"
	case ev.How == lifetime.AtOverwrite:
		return "is overwritten before it is freed"
	case ev.EveryPath:
		return "is never freed"
	}
	return "is not freed on a path that leaves " + ev.Func.Name
}

// releaser names what frees the object.
func releaser(o *lifetime.Object) string {
	if len(o.Release) == 0 {
		return "its release"
	}
	return rules.Quote(o.Release[0], "")
}

// maker is the API that made the object.
func maker(o *lifetime.Object) string { return rules.Quote(o.API, "a call") }

// handleName names the handle of an object.
func handleName(o *lifetime.Object) string {
	if o.Var != "" {
		return rules.Quote(o.Var, "")
	}
	return "the handle from " + maker(o)
}

// byException tells whether the object is lost only where an exception was thrown or a call failed.
func byException(ev *lifetime.Event) bool { return strength(ev) < 2 }

// forgottenWay words how nothing frees the handle in a field.
func forgottenWay(ev *lifetime.Event) string {
	if ev.How == lifetime.AtOverwrite {
		return "the last handle in `" + ev.Field + "` is never freed: " + ev.Func.Name + " frees only what the next one replaces"
	}
	return "the handle in `" + ev.Field + "` is never freed: nothing in the project frees it through the field"
}
