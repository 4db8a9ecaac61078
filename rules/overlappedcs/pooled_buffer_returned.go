package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN110.md
var pooledBufferReturnedPage string

var pooledBufferReturned = rules.Define(runPooledBufferReturned, rules.Rule{
	Code: "PIN110", Name: "pooled-buffer-returned-pending", Title: "Pooled buffer returned while an operation on it is pending",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: pooledBufferReturnedPage,
})

func runPooledBufferReturned(p *rules.Pass) {
	for ev := range ends(p, "PIN110") {
		p.Report(ev, "%s goes back to its pool while %s, and the next renter shares it", buffer(ev, "the buffer"), user(ev))
	}
}
