package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN307.md
var shortLivedPOHPage string

var shortLivedPOH = rules.Define(runShortLivedPOH, rules.Rule{
	Code: "PIN307", Name: "short-lived-poh", Title: "Pinned object heap used for a short-lived array",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Advice, Since: "0.1.0", Doc: shortLivedPOHPage,
})

func runShortLivedPOH(p *rules.Pass) {
	for ev := range p.Events(lifetime.ShortPOH) {
		p.Report(ev, "%s lies on the pinned object heap but lives only as long as the call: that heap is collected in full collections only",
			rules.Quote(ev.Obj.Var, "the array"))
	}
}
