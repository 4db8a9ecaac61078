package contracts

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN701.md
var importMismatchPage string

var importMismatch = rules.Define(runImportMismatch, rules.Rule{
	Code: "PIN701", Name: "import-mismatch", Title: "Import does not match the C function",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 685, Since: "0.1.0", Fix: rules.SafeFix, Doc: importMismatchPage,
})

// runImportMismatch reports each parameter once. What is mostly harmless, breaks on one kind of
// system or 32-bit processes alone, or rests on a convention that nobody wrote, is a warning.
func runImportMismatch(p *rules.Pass) {
	for _, ch := range p.ABI.Imports() {
		if ch.Source != abi.Tree {
			continue
		}
		for i := range ch.Diffs {
			d := &ch.Diffs[i]
			if d.Assumed && ch.Stated&abi.Bits32 == 0 {
				continue // both sides leave it to the defaults, and nobody asks for 32-bit x86
			}
			raw := p.ReportMismatch(ch, d)
			if ch.Binding.Confidence < link.High {
				raw.Confidence = rules.Medium
			}
			if d.Mild || partly(d.Targets, ch.Targets) || d.Kind == abi.Direction || d.Kind == abi.Encoding || d.Kind == abi.Convention {
				raw.Severity = rules.Warning
			}
			if ch.Only32(d) {
				raw.Severity = rules.Advice
			}
		}
	}
}

// partly tells whether targets are 32-bit ones alone, or others than Windows, while all has more.
func partly(targets, all abi.TargetSet) bool {
	if targets == all {
		return false
	}
	return targets&^abi.Bits32 == 0 || targets&abi.AllWindows == 0
}
