package session

import (
	"context"
	"go/token"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/walk"
)

// batch is what one round works on.
type batch struct {
	changes   map[string]change
	order     []string
	rescan    bool
	generated bool
}

// unit is the state of the analysis. Only the session's goroutine touches it.
type unit struct {
	s       *Session
	overlay map[string]change
	files   []*source.File // by path
	failed  map[string]error
	build   []*source.File
	lowered map[string]*ir.File // of files, by path
	dirty   bool                // something is not analysed to its end
	shown   bool                // with findings in generated code
	scanned bool
}

func newUnit(s *Session) *unit {
	return &unit{s: s, overlay: map[string]change{}, failed: map[string]error{}, lowered: map[string]*ir.File{}}
}

// forget drops what was derived from the files, after a failure.
func (u *unit) forget() {
	u.lowered = map[string]*ir.File{}
}

// do works on one batch.
func (u *unit) do(ctx context.Context, b batch) {
	u.dirty = u.dirty || b.generated != u.shown
	u.shown = b.generated
	for _, p := range b.order {
		u.take(p, b.changes[p])
	}
	if b.rescan || !u.scanned {
		u.scan(ctx)
		if ctx.Err() != nil {
			u.scanned = false
			return
		}
	}
	for _, p := range b.order {
		u.read(p)
	}
	if u.dirty {
		u.analyse(ctx)
	}
}

// take notes one change.
func (u *unit) take(path string, c change) {
	u.dirty = true
	if c.fromNow {
		u.overlay[path] = c
	} else {
		delete(u.overlay, path)
	}
}

// scan lists and reads the folder.
func (u *unit) scan(ctx context.Context) {
	u.dirty = true
	in := &source.Input{Context: ctx, Root: u.s.o.Root, Workers: u.s.o.Workers, Limits: limits}
	if u.s.o.Root != "" {
		found, err := walk.Walk(ctx, u.s.o.Root, []string{"."})
		if err != nil {
			u.s.log(err.Error())
		} else {
			in.Paths, in.Build = found.Files, found.Build
		}
	}
	in.Paths = slices.DeleteFunc(in.Paths, func(p string) bool { _, open := u.overlay[p]; return open })
	snap := source.Load(in, token.NewFileSet())
	if ctx.Err() != nil {
		return
	}
	u.build = snap.Build
	u.failed = map[string]error{}
	for _, f := range snap.Failed {
		u.failed[f.Path] = f.Err
	}
	old := u.files
	u.files = nil
	for _, f := range snap.Files {
		if i, ok := findFile(old, f.Path); ok && old[i].Hash == f.Hash {
			f = old[i] // with what is lowered of it
		} else {
			delete(u.lowered, f.Path)
		}
		u.files = append(u.files, f)
	}
	for p := range u.overlay {
		u.read(p)
	}
	u.scanned = true
}

var limits = source.Limits{MaxSize: check.MaxFileSize}

// read reads one file again, from the overlay or the disk.
func (u *unit) read(path string) {
	var f *source.File
	var err error
	c, open := u.overlay[path]
	switch {
	case open:
		lang := source.LangOf(path)
		if lang == source.NoLang {
			lang = c.lang
		}
		f, err = limits.FromBytes(path, lang, c.text)
	case u.s.o.Root == "":
		u.drop(path)
		return
	case source.LangOf(path) == source.NoLang:
		if source.IsBuild(path) {
			u.scanned = false
		}
		u.drop(path)
		return
	default:
		f, err = limits.Read(u.s.o.Root, path)
	}
	i, have := findFile(u.files, path)
	switch {
	case err != nil:
		u.drop(path)
		u.failed[path] = err
		return
	case have && u.files[i].Hash == f.Hash:
		return
	}
	delete(u.failed, path)
	delete(u.lowered, path)
	u.files = slices.Clone(u.files) // results hold the old list
	if have {
		u.files[i] = f
	} else {
		u.files = slices.Insert(u.files, i, f)
	}
}

// drop removes a file that is gone.
func (u *unit) drop(path string) {
	delete(u.lowered, path)
	delete(u.failed, path)
	if i, have := findFile(u.files, path); have {
		u.files = slices.Delete(slices.Clone(u.files), i, i+1)
	}
}

// snapshot is the files as the stages want them.
func (u *unit) snapshot(ctx context.Context) *source.Snapshot {
	s := &source.Snapshot{
		Input: &source.Input{Context: ctx, Root: u.s.o.Root, Workers: u.s.o.Workers, Limits: limits},
		Files: u.files, Build: u.build,
	}
	for p, err := range u.failed {
		s.Failed = append(s.Failed, source.Failure{Path: p, Err: err})
	}
	slices.SortFunc(s.Failed, func(a, b source.Failure) int { return strings.Compare(a.Path, b.Path) })
	return s
}

// analyse runs everything.
func (u *unit) analyse(ctx context.Context) {
	snap := u.snapshot(ctx)
	low := &lower.Result{}
	for i, f := range snap.Files {
		if ctx.Err() != nil {
			return
		}
		g := u.lowered[f.Path]
		if g == nil {
			g = lower.One(snap, f)
			u.lowered[f.Path] = g
		}
		low.Files = append(low.Files, g)
		u.progress("reading", i+1, len(snap.Files))
	}
	seeds := map[*analysis.Analyzer]any{source.Unit: snap.Input, source.Analyzer: snap, lower.Analyzer: low}
	res, err := check.Resume(ctx, check.Options{Root: u.s.o.Root, Workers: u.s.o.Workers, Rules: u.s.o.Rules, Generated: u.shown,
		Stages: []*analysis.Analyzer{link.Analyzer, lifetime.Analyzer}}, seeds)
	if err != nil {
		return
	}
	u.dirty = false
	prog, _ := res.Of[link.Analyzer].(*link.Program)
	life, _ := res.Of[lifetime.Analyzer].(*lifetime.Result)
	if prog != nil && life != nil {
		u.s.viewMu.Lock()
		u.s.view = &view{prog: prog, life: life, res: res, generated: u.shown, files: snap.Files, lowered: maps.Clone(u.lowered)}
		u.s.viewMu.Unlock()
	}
	u.s.publish(&Result{Settled: true, Findings: byPath(res.Findings), Problems: res.Problems, Stats: res.Stats, files: snap.Files})
}

func (u *unit) progress(stage string, done, total int) {
	if u.s.o.Progress != nil {
		u.s.o.Progress(stage, done, total)
	}
}
