package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN104.md
var marshallerPinOnlyPage string

var marshallerPinOnly = rules.Define(runMarshallerPinOnly, rules.Rule{
	Code: "PIN104", Name: "marshaller-pin-only", Title: "Buffer of an overlapped operation pinned only by the marshaller",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: marshallerPinOnlyPage,
})

func runMarshallerPinOnly(p *rules.Pass) {
	for ev := range p.Events(lifetime.MarshallerPin) {
		if !meantAsync(ev) {
			continue
		}
		if ev.HeldBy != "" {
			p.Report(ev, "%s is pinned by the marshaller until %s returns, but after that %s", rules.Quote(ev.Field, "the buffer"), ev.API, ev.HeldBy)
			continue
		}
		p.Report(ev, "%s is pinned by the marshaller until %s returns, but the operation goes on and uses it after that",
			rules.Quote(ev.Field, "the buffer"), ev.API)
	}
}
