package suppressions

import (
	_ "embed"

	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN002.md
var expiredPage string

var expired = rules.Define(later, rules.Rule{
	Code: "PIN002", Name: "expired-suppression", Title: "Suppression whose date has passed",
	Langs: both, Severity: rules.Warning, Since: "0.1.0", Doc: expiredPage,
})
