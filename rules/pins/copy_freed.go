package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN309.md
var pinCopyFreedPage string

var pinCopyFreed = rules.Define(runPinCopyFreed, rules.Rule{
	Code: "PIN309", Name: "pin-copy-freed", Title: "Handle freed through a copy, or its address used after Free",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 825, Since: "0.1.0", Doc: pinCopyFreedPage,
})

func runPinCopyFreed(p *rules.Pass) {
	for ev := range p.Events(lifetime.CopyReleased) {
		p.Report(ev, "%s works on a copy of the %s `%s`, which still holds the handle afterwards and frees it again next time",
			rules.Quote(ev.API, "the release"), copyWord(ev.How), ev.Field)
	}
	for ev := range p.Events(lifetime.AddressAfterFree) {
		pinned := rules.Quote(ev.Obj.Target, "the object")
		if ev.How == lifetime.AtReturn {
			p.Report(ev, "the address of %s is returned although its pin %s was freed before", pinned, handleName(ev.Obj))
			continue
		}
		p.Report(ev, "the address of %s is used after its pin %s was freed", pinned, handleName(ev.Obj))
	}
}

func copyWord(how lifetime.How) string {
	switch how {
	case lifetime.OfReadonly:
		return "readonly field"
	case lifetime.OfNullable:
		return "nullable"
	}
	return "property"
}
