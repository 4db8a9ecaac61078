package check

import (
	"path"
	"path/filepath"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/internal/driver"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/suppress"
)

// settle makes findings of what the rules reported, in all files or in one alone, and tells those that
// are shown from those that are suppressed.
func (r *Result) settle(ran *driver.Result, o Options, only string, generated func(string) bool) {
	shown := r.shown(o)
	set := r.suppressions(ran, o)
	if set == nil {
		r.Findings, r.Suppressed = finding.Split(finding.Process(r.findings(ran, o, only, generated), shown))
		return
	}
	shown.Suppress = set.Of
	all := finding.Process(r.findings(ran, o, only, generated), shown)

	// What is to be said about the suppressions is known now.
	shown.Suppress = nil
	var about []*finding.Finding
	for _, raw := range set.Findings(r.understood(ran, o, only)) {
		if f := r.resolve(raw); f != nil && o.part.reports(f.Path) && (only == "" || f.Path == only) {
			f.Generated = generated(f.Path)
			about = append(about, f)
		}
	}
	if about = finding.Process(about, shown); len(about) > 0 {
		all = append(all, about...)
		slices.SortFunc(all, finding.Compare)
	}
	r.Findings, r.Suppressed = finding.Split(all)
}

// suppressions reads what suppresses findings in the unit; nil where nothing does.
func (r *Result) suppressions(ran *driver.Result, o Options) *suppress.Set {
	l, _ := ran.Of[lower.Analyzer].(*lower.Result)
	if l == nil || r.snapshot == nil || !slices.ContainsFunc(l.Files, func(f *ir.File) bool { return len(f.Directives) > 0 }) {
		return nil
	}
	projects, _ := ran.Of[project.Analyzer].(*project.Set)
	return suppress.New(&suppress.Unit{Files: l.Files, Snapshot: r.snapshot, Projects: projects, Rules: o.Rules, Today: o.Today})
}

// understood tells of which files the rules saw all that there is: what was named by itself is without
// the files around it, and a result for one file has not looked at all of the others. nil: of none.
func (r *Result) understood(ran *driver.Result, o Options, only string) func(*ir.File) bool {
	l, _ := ran.Of[lifetime.Analyzer].(*lifetime.Result)
	if only != "" || l == nil || r.Incomplete() {
		return nil
	}
	partial := map[*ir.File]bool{}
	for _, f := range l.Stats.Bounded {
		partial[f.File] = true
	}
	for _, p := range l.Stats.Panics {
		partial[p.Func.File] = true
	}
	named := map[string]bool{}
	for _, p := range o.Paths {
		named[path.Clean(filepath.ToSlash(p))] = o.part == nil // who splits a run says what a part is
	}
	return func(f *ir.File) bool { return !partial[f] && !named[f.Path] && f.Understood() }
}
