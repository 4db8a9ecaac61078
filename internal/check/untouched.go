package check

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/unread"
	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/walk"
)

// Most edits are about code that a run does not look at. A run over the same paths left what its result rests on (basis). Where
// the files that have changed since are the same in that, this run would go the same way, and find the same. Each of them
// is read, lowered and compared; one that differs, or of which something is not known, makes it a run over everything.

// maxChanged is how many files may have changed; more are read as fast in a run over everything.
const maxChanged = 256

// untouched is the result of an earlier run that what has changed since does not touch; nil if there is none.
func (k *runKey) untouched(ctx context.Context, o Options, found *walk.Result) *Result {
	b := k.basis(o)
	if b == nil {
		return nil
	}
	changed := k.changed(b)
	if len(changed) == 0 || len(changed) > maxChanged {
		return nil
	}
	data, ok := o.Cache.Peek(cache.Run, b.Run)
	if !ok {
		return nil
	}
	e := readKept(o, data)
	if e == nil || k.mentions(e, changed) {
		return nil
	}
	in := input(ctx, o, found)
	size, same := k.same(in, b, e, changed)
	if !same || ctx.Err() != nil || in.Hasty.Noted() {
		return nil
	}
	o.Cache.Used()
	e.Stats.Bytes += size
	k.put(o, e)
	r := k.result(o, e)
	r.Untouched = true
	return r
}

// changed are the files that have changed, by index; all where that cannot be told.
func (k *runKey) changed(b *basis) (out []int) {
	for i, s := range k.sums {
		was, failed := b.Failed[i]
		if s.Err != nil && failed && failure(s.Err) == was {
			continue
		}
		if s.Err != nil || failed || s.Hash != b.Files[i].Hash {
			out = append(out, i)
		}
	}
	return out
}

// mentions tells whether a result says in words something about one of some files: it could be about a line.
func (k *runKey) mentions(e *kept, files []int) bool {
	in := func(text string) bool {
		return slices.ContainsFunc(files, func(i int) bool { return strings.Contains(text, path.Base(k.paths[i])) })
	}
	return slices.ContainsFunc(slices.Concat(e.Findings, e.Suppressed), func(f *finding.Finding) bool {
		return in(f.Message) || slices.ContainsFunc(f.Steps, func(s finding.Step) bool { return in(s.Text) }) ||
			slices.ContainsFunc(f.Fixes, func(x finding.Fix) bool { return in(x.Text) })
	}) || slices.ContainsFunc(e.Problems, func(p outcome.Problem) bool { return in(p.Text) })
}

// same tells whether some files are to a run what they were, and by how many bytes they are larger. What e says of them is moved
// to where it is now.
func (k *runKey) same(in *source.Input, b *basis, e *kept, files []int) (larger int, same bool) {
	s := &source.Snapshot{Input: in}
	for _, at := range files {
		f := k.sameText(in, b, at)
		if f == nil {
			return 0, false
		}
		larger += f.Size - b.Files[at].Size
		if b.Files[at].Read {
			s.Files = append(s.Files, f)
		}
		if !b.Files[at].moved(e, f) {
			return 0, false
		}
	}
	low := lower.All(s)
	if len(low.Files) != len(s.Files) {
		return 0, false
	}
	for _, f := range low.Files {
		at, _ := slices.BinarySearch(k.paths, f.Path)
		if !sameCode(in, b, &b.Files[at], f) || !sameProblems(e, s.File(f.Path), f) {
			return 0, false
		}
	}
	return larger, true
}

// moved moves what a result says of a file to where that is now; false if it says something of what has changed.
func (f *basisFile) moved(e *kept, now *source.File) bool {
	if len(f.Lines) == 0 {
		return true // nothing is said of it
	}
	s, ok := shiftOf(f, now)
	return ok && s.keeps(f, now) && s.move(e)
}

// sameText is a file as it is now, if nothing in its text tells that it is another one to the run; nil if something does.
func (k *runKey) sameText(in *source.Input, b *basis, at int) *source.File {
	path, was := k.paths[at], &b.Files[at]
	lang := source.LangOf(path)
	_, failed := b.Failed[at]
	if failed || k.sums[at].Err != nil || source.IsBuild(path) || lang == source.NoLang || was.Text || was.Assembly ||
		lang == source.C && !was.Read || // it was no text
		lang == source.CSharp && !k.sameMark(in, b, at) {
		return nil
	}
	f, err := in.ReadOne(path)
	if err != nil || f.Hash != k.sums[at].Hash {
		return nil
	}
	return f
}

// sameCode tells whether a lowered file is to the run what it was.
func sameCode(in *source.Input, b *basis, was *basisFile, now *ir.File) (same bool) {
	defer func() {
		if recover() != nil { // what is kept has another form: then nothing is known
			same = false
		}
	}()
	old := lower.Earlier(in, &source.File{Path: now.Path, Lang: source.LangOf(now.Path), Hash: was.Hash})
	tells := func(word string) bool { return lifetime.Telling([]byte(word)) != 0 }
	if old == nil || len(was.Lines) > 0 && len(old.Directives) > 0 { // what a suppression reaches is told by places
		return false
	}
	return ir.Alike(old, now, ir.Looks{At: was.lookedAt, Asked: b.Asked, Tells: tells, Told: b.Told.Of})
}

// sameProblems tells whether a result says of a lowered file what was not understood there: a parser that meets an error may go on at
// another place than before, though it understands the same.
func sameProblems(e *kept, src *source.File, now *ir.File) bool {
	var said []outcome.Problem
	for _, p := range e.Problems {
		if p.Path == src.Path && p.Kind == outcome.NotUnderstood {
			said = append(said, p)
		}
	}
	is := notUnderstood(src, now.AllProblems())
	outcome.Sort(is)
	return slices.Equal(said, slices.Compact(is))
}

// sameMark tells whether a C# file is what it was to those who know its words alone. Where all files were read in the end, these chose so
// many that this was done: more words choose no fewer.
func (k *runKey) sameMark(in *source.Input, b *basis, at int) bool {
	was := &b.Files[at]
	m, hash, ok := unread.MarkOf(in, k.paths[at], lifetime.Needles(), lifetime.Telling)
	if !ok || hash != k.sums[at].Hash || m.Assembly || m.Spaces != was.Spaces {
		return false
	}
	if b.Whole {
		return len(ir.CommonWords(was.Words, m.Words)) == len(was.Words)
	}
	return m.Names == was.Names && slices.Equal(ir.CommonWords(m.Words, b.Marked), was.Words)
}
