package overlappedc

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN208.md
var unreliableSignalPage string

var unreliableSignal = rules.Define(runUnreliableSignal, rules.Rule{
	Code: "PIN208", Name: "unreliable-completion-signal", Title: "Completion signal that does not tell which operation is complete",
	Langs: []ir.Lang{ir.C}, Severity: rules.Warning, CWE: 833, Since: "0.1.0", Doc: unreliableSignalPage,
})

func runUnreliableSignal(p *rules.Pass) {
	for ev := range p.Events(lifetime.AutoResetResult) {
		p.Report(ev, "%s may wait for ever: %s is an auto-reset event, and the wait before has reset it", ev.API, rules.Quote(ev.Obj.Var, "the event"))
	}
	for ev := range p.Events(lifetime.SharedSignal) {
		p.Report(ev, "%s cannot tell which operation is complete: two are pending on the handle, and neither has an event", ev.API)
	}
}
