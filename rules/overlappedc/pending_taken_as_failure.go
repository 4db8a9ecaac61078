package overlappedc

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN211.md
var pendingTakenAsFailurePage string

var pendingTakenAsFailure = rules.Define(runPendingTakenAsFailure, rules.Rule{
	Code: "PIN211", Name: "pending-taken-as-failure", Title: "Pending operation taken for a failed one",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 253, Since: "0.1.0", Doc: pendingTakenAsFailurePage,
})

func runPendingTakenAsFailure(p *rules.Pass) {
	for ev := range ends(p, "PIN211") {
		p.Report(ev, "%s %s when %s returns FALSE, which also means that the operation is pending and still uses it", storage(ev), ended[ev.How], ev.API)
	}
}
