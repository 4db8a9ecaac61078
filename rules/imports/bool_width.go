package imports

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN504.md
var boolWidthPage string

var boolWidth = rules.Define(runBoolWidth, rules.Rule{
	Code: "PIN504", Name: "bool-width", Title: "bool of another width than the native type",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 704, Since: "0.1.0", Fix: rules.SafeFix, Doc: boolWidthPage,
})

func runBoolWidth(p *rules.Pass) { report(p, abi.BoolWidth) }
