package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN106.md
var overlappedStorageEndsPage string

var overlappedStorageEnds = rules.Define(runOverlappedStorageEnds, rules.Rule{
	Code: "PIN106", Name: "overlapped-storage-ends-pending", Title: "NativeOverlapped in a local or field, method returns with I/O pending",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 562, Since: "0.1.0", Doc: overlappedStorageEndsPage,
})

func runOverlappedStorageEnds(p *rules.Pass) {
	for ev := range ends(p, "PIN106") {
		name := rules.Quote(ev.Field, "the NativeOverlapped")
		if ev.How == lifetime.AtUnfix {
			p.Report(ev, "%s, the NativeOverlapped, is unpinned at the end of the fixed block while %s may still write to it%s", buffer(ev, "the field"), ev.API, late(ev))
			continue
		}
		p.Report(ev, "%s ends with the method while %s may still write to it%s", name, ev.API, late(ev))
	}
}
