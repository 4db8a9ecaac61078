package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN404.md
var useAfterClosePage string

var useAfterClose = rules.Define(runUseAfterClose, rules.Rule{
	Code: "PIN404", Name: "use-after-close", Title: "Handle closed twice, or used after it was closed",
	Langs: []ir.Lang{ir.C, ir.CSharp}, Severity: rules.Error, CWE: 1341, Since: "0.1.0", Doc: useAfterClosePage,
})

func runUseAfterClose(p *rules.Pass) {
	for ev := range p.Events(lifetime.DoubleRelease, lifetime.UseAfterRelease) {
		if ev.Obj == nil || !ev.ByNative {
			continue
		}
		name := rules.Quote(ev.Obj.Var, "the handle")
		if ev.Kind == lifetime.DoubleRelease {
			p.Report(ev, "%s was released before on this path and is released again by %s", name, rules.Quote(ev.API, "this call"))
			continue
		}
		p.Report(ev, "%s was released before on this path and is used by %s", name, rules.Quote(ev.API, "this call"))
	}
}
