package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN304.md
var fixedPointerEscapesPage string

var fixedPointerEscapes = rules.Define(runFixedPointerEscapes, rules.Rule{
	Code: "PIN304", Name: "fixed-pointer-escapes", Title: "Pointer into a fixed block outlives it",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 825, Since: "0.1.0", Doc: fixedPointerEscapesPage,
})

func runFixedPointerEscapes(p *rules.Pass) {
	for ev := range p.Events(lifetime.PinnedPointerEscapes) {
		pinned := rules.Quote(ev.Obj.Target, "the object")
		var r *rules.Raw
		switch ev.How {
		case lifetime.AtReturn:
			r = p.Report(ev, "the pointer to %s is returned, but %s is pinned only inside the fixed block", pinned, pinned)
		case lifetime.AtUnfix:
			r = p.Report(ev, "`%s` still holds the pointer to %s when the fixed block ends and %s may move", ev.Field, pinned, pinned)
		default:
			r = p.Report(ev, "the pointer to %s is used after the fixed block that pinned it", pinned)
		}
		if ev.Unsure {
			r.Severity, r.Confidence = rules.Warning, rules.Medium
		}
	}
}
