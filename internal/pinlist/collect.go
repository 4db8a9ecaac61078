package pinlist

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/inventory"
	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/config"
	"github.com/pinvet/pinvet/internal/version"
	"github.com/pinvet/pinvet/rules"
)

// Options says what to list.
type Options struct {
	Paths     []string // files and folders; none means the current one
	Classes   []string // names of inventory.Classes; none means all
	Generated bool     // list generated code too
	Workers   int      // less than 1: one per processor
	Config    *config.Settings
	Cache     *cache.Store // where lowered files are kept; may be nil
	Progress  func(stage string, done, total int)
}

// ErrIncomplete is a run in which a whole stage failed.
var ErrIncomplete = errors.New("a stage failed, so there is no inventory")

// Run makes the inventory of the paths. Its error says why there is none: a class that does not
// exist, a path that does not exist, the end of ctx, or ErrIncomplete.
func Run(ctx context.Context, o Options) (*List, error) {
	for _, c := range o.Classes {
		if !slices.Contains(inventory.Classes, inventory.Class(c)) {
			return nil, fmt.Errorf("there is no class %q: use process, object, operation, block or call", c)
		}
	}
	res, err := check.Run(ctx, check.Options{
		Paths: o.Paths, Workers: o.Workers, Progress: o.Progress, Config: o.Config, Cache: o.Cache,
		Stages: []*analysis.Analyzer{inventory.Analyzer},
	})
	if err != nil {
		return nil, err
	}
	sites, ok := res.Of[inventory.Analyzer].([]*inventory.Site)
	if !ok || res.Incomplete() {
		return nil, ErrIncomplete
	}
	l := &List{Version: version.Number, Problems: res.Problems, Stats: res.Stats}
	l.Sites = Resolve(res, sites, o)
	return l, nil
}

// Resolve gives sites their positions and leaves out those that the options do not ask for.
func Resolve(res *check.Result, sites []*inventory.Site, o Options) (out []Site) {
	for _, s := range sites {
		if !o.Generated && res.Generated(s.File.Path) || len(o.Classes) > 0 && !slices.Contains(o.Classes, string(s.Class)) {
			continue
		}
		if shown, ok := resolve(res, s); ok {
			out = append(out, shown)
		}
	}
	return out
}

func resolve(res *check.Result, s *inventory.Site) (Site, bool) {
	at, ok := res.Span(rules.Loc{File: s.File, Span: s.Span})
	if !ok {
		return Site{}, false
	}
	line, _ := res.Line(at.Path, at.Start.Line)
	return Site{
		Path: at.Path, Line: at.Start.Line, Column: at.Start.Column, Class: s.Class, Kind: s.Kind,
		Function: s.Func.FullName(), Target: s.Target, Type: string(s.Type), Holder: s.Holder, InLoop: s.InLoop,
		Advice: s.Advice, Reason: s.Reason, Source: strings.TrimSpace(line),
	}, true
}
