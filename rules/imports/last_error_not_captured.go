package imports

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN501.md
var lastErrorNotCapturedPage string

var lastErrorNotCaptured = rules.Define(runLastErrorNotCaptured, rules.Rule{
	Code: "PIN501", Name: "last-error-not-captured", Title: "Last error read but not captured",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 252, Since: "0.1.0", Fix: rules.SafeFix, Doc: lastErrorNotCapturedPage,
})

func runLastErrorNotCaptured(p *rules.Pass) {
	for ev := range p.Events(lifetime.LastErrorLost, lifetime.LastErrorUnset) {
		name := rules.Quote(importName(ev), "the import")
		if ev.Kind == lifetime.LastErrorUnset {
			r := p.Report(ev, "%s returns its error and does not set the last error, so what is read here is of another call", name)
			r.Severity, r.Subject = rules.Warning, importName(ev)
			continue
		}
		r := p.Report(ev, "the last error of %s is read, but the import does not ask for it with SetLastError, so what is read here is of another call", name)
		r.Subject = importName(ev)
		if ev.Unsure {
			r.Confidence = rules.Medium
		}
		if r.File == nil {
			continue
		}
		if c := p.Code(p.FileOf(ev.Import)); c != nil {
			if e, ok := c.SetOnImport(ev.Import, "SetLastError", "true"); ok {
				r.Mend(rules.SafeFix, "let the import keep the last error (SetLastError)", e)
			}
		}
	}
}

// importName is the name of the import of an event, as declared.
func importName(ev *lifetime.Event) string {
	if ev.Import == nil {
		return ev.API
	}
	return ev.Import.Name
}
