package check

import (
	"bytes"
	"encoding/gob"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/unread"
	"github.com/pinvet/pinvet/internal/cache"
)

// basis is what the result of a run rests on: all declarations, the bodies that it looked at, and of the others the words that it
// asked for. An edit that touches none of that gives the same result (see untouched.go). There is one for
// all runs over the same paths with the same settings: that of the last one that had to look.
type basis struct {
	Run    cache.Key      // the result
	Whole  bool           // all C# files were read
	Asked  []ir.Word      // words that bodies were asked for, sorted
	Marked []ir.Word      // words that files were asked for as long as some were only skimmed, sorted
	Told   *lifetime.Told // what bodies were asked for besides
	Failed map[int]string // by index of the path: why it was not read
	Files  []basisFile    // by path, as in the key of the run
}

// basisFile is what is known of one file.
type basisFile struct {
	Hash     [32]byte
	Size     int      // in bytes
	Read     bool     // it was lowered, and not only skimmed
	Text     bool     // somebody looked at its text as it stands
	Places   []place  // somebody asked where this is
	Lines    []uint64 // hashes of the lines, if something was said of some
	Begin    int      // where its text begins, in bytes on disk; known where Lines are, as is the next
	Encoding source.Encoding
	Assembly bool      // see unread.Mark
	Spaces   uint64    // likewise
	Names    uint64    // likewise
	Words    []ir.Word // those of Marked that skimming sees
	Looked   []byte    // by index of the function, as bits: its body was looked at
}

func (f *basisFile) lookedAt(i int) bool { return i/8 < len(f.Looked) && f.Looked[i/8]>>(i%8)&1 != 0 }

// basisOf is what a result rests on that has just been found; nil if that is not known.
func (k *runKey) basisOf(r *Result) *basis {
	low, _ := r.Of[lower.Analyzer].(*lower.Result)
	x, _ := r.Of[unread.Analyzer].(*unread.Index)
	projects, _ := r.Of[project.Analyzer].(*project.Set)
	flow, _ := r.Of[lifetime.Analyzer].(*lifetime.Result)
	if low == nil || x == nil || flow == nil || flow.Told == nil || projects == nil || r.snapshot == nil {
		return nil
	}
	marks, marked, asked := x.Marks()
	b := &basis{Run: k.key, Whole: x.Whole(), Asked: asked.Words(), Marked: marked, Told: flow.Told, Files: make([]basisFile, len(k.paths)), Failed: map[int]string{}}
	for i, s := range k.sums {
		if b.Files[i].Hash = s.Hash; s.Err != nil {
			b.Failed[i] = failure(s.Err)
		}
	}
	at := func(path string) *basisFile {
		if i, ok := slices.BinarySearch(k.paths, path); ok {
			return &b.Files[i]
		}
		return &basisFile{}
	}
	for _, f := range r.snapshot.Files {
		at(f.Path).Size = f.Size
	}
	for path := range r.said() {
		if src := r.snapshot.File(path); src != nil {
			f := at(path)
			f.Places, f.Lines, f.Begin, f.Encoding = r.places.of[path], linesOf(src), src.DiskOffset(0), src.Encoding
		}
	}
	for _, p := range r.skimmed {
		at(p.Path).Size = p.Size
	}
	for i := range marks {
		m := &marks[i]
		f := at(m.Path)
		f.Assembly, f.Spaces, f.Names, f.Words = m.Assembly, m.Spaces, m.Names, m.Words
	}
	for _, file := range low.Files {
		f := at(file.Path)
		f.Read, f.Text = true, asked.AskedText(file.Path)
		for i, fn := range file.Funcs {
			if fn.LookedAt() {
				f.look(i)
			}
		}
	}
	return b
}

// said are the paths of files that the result says something of.
func (r *Result) said() map[string]bool {
	out := map[string]bool{}
	for path := range r.places.of {
		out[path] = true
	}
	for _, p := range r.Problems {
		out[p.Path] = true
	}
	for _, f := range r.Suppressed {
		out[f.Suppression.Path] = true
	}
	return out
}

func (f *basisFile) look(i int) {
	for i/8 >= len(f.Looked) {
		f.Looked = append(f.Looked, 0)
	}
	f.Looked[i/8] |= 1 << (i % 8)
}

// keepBasis puts what a result rests on, which is kept too, where the next run over these paths finds it.
func (k *runKey) keepBasis(r *Result, o Options) {
	b := k.basisOf(r)
	if b == nil {
		return
	}
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(b); err == nil {
		o.Cache.Put(cache.Basis, k.family, out.Bytes())
	}
}

// basis is what the last run over these paths left; nil if there is none.
func (k *runKey) basis(o Options) *basis {
	data, ok := o.Cache.Get(cache.Basis, k.family)
	if !ok {
		return nil
	}
	b := &basis{}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(b); err != nil || len(b.Files) != len(k.paths) || b.Told == nil {
		return nil
	}
	return b
}
