package ir

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
)

// Looks says what a run looked at in a file.
type Looks struct {
	At    func(index int) bool // at the body of a function, and not at its words alone (Func.LookedAt)
	Asked []Word               // the words that bodies were asked for (Asked), sorted
	Tells func(string) bool    // a word is of interest wherever it stands (File.EachString)
	Told  func(*Func) []uint64 // what else a body was asked for, that its words and those of the functions around it tell
}

// Alike tells whether a run that looked at old finds the same in now, at other places: both declare the same, bodies that
// were looked at are the same, and the others have the same of the words that were asked for. Places
// are in the same order. It is false, too, where that cannot be told, as a late body is not known.
func Alike(old, now *File, l Looks) bool {
	w := &pairWalk{}
	if !w.files(old, now) || len(old.Funcs) != len(now.Funcs) || !maps.Equal(old.telling(l.Tells), now.telling(l.Tells)) {
		return false
	}
	for i, f := range old.Funcs {
		g := now.Funcs[i]
		switch {
		case !w.heads(f, g) || !sameWords(f, g, l.Asked) || old.Lang == CSharp && !sameAround(f, g) && !slices.Equal(l.Told(f), l.Told(g)):
			return false
		case l.At(i):
			if f.IsLate() && old.knownLate(f) == nil || !sameBody(f, g, w.at) || !w.same(reflect.ValueOf(f.lateProblems()), reflect.ValueOf(g.lateProblems())) {
				return false
			}
		}
	}
	return w.inOrder()
}

// lateProblems are those in the body, if it is late and somebody looked at it.
func (f *Func) lateProblems() []Problem {
	if f.IsLate() {
		if c := f.packed.code.Load(); c != nil {
			return c.problems
		}
	}
	return nil
}

// telling are the words of the file that tell something wherever they stand.
func (f *File) telling(tells func(string) bool) map[string]bool {
	out := map[string]bool{}
	f.EachString(func(s string) {
		EachWord(s, func(w string) {
			if tells(w) {
				out[w] = true
			}
		})
	})
	return out
}

// sameWords tells whether two bodies have the same of some words, sorted.
func sameWords(f, g *Func, asked []Word) bool {
	a, known := f.Words()
	b, too := g.Words()
	return known && too && f.HasBody() == g.HasBody() && slices.Equal(CommonWords(a, asked), CommonWords(b, asked))
}

// sameAround tells whether two bodies have the same words, and so have the functions around them.
func sameAround(f, g *Func) bool {
	for i := f.Index; i >= 0; i = f.File.Funcs[i].Parent {
		a, _ := f.File.Funcs[i].Words()
		b, _ := g.File.Funcs[i].Words()
		if !slices.Equal(a, b) {
			return false
		}
	}
	return true
}

// CommonWords are those of some words that are among others; both are sorted.
func CommonWords(words, among []Word) (out []Word) {
	for _, w := range words {
		if _, ok := slices.BinarySearch(among, w); ok {
			out = append(out, w)
		}
	}
	return out
}

// pairWalk walks two things that must be the same but for places, which it collects.
type pairWalk struct{ pairs [][2]uint32 }

// at notes that one place is the other.
func (w *pairWalk) at(a, b Span) bool {
	if a == (Span{}) || b == (Span{}) {
		return a == b
	}
	w.pairs = append(w.pairs, [2]uint32{a.Start, b.Start}, [2]uint32{a.End, b.End})
	return true
}

// inOrder tells whether the places are in the same order on both sides.
func (w *pairWalk) inOrder() bool {
	slices.SortFunc(w.pairs, func(a, b [2]uint32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for i := 1; i < len(w.pairs); i++ {
		a, b := w.pairs[i-1], w.pairs[i]
		if a[0] == b[0] && a[1] != b[1] || a[0] < b[0] && a[1] >= b[1] {
			return false
		}
	}
	return true
}

// files compares all that files have but for functions.
func (w *pairWalk) files(old, now *File) bool {
	a, b := reflect.ValueOf(old).Elem(), reflect.ValueOf(now).Elem()
	for i := range a.NumField() {
		if f := a.Type().Field(i); f.IsExported() && f.Name != "Funcs" && !w.same(a.Field(i), b.Field(i)) {
			return false
		}
	}
	return true
}

// heads compares functions without their bodies.
func (w *pairWalk) heads(f, g *Func) bool {
	if f.Name != g.Name || f.Owner != g.Owner || f.Kind != g.Kind || f.Flags != g.Flags || f.Index != g.Index || f.Parent != g.Parent || f.Ret != g.Ret ||
		f.This != g.This || f.Exit != g.Exit || f.Unwind != g.Unwind || f.View != g.View || f.HasBody() != g.HasBody() ||
		!slices.Equal(f.Params, g.Params) || !w.at(f.Span, g.Span) || !w.at(f.NameSpan, g.NameSpan) || !w.same(reflect.ValueOf(f.Attrs), reflect.ValueOf(g.Attrs)) {
		return false
	}
	for _, v := range f.Params {
		if !sameVar(f.Vars[v], g.Vars[v], w.at) {
			return false
		}
	}
	return f.This == NoVar || sameVar(f.Vars[f.This], g.Vars[f.This], w.at)
}

// same compares by content.
func (w *pairWalk) same(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return a.Type() == fileType || w.same(a.Elem(), b.Elem())
	case reflect.Struct:
		if a.Type() == spanType {
			return w.at(a.Interface().(Span), b.Interface().(Span))
		}
		for i := range a.NumField() {
			if !w.same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !w.same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}
