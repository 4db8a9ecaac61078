package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN410.md
var ownerWithoutReleasePage string

var ownerWithoutRelease = rules.Define(runOwnerWithoutRelease, rules.Rule{
	Code: "PIN410", Name: "owner-without-release", Title: "Type keeps a handle or memory that nothing releases",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 772, Since: "0.1.0", Doc: ownerWithoutReleasePage,
})

func runOwnerWithoutRelease(p *rules.Pass) {
	for ev := range forgottenFields(p) {
		what := "handle"
		if ev.Obj.Kind == lifetime.Memory {
			what = "block"
		}
		p.Report(ev, "%s keeps the %s from %s, and nothing releases it%s", rules.Quote(ev.Field, "a field"), what, maker(ev.Obj), with(ev.Obj))
	}
}
