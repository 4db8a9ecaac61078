package lifetime_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/skim"
	"github.com/pinvet/pinvet/analyzers/source"
)

// TestWords: words choose each function that its calls would choose, in all cases of the rules, and in each folder
// of those that PINVET_CORPUS names.
func TestWords(t *testing.T) {
	archives, err := filepath.Glob("../../rules/*/PIN*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := map[*ir.File]*skim.Text{}
		for _, f := range a.Files {
			if source.LangOf(f.Name) != source.NoLang {
				files[packed(t, f.Name, f.Data)] = skim.CSharp(f.Data, lifetime.Telling)
			}
		}
		overlooked(t, filepath.Base(name), files)
	}
	for _, dir := range filepath.SplitList(os.Getenv("PINVET_CORPUS")) {
		files := map[*ir.File]*skim.Text{}
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || source.LangOf(p) == source.NoLang {
				return err
			}
			text, err := os.ReadFile(p)
			if err != nil {
				return nil // a link that leads nowhere
			}
			if _, err := source.FromBytes(p, source.LangOf(p), text); err == nil {
				files[packed(t, p, text)] = skim.CSharp(text, lifetime.Telling)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		overlooked(t, dir, files)
	}
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
