package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN112.md
var stackBufferPendingPage string

var stackBufferPending = rules.Define(runStackBufferPending, rules.Rule{
	Code: "PIN112", Name: "stack-buffer-pending", Title: "Stack memory given to an operation that outlives the method",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 562, Since: "0.1.0", Doc: stackBufferPendingPage,
})

func runStackBufferPending(p *rules.Pass) {
	for ev := range ends(p, "PIN112") {
		p.Report(ev, "%s lies on the stack and ends with the method while %s%s", rules.Quote(ev.Field, "the buffer"), user(ev), late(ev))
	}
}
