package imports

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN502.md
var lastErrorLatePage string

var lastErrorLate = rules.Define(runLastErrorLate, rules.Rule{
	Code: "PIN502", Name: "last-error-late", Title: "Last error read late or by a raw import",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 252, Since: "0.1.0", Fix: rules.SafeFix, Doc: lastErrorLatePage,
})

func runLastErrorLate(p *rules.Pass) {
	for ev := range p.Events(lifetime.LastErrorLate, lifetime.LastErrorRaw) {
		if ev.Kind == lifetime.LastErrorRaw {
			r := p.Report(ev, "%s is called as an import, and the runtime may change the last error before: Marshal.GetLastPInvokeError or GetLastWin32Error gives the one that was kept", rules.Quote(importName(ev), "GetLastError"))
			r.Subject = importName(ev)
			mendRaw(p, r, ev)
			continue
		}
		r := p.Report(ev, "the last error of %s is read after %s, which sets it anew", rules.Quote(ev.Field, "the import"), rules.Quote(ev.API, "another call"))
		r.Subject = ev.Field
		mendLate(p, r, ev)
		if ev.Unsure {
			r.Confidence = rules.Medium
		}
	}
}
