package lower_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// TestPack packs each body below testdata, and the folder in PINVET_CORPUS, and looks whether what
// is unpacked is what was packed.
func TestPack(t *testing.T) {
	paths := sourcesBelow("../../testdata", "../../rules", "../../analyzers")
	if dir := os.Getenv("PINVET_CORPUS"); dir != "" {
		paths = append(paths, sourcesBelow(dir)...)
	}
	if len(paths) == 0 {
		t.Fatal("no sources")
	}
	bodies := make([]int, len(paths))
	parallel.Do(context.Background(), 0, len(paths), func(i int) {
		text, err := os.ReadFile(paths[i])
		if err != nil {
			t.Error(err)
			return
		}
		f, err := source.FromBytes(paths[i], source.LangOf(paths[i]), text)
		if err != nil {
			return
		}
		plain, packed := lowerOnce(f), lowerOnce(f)
		packed.Pack()
		for k, fn := range plain.Funcs {
			if n := packed.Funcs[k].CountBlocks(); n != len(fn.Blocks()) {
				t.Errorf("%s: %s has %d blocks, and %d packed", paths[i], fn.FullName(), len(fn.Blocks()), n)
			}
			if now := packed.Funcs[k]; ir.Print(fn) != ir.Print(now) || !fn.Moved(now, 0) {
				t.Errorf("%s: %s is\n%s\nand unpacked\n%s", paths[i], fn.FullName(), ir.Print(fn), ir.Print(now))
			}
			for temp := range ir.Temp(fn.NumTemps + 1) {
				if (fn.Def(temp) == nil) != (packed.Funcs[k].Def(temp) == nil) {
					t.Errorf("%s: %s: t%d is defined in one of them", paths[i], fn.FullName(), temp)
				}
			}
			bodies[i]++
		}
		inUsedMemory(t, f, plain)
	})
	if slices.Max(bodies) == 0 {
		t.Error("no body was packed")
	}
}

// inUsedMemory looks whether f is lowered to the same where the bodies of other files were built and unpacked before.
func inUsedMemory(t *testing.T, f *source.File, plain *ir.File) {
	made := lower.One(&source.Snapshot{Input: &source.Input{Context: t.Context()}}, f)
	if len(made.Funcs) != len(plain.Funcs) {
		t.Errorf("%s: %d functions instead of %d", f.Path, len(made.Funcs), len(plain.Funcs))
		return
	}
	hold := holds.Get().(*ir.Hold)
	defer holds.Put(hold)
	made.UnpackIn(hold)
	for range 2 {
		for k, fn := range plain.Funcs {
			if now := made.Funcs[k]; ir.Print(fn) != ir.Print(now) {
				t.Errorf("%s: %s is\n%s\nand in memory of others\n%s", f.Path, fn.FullName(), ir.Print(fn), ir.Print(now))
			}
		}
		for _, fn := range made.Funcs {
			fn.Drop()
		}
		hold.Clear()
	}
}

var holds = sync.Pool{New: func() any { return &ir.Hold{} }}

func lowerOnce(f *source.File) *ir.File {
	return lower.Parsed(f, syntax.Parse(context.Background(), f))
}

func sourcesBelow(dirs ...string) (paths []string) {
	for _, dir := range dirs {
		_ = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (strings.HasSuffix(p, ".cs") || strings.HasSuffix(p, ".c") || strings.HasSuffix(p, ".h")) {
				paths = append(paths, p)
			}
			return nil
		})
	}
	return paths
}

func TestNames(t *testing.T) {
	f, err := source.FromBytes("a.cs", source.CSharp, []byte(`class C { int F(Other o) { var x = new Made<Arg>(); return Ns.T.Call(o.Field, "literal"); } }`))
	if err != nil {
		t.Fatal(err)
	}
	file := lowerOnce(f)
	file.Pack()
	fn := file.Funcs[0]
	for _, w := range []string{"Other", "Made", "Arg", "Ns", "T", "Call", "Field"} {
		if !fn.Names([]ir.Word{ir.WordOf(w)}) {
			t.Errorf("the body does not name %s", w)
		}
	}
	for _, w := range []string{"literal", "F", "Cal"} {
		if fn.Names([]ir.Word{ir.WordOf(w)}) {
			t.Errorf("the body names %s", w)
		}
	}
	if !fn.Names([]ir.Word{ir.OpWord(ir.OpCall)}) || fn.Names([]ir.Word{ir.OpWord(ir.OpFixed)}) {
		t.Error("the words of instructions are wrong")
	}
}
