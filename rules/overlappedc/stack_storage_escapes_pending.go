package overlappedc

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN201.md
var stackStorageEscapesPage string

var stackStorageEscapes = rules.Define(runStackStorageEscapes, rules.Rule{
	Code: "PIN201", Name: "stack-storage-escapes-pending", Title: "Stack OVERLAPPED or buffer ends with I/O pending",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 562, Since: "0.1.0", Doc: stackStorageEscapesPage,
})

func runStackStorageEscapes(p *rules.Pass) {
	for ev := range ends(p, "PIN201") {
		if ev.HeldBy != "" {
			p.Report(ev, "%s lies on the stack and %s while %s", storage(ev), ended[ev.How], ev.HeldBy)
			continue
		}
		p.Report(ev, "%s lies on the stack and %s while %s may still write to it", storage(ev), ended[ev.How], ev.API)
	}
}
