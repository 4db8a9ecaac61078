package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN303.md
var pinFreedTwicePage string

var pinFreedTwice = rules.Define(runPinFreedTwice, rules.Rule{
	Code: "PIN303", Name: "pin-freed-twice", Title: "Pin or GC handle freed twice",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 415, Since: "0.1.0", Fix: rules.UnsafeFix, Doc: pinFreedTwicePage,
})

func runPinFreedTwice(p *rules.Pass) {
	for ev := range p.Events(lifetime.DoubleRelease) {
		if ev.Obj == nil || ev.ByNative || !freesHandle(p, ev) {
			continue
		}
		name := ev.Obj.Var
		if name == "" {
			name = ev.Field
		}
		if ev.Field != "" && ev.Field != name {
			r := p.Report(ev, "%s is a copy of %s, whose handle was freed before on this path: %s frees it again", rules.Quote(ev.Field, ""), rules.Quote(name, ""), rules.Quote(ev.API, "this call"))
			p.MendAgain(r, ev)
			continue
		}
		r := p.Report(ev, "%s was freed before on this path and is freed again by %s", rules.Quote(name, "the handle"), rules.Quote(ev.API, "this call"))
		p.MendAgain(r, ev)
	}
}

// freesHandle tells whether the release of an event is one of pins and GC handles held by structs.
func freesHandle(p *rules.Pass, ev *lifetime.Event) bool {
	if ev.Obj.Kind == lifetime.Pin || ev.Obj.Kind == lifetime.GCHandle {
		return structHandle(p, ev.Obj)
	}
	typ, name := models.SplitMember(ev.API)
	r := p.Program.DB.MemberRelease(typ, name)
	return ev.Obj.Kind == lifetime.Unknown && r != nil && r.Resets
}
