package link

import (
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Analyzer links the unit; its result is a *Program.
var Analyzer = &analysis.Analyzer{
	Name:       "link",
	Doc:        "names resolved and imports bound over all files of the unit",
	Requires:   []*analysis.Analyzer{lower.Analyzer},
	ResultType: reflect.TypeFor[*Program](),
	Run: func(p *analysis.Pass) (any, error) {
		return New(p.ResultOf[lower.Analyzer].(*lower.Result).Files, models.Default()), nil
	},
}
