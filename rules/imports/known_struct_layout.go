package imports

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN510.md
var knownStructPage string

var knownStruct = rules.Define(runKnownStruct, rules.Rule{
	Code: "PIN510", Name: "known-struct-layout", Title: "Struct for a known Windows API has another size or offset",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 787, Since: "0.1.0", Fix: rules.UnsafeFix, Doc: knownStructPage,
})

func runKnownStruct(p *rules.Pass) {
	for _, s := range p.ABI.Structs() {
		if s.Source != abi.Models || len(s.Diffs) == 0 {
			continue
		}
		d := &s.Diffs[0]
		raw := p.ReportLayout(s, d)
		if d.Targets&^abi.Bits32 == 0 && s.Targets&^abi.Bits32 != 0 {
			raw.Severity = rules.Warning
		}
	}
}
