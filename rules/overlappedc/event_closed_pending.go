package overlappedc

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN205.md
var eventClosedPendingPage string

var eventClosedPending = rules.Define(runEventClosedPending, rules.Rule{
	Code: "PIN205", Name: "event-closed-pending", Title: "Event of a pending operation closed",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: eventClosedPendingPage,
})

func runEventClosedPending(p *rules.Pass) {
	for ev := range ends(p, "PIN205") {
		p.Report(ev, "%s is closed while %s may still be pending: its completion will signal a handle that is another object by then", storage(ev), ev.API)
	}
}
