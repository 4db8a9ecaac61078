package session

import (
	"context"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// trees are the syntax trees of files that are being edited. A parse that is helped by the last tree
// takes a fraction of the time of another one, but may give another tree where the text has errors. So
// what is handed out as settled rests on trees that were compared with those of a parse from scratch.
type trees struct {
	held   map[string]*heldTree
	recent []string // keys of held; the file used last is the last one
	busy   chan struct{}
}

type heldTree struct {
	doc  *syntax.Document
	file *source.File // whose tree it is
	sure bool         // it is that of a parse from scratch
	last *lower.Last  // how the file was lowered that is in the program; nil: that is not known
	next *lower.Last  // the same of the file lowered last
}

// maxHeld is how many files keep their trees; one of 5,000 lines takes some 20 MB.
const maxHeld = 4

func newTrees() *trees { return &trees{held: map[string]*heldTree{}, busy: make(chan struct{}, 1)} }

// parse parses the text of a file with the help of the one before.
func (t *trees) parse(f *source.File) *syntax.Result {
	h := t.held[f.Path]
	if h == nil {
		h = &heldTree{doc: &syntax.Document{}, sure: true}
		t.put(f.Path, h)
	} else if h.file.Hash != f.Hash {
		h.sure = false
	}
	t.use(f.Path)
	h.file = f
	return h.doc.Parse(context.Background(), f)
}

// lower parses and lowers a file with the help of what is known of the text before. broken: it has
// syntax errors.
func (t *trees) lower(f *source.File, old *ir.File) (out *ir.File, broken bool) {
	var last *lower.Last
	if h := t.held[f.Path]; h != nil && h.last != nil && h.last.File == old {
		last = h.last
	}
	res := t.parse(f)
	out = lower.Again(f, res, last)
	h := t.held[f.Path]
	h.next = nil
	if f.Lang == source.CSharp && len(res.Views) == 1 {
		h.next = &lower.Last{Tree: res.Views[0], Problems: len(res.Problems)}
	}
	return out, len(res.Problems) > 0
}

// lowered says that what lower made of a file is in the program now, in that object.
func (t *trees) lowered(path string, f *ir.File) {
	if h := t.held[path]; h != nil {
		if h.last, h.next = h.next, nil; h.last != nil {
			h.last.File = f
		}
	}
}

// put keeps a tree, and drops that of the file that was not used for the longest time.
func (t *trees) put(path string, h *heldTree) {
	t.drop(path)
	for len(t.held) >= maxHeld {
		t.drop(t.recent[0])
	}
	t.held[path] = h
	t.use(path)
}

func (t *trees) use(path string) {
	t.recent = append(slices.DeleteFunc(t.recent, func(p string) bool { return p == path }), path)
}

func (t *trees) drop(path string) {
	if h := t.held[path]; h != nil {
		h.doc.Close()
		delete(t.held, path)
		t.recent = slices.DeleteFunc(t.recent, func(p string) bool { return p == path })
	}
}

func (t *trees) close() {
	for _, p := range slices.Clone(t.recent) {
		t.drop(p)
	}
}

// end frees all trees, when nothing parses any more.
func (t *trees) end() {
	t.busy <- struct{}{}
	t.close()
}

// scratch parses a file from scratch without holding up the caller after the end of ctx: a parse cannot
// be interrupted. nil: ctx ended.
func (t *trees) scratch(ctx context.Context, f *source.File) *syntax.Document {
	select {
	case <-ctx.Done():
		return nil
	case t.busy <- struct{}{}: // one at a time, also of those that nobody waits for any more
	}
	done := make(chan *syntax.Document)
	go func() {
		defer func() { <-t.busy }()
		d := &syntax.Document{}
		d.Parse(context.Background(), f)
		select {
		case done <- d:
		case <-ctx.Done():
			d.Close()
		}
	}()
	select {
	case d := <-done:
		return d
	case <-ctx.Done():
		return nil
	}
}

// confirm compares the trees that were made with the help of others with those of a parse from scratch.
// Files for which they differ are to be lowered again. It returns false when ctx ended it.
func (u *unit) confirm(ctx context.Context) bool {
	for _, path := range slices.Clone(u.trees.recent) {
		h := u.trees.held[path]
		if h.sure {
			continue
		}
		d := u.trees.scratch(ctx, h.file)
		if d == nil {
			return false
		}
		if !d.Same(h.doc) {
			u.fresh[path] = true
			delete(u.texts, path) // no function is known to be what it was
			d, h.doc, h.last = h.doc, d, nil
		}
		h.sure = true
		d.Close()
	}
	return true
}

// prepare parses files that were opened, so that the first edit finds a tree.
func (u *unit) prepare(ctx context.Context) {
	for i := len(u.opened) - 1; i >= max(0, len(u.opened)-maxHeld); i-- {
		path := u.opened[i]
		n, ok := findFile(u.files, path)
		if _, open := u.overlay[path]; !ok || !open || u.trees.held[path] != nil {
			continue
		}
		d := u.trees.scratch(ctx, u.files[n])
		if d == nil {
			return
		}
		u.trees.put(path, &heldTree{doc: d, file: u.files[n], sure: true})
	}
	u.opened = nil
}
