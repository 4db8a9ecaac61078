package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN306.md
var longLivedPinPage string

var longLivedPin = rules.Define(runLongLivedPin, rules.Rule{
	Code: "PIN306", Name: "long-lived-pin", Title: "Ordinary array pinned for the life of its owner",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Advice, Since: "0.1.0", Doc: longLivedPinPage,
})

func runLongLivedPin(p *rules.Pass) {
	if !hasPinnedHeap(p) {
		return
	}
	for ev := range p.Events(lifetime.PinStored) {
		if ev.Local && !ev.Static && ev.Field != "" && structHandle(p, ev.Obj) {
			p.Report(ev, "%s is pinned by `%s` for the life of its owner and fragments the heap: an array of the pinned object heap needs no handle",
				rules.Quote(ev.Obj.Target, "the array"), ev.Field)
		}
	}
}

// hasPinnedHeap tells whether the unit certainly targets a runtime with a pinned object heap:
// generated imports came two versions later.
func hasPinnedHeap(p *rules.Pass) bool {
	for _, f := range p.Program.Files {
		for _, imp := range f.Imports {
			if imp.Generated {
				return true
			}
		}
	}
	return false
}
