package link

import (
	"slices"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/unread"
)

// tellWorld is a program of files that are read, and of others.
func tellWorld(t *testing.T, read, passed map[string]string) *Program {
	in := &source.Input{Overlay: map[string][]byte{}}
	var files []*ir.File
	for _, texts := range []map[string]string{read, passed} {
		for p, text := range texts {
			in.Overlay[p] = []byte(text)
			in.Paths = append(in.Paths, p)
		}
	}
	index := unread.New(in, nil, nil)
	for p, text := range read {
		files = append(files, lowerText(t, p, text))
		index.TypesAnywhere(p[:1]) // each file declares a type of its name
	}
	index.Next()
	return NewPart(nil, files, index, models.Default())
}

func TestTelling(t *testing.T) {
	read := map[string]string{
		"A.cs": "class A { }", "B.cs": "class B : N.A { }", "C.cs": "class C { B inner; void Of(out A a) { a = null; } void By(ref A a) { } void Takes(A given) { A local; } }",
		"D.cs": "using Short = N.B; class D { delegate A Maker(); Maker make; int this[int i] { get { return 0; } } }",
		"E.cs": "using System.Collections.Generic; class E { List<B> All() { return null; } static extern B Native(out C c); int Count { get { return 0; } } }",
		"F.cs": "class F { A this[int i] { get { return null; } } F held; }",
	}
	p := tellWorld(t, read, map[string]string{"X.cs": "class X : B { Y other; }"})
	words, ok := p.Telling([]string{"A"})
	if !ok || !slices.IsSorted(words) {
		t.Fatal(ok, words)
	}
	for w, want := range map[string]bool{
		"A": true, "B": true, "Short": true, "inner": true, "Of": true, "Maker": true, "make": true, "All": true, "Native": true, "F": true, "held": true, "X": true,
		"By": false, "Takes": false, "given": false, "local": false, "Count": false, "C": false, "D": false, "other": false, "Item": false,
	} {
		if _, got := slices.BinarySearch(words, ir.WordOf(w)); got != want {
			t.Errorf("%s tells of A: %v", w, got)
		}
	}
	if _, ok := build(t, "a.cs", "class A { }").Telling([]string{"A"}); ok {
		t.Error("where all files are kept, any body may")
	}
}

func TestTellingEverywhere(t *testing.T) {
	p := tellWorld(t, map[string]string{"A.cs": "class A { }", "B.cs": "class B : A { }", "C.cs": "global using static N.B; class C { }"}, nil)
	if _, ok := p.Telling([]string{"A"}); ok {
		t.Error("members of a type that are in scope everywhere need no word")
	}
	if _, ok := p.Telling([]string{"C"}); !ok {
		t.Error("those of another are not")
	}
}

// A method that alone of its name gives a value does not tell of its own first call.
func TestTellingOfCalled(t *testing.T) {
	p := tellWorld(t, map[string]string{
		"A.cs": "class A { static A Make() { return null; } static A Get() { return null; } static A Get(int n) { return null; } static A B() { return null; } }",
		"B.cs": "class B : A { }", "C.cs": "class C { A Make2() { return null; } static int Count(out A a) { a = null; return 0; } }"}, nil)
	var fs []*ir.Func
	for _, f := range p.Funcs() {
		if f.Name != "Make2" && (f.Name != "Get" || len(f.Params) == 0) {
			fs = append(fs, f)
		}
	}
	words, _ := p.Telling([]string{"A"}, fs...)
	for w, want := range map[string]bool{"A": true, "B": true, "Make": false, "Get": true, "Make2": true, "Count": false} {
		if _, got := slices.BinarySearch(words, ir.WordOf(w)); got != want {
			t.Errorf("%s tells of A: %v", w, got)
		}
	}
}
