package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN103.md
var pinFreedPendingPage string

var pinFreedPending = rules.Define(runPinFreedPending, rules.Rule{
	Code: "PIN103", Name: "pin-freed-pending", Title: "Pin freed while the operation may be in flight",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: pinFreedPendingPage,
})

func runPinFreedPending(p *rules.Pass) {
	for ev := range ends(p, "PIN103") {
		p.Report(ev, "the GCHandle of %s is freed while %s%s", buffer(ev, "the buffer"), userOf(ev, "the memory"), late(ev))
	}
}
