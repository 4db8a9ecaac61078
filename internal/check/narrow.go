package check

import (
	"context"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/unread"
	"github.com/pinvet/pinvet/internal/driver"
)

// Beyond these a run over parts of a tree costs more than it saves, and all files are read. Most rounds only
// resolve names.
const (
	maxPart   = 5  // one in so many C# files is read at most
	maxRounds = 12 // runs that ask for more
	fewFiles  = 64 // so many are read in any case
)

// looksAtFiles tells whether an analyzer may look at any file: it does not ask package link what is in them.
func looksAtFiles(a *analysis.Analyzer) bool {
	return a != link.Analyzer && !slices.ContainsFunc(a.Requires, func(a *analysis.Analyzer) bool { return !looksAtFiles(a) })
}

// narrow runs analyzers over the files that something can come of: at first those of which their words say so, then
// what these ask for, until nothing is asked for any more (see package unread). Where that is much of the tree, it
// runs them over all, unless always is set.
func narrow(ctx context.Context, unit *driver.Unit, analyzers []*analysis.Analyzer, always bool) (*driver.Result, error) {
	in := *unit.Seeds[source.Unit].(*source.Input)
	x := unread.New(&in, lifetime.Needles(), lifetime.Telling)
	in.Paths = x.Next()
	if unit.Fset == nil {
		unit.Fset = token.NewFileSet()
	}
	snap := source.Load(&in, unit.Fset)
	for _, p := range x.Rest() {
		snap.Skimmed = append(snap.Skimmed, p.Path)
	}
	low := &lower.Result{}
	for round := 0; ; round++ {
		low = low.With(snap)
		x.NoteIn(low.Files)
		unit.Seeds[source.Analyzer], unit.Seeds[lower.Analyzer], unit.Seeds[unread.Analyzer] = snap, low, x
		delete(unit.Seeds, link.Analyzer)
		delete(unit.Seeds, lifetime.Analyzer)
		ran, err := driver.Run(ctx, unit, []*analysis.Analyzer{project.Analyzer, lifetime.Analyzer})
		if err != nil {
			return nil, err
		}
		unit.Seeds[project.Analyzer] = ran.Of[project.Analyzer]
		if !x.More() {
			unit.Seeds[link.Analyzer], unit.Seeds[lifetime.Analyzer] = ran.Of[link.Analyzer], ran.Of[lifetime.Analyzer]
			if ran, err = driver.Run(ctx, unit, analyzers); err != nil {
				return nil, err
			}
			if !x.More() {
				ran.Of[unread.Analyzer] = x
				return ran, nil
			}
		}
		if n, of := x.Wanted(); !always && (round == maxRounds || n > max(of/maxPart, fewFiles)) {
			x.All()
		}
		snap = snap.With(x.Next(), unit.Fset)
	}
}
