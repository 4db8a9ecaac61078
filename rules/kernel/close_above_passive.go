package kernel

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN804.md
var closeAbovePassivePage string

var closeAbovePassive = rules.Define(runCloseAbovePassive, rules.Rule{
	Code: "PIN804", Name: "close-above-passive", Title: "Handle opened or closed above PASSIVE_LEVEL",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 667, Since: "0.1.0",
	Doc: closeAbovePassivePage,
})

func runCloseAbovePassive(p *rules.Pass) {
	for ev := range p.Events(lifetime.CalledRaised) {
		p.Report(ev, "%s needs PASSIVE_LEVEL, but is called at %s %s", ev.API, levels[ev.Value], because(ev))
	}
}

// levels names the levels that locks raise to.
var levels = map[int64]string{1: "APC_LEVEL", 2: "DISPATCH_LEVEL"}

func because(ev *lifetime.Event) string {
	switch {
	case ev.How == lifetime.InRoutine:
		return "in a " + ev.Field + " routine"
	case ev.Field == "IRQL":
		return "after the level was raised"
	}
	return "while a " + ev.Field + " is held"
}
