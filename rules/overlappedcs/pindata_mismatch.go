package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN107.md
var pinDataMismatchPage string

var pinDataMismatch = rules.Define(runPinDataMismatch, rules.Rule{
	Code: "PIN107", Name: "pindata-mismatch", Title: "pinData of the NativeOverlapped does not hold the buffer",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: pinDataMismatchPage,
})

func runPinDataMismatch(p *rules.Pass) {
	for ev := range p.Events(lifetime.PinDataMismatch) {
		buf := rules.Quote(ev.Field, "the buffer")
		if data := ev.Obj.Target; data != "" {
			p.Report(ev, "%s is not pinned while %s uses it: %s was given %s as pinData", buf, ev.API, ev.Obj.API, rules.Quote(data, "other data"))
			continue
		}
		p.Report(ev, "%s is not pinned while %s uses it: %s was given no pinData", buf, ev.API, ev.Obj.API)
	}
}
