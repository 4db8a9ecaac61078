package transition

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN601.md
var suppressedBlocksPage string

var suppressedBlocks = rules.Define(runSuppressedBlocks, rules.Rule{
	Code: "PIN601", Name: "suppressed-transition-blocks", Title: "Blocking function called without a GC transition",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 667, Since: "0.1.0", Fix: rules.SafeFix, Doc: suppressedBlocksPage,
})

func runSuppressedBlocks(p *rules.Pass) {
	for _, s := range p.Program.Suppressed() {
		if what, why := known(p, &s); what == models.TransitionBlocks {
			report(p, &s, "%s is called without a GC transition, but it %s: no garbage collection can start until it returns", name(&s), why)
		}
	}
}
