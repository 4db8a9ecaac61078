package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN108.md
var overlappedFreedPendingPage string

var overlappedFreedPending = rules.Define(runOverlappedFreedPending, rules.Rule{
	Code: "PIN108", Name: "overlapped-freed-pending", Title: "NativeOverlapped or native buffer freed before completion",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: overlappedFreedPendingPage,
})

func runOverlappedFreedPending(p *rules.Pass) {
	for ev := range ends(p, "PIN108") {
		name := rules.Quote(ev.Field, "the NativeOverlapped")
		if !ev.PendingTested && ev.ResultTested {
			p.Report(ev, "%s is freed when %s returns false, also when the operation is only pending and still uses it", name, ev.API)
			continue
		}
		p.Report(ev, "%s is freed while %s%s", name, user(ev), late(ev))
	}
}
