package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN405.md
var wrongCloserPage string

var wrongCloser = rules.Define(runWrongCloser, rules.Rule{
	Code: "PIN405", Name: "wrong-closer", Title: "Handle closed by a function for other handles",
	Langs: []ir.Lang{ir.C, ir.CSharp}, Severity: rules.Error, CWE: 763, Since: "0.1.0", Fix: rules.SafeFix, Doc: wrongCloserPage,
})

func runWrongCloser(p *rules.Pass) {
	for ev := range p.Events(lifetime.BorrowedClosed) {
		p.Report(ev, "%s from %s must not be given to %s: %s", rules.Quote(ev.Obj.Var, "the handle"), maker(ev.Obj), rules.Quote(ev.API, "this call"), ev.Where)
	}
	for ev := range p.Events(lifetime.WrongRelease) {
		if ev.Obj == nil || ev.Obj.Kind != lifetime.Handle {
			continue
		}
		r := p.Report(ev, "%s from %s is closed by %s, which closes other handles: it needs %s", rules.Quote(ev.Obj.Var, "the handle"),
			maker(ev.Obj), rules.Quote(ev.API, "this call"), releaser(ev.Obj))
		mendCloser(p, r, ev)
	}
}
