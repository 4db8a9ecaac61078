package normalize

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

// blanked is the view with runs of blanks made one, for short expectations.
func blanked(b []byte) string { return strings.Join(strings.Fields(string(b)), " ") }

func TestCSharpRewrites(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"*(int*)p = 1;", "[(int*)p]= 1;"},
		{"*p++ = 1;", "[p++]= 1;"},
		{"*p++=1;", "[p ]=1;"},
		{"*--p=1;", "* p=1;"},
		{"*(p+1)=1;", "[p+1]=1;"},
		{"*(int*)(p+1)=1;", "[p+1]=1;"},
		{"*(int*)p=1;", "* p=1;"},
		{"*p = 1;", "*p = 1;"},
		{"x = *p++;", "x = ~p++;"},
		{"x = *(int*)p;", "x = ~(int*)p;"},
		{"f(*p, *q.r, *g());", "f(*p, *q.r, ~g());"},
		{"x = a * (b);", "x = a * (b);"},
		{"x = sizeof(int)*(b);", "x = sizeof(int)*(b);"},
		{"int** p = (int**)*(q);", "int** p = (int**)*(q);"},
		{"x = **(int**)p;", "x = ~~(int**)p;"},
		{"if (a) *(int*)p = 1;", "if (a) [(int*)p]= 1;"},
		{"x?.Y = 1;", "x! .Y = 1;"},
		{"x?.Y.Z();", "x?.Y.Z();"},
		{"x?[1] += 2;", "x![1] += 2;"},
		{"f((ref x, out y) => x);", "f(( x, y) => x);"},
		{"f((ref int x) => x);", "f((ref int x) => x);"},
		{"class A<T> where T : allows ref struct {}", "class A<T> where T : struct {}"},
		{"class A<T> where T : I, allows ref struct {}", "class A<T> where T : I {}"},
		{"y is [1, .. var z]", "y is [1, var z]"},
		{"void operator +=(int x) {}", "void operator + (int x) {}"},
		{"bool operator ==(A a, A b)", "bool operator ==(A a, A b)"},
		{"{ extension(string s) { } }", "{ struct E (string s) { } }"},
		{"if (async) { async = x.async; }", "if (_sync) { _sync = x._sync; }"},
		{"async Task F() => f(async () => 1);", "async Task F() => f(async () => 1);"},
		{"struct A { } ;", "struct A { }"},
	} {
		view := Normalize(source.CSharp, []byte(c.in)).Views[0]
		want := strings.ReplaceAll(c.want, "x! .Y", "x!.Y")
		got := blanked(view.Text)
		if got != blanked([]byte(want)) && got != blanked([]byte(c.want)) {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func TestCRewrites(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"BOOL WINAPI F(_In_ HANDLE h, _Out_writes_(n) char *p);", "BOOL F( HANDLE h, char *p);"},
		{"void f(IN OUT PVOID p OPTIONAL);", "void f( PVOID p );"},
		{"enum dir { IN, OUT };", "enum dir { IN, OUT };"},
		{"CONST VOID *p;", "const VOID *p;"},
		{"__declspec(dllexport) int f(void);", "int f(void);"},
		{"MY_API int f(void);", "int f(void);"},
		{"MY_API foo_t* f(void);", "foo_t* f(void);"},
		{"BOOL MYCALL f(void);", "BOOL f(void);"},
		{"const char * MYCALL f(int);", "const char * f(int);"},
		{"void f(int x UNUSED, char *p UNUSED) {}", "void f(int x , char *p ) {}"},
		{"static int x ALIGNED(16);", "static int x ;"},
		{"void f(int x) REQUIRES(lock);", "void f(int x) ;"},
		{"typedef int (MYCALL *cb)(int);", "typedef int ( *cb)(int);"},
		{"HRESULT (WINAPI *p)(HANDLE, PWSTR*);", "HRESULT ( *p)(HANDLE, PWSTR*);"},
		{"struct s { FIELDS MORE };", "struct s { };"},
		{"MODULE_INIT()\nint x;", "int x;"},
		{"STDAPI_(BOOL) f(void) { }", "BOOL f(void) { }"},
		{"void f(void) { FOO(x) bar(); }", "void f(void) { FOO(x);bar(); }"},
		{"void f(int x) {\n FOO\n x = 1; }", "void f(int x) { FOO ;x = 1; }"},
		{"void f(int x) {\n Foo\n   x = 1;\n Bar\n p->x = 1;\n Bar\n *p = 2; }", "void f(int x) { Foo ; x = 1; Bar ;p->x = 1; Bar ;*p = 2; }"},
		{"void f(int x) {\n Foo\n x[1] = 1;\n Foo\n x++;\n Bar\n return; }", "void f(int x) { Foo ;x[1] = 1; Foo ;x++; return; }"},
		{"void f(void) {\n foo_t\n  x = 1;\n foo_t\n *p;\n foo_t\n x[] = {1}; }", "void f(void) { foo_t x = 1; foo_t *p; foo_t x[] = {1}; }"},
		{"void f(int x) {\n DWORD\n x = 1; FOO\n x = 2; return\n x; }", "void f(int x) { DWORD x = 1; FOO x = 2; return x; }"},
		{"void f(void) { LIST_FOREACH(a, b) { g(); } }", "void f(void) { while (a, b) { g(); } }"},
		{"void f(void) { for_each_x(a, struct b, c) g(); }", "void f(void) { while (a, b, c) g(); }"},
		{"void f(void) { p = container_of(q, struct s, m); }", "void f(void) { p = container_of(q, s, m); }"},
		{"void f(void) { p = ALLOC(char *, 3); }", "void f(void) { p = ALLOC(_har , 3); }"},
		{"void f(void) { CHECK(==, a, b); }", "void f(void) { CHECK( a, b); }"},
		{"void f(void) { g({1, 2}, P(.a = 3)); }", "void f(void) { g((1, 2), P( 3)); }"},
		{"int x = offsetof(struct s, a.b[1]);", "int x = offsetof(struct s, a );"},
		{"void f(void) {   try { g(); }   except(1) { h(); } }", "void f(void) { __try { g(); } __except(1) { h(); } }"},
		{"void f(void) {try { g(); } finally { h(); } }", "void f(void) { { g(); } { h(); } }"},
		{"#include \"x.h\"\n#define A 1\nint x;", "int x;"},
		{"int x = a * b; foo (*p)(int);", "int x = a * b; foo (*p)(int);"},
		{"long long x; unsigned long int y; struct a b;", "long long x; unsigned long int y; struct a b;"},
	} {
		if got := blanked(Normalize(source.C, []byte(c.in)).Views[0].Text); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func TestConditionals(t *testing.T) {
	for _, c := range []struct {
		name, in string
		lang     source.Lang
		want     []string
	}{
		{"none", "a", source.CSharp, []string{"a"}},
		{"else", "#if X\na\n#else\nb\n#endif\nc", source.CSharp, []string{"a c", "b c"}},
		{"no else, nothing skipped", "#if X\na\n#endif\nc", source.CSharp, []string{"a c"}},
		{"negative first", "#if !X\na\n#else\nb\n#endif", source.CSharp, []string{"a", "b"}},
		{"one value for a macro", "#if X\na\n#endif\n#if !X\nb\n#endif", source.CSharp, []string{"a", "b"}},
		{"false", "#if false\ndon't \"\n#else\nb\n#endif", source.CSharp, []string{"b"}},
		{"true", "#if true\na\n#else\nb\n#endif", source.CSharp, []string{"a"}},
		{"elif", "#if X\na\n#elif Y\nb\n#else\nc\n#endif", source.CSharp, []string{"a", "b", "c"}},
		{"nested", "#if X\na\n#if Y\nb\n#else\nc\n#endif\n#else\nd\n#endif", source.CSharp, []string{"a b", "a c", "d"}},
		{"in a string", "x = @\"\n#if X\n\";", source.CSharp, []string{"x = @\" #if X \";"}},
		{"halves of a brace", "#if X\nclass A {\n#else\nclass B {\n#endif\n}", source.CSharp, []string{"class A { }", "class B { }"}},
		{"broken otherwise", "#if X\nnamespace A {\n#endif\n#if !X\nusing B;\n#endif\n}", source.CSharp, []string{"namespace A { }"}},
		{"stray", "#else\na\n#endif\n#endif", source.CSharp, []string{"a"}},
		{"open", "#if X\na", source.CSharp, []string{"a"}},
		{"Windows", "#ifdef __linux__\na\n#else\nb\n#endif\n#ifdef _WIN32\nc\n#endif", source.C, []string{"b c", "a c"}},
		{"version", "#if _MSC_VER < 1300\na\n#else\nb\n#endif", source.C, []string{"b", "a"}},
		{"guard", "#ifndef A_H\n#define A_H\nint a;\n#endif", source.C, []string{"int a;"}},
		{"C++", "#ifdef __cplusplus\nextern \"C\" {\n#endif\nint a;\n#ifdef __cplusplus\n}\n#endif", source.C, []string{"int a;"}},
		{"joined lines", "#if defined(X) && \\\n  !defined(Y)\na\n#else\nb\n#endif", source.C, []string{"a", "b"}},
		{"zero", "#if 0\nit's\n#if X\n#else\n#endif\n#else\nb\n#endif", source.C, []string{"b"}},
	} {
		out := Normalize(c.lang, []byte(c.in))
		var got []string
		for _, v := range out.Views {
			got = append(got, blanked(v.Text))
		}
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestElsewhere(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"#ifdef _WIN32\na\n#else\nb\n#endif\nc", "|a b"},
		{"#ifndef _WIN32\na\n#else\nb\n#endif\n", "|a b"},
		{"#ifdef _WIN32\na\n#endif\nb\n#ifdef X\nc\n#else\nd\n#endif", "|"},
		{"#if X\na\n#elif defined(__linux__)\nb\n#else\nc\n#endif", "|b|"},
		{"#if X && defined(WIN32)\na\n#elif !defined WIN32\nb\n#endif", "|b"},
		{"#ifdef _WIN32\na\n#elif X\nb\n#else\nc\n#endif", "|a b|a c"},
		{"#ifdef X\na\n#ifdef _WIN32\nb\n#endif\n#else\nc\n#endif", "|"},
		{"#if _MSC_VER\na\n#else\nb\n#endif", "|"},
		{"#if 0\na\n#else\nb\n#endif", ""},
	} {
		out := Normalize(source.C, []byte(c.in))
		var got []string
		for v := range out.Views {
			text := ""
			for _, at := range Elsewhere(out.Arms, v) {
				text += c.in[at[0]:at[1]]
			}
			got = append(got, blanked([]byte(text)))
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.in, s, c.want)
		}
	}
}

func TestRecords(t *testing.T) {
	out := Normalize(source.C, []byte("#include <windows.h>\n#include \"a.h\" // x\n#define A 1 /* one */ + \\\n 2\n#define F(x, y) ((x)+(y))\n#define V(f, ...) g(f)\n#undef A\n#ifdef __linux__\n#define L\n#else\nint x;\n#endif\n"))
	if len(out.Includes) != 2 || out.Includes[0].Path != "windows.h" || !out.Includes[0].System || out.Includes[1].Path != "a.h" {
		t.Errorf("includes: %+v", out.Includes)
	}
	if len(out.Defines) != 5 {
		t.Fatalf("defines: %+v", out.Defines)
	}
	a, f, v, u, l := out.Defines[0], out.Defines[1], out.Defines[2], out.Defines[3], out.Defines[4]
	if a.Name != "A" || strings.Join(strings.Fields(a.Body), " ") != "1 + 2" || a.Function {
		t.Errorf("A: %+v", a)
	}
	if !f.Function || len(f.Params) != 2 || f.Body != "((x)+(y))" {
		t.Errorf("F: %+v", f)
	}
	if !v.Variadic || len(v.Params) != 1 || !u.Undef {
		t.Errorf("V %+v, undef %+v", v, u)
	}
	if a.Views != 3 || l.Views != 2 {
		t.Errorf("views of A %b, of L %b; arms %+v", a.Views, l.Views, out.Arms)
	}
}

func TestMarks(t *testing.T) {
	text := "_Success_(return != 0) BOOL WINAPI F(_In_ HANDLE h);"
	view := Normalize(source.C, []byte(text)).Views[0]
	var got []string
	for _, m := range view.Marks {
		got = append(got, text[m.Start:m.End])
	}
	if want := "_Success_(return != 0)|WINAPI|_In_"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// checkEqual holds for every view: as long as the text, line ends in place.
func checkEqual(t *testing.T, text []byte, out *Output) {
	t.Helper()
	for _, v := range out.Views {
		if len(v.Text) != len(text) {
			t.Fatalf("%q: length %d, was %d", text, len(v.Text), len(text))
		}
		for i, c := range text {
			if d := v.Text[i]; (c == '\n' || c == '\r') != (d == '\n' || d == '\r') {
				t.Fatalf("%q: line end at %d: %q became %q", text, i, c, d)
			}
		}
		for _, m := range v.Marks {
			if m.Start < 0 || m.Start > m.End || m.End > len(text) {
				t.Fatalf("mark %+v", m)
			}
		}
	}
}

var samples = []string{
	"#if A\r\nclass é { unsafe void M(int* p) { *(int*)p = 1; x?.Y = *p++; s = $\"{a:x}{\"b\"}\"; } }\r\n#else\r\n#endif\r\n",
	"class A { string s = @\"a\"\"b\", r = \"\"\"raw \" text\"\"\"; extension(int x) { } void operator +=(int y) { *--p=3; } }",
	"#ifdef _WIN32\n#define A(x, ...) \\\n x\nBOOL WINAPI F(_In_reads_(n) const char *p UNUSED) { FOREACH(x, y) { FOO(struct a *, ==) bar(); } }\n#else\n#endif",
	"struct s { FIELDS }; enum e { XX(a) XX(b) }; void f(void) { __try { g({1,2}); } __finally { h(.a = 1); } }\n\"L'x\\",
}

func TestEqualLength(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range samples {
		for _, lang := range []source.Lang{source.CSharp, source.C} {
			for n := range len(s) + 1 {
				checkEqual(t, []byte(s[:n]), Normalize(lang, []byte(s[:n])))
			}
			for range 500 {
				m := mutate(r, []byte(s))
				checkEqual(t, m, Normalize(lang, m))
			}
		}
	}
}

// mutate changes, drops, doubles or swaps a few pieces.
func mutate(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + r.IntN(4) {
		if len(b) < 4 {
			break
		}
		i := r.IntN(len(b) - 1)
		n := 1 + r.IntN(min(8, len(b)-i))
		switch r.IntN(4) {
		case 0:
			b[i] = "(){}[]<>*&\"'#;,.=\n\\ @$?:"[r.IntN(24)]
		case 1:
			b = append(b[:i], b[min(i+n, len(b)):]...)
		case 2:
			b = append(b[:i], append(bytes.Clone(b[i:min(i+n, len(b))]), b[i:]...)...)
		case 3:
			j := r.IntN(len(b) - 1)
			b[i], b[j] = b[j], b[i]
		}
	}
	return b
}

func TestGuards(t *testing.T) {
	for _, s := range []string{strings.Repeat("(", 100_000), strings.Repeat("{", 100_000), strings.Repeat("a<", 100_000),
		strings.Repeat("a::", 50_000), strings.Repeat("*", 100_000), strings.Repeat("@", 100_000), strings.Repeat("*(", 50_000), strings.Repeat("a?.b", 50_000)} {
		for _, lang := range []source.Lang{source.CSharp, source.C} {
			out := Normalize(lang, []byte(s))
			checkEqual(t, []byte(s), out)
			if len(out.Views[0].Problems) == 0 && !strings.HasPrefix(s, "*") && !strings.HasPrefix(s, "a?.") {
				t.Errorf("%.10s... in %v: nothing was cut", s, lang)
			}
		}
	}
	deep := "class A { void M() { f(" + strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100) + "); } }"
	if out := Normalize(source.CSharp, []byte(deep)); len(out.Views[0].Problems) > 0 {
		t.Errorf("usual nesting was cut: %v", out.Views[0].Problems)
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, b []byte, cs bool) {
		lang := source.C
		if cs {
			lang = source.CSharp
		}
		checkEqual(t, b, Normalize(lang, b))
	})
}
