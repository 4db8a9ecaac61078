package check

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/unread"
	"github.com/pinvet/pinvet/internal/driver"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/suppress"
	"github.com/pinvet/pinvet/internal/walk"
	"github.com/pinvet/pinvet/rules"
)

// collect makes the result of what the stages gave; complete adds what was known before them.
func collect(ran *driver.Result, o Options) *Result {
	r := &Result{Problems: ran.Problems, places: &places{}}
	if s, ok := ran.Of[source.Analyzer].(*source.Snapshot); ok {
		r.snapshot = s
		r.read(s, o.part)
	}
	if x, ok := ran.Of[unread.Analyzer].(*unread.Index); ok && x != nil {
		r.skimmed = x.Rest()
		r.later(o)
		for _, p := range r.skimmed {
			r.Stats.Read++
			r.Stats.Analysed++
			r.Stats.Skimmed++
			r.Stats.Bytes += p.Size
		}
	}
	if o.part != nil {
		r.facts = o.part.facts
	}
	if s, ok := ran.Of[project.Analyzer].(*project.Set); ok {
		r.projects(s, o.part)
	}
	generated := map[string]bool{}
	if l, ok := ran.Of[lower.Analyzer].(*lower.Result); ok {
		generated = r.lowered(l, o)
		r.generated = generated
		r.dated = suppress.Dated(l.Files)
		if o.Declarations {
			r.declared = declarationsOf(l)
		}
	}
	if l, ok := ran.Of[lifetime.Analyzer].(*lifetime.Result); ok {
		r.interpreted(l, o.part)
	}
	if l, ok := ran.Of[link.Analyzer].(*link.Program); ok {
		r.linked(l, o.part)
	}
	r.settle(ran, o, "", func(p string) bool { return generated[p] })
	r.changed(o.part)
	return r
}

// changed tells which files changed while they were analysed.
func (r *Result) changed(of *part) {
	if r.snapshot == nil {
		return
	}
	for _, f := range r.snapshot.Files {
		if f.Changed() && of.reports(f.Path) {
			r.Problems = append(r.Problems, outcome.Problem{
				Kind: outcome.Unreadable, Level: outcome.Warning, Path: f.Path, Text: "changed while it was analysed; what is found in it may be wrong",
			})
		}
	}
}

// complete adds what the walk and the configuration have to say.
func (r *Result) complete(found *walk.Result, o Options) {
	r.Skipped = found.Skipped
	for _, s := range found.Skipped {
		r.Stats.Skip(s.Reason)
	}
	r.Stats.Files = r.Stats.Read + r.Stats.SkippedFiles()
	r.Problems = slices.Concat(found.Problems, r.Problems, o.Config.Problems())
	outcome.Sort(r.Problems)
	r.Problems = slices.Compact(r.Problems) // both views of a file can say the same
}

// collectIn makes the findings of one file.
func collectIn(ran *driver.Result, o Options, path string) *Result {
	r := &Result{Problems: ran.Problems}
	r.snapshot, _ = ran.Of[source.Analyzer].(*source.Snapshot)
	hidden := walk.GeneratedName(path)
	if l, ok := ran.Of[lower.Analyzer].(*lower.Result); ok {
		if i := slices.IndexFunc(l.Files, func(f *ir.File) bool { return f.Path == path }); i >= 0 {
			hidden = hidden || l.Files[i].Generated
		}
	}
	hidden, _ = o.Config.Generated(path, hidden)
	r.settle(ran, o, path, func(string) bool { return hidden })
	return r
}

// shown says which findings are shown.
func (r *Result) shown(o Options) finding.Options {
	// A rule asked for decides what is shown; an analyzer can serve two codes.
	asked := map[string]bool{}
	for _, rule := range o.Rules {
		asked[rule.Code] = true
	}
	return finding.Options{
		Generated:   o.Generated,
		Rules:       func(code string) bool { return asked[code] },
		MinSeverity: o.MinSeverity,
		Configured: func(f *finding.Finding) rules.Severity {
			level, _ := o.Config.Level(f.Path, f.Code)
			return level.Apply(f.Severity)
		},
	}
}

// read counts the files that were read and reports those that were not.
func (r *Result) read(s *source.Snapshot, of *part) {
	for _, f := range s.Files {
		if of.reports(f.Path) {
			r.Stats.Read++
			r.Stats.Bytes += f.Size
		}
	}
	for _, f := range s.Failed {
		if !of.reports(f.Path) {
			continue
		}
		p := outcome.Problem{Kind: outcome.NotAnalysed, Level: outcome.Warning, Path: f.Path}
		var onDisk *fs.PathError
		switch {
		case errors.Is(f.Err, source.ErrBinary):
			p.Text = source.ErrBinary.Error()
			r.Stats.Skip(outcome.Binary)
		case errors.Is(f.Err, source.ErrTooLarge):
			p.Text = fmt.Sprintf("larger than %d MB", MaxFileSize>>20)
			r.Stats.Skip(outcome.TooBig)
		case errors.As(f.Err, &onDisk):
			p.Kind, p.Text = outcome.Unreadable, onDisk.Err.Error()
			r.Stats.Skip(outcome.NoAccess)
		default:
			p.Kind, p.Text = outcome.Unreadable, f.Err.Error()
			r.Stats.Skip(outcome.NoAccess)
		}
		r.Problems = append(r.Problems, p)
	}
}

// projects reports the build files that were not understood to their end.
func (r *Result) projects(s *project.Set, of *part) {
	for _, p := range s.Problems {
		if of.reports(p.Path) {
			r.Problems = append(r.Problems, outcome.Problem{Kind: outcome.NotUnderstood, Level: outcome.Note, Path: p.Path, Text: p.Text})
		}
	}
}

// maxPerFile is how many places of one file are listed as not understood.
const maxPerFile = 20

// lowered counts what was understood, and says which files are generated.
func (r *Result) lowered(l *lower.Result, o Options) (generated map[string]bool) {
	generated = map[string]bool{}
	for _, f := range l.Files {
		if !o.part.reports(f.Path) {
			continue
		}
		r.Stats.Analysed++
		r.Stats.Functions += len(f.Funcs)
		r.Stats.Imports += len(f.Imports)
		src := r.snapshot.File(f.Path)
		if is, _ := o.Config.Generated(f.Path, f.Generated || walk.GeneratedName(f.Path)); is {
			generated[f.Path] = true
			r.Stats.Generated++
		}
		if ps := f.AllProblems(); len(ps) > 0 {
			r.Stats.Partial++
			r.Problems = append(r.Problems, notUnderstood(src, ps)...)
		}
	}
	for _, f := range l.Failed {
		if !o.part.reports(f.Path) {
			continue
		}
		r.Problems = append(r.Problems, outcome.Problem{
			Kind: outcome.Internal, Level: outcome.Error, Path: f.Path,
			Text: "panic, so the file is left out: " + f.Text,
		})
	}
	return generated
}

// notUnderstood are the problems of a file, the first of them one by one.
func notUnderstood(src *source.File, ps []ir.Problem) (out []outcome.Problem) {
	for i, p := range ps {
		text, line := p.Text, src.Position(int(p.Span.Start)).Line
		if i == maxPerFile {
			text, line = fmt.Sprintf("and %d more places", len(ps)-i), 0
		}
		out = append(out, outcome.Problem{
			Kind: outcome.NotUnderstood, Level: outcome.Note, Path: src.Path, Line: line, Text: text,
		})
		if i == maxPerFile {
			break
		}
	}
	return out
}

// interpreted reports the functions that the interpreter could not finish.
func (r *Result) interpreted(l *lifetime.Result, of *part) {
	r.Stats.Interpreted = l.Stats.Interpreted
	add := func(f *ir.Func, kind outcome.Kind, level outcome.Level, text string) {
		if !of.reports(f.File.Path) {
			return
		}
		at, _ := r.span(rules.Loc{File: f.File, Span: f.NameSpan})
		r.Problems = append(r.Problems, outcome.Problem{
			Kind: kind, Level: level, Path: f.File.Path, Line: at.Start.Line, Text: text,
		})
	}
	for _, f := range l.Stats.Bounded {
		if of.reports(f.File.Path) {
			r.Stats.Bounded++
		}
		add(f, outcome.GaveUp, outcome.Note, f.FullName()+" has more paths than are followed; what was found in it stays")
	}
	for _, f := range l.Stats.Wide {
		add(f, outcome.GaveUp, outcome.Note, f.FullName()+" ends in more ways than its callers are told; they see a call of unknown effect")
	}
	for _, p := range l.Stats.Panics {
		add(p.Func, outcome.Internal, outcome.Error, "panic, so "+p.Func.FullName()+" is left out: "+p.Text)
	}
}

// findings resolves what the rules reported, in no particular order: all that the run reports on, or what is in one file.
func (r *Result) findings(ran *driver.Result, o Options, only string, generated func(string) bool) (out []*finding.Finding) {
	for _, a := range analyzersOf(o.Rules) {
		raws, _ := ran.Of[a].([]*rules.Raw)
		for _, raw := range raws {
			if raw.File != nil && !o.part.reports(raw.File.Path) || only != "" && (raw.File == nil || raw.File.Path != only) {
				continue
			}
			if f := r.resolve(raw); f != nil {
				f.Generated = generated(f.Path)
				out = append(out, f)
			}
		}
	}
	return out
}

// linked reports what was too much to be resolved.
func (r *Result) linked(l *link.Program, of *part) {
	for _, b := range l.Bounds() {
		if of.reports(b.File.Path) {
			r.Problems = append(r.Problems, outcome.Problem{Kind: outcome.GaveUp, Level: outcome.Note, Path: b.File.Path, Text: b.Text})
		}
	}
}
