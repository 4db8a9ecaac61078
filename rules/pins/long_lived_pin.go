package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN306.md
var longLivedPinPage string

var longLivedPin = rules.Define(runLongLivedPin, rules.Rule{
	Code: "PIN306", Name: "long-lived-pin", Title: "Ordinary array pinned for the life of its owner",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Advice, Since: "0.1.0", Doc: longLivedPinPage,
})

func runLongLivedPin(p *rules.Pass) {
	generated := usesGeneratedImports(p)
	for ev := range p.Events(lifetime.PinStored) {
		if ev.Local && !ev.Static && ev.Field != "" && structHandle(p, ev.Obj) && hasPinnedHeap(p, ev.Func.File, generated) {
			p.Report(ev, "%s is pinned by `%s` for the life of its owner and fragments the heap: an array of the pinned object heap needs no handle",
				rules.Quote(ev.Obj.Target, "the array"), ev.Field)
		}
	}
}

// hasPinnedHeap tells whether all frameworks that a file is built for have a pinned object heap. For a
// file of no known project that is what the unit as a whole says.
func hasPinnedHeap(p *rules.Pass, f *ir.File, generated bool) bool {
	if cs := p.Project(f); cs != nil {
		return cs.Has(project.POH)
	}
	return generated
}

// usesGeneratedImports tells whether the unit has generated imports, which came two versions after the pinned
// object heap.
func usesGeneratedImports(p *rules.Pass) bool {
	for _, f := range p.Program.Files {
		for _, imp := range f.Imports {
			if imp.Generated {
				return true
			}
		}
	}
	return false
}
