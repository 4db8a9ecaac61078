package abi

import (
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/link"
)

// Analyzer compares imports with prototypes; its result is a *Result, which computes nothing before
// a rule asks.
var Analyzer = &analysis.Analyzer{
	Name:       "abi",
	Doc:        "how values cross between C# and native code, and where declarations disagree",
	Requires:   []*analysis.Analyzer{link.Analyzer},
	ResultType: reflect.TypeFor[*Result](),
	Run: func(p *analysis.Pass) (any, error) {
		return New(p.ResultOf[link.Analyzer].(*link.Program)), nil
	},
}
