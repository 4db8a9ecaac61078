package lower_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/skim"
	"github.com/pinvet/pinvet/analyzers/source"
)

// TestSkimmed: all that lowering finds by name in a file, skimming finds too. PINVET_CORPUS names a folder of real code.
func TestSkimmed(t *testing.T) {
	root := os.Getenv("PINVET_CORPUS")
	if root == "" {
		root = "../../testdata"
	}
	snap := &source.Snapshot{Input: &source.Input{Context: context.Background()}}
	var files, size int
	var took time.Duration
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".cs") {
			return nil
		}
		raw, err := os.ReadFile(p)
		if err != nil {
			return nil
		}
		f, err := source.FromBytes(p, source.CSharp, raw)
		if err != nil {
			return nil
		}
		files, size = files+1, size+len(f.Text())
		begin := time.Now()
		at := skim.CSharp(f.Text(), nil)
		took += time.Since(begin)
		compareSkimmed(t, p, at, lower.One(snap, f))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Fatal("no files")
	}
	t.Logf("%d files, %d MB, %v", files, size>>20, took)
}

// compareSkimmed tells what lowering found and skimming did not.
func compareSkimmed(t *testing.T, path string, got *skim.Text, f *ir.File) {
	missing := func(what, name string) { t.Errorf("%s: %s %q", path, what, name) }
	if len(f.Problems) > 0 && len(f.Funcs) == 0 {
		return
	}
	for _, d := range f.Types {
		name := d.Name[strings.LastIndexByte(d.Name, '.')+1:]
		if !slices.Contains(got.Types, name) && len(f.Problems) == 0 {
			missing("type", name)
		}
		for _, b := range d.Bases {
			ir.EachWord(string(b), func(w string) {
				if !slices.Contains(got.Bases, ir.WordOf(w)) && len(f.Problems) == 0 {
					missing("base", w)
				}
			})
		}
	}
	typed := map[[2]ir.Word]bool{}
	for _, p := range got.Typed {
		typed[[2]ir.Word{p.Type(), p.Name()}] = true
	}
	pair := func(t ir.Type, name string) {
		name = name[strings.LastIndexByte(name, '.')+1:]
		ir.EachWord(string(t), func(w string) {
			if len(f.Problems) == 0 && w != "void" && w != "var" && w != "delegate" && (w[0] < '0' || w[0] > '9') && !strings.HasPrefix(name, "op_") && !strings.HasPrefix(name, "<") && !typed[[2]ir.Word{ir.WordOf(w), ir.WordOf(name)}] {
				missing("pair", w+" "+name)
			}
		})
	}
	for _, d := range f.Fields {
		pair(d.Type, d.Name)
	}
	for _, d := range f.Props {
		if d.Name != "Item" {
			pair(d.Type, d.Name)
		}
	}
	for _, fn := range f.Funcs {
		if fn.Kind == ir.FuncPlain {
			pair(fn.Ret, fn.Name)
			for _, p := range fn.Params {
				if v := fn.Var(p); v.Ref == ir.ByOut {
					pair(v.Type, fn.Name)
				}
			}
		}
	}
	names := map[ir.Word]string{}
	f.EachString(func(s string) { ir.EachWord(s, func(w string) { names[ir.WordOf(w)] = w }) })
	for _, fn := range f.Funcs {
		ws, _ := fn.Words()
		for _, w := range ws {
			if name, named := names[w]; named && !got.Has(w) && !madeWord(name) {
				missing("word", name)
			}
		}
	}
}

// madeWord tells whether lowering makes that word out of nothing that could be skipped over.
func madeWord(w string) bool {
	switch w {
	case "ctor", "char", "int", "uint", "long", "ulong", "double", "float", "decimal", "string", "bool", "base", "this", "Program", "args": // types of literals, and what classes have anyway
		return true
	}
	return strings.HasPrefix(w, "Item") || strings.HasSuffix(w, "k__BackingField") || strings.ContainsAny(w, "<>{}$+-*/=!~^|&%#\"'")
}
