package transition

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN602.md
var suppressedCallsBackPage string

var suppressedCallsBack = rules.Define(runSuppressedCallsBack, rules.Rule{
	Code: "PIN602", Name: "suppressed-transition-calls-back", Title: "Function called without a GC transition can call back",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 667, Since: "0.1.0", Fix: rules.SafeFix, Doc: suppressedCallsBackPage,
})

func runSuppressedCallsBack(p *rules.Pass) {
	for _, s := range p.Program.Suppressed() {
		switch what, why := known(p, &s); {
		case body(&s) != nil || what == models.TransitionBlocks: // PIN603 and PIN601 say so
		case what == models.TransitionCallsBack:
			report(p, &s, "%s is called without a GC transition, but it %s: managed code must not run before it returns", name(&s), why)
		case s.Callback != "" && what != models.TransitionLeaf:
			report(p, &s, "%s is called without a GC transition, but it takes a callback (%s): managed code must not run before it returns", name(&s), s.Callback)
		}
	}
}
