package lifetime_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/skim"
)

// TestWords: words choose each function that its calls would choose, in all cases of the rules, and in each folder
// of those that PINVET_CORPUS names.
func TestWords(t *testing.T) {
	eachTree(t, func(name string, texts map[string][]byte) {
		files := map[*ir.File]*skim.Text{}
		for path, text := range texts {
			files[packed(t, path, text)] = skim.CSharp(text, lifetime.Telling)
		}
		overlooked(t, name, files)
	})
}

func packed(t *testing.T, path string, text []byte) *ir.File {
	f := lowerText(t, path, string(text))
	f.Pack()
	return f
}

func overlooked(t *testing.T, name string, texts map[*ir.File]*skim.Text) {
	fs, may, files := lifetime.Overlooked(link.New(slices.Collect(maps.Keys(texts)), models.Default()), texts)
	if filepath.IsAbs(name) {
		t.Logf("%s: %d bodies chosen by words, %d files by their text", name, may, files)
	}
	for _, f := range fs {
		t.Errorf("%s: %s: %s", name, f.File.Path, f.FullName())
	}
}

// What the runtime implements is of interest where it gives an owner of a native handle only.
func TestWordsOfTheRuntime(t *testing.T) {
	text := []byte(`using System.Runtime.CompilerServices; using Microsoft.Win32.SafeHandles;
class A {
	[MethodImpl(MethodImplOptions.InternalCall)] static extern SafeFileHandle Make();
	[MethodImpl(MethodImplOptions.InternalCall)] static extern int Count();
	void Owns() { Make(); }
	int Counts() { return Count(); }
}`)
	f := packed(t, "a.cs", text)
	files := map[*ir.File]*skim.Text{f: skim.CSharp(text, lifetime.Telling)}
	fs, may, _ := lifetime.Overlooked(link.New([]*ir.File{f}, models.Default()), files)
	if len(fs) != 0 || may != 1 {
		t.Errorf("%d bodies are chosen, and %d overlooked", may, len(fs))
	}
}

// A panic while functions are looked at, before any is interpreted, is told.
func TestLookFails(t *testing.T) {
	prog := link.New([]*ir.File{lowerText(t, "a.cs", "class A { void One() { Two(); } void Two() { } }")}, models.Default())
	f := prog.Funcs()[1]
	if got := lifetime.Failing(prog, f); len(got) != 1 || got[0].Func != f || !strings.HasPrefix(got[0].Text, "broken") {
		t.Errorf("%v", got)
	}
}
