package overlappedc

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN206.md
var timeoutTakenAsDonePage string

var timeoutTakenAsDone = rules.Define(runTimeoutTakenAsDone, rules.Rule{
	Code: "PIN206", Name: "timeout-taken-as-done", Title: "Wait that timed out taken for completion",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: timeoutTakenAsDonePage,
})

func runTimeoutTakenAsDone(p *rules.Pass) {
	for ev := range ends(p, "PIN206") {
		p.Report(ev, "%s %s after a wait that timed out, while %s is still pending", storage(ev), ended[ev.How], ev.API)
	}
}
