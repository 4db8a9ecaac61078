package check_test

import (
	"fmt"
	"strings"
)

// hostile is a kind of input that nobody writes by hand: one file, or many.
type hostile struct {
	name string
	path string
	n    int // a size far beyond what people write
	text func(n int) string
	says string // a part of what the result says about what was left out; "" where all is analysed
	soon bool   // it says so at a part of the size too

	files func(n int) map[string][]byte // instead of path and text
}

func rep(s string, n int) string { return strings.Repeat(s, n) }

// lines writes a format with the arguments for 0 to n-1, one after the other.
func lines(n int, format string, args func(i int) []any) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, args(i)...)
	}
	return b.String()
}

func one(i int) []any { return []any{i} }

const csHead = "using System; using System.Runtime.InteropServices; static class N { [DllImport(\"kernel32\")] public static extern bool CloseHandle(IntPtr h); [DllImport(\"kernel32\")] public static extern IntPtr CreateEvent(IntPtr a, bool b, bool c, string d); }\n"

var hostiles = []hostile{
	{"parentheses", "a.c", 100_000, func(n int) string { return "int f(void) { return " + rep("(", n) + "1" + rep(")", n) + "; }" }, "nested too deeply", true, nil},
	{"blocks", "a.cs", 100_000, func(n int) string { return "class A { void F() { " + rep("{", n) + rep("}", n) + "} }" }, "nested too deeply", true, nil},
	{"ifs", "a.c", 100_000, func(n int) string { return "void f(int a) { " + rep("if (a) ", n) + "g(); }" }, "nested too deep", true, nil},
	{"else ifs", "a.c", 100_000, func(n int) string { return "void f(int a) { " + lines(n, "if (a == %d) g(); else ", one) + "h(); }" }, "nested too deep", true, nil},
	{"lambdas", "a.cs", 20_000, func(n int) string { return "class A { object F() { return " + rep("() => ", n) + "1; } }" }, "too complex an expression", false, nil},
	{"nested classes", "a.cs", 20_000, func(n int) string { return lines(n, "class A%d { ", one) + rep("}", n) }, "nested too deeply", true, nil},
	{"nested namespaces", "a.cs", 20_000, func(n int) string { return rep("namespace A { ", n) + "class B { } " + rep("}", n) }, "nested too deeply", true, nil},
	{"calls in calls", "a.c", 50_000, func(n int) string { return "void f(void) { x = " + rep("f(", n) + rep(")", n) + "; }" }, "nested too deeply", true, nil},
	{"unary", "a.c", 100_000, func(n int) string { return "int f(int a) { return " + rep("!", n) + "a; }" }, "nested too deeply", true, nil},
	{"sum", "a.c", 200_000, func(n int) string { return "int f(int a) { return a" + rep("+a", n) + "; }" }, "nested too deep", true, nil},
	{"and", "a.cs", 100_000, func(n int) string { return "class A { bool F(bool a) { return a" + rep(" && a", n) + "; } }" }, "nested too deeply", true, nil},
	{"conditional", "a.c", 50_000, func(n int) string { return "int f(int a) { return " + rep("a ? 1 : ", n) + "2; }" }, "nested too deeply", true, nil},
	{"members", "a.c", 100_000, func(n int) string { return "int f(struct s *a) { return a" + rep("->a", n) + "; }" }, "nested too deeply", true, nil},
	{"fluent calls", "a.cs", 50_000, func(n int) string { return "class A { object F(dynamic a) { return a" + rep(".M()", n) + "; } }" }, "nested too deeply", true, nil},
	{"string sum", "a.cs", 100_000, func(n int) string { return "class A { string s = \"a\"" + rep(" + \"b\"", n) + "; }" }, "nested too deeply", true, nil},
	{"one line", "a.c", 300_000, func(n int) string { return "void f(void) { " + rep("g(1, 2, &x, \"y\"); ", n) + "}" }, "", false, nil},
	{"functions", "a.c", 50_000, func(n int) string { return lines(n, "void f%d(void *p) { free(p); }\n", one) }, "", false, nil},
	{"methods", "a.cs", 50_000, func(n int) string {
		return csHead + "class A {\n" + lines(n, "void F%d(IntPtr h) { N.CloseHandle(h); }\n", one) + "}"
	}, "", false, nil},
	{"overloads", "a.cs", 20_000, func(n int) string {
		return csHead + "class A {\n" + lines(n, "void F(T%d h) { F(h); }\n", one) + "}"
	}, "more than 1000", true, nil},
	{"statements", "a.c", 100_000, func(n int) string { return "void f(void *p) { " + lines(n, "p = g(p, %d);\n", one) + "}" }, "", false, nil},
	{"statements C#", "a.cs", 100_000, func(n int) string {
		return csHead + "class A { void F(IntPtr p) { " + lines(n, "p = G(p, %d);\n", one) + "} }"
	}, "", false, nil},
	{"handles", "a.c", 20_000, func(n int) string {
		return "#include <windows.h>\nvoid f(void) { " + lines(n, "HANDLE h%d = CreateEventW(0, 0, 0, 0);\n", one) + "}"
	}, "more paths", true, nil},
	{"branches", "a.c", 20_000, func(n int) string {
		return "#include <windows.h>\nvoid f(int a) { HANDLE h = CreateEventW(0,0,0,0); " + lines(n, "if (a & %d) g();\n", one) + " CloseHandle(h); }"
	}, "more paths", true, nil},
	{"cases", "a.c", 10_000, func(n int) string {
		return "void f(int a) { void *p = malloc(1); switch (a) {\n" + lines(n, "case %d: g(p); break;\n", one) + "} free(p); }"
	}, "", false, nil},
	{"cases C#", "a.cs", 10_000, func(n int) string {
		return csHead + "class A { void F(int a) { var h = N.CreateEvent(default, true, true, null); switch (a) {\n" + lines(n, "case %d: G(h); break;\n", one) + "} N.CloseHandle(h); } }"
	}, "more paths", false, nil},
	{"falling cases", "a.c", 10_000, func(n int) string {
		return "void f(int a) { switch (a) {\n" + lines(n, "case %d: g();\n", one) + "} }"
	}, "", false, nil},
	{"gotos", "a.c", 5_000, func(n int) string {
		return "void f(int a) {\n" + lines(n, "l%d: if (a == %d) goto l%d;\n", func(i int) []any { return []any{i, i, (i * 7919) % n} }) + "}"
	}, "", false, nil},
	{"loops", "a.c", 2_000, func(n int) string { return "void f(int a) { " + rep("while (a) { ", n) + rep("}", n) + "}" }, "nested too deeply", false, nil},
	{"flat loops", "a.c", 20_000, func(n int) string { return "void f(int a) { " + lines(n, "while (a < %d) a++;\n", one) + "}" }, "", false, nil},
	{"tries", "a.cs", 2_000, func(n int) string {
		return "class A { void F() { " + rep("try { ", n) + "G();" + rep("} finally { H(); }", n) + "} }"
	}, "nested too deeply", false, nil},
	{"flat tries", "a.cs", 10_000, func(n int) string {
		return "class A { void F() { " + lines(n, "try { G(%d); } catch (Exception) { H(); } finally { I(); }\n", one) + "} }"
	}, "", false, nil},
	{"mutual recursion", "a.c", 10_000, func(n int) string {
		return lines(n, "void f%d(void *);\n", one) + lines(n, "void f%d(void *p) { if (p) f%d(p); else f%d(p); }\n", func(i int) []any { return []any{i, (i + 1) % n, (i * 31) % n} })
	}, "", false, nil},
	{"ring of calls", "a.c", 20_000, func(n int) string {
		return lines(n, "void f%d(void *p) { f%d(p); }\n", func(i int) []any { return []any{i, (i + 1) % n} })
	}, "", false, nil},
	{"chain of calls", "a.c", 20_000, func(n int) string {
		return lines(n, "void f%d(void *p) { f%d(p); }\n", func(i int) []any { return []any{i, i + 1} }) + fmt.Sprintf("void f%d(void *p) { free(p); }\n", n)
	}, "", false, nil},
	{"chain of calls C#", "a.cs", 20_000, func(n int) string {
		return csHead + "class A {\n" + lines(n, "void F%d(IntPtr p) { F%d(p); }\n", func(i int) []any { return []any{i, i + 1} }) + fmt.Sprintf("void F%d(IntPtr p) { N.CloseHandle(p); }\n}", n)
	}, "", false, nil},
	{"calls twice", "a.c", 2_000, func(n int) string {
		return "void f0(void **p) { *p = malloc(1); }\n" + lines(n, "void f%d(void **p) { if (p[%d]) f%d(p); f%d(p+1); }\n", func(i int) []any { return []any{i + 1, i, i, i} })
	}, "", false, nil},
	{"one callee", "a.c", 50_000, func(n int) string {
		return "void g(void *p) { free(p); }\n" + lines(n, "void f%d(void *p) { g(p); }\n", one)
	}, "", false, nil},
	{"structs", "a.c", 50_000, func(n int) string { return lines(n, "struct s%d { int a, *b; };\n", one) }, "", false, nil},
	{"nested structs", "a.c", 20_000, func(n int) string {
		return "struct s0 { int a; };\n" + lines(n, "struct s%d { struct s%d a, b; };\n", func(i int) []any { return []any{i + 1, i} }) + "int f(void) { return sizeof(struct s9); }"
	}, "", false, nil},
	{"nested structs C#", "a.cs", 5_000, func(n int) string {
		return csHead + "struct S0 { int a; }\n" + lines(n, "struct S%d { S%d a, b; }\n", func(i int) []any { return []any{i + 1, i} }) +
			fmt.Sprintf("static class M { [DllImport(\"x\")] static extern void f(ref S%d s); static int G() { return Marshal.SizeOf<S%d>(); } }", n, n)
	}, "", false, nil},
	{"fields", "a.c", 100_000, func(n int) string {
		return "struct s {\n" + lines(n, "int a%d;\n", one) + "};\nint f(struct s *s) { return s->a1; }"
	}, "", false, nil},
	{"fields C#", "a.cs", 50_000, func(n int) string {
		return csHead + "class A {\n" + lines(n, "IntPtr a%d;\n", one) + lines(n/10, "void F%d() { a%d = N.CreateEvent(default, true, true, null); }\n", func(i int) []any { return []any{i, i} }) + "}"
	}, "", false, nil},
	{"typedefs", "a.c", 50_000, func(n int) string {
		return "typedef int t0;\n" + lines(n, "typedef t%d t%d;\n", func(i int) []any { return []any{i, i + 1} }) + fmt.Sprintf("t%d f(void) { return 1; }", n)
	}, "", false, nil},
	{"bases", "a.cs", 20_000, func(n int) string {
		return csHead + "class A0 { protected IntPtr h; }\n" + lines(n, "class A%d : A%d { void F() { N.CloseHandle(h); } }\n", func(i int) []any { return []any{i + 1, i} })
	}, "", false, nil},
	{"enum", "a.c", 100_000, func(n int) string { return "enum e {\n" + lines(n, "E%d,\n", one) + "};\nint f(void) { return E7; }" }, "", false, nil},
	{"enum C#", "a.cs", 100_000, func(n int) string {
		return "enum E {\n" + lines(n, "E%d,\n", one) + "}\nclass A { int F() { return (int)E.E7; } }"
	}, "", false, nil},
	{"enum of itself", "a.c", 50_000, func(n int) string {
		return "enum e { E0,\n" + lines(n, "E%d = E%d + 1,\n", func(i int) []any { return []any{i + 1, i} }) + "};"
	}, "", false, nil},
	{"constants", "a.cs", 20_000, func(n int) string {
		return "class A { const int C0 = 1;\n" + lines(n, "const int C%d = C%d + C%d;\n", func(i int) []any { return []any{i + 1, i, i} }) + fmt.Sprintf("[System.Runtime.InteropServices.DllImport(\"x\")] static extern int f(); int F() { return C%d; } }", n)
	}, "", false, nil},
	{"define chain", "a.c", 20_000, func(n int) string {
		return "#define A0 1\n" + lines(n, "#define A%d (A%d + A%d)\n", func(i int) []any { return []any{i + 1, i, i} }) + fmt.Sprintf("int f(void) { return A%d; }", n)
	}, "", false, nil},
	{"define growth", "a.c", 100, func(n int) string {
		return "#define A0(x) do { x; x; return; } while (0)\n" + lines(n, "#define A%d(x) A%d(A%d(x))\n", func(i int) []any { return []any{i + 1, i, i} }) + fmt.Sprintf("void f(void) { A%d(g()); }", n)
	}, "", false, nil},
	{"macro calls", "a.c", 50_000, func(n int) string {
		return "#define FREE(p) do { free(p); (p) = 0; } while (0)\nvoid f(void *p) {\n" + rep("FREE(p);\n", n) + "}"
	}, "more macros than", false, nil},
	{"macro ring", "a.c", 10_000, func(n int) string {
		return lines(n, "#define A%d(x) do { x; A%d(x); return; } while (0)\n", func(i int) []any { return []any{i, (i + 1) % n} }) + "void f(void) { A0(g()); }"
	}, "grows larger", true, nil},
	{"initialiser", "a.c", 1_000_000, func(n int) string { return "int a[] = {" + rep("1,", n) + "};\nvoid f(void) { g(a); }" }, "", false, nil},
	{"initialiser C#", "a.cs", 1_000_000, func(n int) string { return "class A { byte[] a = {" + rep("1,", n) + "}; }" }, "", false, nil},
	{"initialiser of structs", "a.c", 100_000, func(n int) string {
		return "struct s { int a; void (*f)(void); };\nvoid g(void) { }\nstruct s a[] = {" + rep("{1, g},", n) + "};\n"
	}, "more elements", true, nil},
	{"nested #if", "a.c", 10_000, func(n int) string { return rep("#if A\n", n) + "int a;\n" + rep("#endif\n", n) }, "", false, nil},
	{"nested #if C#", "a.cs", 10_000, func(n int) string { return rep("#if A\n", n) + "class A { }\n" + rep("#endif\n", n) }, "", false, nil},
	{"flat #if", "a.c", 20_000, func(n int) string { return lines(n, "#if A%d\nint a;\n#else\nint b;\n#endif\n", one) }, "more arms of #if", false, nil},
	{"flat #if in a body", "a.c", 10_000, func(n int) string {
		return "void f(int a) {\n" + lines(n, "#if A%d\nif (a) {\n#else\nif (!a) {\n#endif\ng(); }\n", one) + "}"
	}, "", false, nil},
	{"#elif", "a.c", 20_000, func(n int) string { return "#if B\n" + lines(n, "#elif A%d\nint a;\n", one) + "#endif\n" }, "more arms of #if", false, nil},
	{"string without end", "a.c", 5_000_000, func(n int) string { return "char *s = \"" + rep("x", n) }, "syntax error", true, nil},
	{"verbatim string without end", "a.cs", 5_000_000, func(n int) string { return "class A { string s = @\"" + rep("x\n", n/2) }, "syntax error", true, nil},
	{"raw string", "a.cs", 100_000, func(n int) string {
		return "class A { string s = " + rep("\"", n) + "x" + rep("\"", n) + "; }"
	}, "", false, nil},
	{"holes", "a.cs", 20_000, func(n int) string { return "class A { string s = " + rep("$\"{", n) + "1" + rep("}\"", n) + "; }" }, "syntax error", true, nil},
	{"flat holes", "a.cs", 50_000, func(n int) string { return "class A { string F(int a) { return $\"" + rep("{a}", n) + "\"; } }" }, "", false, nil},
	{"open strings", "a.cs", 50_000, func(n int) string { return "class A {\n" + rep("\"x\n", n) + "}" }, " ", true, nil},
	{"comment without end", "a.c", 5_000_000, func(n int) string { return "int a; /*" + rep("/*x", n/3) }, "a comment without end", true, nil},
	{"comments", "a.c", 200_000, func(n int) string { return rep("// pinvet:ignore PIN301\n", n) }, "", false, nil},
	{"ignores", "a.c", 20_000, func(n int) string {
		return "void f(void) {\n" + rep("// pinvet:ignore PIN301 -- why\ng();\n", n) + "}"
	}, "", false, nil},
	{"pragmas", "a.cs", 20_000, func(n int) string { return rep("#pragma warning disable PIN301\n", n) + "class A { }" }, "", false, nil},
	{"attributes", "a.cs", 20_000, func(n int) string {
		return rep("[SuppressMessage(\"pinvet\", \"PIN301\", Justification = \"x\")]\n", n) + "class A { }"
	}, "", false, nil},
	{"generics", "a.cs", 20_000, func(n int) string { return "class A { " + rep("L<", n) + "int" + rep(">", n) + " a; }" }, "syntax error", true, nil},
	{"less", "a.cs", 20_000, func(n int) string { return "class A { int a = " + rep("a<", n) + "1; }" }, "too complex an expression", true, nil},
	{"stars", "a.c", 50_000, func(n int) string { return "int " + rep("*", n) + "a;" }, "nested too deeply", true, nil},
	{"arrays", "a.c", 50_000, func(n int) string { return "int a" + rep("[1]", n) + ";" }, "nested too deeply", true, nil},
	{"parameters", "a.c", 50_000, func(n int) string { return "void f(" + lines(n, "int a%d,", one) + "int b) { f(1); }" }, "", false, nil},
	{"arguments", "a.cs", 50_000, func(n int) string { return csHead + "class A { void F() { G(" + rep("1,", n) + "2); } }" }, "", false, nil},
	{"variables", "a.c", 20_000, func(n int) string { return "void f(void) {\n" + lines(n, "void *p%d = malloc(1);\n", one) + "}" }, "", false, nil},
	{"returns", "a.c", 20_000, func(n int) string {
		return "#include <windows.h>\nint f(int a) { HANDLE h = CreateEventW(0,0,0,0);\n" + lines(n, "if (a == %d) return %d;\n", func(i int) []any { return []any{i, i} }) + " return 0; }"
	}, "", false, nil},
	{"imports", "a.cs", 20_000, func(n int) string {
		return csHead + "static class M {\n" + lines(n, "[DllImport(\"x\")] static extern int f%d(int a);\n", one) + "}"
	}, "", false, nil},
	{"same imports", "a.cs", 20_000, func(n int) string {
		return csHead + lines(n, "static class M%d { [DllImport(\"kernel32\")] static extern int CloseHandle(IntPtr a); }\n", one)
	}, "", false, nil},
	{"usings", "a.cs", 5_000, func(n int) string {
		return "class A { void F() { " + lines(n, "using var a%d = new FileStream(\"x\");\n", one) + "} }"
	}, "", false, nil},
	{"fixed", "a.cs", 1_000, func(n int) string {
		return "class A { unsafe void F(byte[] b) { " + lines(n, "fixed (byte* p%d = b) {\n", one) + rep("}", n) + "} }"
	}, "", false, nil},
	{"locks", "a.cs", 2_000, func(n int) string { return "class A { void F() { " + rep("lock (this) { ", n) + rep("}", n) + "} }" }, "", false, nil},
	{"awaits", "a.cs", 20_000, func(n int) string { return "class A { async void F() { " + rep("await G();\n", n) + "} }" }, "", false, nil},
	{"local functions", "a.cs", 2_000, func(n int) string {
		return "class A { void F() { " + lines(n, "void G%d() {\n", one) + rep("}", n) + "} }"
	}, "", false, nil},
	{"partial", "a.cs", 20_000, func(n int) string {
		return csHead + lines(n, "partial class A { IntPtr h%d; void F%d() { G(h0); } }\n", func(i int) []any { return []any{i, i} })
	}, "", false, nil},
	{"same functions", "a.c", 20_000, func(n int) string { return rep("static void *f(void *p) { return f(p); }\n", n) }, "more than 1000", true, nil},
	{"open braces", "a.c", 50_000, func(n int) string { return rep("void f(void) {\n", n) }, "nested too deeply", true, nil},
	{"close braces", "a.c", 50_000, func(n int) string { return rep("}\n", n) }, "syntax error", true, nil},
	{"noise", "a.c", 50_000, func(n int) string { return rep("@ $ ` ) ( ] [ \\ ", n) }, "nested too deeply", true, nil},
	{"stray words", "a.cs", 50_000, func(n int) string { return rep("x y z ", n) }, "syntax error", true, nil},
	{"continued lines", "a.c", 200_000, func(n int) string { return "#define A " + rep("x\\\n", n) + "\n" }, "", false, nil},
	{"labels", "a.c", 20_000, func(n int) string { return "void f(void) {\n" + lines(n, "l%d:\n", one) + "; }" }, "", false, nil},
	{"NUL", "a.c", 100_000, func(n int) string { return "int a;" + rep("\x00", n) }, "not a text file", true, nil},
	{"halves of UTF-16", "a.c", 1_000_000, func(n int) string { return "\xff\xfe" + rep("\x00\xd8", n) + "x" }, "syntax error", true, nil},
	{"wide text", "a.c", 500_000, func(n int) string { return "// " + rep("\xf0\x9f\x98\x80", n) + "\nint a;" }, "", false, nil},
	{"CR", "a.c", 1_000_000, func(n int) string { return rep("\r", n) + "int a;" }, "", false, nil},
	{"finally and returns", "a.cs", 300, func(n int) string {
		return "class A { int F(int a) { " + rep("try { if (a > 1) return 1; ", n) + rep("} finally { if (a > 2) H(); }", n) + "return 0; } }"
	}, "", false, nil},
	{"seh", "a.c", 2_000, func(n int) string {
		return "void f(void) { " + rep("__try { ", n) + "g();" + rep("} __finally { h(); }", n) + "}"
	}, "", false, nil},
}
