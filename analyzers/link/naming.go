package link

import (
	"slices"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// wordIndex finds the files whose packed bodies name a word (see ir.Func.Names); the functions in them are told by their own words.
type wordIndex struct {
	once   sync.Once
	words  []ir.Word // sorted
	start  []uint32  // by word, and one more: where its files begin
	files  []uint32  // indexes of files, ascending for each word
	packed []bool    // by file: some body was packed when the index was built
	loose  []bool    // by file: some body may not be packed, so that its words are not known
}

// Naming returns the functions whose bodies may name one of some words (see ir.Func.Names), sorted, in the order of
// the program. The first call indexes all functions.
func (p *Program) Naming(sorted []ir.Word) (out []*ir.Func) {
	if len(sorted) == 0 {
		return nil
	}
	in := p.filesNaming(sorted)
	for i, f := range p.Files {
		if !in[i] {
			continue
		}
		for _, fn := range f.Funcs {
			if fn.HasBody() && fn.Names(sorted) {
				out = append(out, fn)
			}
		}
	}
	return out
}

// namingPacked are the functions with packed bodies that may name a word, in the order of the program.
func (p *Program) namingPacked(word ir.Word) (out []*ir.Func) {
	p.words.once.Do(p.indexWords)
	p.Unread.Note(word)
	named := []ir.Word{word}
	for _, i := range p.words.filesOf(word) {
		for _, f := range p.Files[i].Funcs {
			if f.Packed() && f.Names(named) {
				out = append(out, f)
			}
		}
	}
	return out
}

// filesOf are the files that have packed bodies which name a word.
func (w *wordIndex) filesOf(word ir.Word) []uint32 {
	i, ok := slices.BinarySearch(w.words, word)
	if !ok {
		return nil
	}
	return w.files[w.start[i]:w.start[i+1]]
}

// Near tells of which functions the body or one around it, the name of the type that they are written in, or a using directive for
// the members of a type names one of some words, sorted, or may, as a body was not packed.
func (p *Program) Near(sorted []ir.Word) func(*ir.Func) bool {
	named := func(text string) (found bool) {
		ir.EachWord(text, func(w string) {
			if !found {
				_, found = slices.BinarySearch(sorted, ir.WordOf(w))
			}
		})
		return found
	}
	return func(f *ir.Func) bool {
		for i := f.Index; i >= 0; i = f.File.Funcs[i].Parent {
			if f.File.Funcs[i].Names(sorted) {
				return true
			}
		}
		if named(f.Owner) {
			return true
		}
		us := p.cs.usings[f.File]
		return us != nil && slices.ContainsFunc(us.statics, named)
	}
}

// filesNaming tells of which files, by index, a packed body names one of some words, or some body was not packed.
func (p *Program) filesNaming(sorted []ir.Word) []bool {
	p.words.once.Do(p.indexWords)
	p.Unread.Note(sorted...)
	in := slices.Clone(p.words.loose)
	for _, word := range sorted {
		for _, i := range p.words.filesOf(word) {
			in[i] = true
		}
	}
	return in
}

func (p *Program) indexWords() {
	w := &p.words
	w.packed, w.loose = make([]bool, len(p.Files)), make([]bool, len(p.Files))
	per := make([][]ir.Word, len(p.Files))
	parallel(len(p.Files), func(i int) {
		for _, f := range p.Files[i].Funcs {
			if ws, ok := f.Words(); ok {
				w.packed[i] = w.packed[i] || f.Packed()
				per[i] = append(per[i], ws...)
			} else {
				w.loose[i] = true
			}
		}
		slices.Sort(per[i])
		per[i] = slices.Clone(slices.Compact(per[i]))
	})
	n := 0
	for _, ws := range per {
		n += len(ws)
	}
	all := make([]uint64, 0, n)
	for i, ws := range per {
		for _, word := range ws {
			all = append(all, uint64(word)<<32|uint64(i))
		}
		per[i] = nil
	}
	slices.Sort(all)
	w.files = make([]uint32, n)
	for i, x := range all {
		if word := ir.Word(x >> 32); i == 0 || word != w.words[len(w.words)-1] {
			w.words = append(w.words, word)
			w.start = append(w.start, uint32(i))
		}
		w.files[i] = uint32(x)
	}
	w.start = append(w.start, uint32(n))
}

// replaced notes that bodies of a file are others now, which nobody has packed.
func (w *wordIndex) replaced(file int) {
	if w.loose != nil {
		w.loose[file] = true
	}
}
