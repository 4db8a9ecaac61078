package check

import (
	"cmp"
	"context"
	"go/token"
	"slices"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/unread"
	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/config"
	"github.com/pinvet/pinvet/internal/driver"
	"github.com/pinvet/pinvet/internal/facts"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/walk"
	"github.com/pinvet/pinvet/rules"
)

// Options says what to check.
type Options struct {
	Root    string            // the folder that paths are relative to; "" is the current one
	Paths   []string          // files and folders; none means Root itself
	Overlay map[string][]byte // slashed path: text that stands in for the disk's; such a path need not exist
	Absent  map[string]bool   // slashed paths that are passed over although the disk has them
	Found   *walk.Result      // what a walk over Paths found, where that is known already; else nil
	Workers int               // less than 1: one per processor

	Rules       []*rules.Rule
	Generated   bool           // show findings in generated code too
	MinSeverity rules.Severity // the lowest shown; 0 shows all
	Today       time.Time      // the day at which suppressions are held; zero: today in UTC

	// Config says which files are read, which are generated and how severe rules are in each; nil:
	// there is no configuration.
	Config *config.Settings

	Declarations bool // keep what Result.Declares needs
	NoFilter     bool // parse all files and look at all functions, also those of which nothing can come (source.Input.Everything)

	AllParts bool // leave files out however many others ask for, so that tests see what such a run finds

	// Facts are of files that are analysed together with those of Paths, and not reported on. Without
	// Paths (and Overlay), all that they hold is reported.
	Facts     []*facts.Unit
	KeepTexts bool // keep the texts of files, for who edits them, instead of reading them again
	KeepFacts bool // keep what Result.EncodeFacts needs

	// Cache is where results are kept and looked for; nil: nowhere.
	Cache *cache.Store

	// Stages are run besides the rules; their results are Result.Of.
	Stages []*analysis.Analyzer

	// Progress is told what is being done, from any goroutine; it may be nil.
	Progress func(stage string, done, total int)

	part *part // nil: the run is whole
}

// MaxFileSize is the largest file that is analysed, in bytes: more than the largest amalgamation
// that people check in. A tree and its lowered code take up to some 190 times the size of dense
// source, so that one file stays below 2 GB.
const MaxFileSize = 10 << 20

// Result is what a run found.
type Result struct {
	Findings []*finding.Finding // those that are shown, in output order

	// Suppressed are those that would be shown, had nobody decided against it; each has its Suppression.
	Suppressed []*finding.Finding
	// Unchanged are findings that a baseline or an earlier revision knows already; they do not count.
	// Package gate fills it.
	Unchanged []*finding.Finding

	Problems []outcome.Problem
	Skipped  []outcome.Skip // what the walk passed over, by path
	Stats    outcome.Stats

	// Untouched says that this is the result of an earlier run, which what has changed since does not touch.
	Untouched bool

	Of map[*analysis.Analyzer]any // results of Options.Stages; a stage that failed has none

	snapshot  *source.Snapshot // what was read; nil where the result is an earlier one's
	skimmed   []unread.Passed  // what was only skimmed, by path
	texts     *laterFiles      // files that are not in snapshot, and are read when they are asked for
	declared  declarations
	facts     *facts.Unit
	generated map[string]bool
	places    *places // of findings, and of what was asked for besides
	dated     bool    // the result is that of one day: a suppression has a date
}

// Run runs the rules over the paths. Its error says why nothing could be run:
// a path that does not exist, or the end of ctx.
func Run(ctx context.Context, o Options) (*Result, error) {
	if o.Root == "" {
		o.Root = "."
	}
	if len(o.Paths) == 0 && len(o.Overlay) == 0 && len(o.Facts) == 0 {
		o.Paths = []string{"."}
	}
	found := o.Found
	if found == nil {
		var err error
		if found, err = Walk(ctx, o); err != nil {
			return nil, err
		}
	}
	found = o.seen(found)
	if len(o.Facts) > 0 || o.KeepFacts {
		return inPart(ctx, o, found)
	}
	if o.Cache != nil && len(o.Stages) == 0 && !o.NoFilter && !o.AllParts {
		return cached(ctx, o, found)
	}
	_ = o.Config.Digest(found.Files) // so that the same problems are told as with a cache
	return resume(ctx, o, found, seeds(ctx, o, found))
}

// seeds are what a run begins with.
func seeds(ctx context.Context, o Options, found *walk.Result) map[*analysis.Analyzer]any {
	return map[*analysis.Analyzer]any{source.Unit: input(ctx, o, found), models.Analyzer: o.Config.Models()}
}

// seen is what was found with the files of the overlay and without those that are absent.
func (o *Options) seen(found *walk.Result) *walk.Result {
	out := *found
	there := func(ps []string) []string {
		return slices.DeleteFunc(slices.Clone(ps), func(p string) bool { return o.Absent[p] })
	}
	out.Files, out.Build = there(found.Files), there(found.Build)
	for p := range o.Overlay { // source sorts, and drops doubles
		switch {
		case o.Absent[p]:
		case source.IsBuild(p):
			out.Build = append(out.Build, p)
		default:
			out.Files = append(out.Files, p)
		}
	}
	return &out
}

// Walk lists the files of a run: all below the paths that configuration does not exclude.
func Walk(ctx context.Context, o Options) (*walk.Result, error) {
	found, err := walk.Without(ctx, o.Root, o.Paths, o.Config.Excludes)
	if err != nil {
		return nil, err
	}
	for _, p := range found.Configs {
		if o.Config.Reads() && p != o.Config.File() {
			found.Problems = append(found.Problems, outcome.Problem{
				Kind: outcome.Configuration, Level: outcome.Note, Path: p,
				Text: "not read: one such file counts for a run, here " + cmp.Or(o.Config.File(), "none"),
			})
		}
	}
	return found, nil
}

// input says what the run is about to the head of the stages.
func input(ctx context.Context, o Options, found *walk.Result) *source.Input {
	return &source.Input{
		Context: ctx, Root: o.Root, Paths: found.Files, Build: found.Build, Overlay: o.Overlay,
		Workers: o.Workers, Progress: o.Progress, Limits: source.Limits{MaxSize: MaxFileSize}, Everything: o.NoFilter, Rereads: !o.KeepFacts && !o.KeepTexts,
		Kept: CodeIn(o.Cache), Hasty: &source.Hasty{},
	}
}

// Resume is the end of a run of which the first stages are known: seeds holds their results, and
// at least that of source.Analyzer. Paths and Overlay of the options do not count.
func Resume(ctx context.Context, o Options, seeds map[*analysis.Analyzer]any) (*Result, error) {
	return resume(ctx, o, &walk.Result{}, seeds)
}

// FindingsIn is Resume for the findings of one file alone: nothing is counted, and of the problems
// only those of analyzers are told.
func FindingsIn(ctx context.Context, o Options, path string, seeds map[*analysis.Analyzer]any) (*Result, error) {
	ran, err := driver.Run(ctx, &driver.Unit{Name: "unit", Fset: token.NewFileSet(), Seeds: seeds}, analyzersOf(o.Rules))
	if err != nil {
		return nil, err
	}
	return collectIn(ran, o, path), nil
}

func resume(ctx context.Context, o Options, found *walk.Result, seeds map[*analysis.Analyzer]any) (*Result, error) {
	res, err := analyse(ctx, o, found, seeds)
	if err == nil {
		res.complete(found, o)
	}
	return res, err
}

// analyse is a run without what the walk and the configuration have to say.
func analyse(ctx context.Context, o Options, found *walk.Result, seeds map[*analysis.Analyzer]any) (*Result, error) {
	unit := &driver.Unit{Name: "unit", Fset: token.NewFileSet(), Files: found.Files, Seeds: seeds}
	if o.Progress != nil {
		unit.Progress = func(a *analysis.Analyzer) { o.Progress(a.Name, 0, 0) }
	}
	run := driver.Run
	if _, given := seeds[source.Analyzer]; !given && !o.NoFilter && len(o.Stages) == 0 && !slices.ContainsFunc(rulesOf(o.Rules), looksAtFiles) {
		run = func(ctx context.Context, u *driver.Unit, list []*analysis.Analyzer) (*driver.Result, error) {
			return narrow(ctx, u, list, o.AllParts)
		}
	}
	ran, err := run(ctx, unit, append(analyzersOf(o.Rules), o.Stages...))
	if err != nil {
		return nil, err
	}
	res := collect(ran, o)
	res.Of = ran.Of
	return res, nil
}

// analyzersOf lists the analyzers of the rules, after the stages that the counts and the suppressions
// need even where no rule is asked for.
func analyzersOf(rs []*rules.Rule) []*analysis.Analyzer {
	return append([]*analysis.Analyzer{lower.Analyzer, project.Analyzer}, rulesOf(rs)...)
}

// rulesOf lists the analyzers of the rules, each once.
func rulesOf(rs []*rules.Rule) (list []*analysis.Analyzer) {
	seen := map[*analysis.Analyzer]bool{}
	for _, r := range rs {
		if !seen[r.Analyzer] {
			seen[r.Analyzer] = true
			list = append(list, r.Analyzer)
		}
	}
	return list
}

// Generated says whether a file that was read is generated code.
func (r *Result) Generated(path string) bool {
	return r.generated[path] || r.isSkimmed(path) && r.texts.lowered(path).generated
}

// Span resolves a place in a file that was read; false where it is in none.
func (r *Result) Span(l rules.Loc) (finding.Span, bool) {
	at, src := r.span(l)
	return at, src != nil
}

// Line returns a line (from 1) of a file that was read, as text.
func (r *Result) Line(path string, line int) (string, bool) {
	f := r.Source(path)
	if f == nil || line < 1 || line > f.Lines() {
		return "", false
	}
	return string(f.LineText(line)), true
}

// Declares says whether a file has a function of that qualified name, in a run with Options.Declarations.
func (r *Result) Declares(path, function string) bool {
	return r.declared.has(path, function) || r.isSkimmed(path) && r.texts.lowered(path).declared.has(path, function)
}

// Text returns the text (UTF-8) of a file that was read.
func (r *Result) Text(path string) ([]byte, bool) {
	f := r.Source(path)
	if f == nil {
		return nil, false
	}
	return f.Text(), true
}

// Incomplete says whether a whole stage or rule failed, not a single file.
func (r *Result) Incomplete() bool {
	return slices.ContainsFunc(r.Problems, func(p outcome.Problem) bool {
		return p.Level == outcome.Error && p.Path == ""
	})
}
