package gate

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/internal/baseline"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// againstBaseline counts what the baseline does not hold.
func (g *run) againstBaseline(fs []*finding.Finding) ([]bool, error) {
	b := g.o.Baseline
	if b == nil {
		return nil, nil
	}
	at, err := pathsFrom(b.Dir(), g.check.Root)
	if err != nil {
		return nil, err
	}
	before := g.entries(b, at)
	counts := make([]bool, len(fs))
	used := make([]bool, len(before))
	for i, partner := range pair(candidatesOf(fs, at.to), before) {
		counts[i] = partner < 0
		if partner >= 0 {
			used[partner] = true
		}
	}
	if g.staged == nil { // a hook has other things to say
		g.stale(before, used, at)
	}
	return counts, nil
}

func (g *run) entries(b *baseline.File, at *paths) []known {
	out := make([]known, len(b.Entries))
	for i, e := range b.Entries {
		p := at.from(e.Path)
		gone := g.isGone(p)
		out[i] = known{e, trail{moved: gone || !g.res.Declares(p, e.Function), gone: gone}}
	}
	return out
}

func (g *run) isGone(p string) bool {
	if _, read := g.res.Text(p); read {
		return false
	}
	_, err := os.Lstat(filepath.Join(g.check.Root, filepath.FromSlash(p)))
	return err != nil || g.now.Absent[p]
}

// knows tells whether the run would have found what an entry stands for: its rule ran, and its file was read, or is gone.
func (g *run) knows(e *known, at *paths) bool {
	p := at.from(e.Path)
	_, read := g.res.Text(p)
	hidden := g.res.Generated(p) && !g.check.Generated
	ran := slices.ContainsFunc(g.check.Rules, func(r *rules.Rule) bool { return r.Code == e.Code })
	return ran && !hidden && g.scope.holds(p) && (read || e.gone) && !g.res.Incomplete()
}

// stale tells of the entries that match nothing any more.
func (g *run) stale(before []known, used []bool, at *paths) {
	for i := range before {
		e := &before[i]
		if used[i] || !g.knows(e, at) {
			continue
		}
		where := e.Path
		if e.Function != "" {
			where = e.Function + " of " + where
		}
		g.res.Stats.Stale++
		g.res.Problems = append(g.res.Problems, outcome.Problem{
			Kind: outcome.Stale, Level: outcome.Note, Path: filepath.ToSlash(g.o.Baseline.Name), Line: e.Line,
			Text: fmt.Sprintf("%s in %s matches nothing any more", e.Code, where),
		})
	}
}

// paths translates between paths relative to two folders.
type paths struct{ there, here string } // absolute, without links

func pathsFrom(there, here string) (*paths, error) {
	real := func(dir string) (string, error) {
		dir, err := filepath.Abs(dir)
		if err != nil {
			return "", err
		}
		return filepath.EvalSymlinks(dir)
	}
	a, err := real(there)
	if err != nil {
		return nil, err
	}
	b, err := real(here)
	return &paths{a, b}, err
}

// to says a path relative to here as one relative to there.
func (p *paths) to(rel string) string { return between(p.there, p.here, rel) }

// from is the reverse.
func (p *paths) from(rel string) string { return between(p.here, p.there, rel) }

func between(from, at, rel string) string {
	out, err := filepath.Rel(from, filepath.Join(at, filepath.FromSlash(rel)))
	if err != nil {
		return strings.TrimPrefix(rel, "./")
	}
	return filepath.ToSlash(out)
}
