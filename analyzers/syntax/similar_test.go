package syntax

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

// TestSimilar: the trees of views that are parsed with the help of the view before are those of their texts
// alone, in the samples, the corpus of tests, and the tree in PINVET_CORPUS.
func TestSimilar(t *testing.T) {
	roots := []string{"testdata", "../../testdata", "../lower"}
	if dir := os.Getenv("PINVET_CORPUS"); dir != "" {
		roots = append(roots, dir)
	}
	views := 0
	for _, root := range roots {
		err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || source.LangOf(p) == source.NoLang {
				return nil
			}
			f, err := source.Read("", p)
			if err != nil {
				return nil
			}
			views += sameAlone(t, f)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{
		"#ifdef A\nint a(void) { return 1; }\n#else\nint b(void) { return 2; }\n#endif\nint c;\n",
		"int f(int x) {\n#ifdef A\n if (x)\n#else\n if (!x)\n#endif\n { return x * x; }\n return 0; }\nint g(void) { return f(1); }\n",
		"#ifdef A\nint a(void) { return }\n#else\nint b(void) { return 2; }\n#endif\nint c;\n",
		"#ifdef A\nint a;\n#else\nint b(void) { return }\n#endif\nint c;\n",
		"#ifdef A\ntypedef int x;\n#else\nint x;\n#endif\nvoid f(void) { x * y; x(z); }\n",
	} {
		f, err := source.FromBytes("a.c", source.C, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		n := sameAlone(t, f)
		if n == 0 {
			t.Errorf("one view only of:\n%s", text)
		}
		views += n
	}
	t.Logf("%d further views", views)
}

// sameAlone compares the views of a file with fresh parses of their texts, and returns the number of views beside the first.
func sameAlone(t *testing.T, f *source.File) int {
	r := Parse(context.Background(), f)
	for v, tree := range r.Views {
		alone := &Tree{Lang: tree.Lang, Src: tree.Src, Norm: tree.Norm, Marks: tree.Marks, Rewrites: tree.Rewrites}
		alone.Nodes, _ = grammarOf(f.Lang).parse(tree.Norm)
		if tree.Lang == source.CSharp {
			alone.repair()
		}
		if !slices.Equal(tree.Nodes, alone.Nodes) {
			t.Errorf("%s: view %d: another tree than alone", f.Path, v)
		}
	}
	return len(r.Views) - 1
}
