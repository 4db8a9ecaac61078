package transition

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/summary"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN603.md
var suppressedBodyPage string

var suppressedBody = rules.Define(runSuppressedBody, rules.Rule{
	Code: "PIN603", Name: "suppressed-transition-body", Title: "Body of a function called without a GC transition is no short leaf",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 667, Since: "0.1.0", Fix: rules.SafeFix, Doc: suppressedBodyPage,
})

func runSuppressedBody(p *rules.Pass) {
	facts := summary.NewTransitions(p.Program)
	for _, s := range p.Program.Suppressed() {
		f := body(&s)
		if f == nil {
			continue
		}
		why := facts.Of(f)
		if why == nil {
			continue
		}
		r := report(p, &s, "%s is called without a GC transition, but its body %s", name(&s), why.Why)
		r.Steps = append(r.Steps, rules.Step{Loc: rules.Loc{File: f.File, Span: f.NameSpan}, Kind: "call", Text: "binds " + f.Name})
		for _, st := range why.Steps {
			r.Steps = append(r.Steps, rules.Step{Loc: rules.Loc{File: st.File, Span: st.Span}, Kind: "note", Text: st.Text})
		}
		if !why.Always {
			r.Confidence = rules.Low // on some path only
		}
	}
}
