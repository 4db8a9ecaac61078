package check_test

import "fmt"

// many makes n files of a format that takes the number of the file as often as it has verbs.
func many(n int, ext, format string, args func(i int) []any) map[string][]byte {
	files := map[string][]byte{}
	for i := range n {
		files[fmt.Sprintf("d%d/f%d.%s", i%17, i, ext)] = fmt.Appendf(nil, format, args(i)...)
	}
	return files
}

func with(files map[string][]byte, path, text string) map[string][]byte {
	files[path] = []byte(text)
	return files
}

func two(i int) []any { return []any{i, i} }

const win = "#include <windows.h>\n"

// hostileTrees are inputs of many files that resemble each other.
var hostileTrees = []hostile{
	{name: "mains", n: 8_000, files: func(n int) map[string][]byte {
		return many(n, "c", win+"static HANDLE init(void) { return CreateEventW(0, 0, 0, 0); }\nint main(void) { HANDLE h = init(); CloseHandle(h); return %d; }\n", one)
	}},
	{name: "public namesakes", n: 4_000, files: func(n int) map[string][]byte {
		return many(n, "c", "void *init(int a) { return other(a); }\nint f%d(void *p) { return use(init(%d)); }\n", two)
	}},
	{name: "prototypes", n: 4_000, files: func(n int) map[string][]byte {
		return many(n, "c", "void init(int a);\nvoid f%d(void) { init(1); }\n", one)
	}},
	{name: "programs", n: 4_000, files: func(n int) map[string][]byte {
		return many(n, "cs", csHead+"class Program { static IntPtr Open() { return N.CreateEvent(default, true, true, null); } static void Main() { var h = Open(); N.CloseHandle(h); } }\n", func(int) []any { return nil })
	}},
	{name: "own imports", n: 8_000, files: func(n int) map[string][]byte {
		return many(n, "cs", "using System; using System.Runtime.InteropServices;\nclass C%d { [DllImport(\"native\")] static extern IntPtr dev_open(int a); void F() { dev_open(%d); } }\n", two)
	}},
	{name: "imports and exports", n: 4_000, files: func(n int) map[string][]byte {
		files := many(n, "cs", "using System; using System.Runtime.InteropServices;\nclass C%d { [DllImport(\"native\")] static extern IntPtr dev_%d(byte[] a); void F() { dev_%d(null); } }\n", func(i int) []any { return []any{i, i, i} })
		for p, text := range many(n, "c", "void *dev_%d(char *a) { return a + %d; }\n", two) {
			files[p] = text
		}
		return files
	}},
	{name: "chain of headers", n: 2_000, files: func(n int) map[string][]byte {
		files := many(n, "h", "#include \"f%d.h\"\n#define M%d M%d\nint v%d(void);\n", func(i int) []any { return []any{i + 1, i, i + 1, i} })
		return with(files, "a.c", "#include \"f0.h\"\nint f(void) { return M0 + v9(); }\n")
	}},
	{name: "one header", n: 8_000, files: func(n int) map[string][]byte {
		return with(many(n, "c", "#include \"all.h\"\nint f%d(void) { return MAX(%d, get()); }\n", two), "all.h", "#define MAX(a, b) ((a) > (b) ? (a) : (b))\nstatic inline int get(void) { return 1; }\n")
	}},
	{name: "headers of one name", n: 2_000, files: func(n int) map[string][]byte {
		files := many(n, "c", "#include \"config.h\"\nint f%d(void) { return A; }\n", one)
		for i := range n {
			files[fmt.Sprintf("e%d/config.h", i)] = fmt.Appendf(nil, "#define A %d\nint g(void);\n", i)
		}
		return files
	}},
	{name: "parts", n: 4_000, files: func(n int) map[string][]byte {
		return many(n, "cs", csHead+"partial class Big { IntPtr h%d; void F%d() { h%d = N.CreateEvent(default, true, true, null); } }\n", func(i int) []any { return []any{i, i, i} })
	}},
	{name: "implementations", n: 4_000, files: func(n int) map[string][]byte {
		files := many(n, "cs", csHead+"class C%d : IDev { public IntPtr Open() { return N.CreateEvent(default, true, true, null); } void F(IDev d) { N.CloseHandle(d.Open()); } }\n", one)
		return with(files, "IDev.cs", "using System;\ninterface IDev { IntPtr Open(); }\n")
	}},
	{name: "overrides", n: 2_000, files: func(n int) map[string][]byte {
		files := many(n, "cs", csHead+"class C%d : C%d { public override void Go(IntPtr h) { base.Go(h); } }\n", func(i int) []any { return []any{i + 1, i} })
		return with(files, "C0.cs", csHead+"class C0 { public virtual void Go(IntPtr h) { N.CloseHandle(h); } }\n")
	}},
	{name: "handles of an owner", n: 2_000, files: func(n int) map[string][]byte {
		return many(n, "cs", csHead+"class C%d : IDisposable { IntPtr h; public C%d() { h = N.CreateEvent(default, true, true, null); } public void Dispose() { N.CloseHandle(h); } }\n", two)
	}},
	{name: "projects", n: 400, files: func(n int) map[string][]byte {
		files := many(n, "cs", "class C%d { }\n", one)
		for i := range n {
			files[fmt.Sprintf("d%d/p%d.csproj", i%17, i)] = fmt.Appendf(nil, "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup><ItemGroup><Compile Remove=\"f%d.cs\"/></ItemGroup></Project>", i)
		}
		return files
	}},
	{name: "callbacks", n: 2_000, files: func(n int) map[string][]byte {
		return many(n, "c", "typedef void (*cb)(void *);\nstatic cb saved%d;\nvoid set_%d(cb c, void *p) { saved%d = c; c(p); }\n", func(i int) []any { return []any{i, i, i} })
	}},
	{name: "structs of one name", n: 4_000, files: func(n int) map[string][]byte {
		return many(n, "c", "struct dev { int a; struct dev *next; };\nint f%d(struct dev *d) { return d->next->a; }\n", one)
	}},
	{name: "globals of one name", n: 4_000, files: func(n int) map[string][]byte {
		return many(n, "c", win+"HANDLE lock;\nvoid f%d(void) { lock = CreateEventW(0, 0, 0, 0); CloseHandle(lock); }\n", one)
	}},
}
