package kernel

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN802.md
var referenceImbalancePage string

var referenceImbalance = rules.Define(runReferenceImbalance, rules.Rule{
	Code: "PIN802", Name: "object-reference-imbalance", Title: "Reference to a kernel object leaked or dropped too often",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 911, Since: "0.1.0",
	Doc: referenceImbalancePage,
})

func runReferenceImbalance(p *rules.Pass) {
	for ev := range losses(p, isReference) {
		r := p.Report(ev, "the reference to %s that %s takes %s%s, so that the object is never deleted", rules.Quote(ev.Obj.Var, "the object"), rules.Quote(ev.Obj.API, "a call"), wayOut(ev, "dropped"), with(ev.Obj))
		if ev.Obj.Added {
			r.Confidence = rules.Medium
		}
	}
	for ev := range p.Events(lifetime.OverDereference) {
		if ev.How == lifetime.OfBorrowed {
			p.Report(ev, "%s drops a reference to %s that nobody took: %s hands the object out without one", ev.API, rules.Quote(ev.Obj.Var, "the object"), rules.Quote(ev.Obj.API, "the call"))
			continue
		}
		p.Report(ev, "%s drops the reference to %s from %s a second time on this path, which frees the object while others use it", ev.API, rules.Quote(ev.Obj.Var, "the object"), rules.Quote(ev.Obj.API, "a call"))
	}
}

// isReference takes what the function looked up itself, and of objects that it was given only those
// references that another path through it drops.
func isReference(ev *lifetime.Event) bool {
	return ev.Obj.Kind == lifetime.Reference && (!ev.Obj.Added || ev.Paired)
}
