package overlappedc

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN210.md
var threadpoolIOPage string

var threadpoolIO = rules.Define(runThreadpoolIO, rules.Rule{
	Code: "PIN210", Name: "threadpool-io-unbalanced", Title: "Thread-pool I/O not balanced",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 911, Since: "0.1.0", Doc: threadpoolIOPage,
})

func runThreadpoolIO(p *rules.Pass) {
	for ev := range p.Events(lifetime.ThreadpoolIO) {
		io := rules.Quote(ev.Obj.Var, "the thread-pool I/O object")
		if ev.How == lifetime.AtCall {
			p.Report(ev, "%s on %s while %s may be pending: its completion will come all the same", ev.API, io, ev.Op.API)
			continue
		}
		p.Report(ev, "%s on %s is not taken back by %s where the operation does not start", ev.API, io, ev.Obj.Release[0])
	}
	for ev := range ends(p, "PIN210") {
		p.Report(ev, "%s %s while %s may still be pending: dropping its callbacks does not end it", storage(ev), ended[ev.How], ev.API)
	}
}
