package session

import (
	"context"
	"maps"
	"slices"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/rules/suppressions"
)

// analysed is what was derived from the files.
type analysed struct {
	db       *models.DB
	projects *project.Set
	prog     *link.Program
	life     *lifetime.Unit
	abi      *abi.Result // of declarations only
	fields   map[string]bool
	shapes   map[string]*ir.Shape // of files that were edited

	summaries map[*ir.Func]*lifetime.Summary // of the last settled result
	failed    map[string]string              // files whose lowering failed
}

// analyse brings everything up to date: the edited files first, each with a result of its own.
func (u *unit) analyse(ctx context.Context) {
	snap := u.snapshot(ctx)
	first := u.known == nil
	if first {
		u.recall(ctx, snap)
		if !u.begin(ctx, snap) {
			return
		}
		u.unseen = slices.Sorted(maps.Keys(u.overlay))
	} else {
		u.update(ctx, snap, false)
	}
	for len(u.unseen) > 0 {
		if ctx.Err() != nil {
			return
		}
		last := len(u.unseen) - 1
		if !u.publishFile(ctx, snap, u.unseen[last]) {
			return
		}
		u.unseen = u.unseen[:last]
	}
	if !first {
		select {
		case <-ctx.Done():
			return
		case <-time.After(u.s.o.Pause):
		}
		if !u.confirm(ctx) {
			return
		}
		u.update(ctx, snap, true)
	}
	u.finish(ctx, snap)
}

// recall hands out what a run found over the same texts, until there is a result of the session's own.
func (u *unit) recall(ctx context.Context, snap *source.Snapshot) {
	if u.s.Result() != nil || u.s.o.Root == "" {
		return
	}
	o := u.options()
	o.Cache, o.Overlay = u.s.o.Cache, map[string][]byte{}
	for p, c := range u.overlay {
		if c.lang != source.NoLang && c.lang != source.LangOf(p) {
			return
		}
		o.Overlay[p] = c.text
	}
	if res := check.Recall(ctx, o, snap); res != nil {
		u.s.publish(&Result{Findings: byPath(res.Findings), files: snap.Files})
	}
}

// begin lowers and links all files.
func (u *unit) begin(ctx context.Context, snap *source.Snapshot) bool {
	for p := range u.fresh {
		delete(u.lowered, p)
	}
	for p := range u.waiting {
		delete(u.lowered, p)
	}
	clear(u.waiting)
	for p, h := range u.trees.held {
		if !h.sure {
			delete(u.lowered, p)
		}
	}
	u.trees.close()
	var missing []*source.File
	for _, f := range snap.Files {
		if u.lowered[f.Path] == nil {
			missing = append(missing, f)
			delete(u.texts, f.Path) // of what was lowered before
		}
	}
	// What is begun is brought to its end: half a file would pass for a whole one. So an interruption
	// waits for a few files, which are kept.
	failed := map[string]string{}
	done := 0
	for chunk := range slices.Chunk(missing, 32) {
		if ctx.Err() != nil {
			return false
		}
		low := lower.All(&source.Snapshot{Input: whole(snap).Input, Files: chunk})
		for _, f := range low.Files {
			u.lowered[f.Path] = f
			delete(u.fresh, f.Path)
		}
		for _, f := range low.Failed {
			failed[f.Path] = f.Text
		}
		done += len(chunk)
		u.progress("reading", done, len(missing)+1)
	}
	clear(u.fresh)
	k := &analysed{db: u.config.Models(), projects: project.Read(snap), shapes: map[string]*ir.Shape{}, failed: failed}
	k.link(u.lowered)
	k.life = lifetime.NewUnit(ctx, k.prog, u.s.o.Workers)
	if ctx.Err() != nil {
		return false
	}
	k.life.Progress = func(done, total int) {
		if total > len(k.prog.Funcs())/20 { // not for the small change
			u.progress("analysing", done, total+1)
		}
	}
	u.lock(func() { u.known = k })
	return true
}

// whole is a snapshot whose work is not interrupted.
func whole(snap *source.Snapshot) *source.Snapshot {
	in, s := *snap.Input, *snap
	in.Context = context.WithoutCancel(in.Ctx())
	s.Input = &in
	return &s
}

// link links everything anew.
func (k *analysed) link(lowered map[string]*ir.File) {
	files := make([]*ir.File, 0, len(lowered))
	for _, p := range slices.Sorted(maps.Keys(lowered)) {
		files = append(files, lowered[p])
	}
	k.prog = link.NewIn(k.projects, files, k.db)
	k.abi = abi.New(k.prog)
	k.fields = map[string]bool{}
	for _, f := range files {
		for _, d := range f.Fields {
			k.fields[d.Name] = true
		}
		for _, d := range f.Props {
			k.fields[d.Name] = true
		}
	}
}

// lock runs do while nobody reads the view.
func (u *unit) lock(do func()) {
	u.s.viewMu.Lock()
	defer u.s.viewMu.Unlock()
	u.s.view = nil
	do()
}

// seeds are the stages whose results are known.
func (u *unit) seeds(snap *source.Snapshot, life *lifetime.Result) map[*analysis.Analyzer]any {
	low := &lower.Result{}
	for _, f := range snap.Files {
		if g := u.lowered[f.Path]; g != nil {
			low.Files = append(low.Files, g)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(u.known.failed)) {
		low.Failed = append(low.Failed, lower.Failure{Path: p, Text: u.known.failed[p]})
	}
	return map[*analysis.Analyzer]any{
		source.Unit: snap.Input, source.Analyzer: snap, lower.Analyzer: low, project.Analyzer: u.known.projects,
		link.Analyzer: u.known.prog, abi.Analyzer: u.known.abi, lifetime.Analyzer: life,
	}
}

func (u *unit) options() check.Options {
	return check.Options{Root: u.s.o.Root, Workers: u.s.o.Workers, Rules: u.s.o.Rules, Generated: u.shown, Config: u.config}
}

// publishFile hands out the findings of one file, with those of other files as they were; false when
// ctx ended it.
func (u *unit) publishFile(ctx context.Context, snap *source.Snapshot, path string) bool {
	g := u.lowered[path]
	if g == nil {
		return true
	}
	if u.waiting[path] && u.s.Result() != nil {
		u.publishMoved(snap.Files, path)
		return true
	}
	if !u.known.life.Run(ctx, []*ir.File{g}) {
		return false
	}
	u.see(snap, nil, nil)
	res, err := check.FindingsIn(ctx, u.options(), path, u.seeds(snap, u.known.life.ResultOf(g)))
	if err != nil {
		return false
	}
	r := &Result{files: snap.Files}
	if last := u.s.Result(); last != nil {
		r.Findings = maps.Clone(last.Findings)
	} else {
		r.Findings = byPath(nil)
	}
	list := append(res.Findings, u.unused(r, path)...)
	slices.SortFunc(list, finding.Compare)
	delete(r.Findings, path)
	if len(list) > 0 {
		r.Findings[path] = list
	}
	u.s.publish(r)
	return true
}

// unused are the suppressions of a file that are known to match nothing. Only a look at all files tells;
// until the next one, the last answer stays.
func (u *unit) unused(r *Result, path string) (out []*finding.Finding) {
	last := u.s.Result()
	if last == nil {
		return nil
	}
	for _, f := range last.Findings[path] {
		if f.Code == suppressions.Unused.Code {
			out = append(out, f)
		}
	}
	if old, now := last.File(path), r.File(path); len(out) > 0 && old != nil && now != nil && old.Hash != now.Hash {
		out = moved(out, old, now)
	}
	return out
}

// finish works out what is left and hands out the settled result.
func (u *unit) finish(ctx context.Context, snap *source.Snapshot) {
	for u.known.life.Stale() > 0 || u.dirty {
		if !u.known.life.Run(ctx, nil) {
			return
		}
		if u.known.life.Stale() == 0 {
			break
		}
	}
	life := u.known.life.Result()
	if ctx.Err() != nil {
		return
	}
	res, err := check.Resume(ctx, u.options(), u.seeds(snap, life))
	if err != nil {
		return
	}
	u.dirty = false
	u.see(snap, life, res)
	u.progress("analysing", 1, 1)
	u.s.publish(&Result{Settled: true, Findings: byPath(res.Findings), Problems: res.Problems, Stats: res.Stats, files: snap.Files})
}

// see shows the program to questions of a user.
func (u *unit) see(snap *source.Snapshot, life *lifetime.Result, res *check.Result) {
	u.s.viewMu.Lock()
	defer u.s.viewMu.Unlock()
	if life != nil {
		u.known.summaries = life.Summaries
	}
	u.s.view = &view{
		prog: u.known.prog, summaries: u.known.summaries, generated: u.shown, files: snap.Files, life: life, res: res,
	}
}
