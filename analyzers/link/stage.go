package link

import (
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/project"
)

// Analyzer links the unit; its result is a *Program.
var Analyzer = &analysis.Analyzer{
	Name:       "link",
	Doc:        "names resolved and imports bound over all files of the unit",
	Requires:   []*analysis.Analyzer{lower.Analyzer, project.Analyzer, models.Analyzer},
	ResultType: reflect.TypeFor[*Program](),
	Run: func(p *analysis.Pass) (any, error) {
		projects := p.ResultOf[project.Analyzer].(*project.Set)
		return NewIn(projects, p.ResultOf[lower.Analyzer].(*lower.Result).Files, p.ResultOf[models.Analyzer].(*models.DB)), nil
	},
}
