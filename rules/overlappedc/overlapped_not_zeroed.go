package overlappedc

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN209.md
var overlappedNotZeroedPage string

var overlappedNotZeroed = rules.Define(runOverlappedNotZeroed, rules.Rule{
	Code: "PIN209", Name: "overlapped-not-zeroed", Title: "OVERLAPPED not initialised",
	Langs: []ir.Lang{ir.C}, Severity: rules.Warning, CWE: 457, Since: "0.1.0", Doc: overlappedNotZeroedPage,
})

func runOverlappedNotZeroed(p *rules.Pass) {
	for ev := range p.Events(lifetime.NotZeroed) {
		p.Report(ev, "%s is given to %s with members that were never set", rules.Quote(ev.Field, "the OVERLAPPED"), ev.API)
	}
}
