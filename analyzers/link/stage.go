package link

import (
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/unread"
)

// Analyzer links the unit; its result is a *Program.
var Analyzer = &analysis.Analyzer{
	Name:       "link",
	Doc:        "names resolved and imports bound over all files of the unit",
	Requires:   []*analysis.Analyzer{lower.Analyzer, project.Analyzer, models.Analyzer, unread.Analyzer},
	ResultType: reflect.TypeFor[*Program](),
	Run: func(p *analysis.Pass) (any, error) {
		projects := p.ResultOf[project.Analyzer].(*project.Set)
		files := p.ResultOf[lower.Analyzer].(*lower.Result).Files
		return NewPart(projects, files, p.ResultOf[unread.Analyzer].(*unread.Index), p.ResultOf[models.Analyzer].(*models.DB)), nil
	},
}
