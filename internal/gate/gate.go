package gate

import (
	"context"
	"fmt"
	"slices"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/baseline"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/git"
	"github.com/pinvet/pinvet/internal/outcome"
)

// Options says what counts. The zero value lets everything count.
type Options struct {
	Baseline *baseline.File // findings that it holds do not count; nil: there is none
	NewFrom  string         // a revision: what was there at its merge base with HEAD does not count; "": none
	Staged   bool           // check what is staged for a commit, and count what touches staged files
}

func (o *Options) none() bool { return o.Baseline == nil && o.NewFrom == "" && !o.Staged }

// Run checks, and leaves out what does not count. Its error says why nothing could be run, or nothing compared.
func Run(ctx context.Context, co check.Options, o Options) (*check.Result, error) {
	if o.none() {
		return check.Run(ctx, co)
	}
	g, err := begin(ctx, co, o)
	if err != nil {
		return nil, err
	}
	if g.staged != nil && !g.staged.any {
		return g.nothing(), nil
	}
	g.res, err = check.Run(ctx, g.check)
	if err != nil {
		return nil, err
	}
	all := g.res.Findings
	for _, step := range []struct {
		reason outcome.Left
		apply  func([]*finding.Finding) (counts []bool, err error)
	}{
		{outcome.InBaseline, g.againstBaseline},
		{outcome.NotStaged, g.onlyStaged},
		{outcome.AtBase, func(fs []*finding.Finding) ([]bool, error) { return g.againstBase(ctx, fs) }},
	} {
		counts, err := step.apply(all)
		if err != nil {
			return nil, err
		}
		all = g.leaveOut(step.reason, all, counts)
	}
	g.res.Findings = slices.DeleteFunc(all, func(f *finding.Finding) bool { return !g.lowest(f) })
	g.res.Suppressed = slices.DeleteFunc(g.res.Suppressed, func(f *finding.Finding) bool { return !g.lowest(f) })
	slices.SortFunc(g.res.Unchanged, finding.Compare)
	outcome.Sort(g.res.Problems)
	return g.res, nil
}

// run is one run.
type run struct {
	check  check.Options // with all severities, so that entries and findings meet whatever is shown
	o      Options
	lowest func(*finding.Finding) bool // whether it would be shown

	scope  *scope
	now    *View
	staged *stagedFiles
	base   *base
	res    *check.Result
}

// begin finds out what is to be read. All that can be wrong with the repository is found here, before the work.
func begin(ctx context.Context, co check.Options, o Options) (*run, error) {
	if co.Root == "" {
		co.Root = "."
	}
	if len(co.Paths) == 0 && len(co.Facts) == 0 {
		co.Paths = []string{"."}
	}
	g := &run{o: o, now: newView()}
	shown := co.MinSeverity
	g.lowest = func(f *finding.Finding) bool { return f.Severity >= shown }
	found, err := check.Walk(ctx, co)
	if err != nil {
		return nil, err
	}
	co.Found, co.MinSeverity, co.Declarations = found, 0, true
	g.scope = newScope(found, co.Config)
	if o.NewFrom != "" || o.Staged {
		if err := g.askGit(ctx, co); err != nil {
			return nil, err
		}
	}
	if o.Staged {
		co.Overlay, co.Absent = g.now.Overlay, g.now.Absent
	}
	g.check = co
	return g, nil
}

// nothing is the result where no file that matters is staged: the hook of most commits in most repositories.
func (g *run) nothing() *check.Result {
	found := g.check.Found
	res := &check.Result{Problems: found.Problems, Skipped: found.Skipped}
	res.Stats.Files = len(found.Files)
	return res
}

func (g *run) askGit(ctx context.Context, co check.Options) error {
	flag := "--staged"
	if g.o.NewFrom != "" {
		flag = "--new-from " + g.o.NewFrom
	}
	fail := func(err error) error { return fmt.Errorf("%s: %w", flag, err) }
	r, err := git.Open(ctx, co.Root)
	if err != nil {
		return fail(err)
	}
	for _, root := range g.scope.roots {
		if _, err := r.Path(root); err != nil {
			return fail(err)
		}
	}
	if g.o.Staged {
		if g.now, err = stagedView(ctx, r, g.scope); err != nil {
			return fail(err)
		}
		if g.staged, err = stagedIn(ctx, r, g.scope); err != nil {
			return fail(err)
		}
	}
	if g.o.NewFrom == "" {
		return nil
	}
	commit, err := r.MergeBase(ctx, g.o.NewFrom)
	if err != nil {
		return fail(err)
	}
	p, err := pastOf(ctx, r, g.scope, g.now, commit, g.o.Staged)
	if err != nil {
		return fail(err)
	}
	if g.base, err = readBase(ctx, p); err != nil {
		return fail(err)
	}
	g.base.findRenames(func(p string) []byte { return g.rawNow(co.Root, p) })
	return nil
}

// rawNow is the text of a file as it is checked; nil where there is none.
func (g *run) rawNow(root, p string) []byte {
	if text, ok := g.now.Overlay[p]; ok {
		return text
	}
	f, err := source.Limits{MaxSize: check.MaxFileSize}.Read(root, p)
	if err != nil {
		return nil
	}
	return f.Raw()
}

// leaveOut keeps the findings that count; those of the others that would be shown are counted.
func (g *run) leaveOut(reason outcome.Left, fs []*finding.Finding, counts []bool) (kept []*finding.Finding) {
	if counts == nil {
		return fs
	}
	n := 0
	for i, f := range fs {
		c := *f
		switch {
		case counts[i]:
			c.Baseline = finding.New
			if reason == outcome.NotStaged {
				c.Baseline = f.Baseline
			}
			kept = append(kept, &c)
		case g.lowest(f):
			n++
			if reason != outcome.NotStaged {
				c.Baseline = finding.Unchanged
				g.res.Unchanged = append(g.res.Unchanged, &c)
			}
		}
	}
	if n > 0 {
		g.res.Stats.LeftOut = append(g.res.Stats.LeftOut, outcome.LeftOut{Reason: reason, Findings: n})
	}
	return kept
}

func (g *run) onlyStaged(fs []*finding.Finding) ([]bool, error) {
	if g.staged == nil {
		return nil, nil
	}
	counts := make([]bool, len(fs))
	for i, f := range fs {
		counts[i] = g.staged.touches(f)
	}
	return counts, nil
}

// againstBase counts what touches a change or has no partner at the base.
func (g *run) againstBase(ctx context.Context, fs []*finding.Finding) ([]bool, error) {
	if g.base == nil {
		return nil, nil
	}
	g.base.now = g.res
	g.res.Problems = append(g.res.Problems, g.base.problems...)
	counts := make([]bool, len(fs))
	left := 0
	for i, f := range fs {
		counts[i] = g.base.touches(f)
		if !counts[i] && g.lowest(f) {
			left++
		}
	}
	if left == 0 {
		return counts, nil
	}
	before, err := g.base.analyse(ctx, g.check, g.now)
	if err != nil {
		return nil, err
	}
	// All take part, also those that touch a change: else another one would take their partner.
	for i, partner := range pair(candidatesOf(fs, func(p string) string { return p }), g.base.known(before)) {
		counts[i] = counts[i] || partner < 0
	}
	return counts, nil
}
