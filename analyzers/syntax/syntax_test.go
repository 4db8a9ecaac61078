package syntax

import (
	"bytes"
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

var update = flag.Bool("update", false, "write the expected trees")

func file(t testing.TB, lang source.Lang, text []byte) *source.File {
	t.Helper()
	f, err := source.FromBytes("a", lang, text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func parse(t testing.TB, lang source.Lang, text string) *Result {
	t.Helper()
	return Parse(context.Background(), file(t, lang, []byte(text)))
}

// TestShapes pins the grammars: the lowerings rely on these trees.
func TestShapes(t *testing.T) {
	for _, name := range []string{"shapes.cs", "shapes.c"} {
		path := filepath.Join("testdata", name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		r := parse(t, source.LangOf(name), string(text))
		for _, p := range r.Problems {
			t.Errorf("%s: %+v: %s", name, p, text[p.Start:min(p.End, p.Start+40)])
		}
		got := r.Views[0].Dump() + "\n"
		if *update {
			if err := os.WriteFile(path+".tree", []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path + ".tree")
		if err != nil {
			t.Fatal(err)
		}
		if w := strings.ReplaceAll(string(want), "\r\n", "\n"); got != w {
			t.Errorf("%s: the tree is not the one in %s.tree (-update writes it); first difference:\n%s", name, path, difference(got, w))
		}
	}
}

func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + w[i]
		}
	}
	return "one of them is longer"
}

// TestKinds: the generated constants are those of the grammars that are linked in.
func TestKinds(t *testing.T) {
	for _, c := range []struct {
		lang source.Lang
		kind Kind
		name string
	}{
		{source.CSharp, CsInvocationExpression, "invocation_expression"}, {source.CSharp, CsTokStar, "*"}, {source.CSharp, CsKwFixed, "fixed"},
		{source.C, CIfStatement, "if_statement"}, {source.C, CKw__try, "__try"}, {source.C, CTokMinusGt, "->"}, {source.C, KindError, "ERROR"},
	} {
		if got := KindName(c.lang, c.kind); got != c.name {
			t.Errorf("kind %d of %v is %q, want %q", c.kind, c.lang, got, c.name)
		}
	}
	for lang, fields := range map[source.Lang]map[Field]string{
		source.CSharp: {FieldCsLeft: "left", FieldCsName: "name"}, source.C: {FieldCDeclarator: "declarator", FieldCBody: "body"},
	} {
		for f, name := range fields {
			if got := FieldName(lang, f); got != name {
				t.Errorf("field %d of %v is %q, want %q", f, lang, got, name)
			}
		}
	}
}

// clean are texts that must parse without a problem in all views.
var clean = map[source.Lang][]string{
	source.CSharp: {
		"class A { unsafe void M(int* p, byte*** q) { *(int*)p = 1; *p++ = 2; *p++=3; *--p=4; *(p+1)=5; *(int*)(p+1)=6; *(int*)p=7; *p[1] = ***q; } }",
		"class A { unsafe int M(int* p) { if (x) *(int*)p = 1; else *p++ = *p++; return *(int*)(p + *p) * *p; } }",
		"class A { void M() { x?.Y = 1; x?[2] = 3; x?.Y.Z += f(); } }",
		"static class A { extension<T>(IEnumerable<T> s) where T : class { public int N => 1; } extension(string) { } }",
		"class A<T> where T : new(), allows ref struct { void M() { F((ref x, scoped in y) => x); } }",
		"class A { public void operator +=(int x) { } public static bool operator ==(A a, A b) => true; }",
		"class A { bool M(int[] y) => y is [1, .. var z] && y is [.. var w, 2]; }",
		"class A { bool async, required; void M() { async = !async; required--; F(async, required: 1); } }",
		"struct A { struct B { } ; } ;",
		"#if X\r\nclass A : B\r\n#else\r\nclass A\r\n#endif\r\n{ void M(\r\n#if Y\r\nint x,\r\n#endif\r\nint y) { if (a) { }\r\n#if Z\r\nelse if (b) { }\r\n#endif\r\nelse { } } }",
		"class A { string s = $\"{(a ? $\"{b}\" : \"}\")}\", t = $@\"a\"\"{c:x}\", u = \"\"\" # \"\" \"\"\"; char c = '\\'', d = '\"'; }",
		"#region x\nclass A { }\n#endregion\n#pragma warning disable 1\n#nullable enable\n",
	},
	source.C: {
		"BOOL WINAPI F(_In_ HANDLE h, _Out_writes_(n) char *p, IN OUT PVOID q OPTIONAL) { return TRUE; }",
		"#ifdef _WIN32\nint f(int a\n#else\nint f(long a\n#endif\n) {\n#if X\nif (a) {\n#else\n{\n#endif\n}\nreturn 0; }",
		"#ifdef __cplusplus\nextern \"C\" {\n#endif\nint f(void);\n#ifdef __cplusplus\n}\n#endif\n",
		"MODULE_INIT()\nMY_API const char *f(void);\nBOOL MYCALL g(int x UNUSED) ATTR(1, 2);\n",
		"void f(void) { LIST_FOREACH(a, b) { g(); } FOO(x) BAR(y) p = container_of(q, struct s, m); CHECK(==, 1, 2); }",
		"void f(void) {   try { g(); }   except(1) { h(); } }",
		"struct s { FIELDS };\nenum e { X(a) X(b) LAST };\nint x = offsetof(struct s, a.b[1]);",
		"__declspec(dllexport) __attribute__((noreturn)) void f(void) { __try { g(); } __finally { h(); } }",
		"void f(void) { RpcTryExcept { g(); } RpcExcept(1) { h(); } RpcEndExcept; }",
	},
}

func TestClean(t *testing.T) {
	for lang, texts := range clean {
		for _, s := range texts {
			r := parse(t, lang, s)
			for _, p := range r.Problems {
				t.Errorf("%s\n%+v near %q\nview %s", s, p, s[p.Start:], r.Views[p.View].Norm)
			}
		}
	}
}

// TestRepair: dereferences look as the grammar would show them.
func TestRepair(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"*(int*)p = 1;", `(assignment_expression left: (prefix_unary_expression (cast_expression type: (pointer_type type: (predefined_type "int")) value: (identifier "p"))) operator: "=" right: (integer_literal "1"))`},
		{"*(p)=1;", `(assignment_expression left: (prefix_unary_expression (parenthesized_expression (identifier "p"))) operator: "=" right: (integer_literal "1"))`},
		{"*(p+1)=1;", `(assignment_expression left: (prefix_unary_expression (binary_expression left: (identifier "p") operator: "+" right: (integer_literal "1"))) operator: "=" right: (integer_literal "1"))`},
		{"x = *p++;", `(assignment_expression left: (identifier "x") operator: "=" right: (prefix_unary_expression (postfix_unary_expression (identifier "p"))))`},
	} {
		text := "class A { void M() { " + c.in + " } }"
		tree := parse(t, source.CSharp, text).Views[0]
		checkTree(t, tree)
		for n := range tree.Subtree(tree.Root()) {
			switch {
			case tree.Is(n, CsAssignmentExpression):
				if got := strings.Join(strings.Fields(dumpAt(tree, n)), " "); got != c.want {
					t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
				}
			case tree.Is(n, CsPrefixUnaryExpression):
				if op := tree.FirstChild(n); !tree.Is(op, CsTokStar) || tree.Text(op) != "*" || tree.Text(n)[0] != '*' {
					t.Errorf("%s: operator %q of %q", c.in, tree.Text(op), tree.Text(n))
				}
			}
		}
	}
}

func dumpAt(t *Tree, n NodeID) string {
	var b strings.Builder
	t.dump(&b, n, 1)
	return b.String()
}

// checkTree checks what the methods of Tree rely on.
func checkTree(t *testing.T, tree *Tree) {
	t.Helper()
	for i, n := range tree.Nodes {
		switch p := n.Parent; {
		case n.Start > n.End || int(n.End) > len(tree.Src):
			t.Fatalf("node %d: span %d-%d", i, n.Start, n.End)
		case int(n.Next) <= i || int(n.Next) > len(tree.Nodes):
			t.Fatalf("node %d: next %d", i, n.Next)
		case i == 0:
			if p != -1 || int(n.Next) != len(tree.Nodes) {
				t.Fatalf("root: %+v", n)
			}
		case p < 0 || int(p) >= i || n.Next > tree.Nodes[p].Next || n.Start < tree.Nodes[p].Start || n.End > tree.Nodes[p].End:
			t.Fatalf("node %d %+v does not lie in its parent %+v", i, n, tree.Nodes[p])
		}
	}
}

func TestTreeWalk(t *testing.T) {
	tree := parse(t, source.C, "int f(int a, char b) { /* c */ return a; }").Views[0]
	f := tree.ChildOfKind(tree.Root(), CFunctionDefinition)
	body := tree.Child(f, FieldCBody)
	if !tree.Is(body, CCompoundStatement) || tree.Parent(body) != f || tree.Field(body) != FieldCBody {
		t.Fatalf("body: %s", tree.KindName(body))
	}
	var all, named []string
	for c := range tree.Children(body) {
		all = append(all, tree.KindName(c))
	}
	for c := range tree.NamedChildren(body) {
		named = append(named, tree.KindName(c))
	}
	if got := strings.Join(all, " "); got != "{ comment return_statement }" {
		t.Errorf("children: %s", got)
	}
	if got := strings.Join(named, " "); got != "return_statement" {
		t.Errorf("named children: %s", got)
	}
	if tree.Child(f, FieldCAlternative) != None || tree.NextSibling(tree.Root()) != None || tree.FirstChild(None) != None || tree.Text(None) != "" {
		t.Error("what is not there is not None")
	}
}

func TestNeverFails(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for lang, texts := range clean {
		for _, s := range texts {
			for n := 0; n < len(s); n += 1 + len(s)/40 {
				check(t, lang, []byte(s[:n]))
			}
			for range 2000 / len(clean[lang]) / 2 {
				check(t, lang, mutate(r, []byte(s)))
			}
		}
	}
	for _, s := range []string{"", "\n", "{", "é", "\x00"} {
		check(t, source.CSharp, []byte(s))
		check(t, source.NoLang, []byte(s))
	}
}

func check(t *testing.T, lang source.Lang, b []byte) {
	t.Helper()
	f, err := source.FromBytes("a", lang, b)
	if err != nil {
		return
	}
	r := Parse(context.Background(), f)
	if len(r.Views) == 0 {
		t.Fatalf("%q: no view", b)
	}
	for _, v := range r.Views {
		checkTree(t, v)
		if len(v.Norm) != len(f.Text()) {
			t.Fatalf("%q: view of length %d", b, len(v.Norm))
		}
	}
}

func mutate(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + r.IntN(3) {
		i, j := r.IntN(len(b)), r.IntN(len(b))
		switch r.IntN(3) {
		case 0:
			b[i] = "(){}[]<>*&\"'#;,.=\n\\ @$?:"[r.IntN(24)]
		case 1:
			b[i], b[j] = b[j], b[i]
		case 2:
			b = append(b[:i:i], b[min(i+1+r.IntN(6), len(b)):]...)
		}
		if len(b) == 0 {
			return []byte{'x'}
		}
	}
	return b
}

// TestHostile: inputs that make the grammars' error recovery explode end soon,
// with a Problem.
func TestHostile(t *testing.T) {
	for _, c := range []struct {
		lang source.Lang
		text string
	}{
		{source.CSharp, strings.Repeat("a<", 20_000)},
		{source.CSharp, strings.Repeat("(", 100_000)},
		{source.CSharp, "class A { void M() { x = " + strings.Repeat("[", 100_000)},
		{source.CSharp, strings.Repeat("@", 100_000)},
		{source.C, strings.Repeat("{", 100_000)},
		{source.C, strings.Repeat("x=>", 14_000)}, // gigabytes, without a limit
		{source.C, "int x = " + strings.Repeat("a+", 50_000) + "1;"},
	} {
		r := parse(t, c.lang, c.text)
		if len(r.Problems) == 0 {
			t.Errorf("%.12s...: no problem", c.text)
		}
		checkTree(t, r.Views[0])
	}
	// The parser goes on to work.
	if r := parse(t, source.C, "int x;"); len(r.Problems) > 0 {
		t.Errorf("afterwards: %v", r.Problems)
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := Parse(ctx, file(t, source.C, []byte("int x;")))
	if len(r.Problems) != 1 || len(r.Views) != 1 || r.Views[0].Root() != None {
		t.Errorf("%+v", r)
	}
}

func TestParallel(t *testing.T) {
	want := parse(t, source.CSharp, clean[source.CSharp][0]).Views[0].Dump()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if got := parse(t, source.CSharp, clean[source.CSharp][0]).Views[0].Dump(); got != want {
					t.Error("another tree")
				}
				parse(t, source.C, clean[source.C][0])
			}
		})
	}
	wg.Wait()
}

func TestFragment(t *testing.T) {
	tree := Fragment(source.C, []byte("void _(void) { (void)(CloseHandle(h), (h) = NULL); }"))
	if tree.HasError(tree.Root()) || tree.ChildOfKind(tree.Root(), CFunctionDefinition) == None {
		t.Error(tree.Dump())
	}
}

func FuzzParse(f *testing.F) {
	for lang, texts := range clean {
		for _, s := range texts {
			f.Add([]byte(s), lang == source.CSharp)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, cs bool) {
		if cs {
			check(t, source.CSharp, b)
		} else {
			check(t, source.C, b)
		}
	})
}
