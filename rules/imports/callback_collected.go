package imports

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN505.md
var callbackCollectedPage string

var callbackCollected = rules.Define(runCallbackCollected, rules.Rule{
	Code: "PIN505", Name: "callback-collected", Title: "Callback may be collected while native code keeps it",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Fix: rules.SafeFix, Doc: callbackCollectedPage,
})

func runCallbackCollected(p *rules.Pass) {
	for ev := range p.Events(lifetime.CallbackCollected) {
		keeps := "%s keeps"
		if ev.Field == lifetime.KeptByName {
			keeps = "%s seems to keep"
		}
		r := p.Report(ev, keeps+" the delegate for %s, which nothing else refers to: once it is collected, the callback runs into freed memory",
			rules.Quote(importName(ev), "the native function"), rules.Quote(ev.Owner, "the lambda"))
		r.Subject = ev.Owner
		mendCallback(p, r, ev)
		switch ev.Field {
		case "operation", "callback":
			r.Severity = rules.Warning // it is called once, perhaps soon
		}
		if ev.Unsure {
			r.Confidence = rules.Low
		}
	}
}
