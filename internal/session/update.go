package session

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/source"
)

// edit is one file that changed.
type edit struct {
	path     string
	old, now *ir.File  // nil: there was none, or is none
	oldShape *ir.Shape // of old
	shape    *ir.Shape // of now
	broken   bool      // now has syntax errors
}

// inPlace tells whether only bodies changed.
func (e *edit) inPlace() bool { return e.old != nil && e.now != nil && e.oldShape.Same(e.shape) }

// update lowers the files that changed and brings them into the program. Where each of them declares
// what it did, the new bodies take the places of the old ones; else everything is linked anew. Where
// that can wait, it does, until pause says that typing pauses.
func (u *unit) update(ctx context.Context, snap *source.Snapshot, pause bool) {
	var edits []*edit
	relink := false
	if pause {
		maps.Copy(u.fresh, u.waiting)
	}
	for _, p := range slices.Sorted(maps.Keys(u.fresh)) {
		e := u.lower(snap, p)
		delete(u.waiting, p)
		if !pause && e.waits() {
			u.waiting[p] = true
			continue
		}
		if e.old != nil || e.now != nil {
			edits = append(edits, e)
			relink = relink || !e.inPlace()
		}
	}
	clear(u.fresh)
	if len(edits) == 0 {
		return
	}
	projects, all := u.projects(snap, edits)
	u.lock(func() {
		if relink || projects != u.known.projects {
			u.known.projects = projects
			u.relink(ctx, edits, all)
		} else {
			for _, e := range edits {
				u.replace(e)
			}
		}
	})
	for _, e := range edits {
		u.trees.lowered(e.path, u.lowered[e.path])
	}
}

// lower makes the new form of a file.
func (u *unit) lower(snap *source.Snapshot, path string) *edit {
	e := &edit{path: path, old: u.lowered[path], oldShape: u.known.shapes[path]}
	if e.old != nil && e.oldShape == nil {
		e.oldShape = ir.ShapeOf(e.old)
	}
	delete(u.known.failed, path)
	if i, ok := findFile(snap.Files, path); ok {
		e.now, e.broken = u.lowerOne(snap, snap.Files[i])
	}
	if e.now != nil {
		e.shape = ir.ShapeOf(e.now)
	}
	return e
}

// lowerOne survives a panic of the lowering: the file is left out then.
// broken: it has syntax errors, and is being edited.
func (u *unit) lowerOne(snap *source.Snapshot, f *source.File) (out *ir.File, broken bool) {
	defer func() {
		if v := recover(); v != nil {
			u.known.failed[f.Path] = fmt.Sprint(v)
			out, broken = nil, false
		}
	}()
	if _, open := u.overlay[f.Path]; !open {
		return lower.One(whole(snap), f), false
	}
	return u.trees.lower(f, u.lowered[f.Path])
}

// replace puts new bodies into the program. Functions that the edit only moved keep theirs.
func (u *unit) replace(e *edit) {
	k := u.known
	after := u.textOf(e.path)
	kept := make([]bool, len(e.old.Funcs))
	var move ir.Move
	arms, before := e.old.Arms, u.texts[e.path]
	if before != nil {
		move = ir.MoveOf(before, after)
		kept = e.kept(move)
	}
	names := map[string]bool{}
	var changed []*ir.Func
	for i, f := range e.old.Funcs {
		if kept[i] {
			f.KeepBody(e.now.Funcs[i], delta(f, move))
		} else {
			lifetime.Concerns(f, e.now.Funcs[i], names)
			changed = append(changed, f)
		}
	}
	maps.DeleteFunc(names, func(n string, _ bool) bool { return !k.fields[n] })
	ir.Adopt(e.old, e.now, true)
	k.shapes[e.path], u.texts[e.path] = e.shape, after
	k.prog.Replaced(e.old, changed)
	k.life.Replaced(e.old, changed, move, names)
	if before == nil || !k.abi.Moved(e.old, move, arms) {
		k.abi = abi.New(k.prog)
	}
}

// delta is by how many bytes the edit moved a function.
func delta(f *ir.Func, move ir.Move) uint32 { return move.Span(f.Span).Start - f.Span.Start }

// kept tells which functions the edit leaves as they are, but for their places. Those that nest share
// variables, so all of them stay or none does.
func (e *edit) kept(move ir.Move) []bool {
	kept := make([]bool, len(e.old.Funcs))
	for i := range kept {
		kept[i] = true
	}
	for i, f := range e.old.Funcs {
		now := e.now.Funcs[i]
		if !f.Shares(now) && (move.Touches(f.Extent()) || !f.Moved(now, delta(f, move))) {
			for at := i; at >= 0; at = e.old.Funcs[at].Parent {
				kept[at] = false
			}
		}
	}
	for i, f := range e.old.Funcs {
		for at := f.Parent; at >= 0 && kept[i]; at = e.old.Funcs[at].Parent {
			kept[i] = kept[at]
		}
	}
	return kept
}

// moveShared moves the bodies that both versions of a file share.
func (e *edit) moveShared(move ir.Move) {
	for i, f := range e.old.Funcs {
		if i < len(e.now.Funcs) && f.Shares(e.now.Funcs[i]) {
			f.KeepBody(e.now.Funcs[i], delta(f, move))
		}
	}
}

func (u *unit) textOf(path string) []byte {
	if i, ok := findFile(u.files, path); ok {
		return u.files[i].Text()
	}
	return nil
}

// projects is what the build files say after the edits. all: they say it of files that were not edited, too.
func (u *unit) projects(snap *source.Snapshot, edits []*edit) (now *project.Set, all bool) {
	before := u.known.projects
	edited := map[string]bool{}
	concerned := false
	for _, e := range edits {
		edited[e.path] = true
		concerned = concerned || before.Concerns(e.path, snap.File(e.path))
	}
	if !concerned {
		return before, false
	}
	now = project.Read(whole(snap))
	return now, !now.Same(before, edited)
}

// relink links all files anew. The functions that stay keep what is known of them, unless they name
// something that is declared otherwise now, or all may mean something else.
func (u *unit) relink(ctx context.Context, edits []*edit, all bool) {
	k := u.known
	crowds := k.prog.Crowds()
	names := map[string]bool{}
	var files []*ir.File
	for _, e := range edits {
		none := &ir.Shape{}
		from, to := e.oldShape, e.shape
		if e.old == nil {
			from = none
		}
		if e.now == nil {
			to = none
		}
		n, wide := from.Differences(to)
		maps.Copy(names, n)
		all = all || wide
		switch {
		case e.now == nil:
			delete(u.lowered, e.path)
			delete(k.shapes, e.path)
			delete(u.texts, e.path)
			continue
		case e.old == nil:
			u.lowered[e.path] = e.now
		default:
			for i, f := range e.old.Funcs {
				if i < len(e.now.Funcs) {
					lifetime.Concerns(f, e.now.Funcs[i], names)
				}
			}
			e.moveShared(ir.MoveOf(u.texts[e.path], u.textOf(e.path)))
			ir.Adopt(e.old, e.now, false)
		}
		k.shapes[e.path], u.texts[e.path] = e.shape, u.textOf(e.path)
		files = append(files, u.lowered[e.path])
	}
	k.link(u.lowered)
	for _, name := range k.prog.Moved(crowds) {
		names[name] = true
	}
	k.life.Relinked(context.WithoutCancel(ctx), k.prog, files, names, all)
}
