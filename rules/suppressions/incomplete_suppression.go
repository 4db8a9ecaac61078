package suppressions

import (
	_ "embed"

	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN001.md
var incompletePage string

var incomplete = rules.Define(later, rules.Rule{
	Code: "PIN001", Name: "incomplete-suppression", Title: "Suppression without a reason",
	Langs: both, Severity: rules.Warning, Since: "0.1.0", Doc: incompletePage,
})
