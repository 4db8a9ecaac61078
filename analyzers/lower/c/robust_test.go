package clower

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// survives lowers text and checks that the result is sound and no item had to be given up.
func survives(t *testing.T, what string, text []byte) {
	t.Helper()
	f, err := source.FromBytes("x.c", source.C, text)
	if err != nil {
		return // not text any more
	}
	file := Lower(f, syntax.Parse(context.Background(), f))
	for _, fn := range file.Funcs {
		if err := ir.Verify(fn); err != nil {
			t.Fatalf("%s: %v\n%s", what, err, text)
		}
		if err := verifyUses(fn); err != nil {
			t.Fatalf("%s: %v\n%s", what, err, text)
		}
	}
	for _, p := range file.Problems {
		if strings.HasPrefix(p.Text, "not lowered") {
			t.Fatalf("%s: %s\n%s", what, p.Text, text)
		}
		if int(p.Span.End) > len(text) || p.Span.Start > p.Span.End {
			t.Fatalf("%s: problem %q at %d-%d of %d bytes", what, p.Text, p.Span.Start, p.Span.End, len(text))
		}
	}
}

// TestPrefixes lowers prefixes of each test file: all of them when not -short.
func TestPrefixes(t *testing.T) {
	step := 1
	if testing.Short() {
		step = 17
	}
	for _, path := range testFiles(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; n < len(text); n += step {
			survives(t, path, text[:n])
		}
	}
}

// TestMutations lowers test files with pieces deleted, doubled, swapped or replaced.
func TestMutations(t *testing.T) {
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	r := rand.New(rand.NewPCG(1, 2))
	var texts [][]byte
	for _, path := range testFiles(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	pieces := []string{"{", "}", "(", ")", ";", ",", "*", "&", "=", "\"", "'", "#if X\n", "\n#endif\n", "\n#else\n", "case 1:", "goto x;", "x:", "__try {", "__finally", "return", "0", "a", "\\\n", "/*", "->", "[", "]", "\n#define M(a) a ##\n"}
	for i := range rounds {
		text := append([]byte(nil), texts[i%len(texts)]...)
		for range 1 + r.IntN(4) {
			if len(text) == 0 {
				break
			}
			a := r.IntN(len(text))
			b := min(len(text), a+r.IntN(30))
			switch r.IntN(4) {
			case 0:
				text = append(text[:a:a], text[b:]...)
			case 1:
				text = append(text[:b:b], text[a:]...)
			case 2:
				p := pieces[r.IntN(len(pieces))]
				text = append(text[:a:a], append([]byte(p), text[a:]...)...)
			case 3:
				text[a] = byte(32 + r.IntN(95))
			}
		}
		survives(t, "mutation", text)
	}
}

// TestDeep lowers nesting far beyond what any stack should be used for.
func TestDeep(t *testing.T) {
	for name, text := range map[string]string{
		"parentheses": "int f(void) { return " + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000) + "; }",
		"blocks":      "void f(void) " + strings.Repeat("{", 5000) + "g();" + strings.Repeat("}", 5000),
		"sum":         "int f(void) { return 1" + strings.Repeat("+g()", 20000) + "; }",
		"and":         "int f(int a) { if (a" + strings.Repeat("&&a", 20000) + ") return 1; return 0; }",
		"else if":     "void f(int a) { " + strings.Repeat("if (a) g(); else ", 5000) + "; }",
		"unary":       "int f(int a) { return " + strings.Repeat("!", 5000) + "a; }",
		"stars":       "int f(int " + strings.Repeat("*", 3000) + "a) { return 1; }",
		"structs":     strings.Repeat("struct {", 1000) + "int a;" + strings.Repeat("} b;", 1000),
		"macros":      strings.Repeat("#define A(x) A(x) B(x)\n#define B(x) A(x)\n", 3) + "void f(void) { A(1); B(goto x); x:; }",
		"growth":      "#define A0(x) do { x; x; return; } while (0)\n#define A1(x) A0(A0(x))\n#define A2(x) A1(A1(x))\n#define A3(x) A2(A2(x))\n#define A4(x) A3(A3(x))\nvoid f(void) { A4(g()); A4(g()); }",
		"initialiser": "int a[] = " + strings.Repeat("{", 3000) + "x" + strings.Repeat("}", 3000) + ";",
		"members":     "int f(struct s *a) { return a" + strings.Repeat("->a", 10000) + "; }",
	} {
		t.Run(name, func(t *testing.T) { survives(t, name, []byte(text)) })
	}
}

// strayBlocks is a body that ends early again and again: each block that follows counts as one more
// function.
func strayBlocks(tb testing.TB, n int) (*source.File, *syntax.Result) {
	f, err := source.FromBytes("x.c", source.C, []byte("int f(int x) { "+strings.Repeat("}x{}", n)+" }"))
	if err != nil {
		tb.Fatal(err)
	}
	return f, syntax.Parse(context.Background(), f)
}

func TestStrayBlocks(t *testing.T) {
	f, res := strayBlocks(t, 10_000)
	if got := len(Lower(f, res).Funcs); got < 10_000 {
		t.Errorf("%d functions", got)
	}
}

// BenchmarkStrayBlocks shows that the cost grows with the number of blocks, not with its square:
// compare the two sizes.
func BenchmarkStrayBlocks(b *testing.B) {
	for _, n := range []int{10_000, 80_000} {
		f, res := strayBlocks(b, n)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				Lower(f, res)
			}
		})
	}
}
