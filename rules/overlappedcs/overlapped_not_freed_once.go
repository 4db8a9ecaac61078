package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN109.md
var overlappedNotFreedOncePage string

var overlappedNotFreedOnce = rules.Define(runOverlappedNotFreedOnce, rules.Rule{
	Code: "PIN109", Name: "overlapped-not-freed-once", Title: "NativeOverlapped not freed exactly once",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 415, Since: "0.1.0", Doc: overlappedNotFreedOncePage,
})

func runOverlappedNotFreedOnce(p *rules.Pass) {
	for ev := range p.Events(lifetime.Leak, lifetime.DoubleRelease) {
		if ev.Obj == nil || ev.Obj.Kind != lifetime.NativeOverlapped {
			continue
		}
		name := rules.Quote(ev.Obj.Var, "the NativeOverlapped")
		if ev.Kind == lifetime.DoubleRelease {
			p.Report(ev, "%s is freed twice on a path: the second free takes a block that may be in use again", name)
			continue
		}
		r := p.Report(ev, "%s is never freed on a path on which no operation was started with it, and what it pins stays pinned", name)
		r.Severity = rules.Warning
	}
}
