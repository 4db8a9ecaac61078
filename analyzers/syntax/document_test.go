package syntax

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

// typed changes a text at random: letters, words, lines and brackets come and go.
func typed(r *rand.Rand, text []byte) []byte {
	at := r.IntN(len(text) + 1)
	to := min(len(text), at+1+r.IntN(4))
	switch r.IntN(8) {
	case 0:
		return slices.Concat(text[:at], text[to:])
	case 1:
		words := []string{"x", " ", ";", "{", "}", "(", ")", "\"", "/*", "// é 😀\n", "#if A\n", "#endif\n", "*", "fixed (", "return x;", "\n", "=> 1", "<int>"}
		return slices.Concat(text[:at], []byte(words[r.IntN(len(words))]), text[at:])
	case 2, 3:
		lines := strings.SplitAfter(string(text), "\n")
		i, j := r.IntN(len(lines)), r.IntN(len(lines))
		switch r.IntN(3) {
		case 0:
			lines = slices.Delete(lines, i, i+1)
		case 1:
			lines = slices.Insert(lines, i, lines[j])
		default:
			lines[i], lines[j] = lines[j], lines[i]
		}
		return []byte(strings.Join(lines, ""))
	case 4:
		return slices.Concat(text[:at], text[at:to], text[at:])
	}
	return slices.Concat(text[:at], []byte{byte('a' + r.IntN(26))}, text[at:])
}

// TestDocumentParsesAsFromScratch edits files at random. Where neither tree has an error the document
// has the trees of a fresh parse; where one has, they are those of the text all the same.
func TestDocumentParsesAsFromScratch(t *testing.T) {
	names, _ := filepath.Glob("testdata/shapes.c*")
	for _, pattern := range []string{"*.cs", "*/*.cs", "*/*.c", "*/*.h"} {
		more, _ := filepath.Glob("../../testdata/projects/*/" + pattern)
		names = append(names, more...)
	}
	names = slices.DeleteFunc(names, func(n string) bool { return source.LangOf(n) == source.NoLang })
	if len(names) < 6 {
		t.Fatalf("only %q", names)
	}
	rounds := 60
	if os.Getenv("PINVET_LONG") != "" {
		rounds = 3000
	}
	whole, broken, other := 0, 0, 0
	for _, name := range names {
		original, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		seed := rand.Uint64()
		r := rand.New(rand.NewPCG(seed, 1))
		var d Document
		text := original
		for round := range rounds {
			if round%7 == 6 {
				text = original
			} else {
				text = typed(r, text)
			}
			f := file(t, source.LangOf(name), text)
			got, want := d.Parse(context.Background(), f), Parse(context.Background(), f)
			diff := different(got, want)
			switch {
			case len(want.Problems) == 0 && len(got.Problems) == 0:
				whole++
				if diff != "" {
					t.Fatalf("%s, seed %d, round %d: %s", name, seed, round, diff)
				}
			case diff != "":
				other++
				fallthrough
			default:
				broken++
			}
			for _, v := range got.Views {
				checkTree(t, v)
			}
		}
		d.Close()
	}
	if n := HeldTrees(); n != 0 {
		t.Errorf("%d trees are still held", n)
	}
	t.Logf("%d texts without a problem, all alike; %d with one, of which %d have another tree than a fresh parse gives", whole, broken, other)
	if whole < broken/20 {
		t.Error("hardly any text parses")
	}
}

// FuzzDocument edits one text into another: without syntax errors the trees are those of a fresh parse.
func FuzzDocument(f *testing.F) {
	for lang, texts := range clean {
		for i, s := range texts {
			f.Add([]byte(s), []byte(texts[(i+1)%len(texts)]), lang == source.CSharp)
			f.Add([]byte(s), []byte(s[:len(s)/2]+" "+s[len(s)/2:]), lang == source.CSharp)
		}
	}
	f.Fuzz(func(t *testing.T, before, now []byte, cs bool) {
		path, lang := "a.c", source.C
		if cs {
			path, lang = "a.cs", source.CSharp
		}
		var d Document
		defer d.Close()
		for _, text := range [][]byte{before, now} {
			f, err := source.FromBytes(path, lang, text)
			if err != nil {
				return
			}
			got, want := d.Parse(context.Background(), f), Parse(context.Background(), f)
			for _, v := range got.Views {
				checkTree(t, v)
			}
			if diff := different(got, want); diff != "" && len(got.Problems)+len(want.Problems) == 0 {
				t.Errorf("%s, of %q after %q", diff, now, before)
			}
		}
	})
}

// different says where two results differ; "" if they do not.
func different(a, b *Result) string {
	if len(a.Views) != len(b.Views) {
		return "number of views"
	}
	for v := range a.Views {
		if x, y := a.Views[v].Nodes, b.Views[v].Nodes; !slices.Equal(x, y) {
			for i := range min(len(x), len(y)) {
				if x[i] != y[i] {
					return fmt.Sprintf("view %d, node %d: %+v and %+v", v, i, x[i], y[i])
				}
			}
			return fmt.Sprintf("view %d: %d and %d nodes", v, len(x), len(y))
		}
	}
	if !slices.Equal(a.Problems, b.Problems) {
		return "problems"
	}
	return ""
}

// BenchmarkDocument is one keystroke in a file of some 200 kB.
func BenchmarkDocument(b *testing.B) {
	for _, name := range []string{"shapes.cs", "shapes.c"} {
		b.Run(name, func(b *testing.B) {
			lang, text := benchText(b, name)
			at := len(text) / 2
			files := []*source.File{file(b, lang, text), file(b, lang, slices.Concat(text[:at], []byte("x"), text[at:]))}
			var d Document
			defer d.Close()
			d.Parse(context.Background(), files[1])
			b.SetBytes(int64(len(text)))
			for i := 0; b.Loop(); i++ {
				d.Parse(context.Background(), files[i%2])
			}
		})
	}
}
