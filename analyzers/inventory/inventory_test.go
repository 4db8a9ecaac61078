package inventory_test

import (
	"context"
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/inventory"
	"github.com/pinvet/pinvet/analyzers/source"
)

const head = `using System; using System.Buffers; using System.Runtime.InteropServices; using System.Threading;
unsafe class C {
[DllImport("device")] static extern int Query(byte* p, int n);
[DllImport("device")] static extern int Fill(byte[] p, ref int n);
[DllImport("device", CharSet = CharSet.Unicode)] static extern int Name(string s);
[DllImport("kernel32", SetLastError = true)] static extern bool ReadFile(IntPtr h, byte* p, int n, out int got, NativeOverlapped* o);
[DllImport("kernel32", SetLastError = true)] static extern bool WriteFile(IntPtr h, byte* p, int n, out int got, IntPtr o);
GCHandle kept; static GCHandle always; int member; byte[] heap;
`

// list is the inventory of methods put into a class, one line for each site.
func list(t *testing.T, methods string) string {
	t.Helper()
	return listFiles(t, map[string][]byte{"c.cs": []byte(head + methods + "\n}")})
}

func listFiles(t *testing.T, files map[string][]byte) string {
	t.Helper()
	in := &source.Input{Overlay: files, Workers: 1}
	for _, p := range slices.Sorted(maps.Keys(files)) {
		if source.IsBuild(p) {
			in.Build = append(in.Build, p)
		} else {
			in.Paths = append(in.Paths, p)
		}
	}
	results := map[*analysis.Analyzer]any{source.Unit: in}
	var run func(a *analysis.Analyzer) any
	fset := token.NewFileSet()
	run = func(a *analysis.Analyzer) any {
		if r, ok := results[a]; ok {
			return r
		}
		of := map[*analysis.Analyzer]any{}
		for _, b := range a.Requires {
			of[b] = run(b)
		}
		r, err := a.Run(&analysis.Pass{Analyzer: a, Fset: fset, ResultOf: of, Report: func(analysis.Diagnostic) {}})
		if err != nil {
			t.Fatal(err)
		}
		results[a] = r
		return r
	}
	in.Context = context.Background()
	var out []string
	for _, s := range run(inventory.Analyzer).([]*inventory.Site) {
		loop := ""
		if s.InLoop {
			loop = " in a loop"
		}
		out = append(out, fmt.Sprintf("%s %s %s: %s%s; %s", s.Class, s.Kind, s.Target, s.Advice, loop, s.Reason))
	}
	return strings.Join(out, "\n")
}

func TestClasses(t *testing.T) {
	for _, c := range []struct{ name, code, want string }{
		{"fixed round one call", `void F(byte[] b) { fixed (byte* p = b) { Query(p, 1); } }`,
			"call fixed b: leave; round one call"},
		{"fixed round statements", `void F(byte[] b) { fixed (byte* p = b) { for (int i = 0; i < 3; i++) Query(p, i); } }`,
			"block fixed b: leave; to the end of the fixed block"},
		{"fixed round a call that blocks", `void F(IntPtr h, byte[] b) { fixed (byte* p = b) { WriteFile(h, p, 1, out int n, IntPtr.Zero); } }`,
			"block fixed b: pool; WriteFile can block while it is pinned: reuse one pinned buffer"},
		{"overlapped operation", `void F(IntPtr h, byte[] b, NativeOverlapped* o) { fixed (byte* p = b) { ReadFile(h, p, 1, out int n, o); } }`,
			"operation fixed b: pool; an overlapped operation uses it: reuse one pinned buffer for all operations"},
		{"handle freed in the function", `void F(byte[] b) { var h = GCHandle.Alloc(b, GCHandleType.Pinned); Query((byte*)h.AddrOfPinnedObject(), 1); h.Free(); }`,
			"block GCHandle b: leave; freed in the same function"},
		{"handle that nothing frees", `void F(byte[] b) { var h = GCHandle.Alloc(b, GCHandleType.Pinned); Query((byte*)h.AddrOfPinnedObject(), 1); }`,
			"process GCHandle b: shorten; nothing frees it: free it when native code is done with it"},
		{"handle in a field", `void F(byte[] b) { kept = GCHandle.Alloc(b, GCHandleType.Pinned); } void Dispose() { kept.Free(); }`,
			"object GCHandle b: pinned object heap; kept in a member: an array that stays pinned fragments the heap it lies in"},
		{"an object in a field", `void F(object b) { kept = GCHandle.Alloc(b, GCHandleType.Pinned); } void Dispose() { kept.Free(); }`,
			"object GCHandle b: leave; kept in a member; only arrays can lie on the pinned object heap"},
		{"handle in a static field", `static void F(byte[] b) { always = GCHandle.Alloc(b, GCHandleType.Pinned); }`,
			"process GCHandle b: pinned object heap; kept in a static member: an array that stays pinned fragments the heap it lies in"},
		{"normal handles do not pin", `void F(object b) { var h = GCHandle.Alloc(b); Query((byte*)GCHandle.ToIntPtr(h), 1); h.Free(); }`, ""},
		{"memory handle", `void F(Memory<byte> m) { using var h = m.Pin(); Query((byte*)h.Pointer, 1); }`,
			"block MemoryHandle m: leave; freed in the same function"},
		{"packed data", `void F(byte[] b, Overlapped v) { var o = v.Pack(null, b); Overlapped.Free(o); }`,
			"operation packed overlapped b: pool; pinned until the NativeOverlapped is freed: reuse one pinned buffer for all operations"},
		{"nothing packed", `void F(Overlapped v) { var o = v.Pack(null, null); Overlapped.Free(o); }`, ""},
		{"marshalled arguments", `void F(byte[] b, string s) { Fill(b, ref member); Name(s); }`,
			"call marshaller b: leave; for the call of Fill\ncall marshaller member: leave; for the call of Fill\ncall marshaller s: leave; for the call of Name"},
		{"a local by reference does not move", `void F() { int n = 0; Fill(null, ref n); }`, ""},
		{"marshalled in a loop", `void F(byte[] b) { int n = 0; while (n < 3) Fill(b, ref n); }`,
			"call marshaller b: leave in a loop; for the call of Fill"},
		{"pinned heap", `void F() { heap = GC.AllocateArray<byte>(10, pinned: true); }`,
			"object pinned heap : leave; kept in a member; it never moves and is in nobody's way"},
		{"pinned heap for one function", `void F() { var b = GC.AllocateArray<byte>(10, pinned: true); fixed (byte* p = b) { Query(p, 1); } }`,
			"block pinned heap : pool; used in this function only: the pinned object heap is for arrays that live long\ncall fixed b: leave; round one call"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := list(t, c.code); got != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}

func TestPinnedHeapNeedsTheFramework(t *testing.T) {
	for framework, want := range map[string]string{
		"net8.0": "object GCHandle b: pinned object heap; kept in a member: an array that stays pinned fragments the heap it lies in",
		"net48":  "object GCHandle b: pool; kept in a member: this target has no pinned object heap, so allocate one large buffer early and share it",
	} {
		got := listFiles(t, map[string][]byte{
			"c.cs":     []byte(head + "void F(byte[] b) { kept = GCHandle.Alloc(b, GCHandleType.Pinned); } void Dispose() { kept.Free(); } }"),
			"c.csproj": []byte("<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>" + framework + "</TargetFramework></PropertyGroup></Project>"),
		})
		if got != want {
			t.Errorf("%s: got %s, want %s", framework, got, want)
		}
	}
}

func TestKeptByNative(t *testing.T) {
	got := listFiles(t, map[string][]byte{
		"c.cs": []byte(`using System.Runtime.InteropServices; unsafe class C {
[DllImport("device")] static extern void device_set(byte* p, int n);
void F(byte[] b) { fixed (byte* p = b) { device_set(p, b.Length); } } }`),
		"device.c": []byte("static unsigned char *kept;\nvoid device_set(unsigned char *p, int n) { kept = p; }\nint device_first(void) { return kept[0]; }\n"),
	})
	if want := "object fixed b: pinned object heap; native code keeps the pointer: an array that stays pinned fragments the heap it lies in"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
