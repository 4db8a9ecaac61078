package imports

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN508.md
var knownPrototypePage string

var knownPrototype = rules.Define(runKnownPrototype, rules.Rule{
	Code: "PIN508", Name: "known-prototype-mismatch", Title: "Import of a known Windows function differs from its real prototype",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 685, Since: "0.1.0", Fix: rules.SafeFix, Doc: knownPrototypePage,
})

func runKnownPrototype(p *rules.Pass) {
	report(p, abi.Count, abi.Width, abi.Class, abi.Indirection, abi.Pointee, abi.Encoding, abi.Direction, abi.Return)
}
