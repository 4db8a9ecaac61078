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
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Advice, Since: "0.1.0", Fix: rules.SafeFix, Doc: longLivedPinPage,
})

func runLongLivedPin(p *rules.Pass) {
	generated := usesGeneratedImports(p)
	for ev := range p.Events(lifetime.PinStored) {
		if ev.Local && !ev.Static && ev.Field != "" && structHandle(p, ev.Obj) && hasPinnedHeap(p, ev.Func.File, generated) {
			r := p.Report(ev, "%s is pinned by `%s` for the life of its owner and fragments the heap: an array of the pinned object heap needs no handle",
				rules.Quote(ev.Obj.Target, "the array"), ev.Field)
			mendLongLived(p, r, ev)
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

// mendLongLived makes the array on the pinned object heap. The handle does no harm then, and is left.
func mendLongLived(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	c := p.Code(ev.Func.File)
	if c == nil {
		return
	}
	made := -1
	for i, to := c.Within(ev.Func.Span); i < to; i++ {
		if !c.Is(i, ev.Obj.Target) || !c.Is(i+1, "=") {
			continue
		}
		if made >= 0 {
			return // which of them is pinned?
		}
		made = i + 2
	}
	if made < 0 || !c.Is(made, "new") {
		return
	}
	open := made + 1
	for c.Tokens[open].Kind == rules.Word || c.Is(open, ".", "::") {
		open++
	}
	shut := c.Match(open)
	if shut < 0 || !c.Is(open, "[") || !c.Is(shut+1, ";", ",") || len(c.Arguments(open, shut)) != 1 || open == made+1 {
		return
	}
	text := "GC.AllocateArray<" + c.Join(made+1, open) + ">(" + c.Join(open+1, shut) + ", pinned: true)"
	r.Mend(rules.SafeFix, "make the array on the pinned object heap", c.Replace(made, shut+1, text))
}
