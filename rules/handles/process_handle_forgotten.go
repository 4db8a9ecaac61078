package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN406.md
var processHandleForgottenPage string

var processHandleForgotten = rules.Define(runProcessHandleForgotten, rules.Rule{
	Code: "PIN406", Name: "process-handle-forgotten", Title: "One of the two handles of a new process not closed",
	Langs: []ir.Lang{ir.C, ir.CSharp}, Severity: rules.Warning, CWE: 775, Since: "0.1.0", Fix: rules.SafeFix, Doc: processHandleForgottenPage,
})

func runProcessHandleForgotten(p *rules.Pass) {
	for ev := range leaks(p, forgottenOne) {
		r := p.Report(ev, "%s from %s %s, although the other handle of the call is taken care of",
			rules.Quote(ev.Obj.Acquire.Field, "the handle"), maker(ev.Obj), wayOut(ev))
		mendForgotten(p, r, ev)
	}
}
