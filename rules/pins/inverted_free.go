package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN302.md
var invertedFreeTestPage string

var invertedFreeTest = rules.Define(runInvertedFreeTest, rules.Rule{
	Code: "PIN302", Name: "inverted-free-test", Title: "Release guarded by an inverted test",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 480, Since: "0.1.0", Doc: invertedFreeTestPage,
})

func runInvertedFreeTest(p *rules.Pass) {
	for ev := range p.Events(lifetime.InvertedGuard) {
		p.Report(ev, "%s is released only where it holds nothing: the test before %s is inverted", rules.Quote(ev.Field, "the handle"), rules.Quote(ev.API, "the release"))
	}
}
