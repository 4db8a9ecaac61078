package link

import (
	"go/token"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/source"
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

// buildIn is build for an archive of sources and build files.
func buildIn(t testing.TB, archive string) *world {
	t.Helper()
	w := &world{t: t, text: map[*ir.File]string{}}
	in := &source.Input{Overlay: map[string][]byte{}}
	var files []*ir.File
	for _, f := range txtar.Parse([]byte(archive)).Files {
		in.Overlay[f.Name] = f.Data
		if source.IsBuild(f.Name) {
			in.Build = append(in.Build, f.Name)
			continue
		}
		in.Paths = append(in.Paths, f.Name)
		lowered := lowerText(t, f.Name, string(f.Data))
		files = append(files, lowered)
		w.text[lowered] = string(f.Data)
	}
	w.Program = NewIn(project.Read(source.Load(in, token.NewFileSet())), files, models.Default())
	return w
}

// bindings are "import -> path:function confidence" of all imports.
func (w *world) bindings() string {
	var out []string
	w.EachBinding(func(r ImportRef) {
		b := r.Binding
		out = append(out, r.Import.Name+" -> "+b.File.Path+":"+b.Name+" "+b.Confidence.String())
	})
	return strings.Join(out, "\n")
}

const twoLibraries = `
-- cs/A.cs --
using System; using System.Runtime.InteropServices;
static class L { public const string One = "libone.so.1"; }
class A {
  [DllImport(L.One)] static extern int f(IntPtr p);
  [DllImport("two")] static extern int f2(IntPtr p);
  [DllImport("two", EntryPoint = "f")] static extern int OtherF(IntPtr p);
  [DllImport("three", EntryPoint = "open_it")] static extern int O(IntPtr p);
  [DllImport("three", EntryPoint = "#5")] static extern int ByOrdinal(IntPtr p);
  [DllImport("three")] static extern int not_listed(IntPtr p);
  [DllImport("one")] static extern int hidden_in_header(int n);
  [DllImport("one")] static extern int elsewhere(int n);
  [DllImport("kernel32")] static extern int Sleep(int n);
  [DllImport("ntdll")] static extern int Built(int n);
  [DllImport("__Internal")] static extern int elsewhere2(int n);
  [DllImport("c")] static extern int read(int n);
}
-- one/CMakeLists.txt --
add_library(one SHARED one.c plat_win.c plat_posix.c)
-- one/one.c --
#include "single.h"
int f(void *p) { return 1; } int Sleep(int n) { return 0; } int read(int n) { return n; }
-- one/single.h --
int hidden_in_header(int n) { return n; }
-- one/plat_win.c --
int platform(int a) { return a; }
-- one/plat_posix.c --
int platform(int a) { return a + 1; }
-- two/CMakeLists.txt --
add_library(two SHARED two.c)
set_target_properties(two PROPERTIES C_VISIBILITY_PRESET hidden)
-- two/two.c --
__declspec(dllexport) int f(void *p) { return 2; } int f2(void *p) { return 22; }
-- three/Three.vcxproj --
<Project><PropertyGroup><ConfigurationType>DynamicLibrary</ConfigurationType></PropertyGroup>
<ItemDefinitionGroup><Link><ModuleDefinitionFile>three.def</ModuleDefinitionFile></Link></ItemDefinitionGroup>
<ItemGroup><ClCompile Include="three.c" /></ItemGroup></Project>
-- three/three.def --
EXPORTS
 open_it = impl_open
 nothing = impl_fifth @5 NONAME
-- three/three.c --
int impl_open(void *p) { return 3; } int impl_fifth(void *p) { return 5; } int not_listed(void *p) { return 6; }
-- nt/CMakeLists.txt --
add_library(ntdll SHARED nt.c)
-- nt/nt.c --
int Built(int n) { return n; }
-- four/CMakeLists.txt --
add_library(four SHARED four.c)
-- four/four.c --
int elsewhere(int n) { return n; } int elsewhere2(int n) { return n; }
`

func TestBindingsByBuildFiles(t *testing.T) {
	w := buildIn(t, twoLibraries)
	eq(t, "bindings", w.bindings(), `f -> one/one.c:f high
f2 -> two/two.c:f2 medium
OtherF -> two/two.c:f high
O -> three/three.c:impl_open high
ByOrdinal -> three/three.c:impl_fifth high
not_listed -> three/three.c:not_listed medium
hidden_in_header -> one/single.h:hidden_in_header high
elsewhere -> four/four.c:elsewhere low
Built -> nt/nt.c:Built high
elsewhere2 -> four/four.c:elsewhere2 medium`)
	var of []string
	for _, r := range w.ImportsOf(w.fn("f2")) {
		of = append(of, r.Import.Name)
	}
	for _, r := range w.ImportsOf(w.fn("elsewhere")) {
		of = append(of, r.Import.Name)
	}
	eq(t, "imports of f2", strings.Join(of, " "), "f2")
}

// What a C++ header declares may be a member of a class.
func TestDeclarationsInCPlusPlus(t *testing.T) {
	w := build(t, "A.cs", `using System.Runtime.InteropServices;
class A { [DllImport("x")] static extern int Process(int a); [DllImport("x")] static extern int Marked(int a); }`,
		"a.h", `int Process(int a); __declspec(dllexport) int Marked(int a);`)
	w.file("a.h").CPlusPlus = true
	eq(t, "bindings", w.bindings(), "Process -> a.h:Process low\nMarked -> a.h:Marked medium")
}

func TestPlatformTwins(t *testing.T) {
	w := buildIn(t, `
-- A.cs --
using System.Runtime.InteropServices;
class A { [DllImport("p")] static extern int same(long a); [DllImport("p")] static extern int differ(int a); [DllImport("p")] static extern int mocked(int a); }
-- CMakeLists.txt --
add_library(p SHARED win.c posix.c)
-- win.c --
typedef unsigned int DWORD; int same(DWORD a) { return 1; } int differ(DWORD a) { return 1; }
-- posix.c --
int same(unsigned int a) { return 2; } int differ(int a, int b) { return 2; }
-- lib.c --
int mocked(int a) { return 0; }
-- test/mock.c --
int mocked(int a, int b) { return 0; }
`)
	eq(t, "bindings", w.bindings(), "same -> posix.c:same high\ndiffer -> posix.c:differ low\nmocked -> lib.c:mocked medium")
	f := w.file("A.cs")
	if b := w.NativeOf(f.Imports[0], f); len(b.Funcs) != 2 || b.Library == nil || b.Library.Names[0] != "p" {
		t.Errorf("%+v", b)
	}
}

func TestPointersFromLibraries(t *testing.T) {
	for _, packed := range []bool{false, true} { // then fields that hold none are told by words
		w := buildIn(t, pointersFromLibraries)
		for _, f := range w.Files {
			if packed {
				f.Pack()
			}
		}
		boundPointers(t, w)
		eq(t, "oc holds one", w.mayBeLookedUp("oc"), !packed)
	}
}

const pointersFromLibraries = `
-- A.cs --
using System; using System.Runtime.InteropServices;
unsafe class A {
  delegate int CB(int x); delegate int named_after(int x); delegate int other_count(int x, int y);
  delegate* unmanaged<int, int> fp; CB field, twice; static readonly CB viaHelper = Load<CB>(IntPtr.Zero, "my_helper"); named_after na; other_count oc;
  static T Load<T>(IntPtr l, string name) { return Marshal.GetDelegateForFunctionPointer<T>(Find(l, name)); }
  static IntPtr Find(IntPtr l, string n) => GetProcAddress(l, n);
  [DllImport("kernel32")] static extern IntPtr GetProcAddress(IntPtr l, string n);
  void R(IntPtr lib) {
    fp = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(lib, "my_fn"); field = Marshal.GetDelegateForFunctionPointer<CB>(NativeLibrary.GetExport(lib, "my_field"));
    twice = Load<CB>(lib, "my_fn"); twice = Load<CB>(lib, "my_field");
    if (NativeLibrary.TryGetExport(lib, "my_local", out IntPtr p)) { var d = (CB)Marshal.GetDelegateForFunctionPointer(p, typeof(CB)); d(1); }
    fp(2); field(3); field.Invoke(4); this.field(5); viaHelper(6); na(7); oc(8, 9); twice(10);
    Load<CB>(lib, "my_helper")(11);
  } }
-- a.c --
int my_fn(int x) { return x; } int my_field(int x) { return x; } int my_local(int x) { return x; } int my_helper(int x) { return x; }
int named_after(int x) { return x; } int other_count(int x) { return x; }
`

func boundPointers(t *testing.T, w *world) {
	for call, want := range map[string]string{
		"d(1)": "my_local", "fp(2)": "my_fn", "field(3)": "my_field", "field.Invoke(4)": "my_field", "this.field(5)": "my_field",
		"viaHelper(6)": "my_helper", "na(7)": "named_after", "oc(8, 9)": "", "twice(10)": "", `Load<CB>(lib, "my_helper")(11)`: "my_helper",
	} {
		got := ""
		if f := w.call("A.cs", call).CFunc; f != nil {
			got = f.Name
		}
		eq(t, call, got, want)
	}
}

func TestCallbacksIntoCSharp(t *testing.T) {
	w := buildIn(t, `
-- A.cs --
using System; using System.Runtime.InteropServices;
unsafe class A {
  delegate int CB(int x);
  [DllImport("x")] static extern int reg(IntPtr p); [DllImport("x")] static extern int reg_member(CB p); [DllImport("x")] static extern int reg_on(delegate* unmanaged<int, int> p);
  [DllImport("x")] static extern int reg_other(CB p);
  [UnmanagedCallersOnly] static int U(int x) => x; static int M(int x) => x; static int N(int x) => x; int V(int x) => x;
  static readonly CB keep = M;
  void R() { reg(Marshal.GetFunctionPointerForDelegate(keep)); reg_on(&U); reg_member(V); CB z = N; reg(Marshal.GetFunctionPointerForDelegate(new CB(z))); reg_other(x => x); }
}
-- a.c --
typedef int (*cb_t)(int); static cb_t g; struct S { cb_t f; int (*raw)(int); } s;
void reg(cb_t p) { p(1); g = p; }
void later(void) { g(2); }
void reg_on(cb_t q) { forward(q); }
void forward(int (*h)(int)) { int (*l)(int) = h; l(3); }
void reg_member(cb_t p) { struct S *q = &s; q->raw = p; }
void use_member(struct S *t) { t->raw(4); t->f(5); }
void reg_other(cb_t p) { cb_t o = p; if (o) o(6); unknown(7); }
`)
	for call, want := range map[string]string{
		"p(1)": "A.M A.N", "g(2)": "A.M A.N", "l(3)": "A.U", "t->raw(4)": "A.V", "t->f(5)": "", "o(6)": "A.<lambda>", "unknown(7)": "",
	} {
		fn, in := w.find("a.c", call, isCall)
		var out []string
		for _, m := range w.CallbackTargets(fn, in) {
			out = append(out, m.FullName())
		}
		eq(t, call, strings.Join(out, " "), want)
	}
}

func TestGlobalUsingsStayInTheirProject(t *testing.T) {
	w := buildIn(t, `
-- p/P.csproj --
<Project Sdk="x"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup><ItemGroup><Using Include="Lib.Inner" /></ItemGroup></Project>
-- p/Global.cs --
global using Lib.Two;
-- p/Use.cs --
class U { Inside i; Node n; void M() { i.Go(); n.Run(); } }
-- q/Q.csproj --
<Project Sdk="x"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>
-- q/Global.cs --
global using Lib.One;
-- lib/Lib.cs --
namespace Lib.Inner { class Inside { public void Go() { } } }
namespace Other { class Inside { public void Go() { } } }
namespace Lib.One { class Node { public void Run() { } } }
namespace Lib.Two { class Node { public void Run() { } } }
`)
	eq(t, "project using", funcs(w.call("p/Use.cs", "i.Go()")), "lib/Lib.cs:Lib.Inner.Inside.Go()")
	eq(t, "global using", funcs(w.call("p/Use.cs", "n.Run()")), "lib/Lib.cs:Lib.Two.Node.Run()")
}
