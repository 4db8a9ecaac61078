package abi

import (
	"strconv"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
)

// program links texts by path.
func program(files map[string]string) *link.Program {
	snap := &source.Snapshot{Input: &source.Input{}}
	for path, text := range files {
		if f, err := source.FromBytes(path, source.LangOf(path), []byte(text)); err == nil {
			snap.Files = append(snap.Files, f)
		}
	}
	return link.New(lower.All(snap).Files, models.Default())
}

var (
	win32   = Target{Windows, X86}
	win64   = Target{Windows, X64}
	linux32 = Target{Linux, X86}
	linux64 = Target{Linux, X64}
)

// want is a layout: size, alignment, and the offsets of the fields.
type want struct {
	t           Target
	size, align int
	offsets     string
}

func check(t *testing.T, r *Record, w want) {
	t.Helper()
	var at []string
	for i := range r.Fields {
		at = append(at, itoa(r.Fields[i].Offset))
	}
	if r.Why != "" || r.Size != w.size || r.Align != w.align || strings.Join(at, " ") != w.offsets {
		t.Errorf("%s on %v: size %d align %d at %s %s, want %d %d %s", r.Name, w.t, r.Size, r.Align, strings.Join(at, " "), r.Why, w.size, w.align, w.offsets)
	}
}

// TestCRecords has sizes that gcc and MSVC give, as their ABI documents state them.
func TestCRecords(t *testing.T) {
	p := program(map[string]string{"a.c": `
#include <stdint.h>
struct plain { char a; int b; char c; };
struct wide { int a; int64_t b; };
struct lng { long a; void *p; short s; };
#pragma pack(push, 2)
struct two { char a; int b; };
#pragma pack(pop)
union any { int a; double b; char c[12]; };
struct outer { char tag; struct { int x; char y; }; union { int z; short w; }; struct plain in; };
struct bits { unsigned a : 3; unsigned b : 30; char c; };
struct mixed { char a : 4; int b : 4; };
#define N 4
struct arrays { char a[N * 2]; short b[2][3]; int tail[]; };
enum color { RED };
typedef struct { enum color c; int (*call)(int); } table;
`})
	file := p.Files[0]
	for _, c := range []struct {
		name string
		want []want
	}{
		{"plain", []want{{win32, 12, 4, "0 4 8"}, {linux64, 12, 4, "0 4 8"}}},
		{"wide", []want{{win32, 16, 8, "0 8"}, {linux32, 12, 4, "0 4"}, {linux64, 16, 8, "0 8"}}},
		{"lng", []want{{win32, 12, 4, "0 4 8"}, {win64, 24, 8, "0 8 16"}, {linux64, 24, 8, "0 8 16"}}},
		{"two", []want{{win64, 6, 2, "0 2"}}},
		{"any", []want{{win64, 16, 8, "0 0 0"}, {linux32, 12, 4, "0 0 0"}}},
		{"outer", []want{{win64, 28, 4, "0 4 8 12 12 16"}}},
		{"bits", []want{{win64, 12, 4, "0 4 8"}, {linux64, 12, 4, "0 4 8"}}},
		{"mixed", []want{{win64, 8, 4, "0 4"}, {linux64, 4, 4, "0 0"}}},
		{"arrays", []want{{win64, 20, 4, "0 8 20"}}},
		{"table", []want{{win32, 8, 4, "0 4"}, {win64, 16, 8, "0 8"}}},
	} {
		for _, w := range c.want {
			cs := newCTypes(p, w.t)
			d := p.TypeDecl(&ir.Func{File: file}, ir.Type(c.name))
			if d == nil {
				t.Fatalf("%s is not declared", c.name)
			}
			check(t, cs.record(d), w)
		}
	}
}

// TestCSharpRecords has layouts as Marshal.SizeOf and OffsetOf give them.
func TestCSharpRecords(t *testing.T) {
	p := program(map[string]string{"a.cs": `
using System; using System.Runtime.InteropServices;
struct Plain { public byte a; public bool b; public char c; public IntPtr p; public long l; }
[StructLayout(LayoutKind.Sequential, Pack = 1, CharSet = CharSet.Unicode)]
struct Text { public char c; [MarshalAs(UnmanagedType.ByValTStr, SizeConst = Text.N)] public string s; public string p; const int N = 5; }
[StructLayout(LayoutKind.Explicit, Size = 40)]
struct Union { [FieldOffset(0)] public int a; [FieldOffset(4)] public double b; [FieldOffset(8)] public Guid g; }
unsafe struct Buffer { public int n; public fixed ushort data[8]; }
struct Arrays { [MarshalAs(UnmanagedType.ByValArray, SizeConst = 3)] public short[] a; [MarshalAs(UnmanagedType.U1)] public bool b; public Plain in1; }
record struct Pair(int A, long B);
struct Props { public int A { get; set; } public static int S; public long B { get; } public int Sum => A; }
enum E : short { X }
class NoLayout { public int a; }
[StructLayout(LayoutKind.Sequential)] class Seq { public E e; public Action call; public Seq2 inner; }
[StructLayout(LayoutKind.Sequential)] class Seq2 { public int a; }
struct Generic<T> { public T t; }
struct Arm { public int a;
#if X
 public int b;
#endif
}`})
	m := map[Target]*managed{}
	for _, c := range []struct {
		name string
		raw  bool
		want []want
	}{
		{"Plain", false, []want{{win32, 24, 8, "0 4 8 12 16"}, {win64, 32, 8, "0 4 8 16 24"}, {linux32, 24, 4, "0 4 8 12 16"}}},
		{"Plain", true, []want{{win64, 24, 8, "0 1 2 8 16"}}},
		{"Text", false, []want{{win32, 16, 1, "0 2 12"}, {win64, 20, 1, "0 2 12"}}},
		{"Union", false, []want{{win64, 40, 8, "0 4 8"}}},
		{"Buffer", false, []want{{win64, 20, 4, "0 4"}}},
		{"Arrays", false, []want{{win64, 40, 8, "0 6 8"}}},
		{"Pair", false, []want{{win64, 16, 8, "0 8"}}},
		{"Props", false, []want{{win64, 16, 8, "0 8"}}},
		{"Seq", false, []want{{win64, 24, 8, "0 8 16"}}},
	} {
		for _, w := range c.want {
			if m[w.t] == nil {
				m[w.t] = newManaged(p, w.t)
			}
			d := p.TypeDecl(&ir.Func{File: p.Files[0]}, ir.Type(c.name))
			if d == nil {
				t.Fatalf("%s is not declared", c.name)
			}
			check(t, m[w.t].record(d, c.raw), w)
		}
	}
	for name, why := range map[string]string{"Arm": "conditionally", "Generic": "generic"} {
		for _, d := range p.Types() {
			if d.Name == name {
				if r := m[win64].record(d, false); !strings.Contains(r.Why, why) {
					t.Errorf("%s: %q, want %q", name, r.Why, why)
				}
			}
		}
	}
}

// TestModelRecords: what the models say of a structure must be what its members give.
func TestModelRecords(t *testing.T) {
	for _, name := range []string{"OVERLAPPED", "STARTUPINFOW", "WIN32_FIND_DATAW", "SECURITY_ATTRIBUTES", "MSG", "INPUT"} {
		for _, target := range []Target{win32, win64} {
			r := native{models.Default(), target, nil}.structure(name, 0).Rec
			end := 0
			for i := range r.Fields {
				end = max(end, r.Fields[i].Offset+r.Fields[i].Size())
			}
			if r.Why != "" || align(end, r.Align) != r.Size {
				t.Errorf("%s on %v: the fields end at %d of %d %s", name, target, end, r.Size, r.Why)
			}
		}
	}
	if r := (native{models.Default(), linux64, nil}).structure("OVERLAPPED", 0); r.Kind != Unknown {
		t.Error("a Windows structure has a layout on Linux")
	}
}

func TestTargetsInWords(t *testing.T) {
	all := SetOf(win32, win64, Target{Windows, ARM64}, linux64)
	for want, s := range map[string]TargetSet{
		"":                              all,
		"on 32-bit systems":             SetOf(win32),
		"on 64-bit systems":             all & Bits64,
		"on 64-bit Windows":             SetOf(win64, Target{Windows, ARM64}),
		"on Windows":                    all & AllWindows,
		"on Linux":                      SetOf(linux64),
		"on Windows x86, Windows arm64": SetOf(win32, Target{Windows, ARM64}),
	} {
		if got := s.Within(all); got != want {
			t.Errorf("%v: %q, want %q", s.List(), got, want)
		}
	}
}

// TestBrokenInput: nothing here panics on what makes no sense.
func TestBrokenInput(t *testing.T) {
	r := New(program(map[string]string{
		"a.cs": `using System.Runtime.InteropServices;
struct Self { public Self s; } struct A1 { public B1 b; } struct B1 { public A1 a; } struct Empty { }
[StructLayout(LayoutKind.Explicit)] struct Odd { [FieldOffset(x)] public int a; public int b; }
static class A {
 [DllImport("n")] static extern int f(Self s, ref A1 a, out Odd o, Empty e, );
 [DllImport("kernel32")] static extern bool ReadFile(, [MarshalAs] byte[][], T*** x, int?);
 [DllImport("n")] static extern g(__arglist);
}`,
		"n.c": "struct s { struct s x; int a[; }; union u { union u v; }; int f(struct s a, union u, int (*)[], ...) { return 0; } typedef t u2; typedef u2 t; int g(t x) { return 0; }",
	}))
	for _, c := range r.Imports() {
		_ = c.Diffs
	}
	_ = r.Structs()
}

// TestNestedTwice: each pair of nested structs is compared once, however many ways lead to it.
func TestNestedTwice(t *testing.T) {
	const depth = 60
	cs, c := "using System.Runtime.InteropServices;\n", ""
	for i := depth; i >= 0; i-- {
		n, next := strconv.Itoa(i), strconv.Itoa(i+1)
		if i == depth {
			cs += "struct S" + n + " { public byte a; public byte b; }\n"
			c += "struct s" + n + " { char a; short b; };\n"
			continue
		}
		cs += "struct S" + n + " { public S" + next + " a, b; }\n"
		c += "struct s" + n + " { struct s" + next + " a, b; };\n"
	}
	cs += `static class A { [DllImport("n")] static extern int f(ref S0 s); }`
	c += "int f(struct s0 *s) { return 0; }"
	r := New(program(map[string]string{"a.cs": cs, "n.c": c}))
	for _, x := range r.Structs() {
		if len(x.Diffs) > 0 && x.Name == "S"+strconv.Itoa(depth) {
			return
		}
	}
	t.Error("the innermost difference was not found")
}
