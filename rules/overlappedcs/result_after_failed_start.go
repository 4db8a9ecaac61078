package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN115.md
var resultAfterFailedStartPage string

var resultAfterFailedStart = rules.Define(runResultAfterFailedStart, rules.Rule{
	Code: "PIN115", Name: "result-after-failed-start", Title: "Result asked of an operation that did not start",
	Langs: []ir.Lang{ir.CSharp, ir.C}, Severity: rules.Warning, CWE: 252, Since: "0.1.0", Doc: resultAfterFailedStartPage,
})

func runResultAfterFailedStart(p *rules.Pass) {
	for ev := range p.Events(lifetime.ResultOfFailedStart) {
		p.Report(ev, "%s is asked for a result although %s may have failed to start: the answer is left over, or the wait never ends", ev.API, ev.Op.API)
	}
}
