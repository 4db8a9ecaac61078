package overlappedcs

import (
	_ "embed"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN105.md
var overlappedByRefPage string

var overlappedByRef = rules.Define(runOverlappedByRef, rules.Rule{
	Code: "PIN105", Name: "overlapped-by-ref", Title: "OVERLAPPED passed by reference or as a class",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 416, Since: "0.1.0", Doc: overlappedByRefPage,
})

// runOverlappedByRef reports the declaration, once, with the first call that goes wrong by it.
func runOverlappedByRef(p *rules.Pass) {
	seen := map[*ir.Import]bool{}
	for ev := range p.Events(lifetime.OverlappedByRef) {
		imp := ev.Import
		if imp == nil || seen[imp] || !meantAsync(ev) {
			continue
		}
		seen[imp] = true
		file := declaredIn(p, imp)
		if file == nil {
			continue
		}
		r := p.ReportOf(ev, file, imp.NameSpan, "%s passes its OVERLAPPED in a way that pins it for the call only, while the operation uses it until it is complete", rules.Quote(imp.Name, "the import"))
		r.Subject = imp.Name
	}
}

// declaredIn is the file with the declaration.
func declaredIn(p *rules.Pass, imp *ir.Import) *ir.File {
	for _, f := range p.Program.Files {
		if slices.Contains(f.Imports, imp) {
			return f
		}
	}
	return nil
}
