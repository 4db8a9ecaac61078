package csharp

import (
	"context"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

var update = flag.Bool("update", false, "write the golden files anew")

func lowerText(t testing.TB, name string, text []byte) *ir.File {
	t.Helper()
	f, err := source.FromBytes(name, source.CSharp, text)
	if err != nil {
		return nil
	}
	return Lower(f, syntax.Parse(context.Background(), f))
}

func verify(t testing.TB, f *ir.File) {
	t.Helper()
	for i, fn := range f.Funcs {
		if fn.Index != i || fn.File != f {
			t.Errorf("%s: function %s has index %d, is at %d", f.Path, fn.FullName(), fn.Index, i)
		}
		if err := ir.Verify(fn); err != nil {
			t.Errorf("%s: %v", f.Path, err)
		}
		if fn.Problems == 0 {
			for _, e := range flowErrors(fn) {
				t.Errorf("%s: %s", f.Path, e)
			}
		}
	}
}

// dump prints a file: declarations first, then bodies.
func dump(f *ir.File) string {
	var sb strings.Builder
	for _, u := range f.Usings {
		fmt.Fprintf(&sb, "using %+v\n", u)
	}
	for _, d := range f.Types {
		fmt.Fprintf(&sb, "type %s kind=%d bases=%v typeparams=%d%s", d.Name, d.Kind, d.Bases, d.TypeParams, flags(d.Flags))
		if d.Kind == ir.TypeDelegate {
			fmt.Fprintf(&sb, " %s(%s)", d.Ret, params(d.Params))
		}
		sb.WriteString(attrText(d.Attrs) + "\n")
	}
	for _, d := range f.Fields {
		fmt.Fprintf(&sb, "field %s.%s %s%s%s\n", d.Owner, d.Name, d.Type, flags(d.Flags), attrText(d.Attrs))
	}
	for _, p := range f.Props {
		fmt.Fprintf(&sb, "prop %s.%s %s get=%d set=%d%s\n", p.Owner, p.Name, p.Type, p.Getter, p.Setter, flags(p.Flags))
	}
	for i, c := range f.Consts {
		fmt.Fprintf(&sb, "const %d %s.%s %s = %s", i, c.Owner, c.Name, c.Type, expr(c.Value))
		if c.Enum {
			fmt.Fprintf(&sb, " enum prev=%d", c.Prev)
		}
		sb.WriteString("\n")
	}
	for _, d := range f.Typedefs {
		fmt.Fprintf(&sb, "typedef %s %s\n", d.Name, d.Type)
	}
	for _, im := range f.Imports {
		fmt.Fprintf(&sb, "import %s.%s lib=%q name=%t entry=%q lasterr=%t charset=%q exact=%t sig=%t conv=%q gen=%t %s(%s)%s%s", im.Owner, im.Name, im.Library, im.LibraryIsName,
			im.EntryPoint, im.SetLastError, im.CharSet, im.ExactSpelling, im.PreserveSig, im.CallConv, im.Generated, im.Ret, params(im.Params), flags(im.Flags), attrText(im.Attrs))
		if len(im.RetAttrs) > 0 {
			sb.WriteString(" return" + attrText(im.RetAttrs))
		}
		if im.View > 0 {
			fmt.Fprintf(&sb, " view=%d", im.View)
		}
		sb.WriteString("\n")
	}
	for _, d := range f.Directives {
		fmt.Fprintf(&sb, "directive %s\n", d.Text)
	}
	for _, p := range f.Problems {
		fmt.Fprintf(&sb, "problem %d-%d %s\n", p.Span.Start, p.Span.End, p.Text)
	}
	if f.Generated {
		sb.WriteString("generated\n")
	}
	for _, fn := range f.Funcs {
		fmt.Fprintf(&sb, "\n#%d kind=%d%s", fn.Index, fn.Kind, flags(fn.Flags))
		if fn.Parent >= 0 {
			fmt.Fprintf(&sb, " parent=%d", fn.Parent)
		}
		if fn.View > 0 {
			fmt.Fprintf(&sb, " view=%d", fn.View)
		}
		if fn.Problems > 0 {
			fmt.Fprintf(&sb, " problems=%d", fn.Problems)
		}
		sb.WriteString(attrText(fn.Attrs) + "\n")
		sb.WriteString(ir.Print(fn))
	}
	return sb.String()
}

var flagNames = []string{"static", "readonly", "const", "async", "iterator", "unsafe", "virtual", "override", "abstract", "extern", "partial", "public", "private",
	"property", "volatile", "generated", "noreturn", "exported", "union", "reflocal", "params", "sealed", "fixed", "using", "scoped", "typedef", "required", "extension"}

func flags(fl ir.Flags) string {
	s := ""
	for i, n := range flagNames {
		if fl>>i&1 != 0 {
			s += "," + n
		}
	}
	if s == "" {
		return ""
	}
	return " [" + s[1:] + "]"
}

func attrText(list []ir.Attr) string {
	s := ""
	for _, a := range list {
		s += " @" + a.Name
		if a.Target != "" {
			s += ":" + a.Target
		}
		for _, g := range a.Args {
			s += fmt.Sprintf(" %s=%s", g.Name, g.Text)
			if !g.Str {
				s += "{" + expr(g.Expr) + "}"
			}
		}
	}
	return s
}

func params(list []ir.Param) string {
	var out []string
	for _, p := range list {
		s := strings.TrimSpace(p.Ref.String() + " " + string(p.Type) + " " + p.Name)
		out = append(out, s+flags(p.Flags)+attrText(p.Attrs))
	}
	return strings.Join(out, ", ")
}

func expr(e *ir.Expr) string {
	if e == nil {
		return "nil"
	}
	switch e.Op {
	case ir.OpConst:
		switch e.Kind {
		case ir.ConstString:
			return fmt.Sprintf("%q", e.Name)
		case ir.ConstSizeof:
			return "sizeof(" + string(e.Type) + ")"
		case ir.ConstInt, ir.ConstBool:
			return fmt.Sprint(e.Int)
		}
		return fmt.Sprintf("const%d", e.Kind)
	case ir.OpName:
		return e.Name
	case ir.OpCast:
		return "(" + string(e.Type) + ")" + expr(e.L)
	case ir.OpUnary:
		return e.Sub.String() + expr(e.L)
	}
	return "(" + expr(e.L) + e.Sub.String() + expr(e.R) + ")"
}

func inputs(t testing.TB) []string {
	list, err := filepath.Glob("testdata/*.cs")
	if err != nil || len(list) == 0 {
		t.Fatal("no test data", err)
	}
	return list
}

func TestGolden(t *testing.T) {
	for _, in := range inputs(t) {
		t.Run(filepath.Base(in), func(t *testing.T) {
			text, err := os.ReadFile(in)
			if err != nil {
				t.Fatal(err)
			}
			f := lowerText(t, filepath.Base(in), text)
			verify(t, f)
			got := dump(f)
			golden := strings.TrimSuffix(in, ".cs") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs:\n%s", golden, firstDiff(string(want), got))
			}
		})
	}
}

func firstDiff(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d:\n-%s\n+%s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// TestPrefixes lowers every prefix of the test data.
func TestPrefixes(t *testing.T) {
	step := 1
	if testing.Short() {
		step = 17
	}
	for _, in := range inputs(t) {
		t.Run(filepath.Base(in), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(in)
			if err != nil {
				t.Fatal(err)
			}
			for n := 0; n < len(text); n += step {
				check(t, text[:n])
			}
		})
	}
}

// TestMutations lowers test data in which bytes were removed, doubled, changed or swapped.
func TestMutations(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	runs := 4000
	if testing.Short() {
		runs = 400
	}
	var texts [][]byte
	for _, in := range inputs(t) {
		text, err := os.ReadFile(in)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	for range runs {
		text := append([]byte(nil), texts[r.Intn(len(texts))]...)
		for range 1 + r.Intn(4) {
			text = mutate(r, text)
		}
		check(t, text)
	}
}

func mutate(r *rand.Rand, b []byte) []byte {
	if len(b) < 4 {
		return b
	}
	i, j := r.Intn(len(b)), r.Intn(len(b))
	if i > j {
		i, j = j, i
	}
	j = min(j, i+40)
	switch r.Intn(5) {
	case 0:
		return append(b[:i:i], b[j:]...)
	case 1:
		return append(b[:j:j], b[i:]...)
	case 2:
		b[i] = "(){}[];<>=*&?.!,:\"'#"[r.Intn(20)]
		return b
	case 3:
		b[i], b[j] = b[j], b[i]
		return b
	}
	k := r.Intn(len(b))
	piece := append([]byte(nil), b[k:min(len(b), k+30)]...)
	return append(b[:i:i], append(piece, b[i:]...)...)
}

// check lowers text; panics inside count as failures although Lower survives them.
func check(t *testing.T, text []byte) {
	t.Helper()
	f := lowerText(t, "a.cs", text)
	if f == nil {
		return
	}
	verify(t, f)
	for _, p := range f.Problems {
		if strings.HasPrefix(p.Text, "internal:") {
			t.Errorf("%s at %d-%d in\n%s", p.Text, p.Span.Start, p.Span.End, text)
		}
	}
	if t.Failed() {
		t.Fatalf("input:\n%s", text)
	}
}

// TestDeep lowers text that nests deeper than is followed.
func TestDeep(t *testing.T) {
	for _, c := range [][3]string{
		{"class C { int M() { return ", "(", "1"}, {"class C { void M() { ", "{ ", ""}, {"class C { int M(int x) { return x", "+x", ""},
		{"class C { void M(bool x) { ", "if (x) ", ";"}, {"class C { void M() { a", ".b()", ";"}, {"class C { void M() { a", "?.b()", ";"},
	} {
		text := []byte(c[0] + strings.Repeat(c[1], 5000) + c[2])
		check(t, text)
	}
}
