package imports

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN507.md
var callingConventionPage string

var callingConvention = rules.Define(runCallingConvention, rules.Rule{
	Code: "PIN507", Name: "calling-convention", Title: "Import has the wrong calling convention",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 1102, Since: "0.1.0", Fix: rules.SafeFix, Doc: callingConventionPage,
})

func runCallingConvention(p *rules.Pass) {
	report(p, abi.Convention)
	reportHabits(p)
}
