package overlappedc

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN203.md
var freedWhilePendingPage string

var freedWhilePending = rules.Define(runFreedWhilePending, rules.Rule{
	Code: "PIN203", Name: "freed-while-pending", Title: "Memory of a pending operation freed",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: freedWhilePendingPage,
})

func runFreedWhilePending(p *rules.Pass) {
	for ev := range ends(p, "PIN203") {
		if ev.HeldBy != "" {
			p.Report(ev, "%s is freed while %s", storage(ev), ev.HeldBy)
			continue
		}
		p.Report(ev, "%s is freed while %s may still use it", storage(ev), ev.API)
	}
}
