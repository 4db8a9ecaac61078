package kernel

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN803.md
var finalDereferencePage string

var finalDereference = rules.Define(runFinalDereference, rules.Rule{
	Code: "PIN803", Name: "final-dereference-under-lock", Title: "Last reference may be dropped under a lock",
	Langs: []ir.Lang{ir.C}, Severity: rules.Warning, CWE: 833, Since: "0.1.0", Fix: rules.SafeFix,
	Doc: finalDereferencePage,
})

// harmless are the kinds of locks that a thread can take again while it holds them, and those under
// which the system puts deletions off.
var harmless = map[string]bool{"resource lock": true, "mutex": true, "guarded mutex": true}

func runFinalDereference(p *rules.Pass) {
	for ev := range p.Events(lifetime.FinalDereference) {
		what := rules.Quote(ev.Obj.Var, "the object")
		if ev.How == lifetime.OfTransaction {
			r := p.Report(ev, "%s may delete the transaction object %s at once, which deadlocks with locks of other drivers (`ObDereferenceObjectDeferDelete`)", ev.API, what)
			mendDereference(p, r, ev)
			continue
		}
		r := p.Report(ev, "%s may drop the last reference to %s while a %s is held, and its deletion then runs under the lock (`ObDereferenceObjectDeferDelete`)", ev.API, what, ev.Field)
		r.Confidence = rules.Medium
		mendDereference(p, r, ev)
		if ev.Value > 0 || ev.Unsure || harmless[ev.Field] {
			// Raised, the system itself puts most deletions off; and a deletion that calls no driver
			// does not wait.
			r.Severity, r.Confidence = rules.Advice, rules.Low
		}
	}
}

// deferred are the functions that leave the deletion to a thread of the system.
var deferred = map[string]string{
	"ObDereferenceObject":        "ObDereferenceObjectDeferDelete",
	"ObDereferenceObjectWithTag": "ObDereferenceObjectDeferDeleteWithTag",
}

func mendDereference(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	c := p.Code(ev.Func.File)
	if c == nil {
		return
	}
	for name, later := range deferred {
		if i := c.Word(ev.Span, name); i >= 0 && c.Is(i+1, "(") {
			r.Mend(rules.SafeFix, "leave the deletion to the system", c.Replace(i, i+1, later))
		}
	}
}
