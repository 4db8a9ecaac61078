package difftest

import (
	"testing"

	"github.com/pinvet/pinvet/internal/check"
)

// TestFilter: a run that looks only at functions of which something can come finds what one finds that
// looks at all of them.
func TestFilter(t *testing.T) {
	SameFindings(t, check.Options{}, check.Options{NoFilter: true})
}

// TestParted: the same for a run that leaves files unparsed, also where that saves nothing.
func TestParted(t *testing.T) {
	SameFindings(t, check.Options{AllParts: true}, check.Options{NoFilter: true})
}

// What reaches native code, or a helper that matters, by another name than its own.
func TestFilterByOtherNames(t *testing.T) {
	const delegate = "public delegate bool CloseHandle(System.IntPtr h);\n"
	for name, c := range map[string]struct {
		files []string
		want  string
	}{
		"an alias of the helper's class": {[]string{
			"using System.Runtime.InteropServices;\nclass A { public A(System.IntPtr p) { Marshal.FreeHGlobal(p); } }\n",
			"using B = A;\nclass U { static void M(System.IntPtr p) { new B(p); new B(p); } }\n",
		}, "PIN404"},
		"an alias of a delegate": {[]string{
			"class N { " + delegate + " }\n",
			"using CH = N.CloseHandle;\nclass U { CH close; void M(System.IntPtr h) { close(h); close(h); } }\n",
		}, "PIN404"},
		"an indexer that gives a delegate": {[]string{
			delegate + "class T { CloseHandle[] all; public CloseHandle this[int i] => all[i]; }\n",
			"class U { void M(T t, System.IntPtr h) { t[0](h); t[0](h); } }\n",
		}, "PIN404"},
		"a delegate in a variable that an argument sets": {[]string{
			delegate + "class T { CloseHandle one; public void Get(out CloseHandle c) { c = one; } }\n",
			"class U { void M(T t, System.IntPtr h) { t.Get(out var c); c(h); c(h); } }\n",
		}, "PIN404"},
	} {
		o := check.Options{Root: t.TempDir(), Overlay: map[string][]byte{"a.cs": []byte(c.files[0]), "b.cs": []byte(c.files[1])}}
		for _, o.NoFilter = range []bool{true, false} {
			res := Run(t, o)
			if len(res.Findings) != 1 || res.Findings[0].Code != c.want || len(res.Problems) != 0 {
				t.Errorf("%s, all functions %v: %v", name, o.NoFilter, Lines(res))
			}
		}
	}
}

// A delegate that stands for a C function of the unit has no import to compare parameters with.
func TestDelegateOfACFunction(t *testing.T) {
	res := Run(t, check.Options{Root: t.TempDir(), Overlay: map[string][]byte{
		"a.cs": []byte(`using System; using System.Runtime.InteropServices;
unsafe delegate void KeepFn(byte* p);
unsafe static class U {
  static KeepFn K = Marshal.GetDelegateForFunctionPointer<KeepFn>(NativeLibrary.GetExport(IntPtr.Zero, "dev_keep"));
  static void B(byte[] b) { fixed (byte* p = b) { K(p); } }
}
`),
		"lib.c": []byte("static void *kept;\nvoid dev_keep(void *p) { kept = p; }\n"),
	}})
	if len(res.Problems) != 0 {
		t.Errorf("%v", Lines(res))
	}
}
