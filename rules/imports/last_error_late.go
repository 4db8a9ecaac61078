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
	raw := map[*ir.Import]*lifetime.Event{} // the first call of each
	for ev := range p.Events(lifetime.LastErrorLate, lifetime.LastErrorRaw) {
		if ev.Kind == lifetime.LastErrorRaw {
			if raw[ev.Import] == nil {
				raw[ev.Import] = ev
			}
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
	reportRawImports(p, raw)
}

// reportRawImports reports the declarations of GetLastError that are called: who finds one uses it.
func reportRawImports(p *rules.Pass, called map[*ir.Import]*lifetime.Event) {
	for _, f := range p.Program.Files {
		for _, imp := range f.Imports {
			ev := called[imp]
			if ev == nil {
				continue
			}
			r := p.ReportAt(f, imp.NameSpan, "%s is imported, and the runtime may change the last error before a call of it: Marshal.GetLastPInvokeError or GetLastWin32Error gives the one that was kept", rules.Quote(imp.Name, "GetLastError"))
			r.Steps = append(r.Steps, rules.Step{Loc: rules.Loc{File: ev.Func.File, Span: ev.Span}, Kind: "call", Text: "called here"})
			r.Subject = imp.Name
		}
	}
}
