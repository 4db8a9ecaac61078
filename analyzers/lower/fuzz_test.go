package lower

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

func seeds(f *testing.F, patterns ...string) {
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			f.Fatalf("%s: no files", pattern)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
}

func FuzzC(f *testing.F) {
	seeds(f, "c/testdata/*.c", "../../testdata/projects/*/*/*.c", "../../testdata/projects/*/*/*.h")
	f.Add([]byte("#define A(x) B(x)\n#define B(x) A(x)\nint f(void) { A(1); return B(2); }"))
	f.Fuzz(func(t *testing.T, text []byte) { lowers(t, "a.c", source.C, text) })
}

func FuzzCSharp(f *testing.F) {
	seeds(f, "csharp/testdata/*.cs", "../../testdata/projects/*/*/*.cs")
	f.Fuzz(func(t *testing.T, text []byte) { lowers(t, "a.cs", source.CSharp, text) })
}

// lowers checks what holds for the lowered form of any text: bodies that keep the invariants of package
// ir, places inside the file, and the same again.
func lowers(t *testing.T, path string, lang source.Lang, text []byte) {
	f, err := source.FromBytes(path, lang, text)
	if err != nil {
		return
	}
	keepsInvariants(t, f, func() *ir.File { return Parsed(f, syntax.Parse(context.Background(), f)) })
}

// FuzzLate lowers with late bodies. Without errors they are what they are without being late.
func FuzzLate(f *testing.F) {
	seeds(f, "csharp/testdata/*.cs", "../../testdata/projects/*/*/*.cs")
	f.Fuzz(func(t *testing.T, text []byte) {
		f, err := source.FromBytes("a.cs", source.CSharp, text)
		if err != nil {
			return
		}
		s := &source.Snapshot{Input: &source.Input{Context: context.Background(), Hasty: &source.Hasty{}}}
		once := func() *ir.File {
			out := One(s, f)
			out.Settle()
			return out
		}
		late := keepsInvariants(t, f, once)
		res := syntax.Parse(context.Background(), f)
		errors := len(res.Problems) > 0
		if whole := Parsed(f, res); !errors && len(whole.Funcs) == len(late.Funcs) && printed(whole) != printed(late) {
			t.Errorf("late bodies:\n%s\nothers:\n%s", printed(late), printed(whole))
		}
	})
}

func keepsInvariants(t *testing.T, f *source.File, once func() *ir.File) *ir.File {
	file := once()
	inside := func(what string, at ir.Span) {
		if at.Start > at.End || int(at.End) > len(f.Text()) {
			t.Errorf("%s lies at %v of %d bytes", what, at, len(f.Text()))
		}
	}
	for _, fn := range file.Funcs {
		if err := ir.Verify(fn); err != nil {
			t.Error(err)
		}
		inside(fn.FullName(), fn.Span)
		inside(fn.FullName(), fn.NameSpan)
		for bi := range fn.Blocks() {
			for ii := range fn.Blocks()[bi].Instrs {
				inside(fn.FullName()+": "+ir.PrintInstr(fn, &fn.Blocks()[bi].Instrs[ii]), fn.Blocks()[bi].Instrs[ii].Span)
			}
		}
	}
	for _, p := range file.Problems {
		inside(p.Text, p.Span)
		if strings.HasPrefix(p.Text, "not lowered") {
			t.Error(p.Text)
		}
	}
	for _, d := range file.Directives {
		inside(d.Text, d.Span)
		inside(d.Text, d.About)
	}
	for _, x := range file.Types {
		inside(x.Name, x.Span)
	}
	if a, b := printed(file), printed(once()); a != b {
		t.Errorf("lowered twice:\n%s\n%s", a, b)
	}
	return file
}

func printed(f *ir.File) string {
	var b strings.Builder
	for _, fn := range f.Funcs {
		b.WriteString(ir.Print(fn))
	}
	return b.String()
}
