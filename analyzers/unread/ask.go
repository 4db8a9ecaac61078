package unread

import (
	"context"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/skim"
)

// want notes that a file is needed.
func (x *Index) want(at int32) {
	f := x.files[at]
	if !f.read && !f.wanted.Load() {
		f.wanted.Store(true)
		x.more.Store(true)
	}
}

// More tells whether files are needed that the run does not read: what it finds is not all.
func (x *Index) More() bool { return x != nil && x.more.Load() }

// Next returns the files that are needed and were not read yet, by path; from now on they are.
func (x *Index) Next() (paths []string) {
	paths, x.first = x.first, nil
	x.withBases()
	rest := 0
	for _, f := range x.files {
		if f.wanted.Load() && !f.read {
			f.read = true
			paths = append(paths, f.path)
		}
		if !f.read {
			rest++
		}
	}
	if rest == 0 { // nothing is left to ask for
		x.markWords()
		x.files, x.byType, x.byWord, x.byExt, x.told = nil, nil, nil, nil, map[ir.Word][]ir.Word{}
		x.kinOnce = func() *kin { return &kin{} }
	}
	x.more.Store(false)
	slices.Sort(paths)
	return paths
}

// All asks for all files.
func (x *Index) All() { x.Where(func(*skim.Text) bool { return true }) }

// Wanted is how many files are read or needed, of how many.
func (x *Index) Wanted() (n, of int) {
	for _, f := range x.files {
		if f.read || f.wanted.Load() {
			n++
		}
	}
	return n, len(x.files)
}

// Rest are the files that are not read, by path.
func (x *Index) Rest() (out []Passed) {
	for _, f := range x.files {
		if !f.read {
			out = append(out, Passed{f.path, f.size, f.hash})
		}
	}
	return out
}

// Types asks for the files that declare a type of that short name in one of some namespaces, or in one that they begin
// with: what they name may be a type itself. It tells whether there are any.
func (x *Index) Types(name string, in ...string) (some bool) {
	if x == nil {
		return false
	}
	for _, at := range x.byType[name] {
		if f := x.files[at]; !f.read && f.in(in) {
			x.want(at)
			some = true
		}
	}
	return some
}

// Declares tells whether a file that is not read may declare a type of that short name, so that Types asks for it.
func (x *Index) Declares(name string) bool {
	return x != nil && slices.ContainsFunc(x.byType[name], func(at int32) bool { return !x.files[at].read })
}

// in tells whether the types of f may be in one of some namespaces.
func (f *file) in(spaces []string) bool {
	if len(f.text.Spaces) == 0 {
		return true
	}
	for _, s := range f.text.Spaces {
		for _, v := range spaces {
			if v == s || within(v, s) || strings.HasSuffix(v, s) && v[len(v)-len(s)-1] == '.' {
				return true
			}
		}
	}
	return false
}

// within tells whether v is something in the namespace s.
func within(v, s string) bool { return len(v) > len(s) && v[len(s)] == '.' && strings.HasPrefix(v, s) }

// TypesAnywhere asks for the files that declare a type of that short name.
func (x *Index) TypesAnywhere(name string) {
	if x == nil {
		return
	}
	for _, at := range x.byType[name] {
		x.want(at)
	}
}

// Extensions asks for the files that declare an extension method of that name.
func (x *Index) Extensions(name string) {
	if x == nil {
		return
	}
	for _, at := range x.byExt[name] {
		x.want(at)
	}
}

// Overrides asks for the files with types that may derive from one of that short name, directly or not, and name a member.
func (x *Index) Overrides(base, member string) {
	if x == nil {
		return
	}
	word := ir.WordOf(member)
	x.Note(word)
	for _, t := range x.derived(ir.WordOf(base)) {
		for _, at := range x.byWord[t] {
			if x.files[at].text.Has(word) {
				x.want(at)
			}
		}
	}
}

// Naming asks for the files that name one of some words.
func (x *Index) Naming(words ...ir.Word) {
	if x == nil || len(words) == 0 {
		return
	}
	if !slices.IsSorted(words) {
		words = slices.Clone(words)
		slices.Sort(words)
	}
	x.Note(words...)
	x.Where(func(t *skim.Text) bool { return t.HasAny(words) })
}

// Where asks for the files of which a function of their names is true. Many goroutines ask. The words that it looks for are to be noted.
func (x *Index) Where(is func(*skim.Text) bool) {
	if x == nil {
		return
	}
	const few = 256 // files that one goroutine takes at once
	panics := parallel.Do(context.Background(), x.workers, (len(x.files)+few-1)/few, func(part int) {
		for i := part * few; i < min((part+1)*few, len(x.files)); i++ {
			if f := x.files[i]; !f.read && !f.wanted.Load() && is(f.text) {
				x.want(int32(i))
			}
		}
	})
	if len(panics) > 0 {
		panic(panics[0].Value) // as if one had asked: no file may be left out
	}
}

// withBases adds the files that declare what types of wanted files derive from: they would be asked for next.
func (x *Index) withBases() {
	var todo []*file
	for _, f := range x.files {
		if f.wanted.Load() && !f.read {
			todo = append(todo, f)
		}
	}
	for len(todo) > 0 {
		f := todo[0]
		todo = todo[1:]
		for _, w := range f.text.Bases {
			for _, at := range x.byWord[w] {
				if g := x.files[at]; !g.read && !g.wanted.Swap(true) {
					todo = append(todo, g)
				}
			}
		}
	}
}

// Each calls do for each file that is not read.
func (x *Index) Each(do func(*skim.Text)) {
	if x == nil {
		return
	}
	for _, f := range x.files {
		if !f.read {
			do(f.text)
		}
	}
}
