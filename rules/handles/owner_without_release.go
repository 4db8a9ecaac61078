package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN410.md
var ownerWithoutReleasePage string

var ownerWithoutRelease = rules.Define(runOwnerWithoutRelease, rules.Rule{
	Code: "PIN410", Name: "owner-without-release", Title: "Type keeps a handle that nothing releases",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 772, Since: "0.1.0", Doc: ownerWithoutReleasePage,
})

func runOwnerWithoutRelease(p *rules.Pass) {
	for ev := range forgottenFields(p) {
		p.Report(ev, "%s keeps the handle from %s, and nothing releases it%s", rules.Quote(ev.Field, "a field"), maker(ev.Obj), with(ev.Obj))
	}
}
