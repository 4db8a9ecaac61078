package overlappedc

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN204.md
var overlappedReusedPage string

var overlappedReused = rules.Define(runOverlappedReused, rules.Rule{
	Code: "PIN204", Name: "overlapped-reused-pending", Title: "OVERLAPPED reused while its operation is pending",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 662, Since: "0.1.0", Doc: overlappedReusedPage,
})

func runOverlappedReused(p *rules.Pass) {
	for ev := range p.Events(lifetime.OperationReused) {
		if meantAsync(ev) {
			p.Report(ev, "%s is given to %s while %s may still be pending with it", rules.Quote(ev.Field, "the OVERLAPPED"), ev.API, ev.Op.API)
		}
	}
}
