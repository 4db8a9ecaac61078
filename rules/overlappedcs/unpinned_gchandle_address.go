package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN113.md
var unpinnedGCHandlePage string

var unpinnedGCHandle = rules.Define(runUnpinnedGCHandle, rules.Rule{
	Code: "PIN113", Name: "unpinned-gchandle-address", Title: "Normal GCHandle used as if it pinned",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: unpinnedGCHandlePage,
})

func runUnpinnedGCHandle(p *rules.Pass) {
	for ev := range p.Events(lifetime.UnpinnedAddress) {
		if ev.How != "normal-gchandle" {
			continue
		}
		p.Report(ev, "%s does not pin %s, so it has no address: the call throws, or the memory moves", rules.Quote(ev.Obj.Var, "this GCHandle"),
			rules.Quote(ev.Obj.Target, "its target"))
	}
}
