package contracts

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN702.md
var structLayoutPage string

var structLayout = rules.Define(runStructLayout, rules.Rule{
	Code: "PIN702", Name: "struct-layout", Title: "Struct is laid out otherwise in C",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 787, Since: "0.1.0", Fix: rules.UnsafeFix, Doc: structLayoutPage,
})

func runStructLayout(p *rules.Pass) {
	for _, s := range p.ABI.Structs() {
		if s.Source != abi.Tree || len(s.Diffs) == 0 {
			continue
		}
		d := &s.Diffs[0]
		raw := p.ReportLayout(s, d)
		raw.Confidence = rules.Medium
		if partly(d.Targets, s.Targets) {
			raw.Severity = rules.Warning
		}
	}
}
