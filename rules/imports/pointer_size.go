package imports

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN503.md
var pointerSizePage string

var pointerSize = rules.Define(runPointerSize, rules.Rule{
	Code: "PIN503", Name: "pointer-size", Title: "32-bit type for pointer-sized parameter",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 681, Since: "0.1.0", Fix: rules.UnsafeFix, Doc: pointerSizePage,
})

func runPointerSize(p *rules.Pass) { report(p, abi.PointerSize) }
