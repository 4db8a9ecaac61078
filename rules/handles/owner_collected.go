package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN413.md
var ownerCollectedPage string

var ownerCollected = rules.Define(runOwnerCollected, rules.Rule{
	Code: "PIN413", Name: "owner-collected-during-call", Title: "Owner may be collected while its handle is in a call",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 416, Since: "0.2.0", Doc: ownerCollectedPage,
})

func runOwnerCollected(p *rules.Pass) {
	for ev := range p.Events(lifetime.OwnerCollected) {
		p.Report(ev, "%s can be collected while its `%s` is in %s: its finalizer frees that, and nothing uses it after this call",
			rules.Quote(ev.Obj.Var, "the object from "+maker(ev.Obj)), ev.Field, rules.Quote(ev.API, "a native call"))
	}
}
