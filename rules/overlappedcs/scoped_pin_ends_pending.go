package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN102.md
var scopedPinEndsPendingPage string

var scopedPinEndsPending = rules.Define(runScopedPinEndsPending, rules.Rule{
	Code: "PIN102", Name: "scoped-pin-ends-pending", Title: "Scoped pin disposed before completion",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: scopedPinEndsPendingPage,
})

func runScopedPinEndsPending(p *rules.Pass) {
	for ev := range ends(p, "PIN102") {
		p.Report(ev, "the pin of %s is disposed while %s%s", buffer(ev, "the buffer"), userOf(ev, "the memory"), late(ev))
	}
}
