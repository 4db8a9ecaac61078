package ir

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Asked collects the words that bodies were asked for (Func.Names, and whoever looks into Func.Words): two bodies that have the same
// of them were told apart by nobody, as long as nobody looked further. A nil Asked collects nothing.
type Asked struct {
	words sync.Map               // Word -> nothing
	lists sync.Map               // the first of a list -> *[]Word: it was noted, and stays as it is
	last  atomic.Pointer[[]Word] // the last one that was asked for: of many bodies, one after the other
	texts sync.Map               // path of a file -> nothing: somebody looked at its text as it stands
}

// Note adds words.
func (a *Asked) Note(words ...Word) {
	if a == nil {
		return
	}
	for _, w := range words {
		a.one(w)
	}
}

func (a *Asked) one(w Word) {
	if _, known := a.words.Load(w); !known {
		a.words.Store(w, nil)
	}
}

// list is Note for a list that is asked for often and never changes.
func (a *Asked) list(sorted []Word) {
	if len(sorted) == 0 || isList(a.last.Load(), sorted) {
		return
	}
	known, _ := a.lists.Load(&sorted[0])
	list, _ := known.(*[]Word)
	if !isList(list, sorted) {
		a.Note(sorted...)
		list = &sorted
		a.lists.Store(&sorted[0], list)
	}
	a.last.Store(list)
}

// isList tells whether two lists are one.
func isList(list *[]Word, sorted []Word) bool {
	return list != nil && len(*list) == len(sorted) && &(*list)[0] == &sorted[0]
}

// Words are all of them, sorted.
func (a *Asked) Words() (out []Word) {
	if a == nil {
		return nil
	}
	a.words.Range(func(w, _ any) bool {
		out = append(out, w.(Word))
		return true
	})
	slices.Sort(out)
	return out
}

// NoteIn says who collects the words that bodies of the file are asked for.
func (f *File) NoteIn(a *Asked) { f.asked = a }

// LookedAt tells whether somebody asked for more of the body than its words.
func (f *Func) LookedAt() bool {
	if f.packed == nil {
		return len(f.Code) > 0
	}
	return f.packed.body.Load() != nil || f.IsLate() && f.packed.code.Load() != nil
}

// look notes that somebody asks for something in the body.
func (f *Func) look() {
	if f.packed != nil {
		f.packed.body.CompareAndSwap(nil, dropped)
	}
}

// inHead tells whether v is a parameter or the receiver.
func (f *Func) inHead(v VarID) bool { return v == f.This || slices.Contains(f.Params, v) }

// AskText notes that somebody looks at the text of the file as it stands.
func (f *File) AskText() {
	if f.asked != nil {
		f.asked.texts.Store(f.Path, nil)
	}
}

// AskedText tells whether somebody did, of a file of that path.
func (a *Asked) AskedText(path string) bool {
	_, did := a.texts.Load(path)
	return did
}
