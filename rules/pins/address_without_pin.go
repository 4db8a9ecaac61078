package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN305.md
var addressWithoutPinPage string

var addressWithoutPin = rules.Define(runAddressWithoutPin, rules.Rule{
	Code: "PIN305", Name: "address-without-pin", Title: "Address of a managed object taken with nothing that pins it",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 825, Since: "0.1.0", Doc: addressWithoutPinPage,
})

func runAddressWithoutPin(p *rules.Pass) {
	for ev := range p.Events(lifetime.UnpinnedAddress) {
		if ev.How == lifetime.NormalHandle {
			continue // PIN113
		}
		r := p.Report(ev, "the address of %s is taken by %s while nothing pins it: the collector may move it at any time",
			rules.Quote(ev.Field, "the object"), rules.Quote(ev.API, "this call"))
		if ev.Unsure {
			r.Confidence = rules.Medium
		}
	}
}
