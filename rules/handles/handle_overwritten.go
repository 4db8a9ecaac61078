package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN407.md
var handleOverwrittenPage string

var handleOverwritten = rules.Define(runHandleOverwritten, rules.Rule{
	Code: "PIN407", Name: "handle-overwritten", Title: "Handle overwritten while it is owned",
	Langs: []ir.Lang{ir.C, ir.CSharp}, Severity: rules.Warning, CWE: 775, Since: "0.1.0", Fix: rules.UnsafeFix, Doc: handleOverwrittenPage,
})

func runHandleOverwritten(p *rules.Pass) {
	for ev := range leaks(p, overwritten) {
		r := p.Report(ev, "%s still owns the handle from %s when it is overwritten, and nothing else holds it",
			rules.Quote(ev.Obj.Var, "the variable"), maker(ev.Obj))
		mendOverwritten(p, r, ev)
	}
}
