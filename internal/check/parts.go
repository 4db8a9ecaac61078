package check

import (
	"cmp"
	"context"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/config"
	"github.com/pinvet/pinvet/internal/facts"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/walk"
)

// ReadFacts reads files of facts for runs under a configuration.
func ReadFacts(names []string, cfg *config.Settings) (units []*facts.Unit, err error) {
	for _, name := range names {
		u, err := facts.Read(name, cfg.PathChoice(), source.Limits{MaxSize: MaxFileSize})
		if err != nil {
			return nil, err
		}
		units = append(units, u)
	}
	return units, nil
}

// EncodeFacts writes what a run with Options.KeepFacts knows of its own files as bytes.
func (r *Result) EncodeFacts(cfg *config.Settings) ([]byte, error) {
	return facts.Encode(r.facts, cfg.PathChoice())
}

// part is one part of a split run: its own files, and what facts tell of others.
type part struct {
	facts *facts.Unit     // of its own files
	own   map[string]bool // paths that are reported on; nil: all, because there are but facts
}

// reports tells whether a file is one that the run reports on.
func (p *part) reports(path string) bool { return p == nil || p.own == nil || p.own[path] }

// inPart is a run over files that are a part of something. Its result is not kept: what it rests on is
// not told by the files that were found.
func inPart(ctx context.Context, o Options, found *walk.Result) (*Result, error) {
	_ = o.Config.Digest(found.Files) // so that the same problems are told as of a whole run
	given := seeds(ctx, o, found)
	var err error
	if o.part, err = split(ctx, o, found, given); err != nil {
		return nil, err
	}
	if o.part.own == nil {
		found = passedOver(o.Facts)
	}
	return resume(ctx, o, found, given)
}

// passedOver is what the walks of several units passed over.
func passedOver(units []*facts.Unit) *walk.Result {
	all := &walk.Result{}
	for _, u := range units {
		all.Skipped, all.Problems = append(all.Skipped, u.Skipped...), append(all.Problems, u.Problems...)
	}
	slices.SortFunc(all.Skipped, func(a, b outcome.Skip) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Reason, b.Reason))
	})
	all.Skipped = slices.Compact(all.Skipped) // collect does the same with problems
	return all
}

// split reads and lowers the files that were found, and gives the stages these together with those of the
// facts. Its error names a file of facts that is not of this tree.
func split(ctx context.Context, o Options, found *walk.Result, seeds map[*analysis.Analyzer]any) (*part, error) {
	s := source.Load(input(ctx, o, found), token.NewFileSet())
	l := lower.All(s)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p := &part{}
	var err error
	if o.KeepFacts {
		if p.facts, err = facts.Of(s, l); err != nil {
			return nil, err
		}
		p.facts.Skipped, p.facts.Problems = found.Skipped, found.Problems
	}
	joined, err := facts.Join(s, l, o.Facts)
	if err != nil {
		return nil, err
	}
	if len(o.Paths)+len(o.Overlay) > 0 {
		p.own = map[string]bool{"": true}
		for _, list := range [][]string{found.Files, found.Build} {
			for _, path := range list {
				p.own[path] = true
			}
		}
	}
	seeds[source.Analyzer], seeds[lower.Analyzer] = joined.Snapshot, joined.Lowered
	return p, nil
}
