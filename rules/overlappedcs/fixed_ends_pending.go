package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN101.md
var fixedEndsPendingPage string

var fixedEndsPending = rules.Define(runFixedEndsPending, rules.Rule{
	Code: "PIN101", Name: "fixed-ends-pending", Title: "fixed block ends with overlapped I/O pending",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: fixedEndsPendingPage,
})

func runFixedEndsPending(p *rules.Pass) {
	for ev := range ends(p, "PIN101") {
		p.Report(ev, "%s is unpinned at the end of the fixed block while %s%s", buffer(ev, "the buffer"), user(ev), late(ev))
	}
}
