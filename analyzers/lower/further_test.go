package lower_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"testing"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir/irenc"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// TestFurtherViews: a C file of which further views are parsed in part is lowered to what it is as a whole, in the samples and in the
// folder that PINVET_CORPUS names.
func TestFurtherViews(t *testing.T) {
	paths := sourcesBelow("../../testdata", "../../rules", "../../analyzers")
	if dir := os.Getenv("PINVET_CORPUS"); dir != "" {
		paths = append(paths, sourcesBelow(dir)...)
	}
	paths = slices.DeleteFunc(paths, func(p string) bool { return source.LangOf(p) != source.C })
	s := &source.Snapshot{Input: &source.Input{Context: context.Background(), Hasty: &source.Hasty{}}}
	parallel.Do(context.Background(), 0, len(paths), func(i int) {
		text, err := os.ReadFile(paths[i])
		if err != nil {
			t.Error(err)
			return
		}
		if f, err := source.FromBytes(paths[i], source.C, text); err == nil {
			sameFurther(t, s, f)
		}
	})
}

func sameFurther(t *testing.T, s *source.Snapshot, f *source.File) {
	whole := lowerOnce(f)
	whole.Pack()
	now := lower.One(s, f)
	now.Settle()
	if !bytes.Equal(irenc.Append(nil, now), irenc.Append(nil, whole)) {
		t.Errorf("%s: not the same as with whole views", f.Path)
	}
}

// Marks that belong to what was left out say nothing of what stands behind it, items end where they end in their own view, and what holds
// others is seen through.
func TestFurtherViewsOfOne(t *testing.T) {
	s := &source.Snapshot{Input: &source.Input{Context: t.Context(), Hasty: &source.Hasty{}}}
	filler := "int filler(int a) { return a + a + a + a; }\nint filling(int a) { return a * a * a * a; }\n"
	for _, c := range []struct {
		text string
		most int // nodes of the further view, of a hundred of the first
	}{
		{filler + "__declspec(dllexport) int __stdcall one(void) { return 1; }\n#ifdef A\nint two(void) { return 1; }\n#else\nint two(void) { return 2; }\n#endif\n", 50},
		{filler + "#ifdef A\nint x;\n#else\nstatic\n#endif\nint y;\nint z;\n", 100},
		{filler + "#ifdef A\nint two(int a)\n#else\nint two(a)\n#endif\nint a;\n{ return a; }\n" + filler, 100},
		{filler + "#ifdef A\nint b;\n#else\nvoid f(void) {\n#endif\nint x;\nint y;\n#ifdef A\nint c;\n#else\n}\n#endif\n", 100},
		{filler + "struct A { int a; };\n#ifdef A\nint two(void) { return 1; }\n#else\nint two(void) { return sizeof(struct A); }\n#endif\nstruct B { int b; };", 50},
		{filler + "TEST(a) { filler(1); }\n#ifdef A\nTEST(b) { filler(2); }\n#else\nTEST(b) { filler(3); }\n#endif\n", 100},
	} {
		f, err := source.FromBytes("a.c", source.C, []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		r := syntax.Outline(t.Context(), f)
		if len(r.Views) < 2 {
			t.Errorf("one view of\n%s", c.text)
			continue
		}
		if n, of := len(r.Views[1].Nodes), len(r.Views[0].Nodes); n*100 > of*c.most && c.most < 100 {
			t.Errorf("%d of %d nodes in the further view of\n%s", n, of, c.text)
		}
		sameFurther(t, s, f)
	}
}
