package session

import (
	"context"
	"go/token"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/config"
	"github.com/pinvet/pinvet/internal/walk"
)

// batch is what one round works on.
type batch struct {
	changes   map[string]change
	order     []string
	rescan    bool
	generated bool
	config    *config.Settings
}

// unit is the state of the analysis. Only the session's goroutine touches it.
type unit struct {
	s       *Session
	overlay map[string]change
	files   []*source.File // by path
	failed  map[string]error
	build   []*source.File
	lowered map[string]*ir.File // of files, by path
	fresh   map[string]bool     // files whose lowered form is not that of their text
	waiting map[string]bool     // edited files whose lowered form waits until typing pauses
	texts   map[string][]byte   // of files that were edited, as they were lowered
	trees   *trees
	opened  []string  // files that were opened and may have no tree yet
	known   *analysed // nil: nothing is
	unseen  []string  // edited files without a result, the next one last
	dirty   bool      // something is not analysed to its end
	shown   bool      // with findings in generated code
	config  *config.Settings
	scanned bool
}

func newUnit(s *Session) *unit {
	return &unit{s: s, overlay: map[string]change{}, failed: map[string]error{}, lowered: map[string]*ir.File{}, fresh: map[string]bool{}, texts: map[string][]byte{}, waiting: map[string]bool{}, trees: newTrees()}
}

// forget drops what was derived from the files, after a failure.
func (u *unit) forget() {
	u.lowered, u.texts, u.known = map[string]*ir.File{}, map[string][]byte{}, nil
	u.trees.close()
	clear(u.waiting)
}

// do works on one batch.
func (u *unit) do(ctx context.Context, b batch) {
	u.dirty = u.dirty || b.generated != u.shown
	u.shown = b.generated
	b.rescan = u.configure(b.config) || b.rescan
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
	if !u.dirty {
		u.prepare(ctx)
	}
}

// take notes one change.
func (u *unit) take(path string, c change) {
	u.dirty = true
	if source.LangOf(path) == source.NoLang && source.IsBuild(path) {
		u.scanned = false // what it says counts for all files
	}
	u.unseen = append(slices.DeleteFunc(u.unseen, func(p string) bool { return p == path }), path)
	if !c.fromNow {
		delete(u.overlay, path)
		u.trees.drop(path)
		return
	}
	if _, open := u.overlay[path]; !open {
		u.opened = append(u.opened, path)
	}
	u.overlay[path] = c
}

// scan lists and reads the folder.
func (u *unit) scan(ctx context.Context) {
	u.dirty = true
	in := &source.Input{Context: ctx, Root: u.s.o.Root, Workers: u.s.o.Workers, Limits: limits}
	if u.s.o.Root != "" {
		found, err := walk.Without(ctx, u.s.o.Root, []string{"."}, u.config.Excludes)
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
	if !sameFiles(u.build, snap.Build) {
		u.build, u.known = snap.Build, nil
	}
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
			u.fresh[f.Path] = true
		}
		u.files = append(u.files, f)
	}
	for _, f := range old {
		if _, ok := findFile(u.files, f.Path); !ok {
			u.fresh[f.Path] = true
		}
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
	case u.config.Excludes(path, false):
		u.drop(path)
		return
	case open:
		lang := source.LangOf(path)
		if lang == source.NoLang {
			lang = c.lang
		}
		f, err = limits.FromBytes(path, lang, c.text)
	case u.s.o.Root == "" || !walk.Takes(u.s.o.Root, path, u.config.Excludes):
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
	if have && u.texts[path] == nil && !u.fresh[path] && !u.waiting[path] { // else what is lowered is an earlier text
		u.texts[path] = u.files[i].Text()
	}
	u.fresh[path] = true
	u.files = slices.Clone(u.files) // results hold the old list
	if have {
		u.files[i] = f
	} else {
		u.files = slices.Insert(u.files, i, f)
	}
}

func sameFiles(a, b []*source.File) bool {
	return slices.EqualFunc(a, b, func(x, y *source.File) bool { return x.Path == y.Path && x.Hash == y.Hash })
}

// drop removes a file that is gone.
func (u *unit) drop(path string) {
	delete(u.failed, path)
	u.fresh[path] = true
	if i, have := findFile(u.files, path); have {
		u.files = slices.Delete(slices.Clone(u.files), i, i+1)
	}
}

// snapshot is the files as the stages want them.
func (u *unit) snapshot(ctx context.Context) *source.Snapshot {
	s := &source.Snapshot{
		Input: &source.Input{Context: ctx, Root: u.s.o.Root, Workers: u.s.o.Workers, Limits: limits, Kept: check.CodeIn(u.s.o.Cache)},
		Files: u.files, Build: u.build,
	}
	for p, err := range u.failed {
		s.Failed = append(s.Failed, source.Failure{Path: p, Err: err})
	}
	slices.SortFunc(s.Failed, func(a, b source.Failure) int { return strings.Compare(a.Path, b.Path) })
	return s
}

func (u *unit) progress(stage string, done, total int) {
	if u.s.o.Progress != nil {
		u.s.o.Progress(stage, done, total)
	}
}
