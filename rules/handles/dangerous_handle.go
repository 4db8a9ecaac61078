package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN408.md
var dangerousHandlePage string

var dangerousHandle = rules.Define(runDangerousHandle, rules.Rule{
	Code: "PIN408", Name: "dangerous-handle", Title: "Raw handle used while its owner is gone",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 416, Since: "0.1.0", Doc: dangerousHandlePage,
})

func runDangerousHandle(p *rules.Pass) {
	for ev := range p.Events(lifetime.RawOutlives) {
		p.Report(ev, "the raw handle of %s %s", ownerOf(ev), outlives(ev))
	}
	for ev := range p.Events(lifetime.RefUntested) {
		r := p.Report(ev, "a reference to %s is dropped also where DangerousAddRef failed: nothing looks at %s, and the one dropped then is somebody else's",
			rules.Quote(ev.Field, "the owner"), rules.Quote(ev.API, "its flag"))
		r.Confidence = rules.Medium
	}
}

// outlives words where the raw handle is used.
func outlives(ev *lifetime.Event) string {
	switch ev.How {
	case lifetime.AtReturn:
		return "is returned, and its owner does not outlive " + ev.Func.Name
	case lifetime.AtScope:
		return "is stored, and its owner does not outlive " + ev.Func.Name
	case lifetime.AtCall:
		return "is given to native code while nothing keeps its owner from being collected"
	}
	return "is used after its owner was disposed"
}

// ownerOf names the owner of the raw handle at hand.
func ownerOf(ev *lifetime.Event) string {
	if ev.Obj == nil {
		return rules.Quote(ev.Field, "a handle")
	}
	return rules.Quote(ev.Obj.Var, "the owner from "+maker(ev.Obj))
}
