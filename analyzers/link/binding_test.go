package link

import (
	"testing"
)

func TestImportBindsFunctionOfTheTree(t *testing.T) {
	w := build(t, "cs/a.cs", `using System; using System.Runtime.InteropServices;
class A {
  [DllImport("mylib")] static extern int my_open(IntPtr p);
  [DllImport("mylib", EntryPoint = "_my_close@4")] static extern int Shut(IntPtr p);
  [DllImport("mylib", CharSet = CharSet.Unicode)] static extern int my_name(IntPtr p);
  [DllImport("mylib")] static extern int my_inner(IntPtr p);
  [DllImport("mylib")] static extern int my_decl(IntPtr p);
  [DllImport("mylib")] static extern int my_two(IntPtr p);
  [DllImport("kernel32")] static extern int ReadFile(IntPtr p);
  [DllImport("kernel32")] static extern int NoSuchExport(IntPtr p);
  void M(IntPtr p) { my_open(p); Shut(p); my_name(p); my_inner(p); my_decl(p); my_two(p); ReadFile(p); NoSuchExport(p); } }`,
		"c/lib.c", `int my_open(void *p) { return 1; } int my_close(void *p) { return 2; } int my_nameW(void *p) { return 0; } int my_name(void *p) { return 0; }
static int my_inner(void *p) { return 0; } int my_decl(void *p); int my_two(void *p) { return 1; } int ReadFile(void *p) { return 0; } int NoSuchExport(void *p) { return 0; }`,
		"c/other.c", `int my_two(int a, int b) { return a; }`)
	for call, want := range map[string]string{
		"my_open(p)": "my_open", "Shut(p)": "my_close", "my_name(p)": "my_nameW", "my_inner(p)": "", "my_two(p)": "",
		"my_decl(p)": "", "ReadFile(p)": "", "NoSuchExport(p)": "",
	} {
		got := ""
		if f := w.call("cs/a.cs", call).CFunc; f != nil {
			got = f.Name
		}
		eq(t, call, got, want)
	}
	b := w.call("cs/a.cs", "my_decl(p)").Bound
	if b == nil || b.Proto == nil || b.File.Path != "c/lib.c" || b.Confidence != Medium {
		t.Errorf("my_decl: %+v", b)
	}
	f := w.file("cs/a.cs")
	two := w.NativeOf(f.Imports[5], f)
	if two == nil || two.Confidence != Low || len(two.Funcs) != 2 {
		t.Errorf("my_two: %+v", two)
	}
}
