package suppressions

import (
	_ "embed"

	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN003.md
var unusedPage string

var unused = rules.Define(later, rules.Rule{
	Code: "PIN003", Name: "unused-suppression", Title: "Suppression that matches nothing",
	Langs: both, Severity: rules.Advice, Fix: rules.SafeFix, Since: "0.1.0", Doc: unusedPage,
})
