package link

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

func TestCallOwnMethods(t *testing.T) {
	w := build(t, "a.cs", `
namespace N {
  class Base { protected void Inherited() {} protected static int Up(int x) => x; }
  class Outer : Base {
    static void FromOuter() {}
    class Inner {
      void M() { FromOuter(); Own(1); this.Own(2); }
      void Own(int x) {}
    }
    void M2() { Inherited(); base.Inherited(); Up(1); int local(int y) => y; local(3); }
  }
}`)
	eq(t, "outer static", funcs(w.call("a.cs", "FromOuter()")), "a.cs:N.Outer.FromOuter()")
	eq(t, "own", funcs(w.call("a.cs", "Own(1)")), "a.cs:N.Outer.Inner.Own(int)")
	eq(t, "own path", w.call("a.cs", "Own(1)").RecvPath, "this")
	eq(t, "this.own", funcs(w.call("a.cs", "this.Own(2)")), "a.cs:N.Outer.Inner.Own(int)")
	eq(t, "inherited", funcs(w.call("a.cs", "Inherited()")), "a.cs:N.Base.Inherited()")
	eq(t, "base.", funcs(w.call("a.cs", "base.Inherited()")), "a.cs:N.Base.Inherited()")
	eq(t, "base path", w.call("a.cs", "base.Inherited()").RecvPath, "base")
	eq(t, "inherited static", funcs(w.call("a.cs", "Up(1)")), "a.cs:N.Base.Up(int)")
	eq(t, "inherited static ret", w.call("a.cs", "Up(1)").Ret, "int")
	local := w.call("a.cs", "local(3)")
	eq(t, "local function", len(local.Funcs), 1)
	if len(local.Funcs) == 1 {
		eq(t, "local function", local.Funcs[0].Name, "local")
		eq(t, "local function complete", local.Complete, true)
	}
}

func TestOverloads(t *testing.T) {
	w := build(t, "a.cs", `
class T {
  void F() {} void F(int a) {} void F(string a) {} void F(int a, int b) {}
  void R(ref int a) {} void R(int a) {} void O(out int a) { a = 0; }
  void Opt(int a, int b) {}
  void P(params int[] xs) {} void P(int a) {}
  void Arr(byte[] b) {} void Arr(System.IntPtr p) {}
  unsafe void Ptr(byte* b) {} void Ptr(byte[] b) {}
  void Named(int first, string second) {}
  void Amb(A a) {} void Amb(B b) {}
  class A {} class B {}
  unsafe void M(int i, string s, byte[] buf, System.IntPtr p, byte* q, dynamic d) {
    F(); F(i); F(s); F(1, 2); R(ref i); R(i); O(out i); Opt(1);
    P(1, 2, 3); P(4); Arr(buf); Arr(p); Ptr(q); Ptr(buf);
    Named(second: "x", first: 1);
    Amb(d.x);
  }
}`)
	for _, c := range [][2]string{
		{"F()", "a.cs:T.F()"}, {"F(i)", "a.cs:T.F(int)"}, {"F(s)", "a.cs:T.F(string)"}, {"F(1, 2)", "a.cs:T.F(int,int)"},
		{"R(ref i)", "a.cs:T.R(ref int)"}, {"R(i)", "a.cs:T.R(int)"}, {"O(out i)", "a.cs:T.O(out int)"}, {"Opt(1)", "a.cs:T.Opt(int,int)"},
		{"P(1, 2, 3)", "a.cs:T.P(int[])"}, {"P(4)", "a.cs:T.P(int)"}, {"Arr(buf)", "a.cs:T.Arr(byte[])"}, {"Arr(p)", "a.cs:T.Arr(System.IntPtr)"},
		{"Ptr(q)", "a.cs:T.Ptr(byte*)"}, {"Ptr(buf)", "a.cs:T.Ptr(byte[])"}, {"Amb(d.x)", "a.cs:T.Amb(A) a.cs:T.Amb(B)"},
	} {
		eq(t, c[0], funcs(w.call("a.cs", c[0])), c[1])
	}
	named := w.call("a.cs", `Named(second: "x", first: 1)`)
	eq(t, "named 0", named.Param(0), 1)
	eq(t, "named 1", named.Param(1), 0)
	eq(t, "named inverse", named.Arg(0, 2), 1)
}

func TestQualifiedCalls(t *testing.T) {
	w := build(t, "a.cs", `
using Alias = N.Sub.Helper;
using static N.Sub.Helper;
namespace N {
  class Item { public void Go() {} public Item next; public static void Stat() {} }
  class Color { public static void Mix() {} public void Paint() {} }
  class User {
    Item item; Color Color; Item Prop => item;
    void M(Item local) {
      item.Go(); item.next.Go(); Prop.Go(); local.Go(); Item.Stat(); N.Item.Stat();
      Sub.Helper.Run(); Alias.Run(); Imported(); Color.Mix(); Color.Paint(); this.item.Go();
    }
  }
}
namespace N.Sub { static class Helper { public static void Run() {} public static void Imported() {} } }
`)
	for _, c := range [][3]string{
		{"item.Go()", "a.cs:N.Item.Go()", "item"}, {"item.next.Go()", "a.cs:N.Item.Go()", "item.next"}, {"Prop.Go()", "a.cs:N.Item.Go()", "Prop"},
		{"local.Go()", "a.cs:N.Item.Go()", ""}, {"Item.Stat()", "a.cs:N.Item.Stat()", ""}, {"N.Item.Stat()", "a.cs:N.Item.Stat()", ""},
		{"Sub.Helper.Run()", "a.cs:N.Sub.Helper.Run()", ""}, {"Alias.Run()", "a.cs:N.Sub.Helper.Run()", ""}, {"Imported()", "a.cs:N.Sub.Helper.Imported()", ""},
		{"Color.Mix()", "a.cs:N.Color.Mix()", ""}, {"Color.Paint()", "a.cs:N.Color.Paint()", "Color"}, {"this.item.Go()", "a.cs:N.Item.Go()", "this.item"},
	} {
		got := w.call("a.cs", c[0])
		eq(t, c[0], funcs(got), c[1])
		eq(t, c[0]+" path", got.RecvPath, c[2])
	}
}

func TestExtensionMethods(t *testing.T) {
	w := build(t, "a.cs", `
static class Ext {
  public static void Twice(this int x, string s) {}
  public static void Close2(this Box b) {}
  public static void Close2(this string b) {}
}
class Box { void M(int n, Box o) { n.Twice("a"); o.Close2(); Ext.Close2(o); } }
`)
	got := w.call("a.cs", `n.Twice("a")`)
	eq(t, "ext", funcs(got), "a.cs:Ext.Twice(int,string)")
	eq(t, "shift", got.ArgShift, 1)
	eq(t, "param", got.Param(0), 1)
	eq(t, "ext by type", funcs(w.call("a.cs", "o.Close2()")), "a.cs:Ext.Close2(Box)")
	eq(t, "static form", w.call("a.cs", "Ext.Close2(o)").ArgShift, 0)
}

// A static method is called on its first argument only where that is declared so.
func TestNoExtensionMethods(t *testing.T) {
	w := build(t, "a.cs", `
static class Ext {
  public static void Plain(int x) {}
  public static void ByRef(this ref int x) {}
  public static void ByIn(in this int x) {}
  public static void Marked([A] this int x) {}
  public static void Second(int x, int y) {}
}
class Box { void M(int n, object o) { n.Plain(); Other.Get().Plain(); n.ByRef(); n.ByIn(); n.Marked(); n.Second(1); } }
`)
	for call, want := range map[string]string{"n.Plain()": "", "Other.Get().Plain()": "", "n.Second(1)": "",
		"n.ByRef()": "a.cs:Ext.ByRef(ref int)", "n.ByIn()": "a.cs:Ext.ByIn(in int)", "n.Marked()": "a.cs:Ext.Marked(int)"} {
		eq(t, call, funcs(w.call("a.cs", call)), want)
	}
}

// An extension method is in scope where its namespace is around the call, or a using directive names it or its class.
func TestExtensionScope(t *testing.T) {
	w := build(t, "ext.cs", "namespace Lib.Tools { static class Ext { public static void Twice(this int x) {} } }",
		"a.cs", "using Lib.Tools; namespace N { class A { void M(int n) { n.Twice(); } } }",
		"b.cs", "namespace Lib { using Tools; class B { void M(int n) { n.Twice(); } } }",
		"c.cs", "using static Lib.Tools.Ext; class C { void M(int n) { n.Twice(); } }",
		"d.cs", "namespace Lib.Tools.More { class D { void M(int n) { n.Twice(); } } }",
		"e.cs", "using Lib; namespace Lib.Other { class E { void M(int n) { n.Twice(); What().Twice(); } } }")
	for _, file := range []string{"a.cs", "b.cs", "c.cs", "d.cs"} {
		eq(t, file, funcs(w.call(file, "n.Twice()")), "ext.cs:Lib.Tools.Ext.Twice(int)")
	}
	eq(t, "out of scope", funcs(w.call("e.cs", "n.Twice()")), "")
	eq(t, "on an unknown value", funcs(w.call("e.cs", "What().Twice()")), "")
}

func TestVirtual(t *testing.T) {
	w := build(t, "a.cs", `
interface IRun { void Run(); int Many(); }
abstract class A : IRun { public abstract void Abs(); public virtual void Run() {} public int Many() => 1; }
class B : A { public override void Abs() {} public override void Run() {} }
sealed class C : A { public override void Abs() {} }
class D1 : IBig { public void Go() {} } class D2 : IBig { public void Go() {} } class D3 : IBig { public void Go() {} }
class D4 : IBig { public void Go() {} } class D5 : IBig { public void Go() {} }
interface IBig { void Go(); }
class U { void M(A a, IRun r, C c, B b, IBig big) { a.Abs(); a.Run(); r.Run(); c.Run(); b.Run(); r.Many(); big.Go(); } }
`)
	eq(t, "abstract", funcs(w.call("a.cs", "a.Abs()")), "a.cs:B.Abs() a.cs:C.Abs()")
	eq(t, "abstract complete", w.call("a.cs", "a.Abs()").Complete, true)
	eq(t, "virtual", funcs(w.call("a.cs", "a.Run()")), "a.cs:A.Run() a.cs:B.Run()")
	eq(t, "interface", funcs(w.call("a.cs", "r.Run()")), "a.cs:A.Run() a.cs:B.Run()")
	eq(t, "sealed receiver", funcs(w.call("a.cs", "c.Run()")), "a.cs:A.Run()")
	eq(t, "exact", funcs(w.call("a.cs", "b.Run()")), "a.cs:B.Run()")
	eq(t, "interface ret", w.call("a.cs", "r.Many()").Ret, "int")
	big := w.call("a.cs", "big.Go()")
	eq(t, "too many", len(big.Funcs), 0)
	eq(t, "too many complete", big.Complete, false)
}

func TestImports(t *testing.T) {
	w := build(t, "a.cs", `
using System.Runtime.InteropServices;
static class Native {
  const string Kernel = "kernel32.dll"; const string Kernel2 = Kernel;
  [DllImport("kernel32.dll", CharSet = CharSet.Unicode)] public static extern System.IntPtr CreateFile(string n, uint a, uint s, System.IntPtr p, uint d, uint f, System.IntPtr t);
  [DllImport("kernel32", CharSet = CharSet.Ansi, EntryPoint = "CreateFile")] public static extern System.IntPtr CreateAnsi(string n);
  [DllImport(Kernel2, EntryPoint = "CloseHandle")] public static extern bool Shut(System.IntPtr h);
  [DllImport("mylib.dll")] public static extern bool CloseHandle(System.IntPtr h);
  [DllImport("foo.dll", EntryPoint = "#12")] public static extern void Ord();
  [DllImport("KERNEL32.DLL", EntryPoint = "_CloseHandle@4")] public static extern bool Decorated(System.IntPtr h);
  [LibraryImport("kernel32.dll", EntryPoint = "CreateFileW")] internal static partial System.IntPtr Gen(string n);
  [DllImport("kernel32")] static extern bool ReadFile(System.IntPtr h, byte[] b, int n, out int r, System.IntPtr o);
  [DllImport("kernel32")] static unsafe extern bool ReadFile(System.IntPtr h, byte* b, int n, int* r, System.Threading.NativeOverlapped* o);
  static unsafe void M(byte[] arr, byte* ptr, System.Threading.NativeOverlapped* ov, System.IntPtr h) {
    int r; ReadFile(h, arr, 1, out r, h); ReadFile(h, ptr, 1, &r, ov);
  }
}
class U { void M(System.IntPtr h) {
  var f = Native.CreateFile("x", 0, 0, h, 0, 0, h); Native.CreateAnsi("x"); Native.Shut(h); Native.CloseHandle(h); Native.Ord(); Native.Decorated(h); Native.Gen("x");
} }`)
	for _, c := range [][2]string{
		{`Native.CreateFile("x", 0, 0, h, 0, 0, h)`, "CreateFileW"}, {`Native.CreateAnsi("x")`, "CreateFileA"}, {"Native.Shut(h)", "CloseHandle"},
		{"Native.Decorated(h)", "CloseHandle"}, {`Native.Gen("x")`, "CreateFileW"},
	} {
		got := w.call("a.cs", c[0])
		eq(t, c[0], got.NativeName, c[1])
		if got.Native == nil || got.Import == nil {
			t.Errorf("%s: native %v import %v", c[0], got.Native, got.Import)
		}
	}
	eq(t, "ret", w.call("a.cs", `Native.CreateFile("x", 0, 0, h, 0, 0, h)`).Ret, "IntPtr")
	foreign := w.call("a.cs", "Native.CloseHandle(h)")
	eq(t, "foreign library", foreign.Native == nil, true)
	eq(t, "foreign name", foreign.NativeName, "CloseHandle")
	eq(t, "ordinal", w.call("a.cs", "Native.Ord()").NativeName, "#12")
	eq(t, "array overload", w.call("a.cs", "ReadFile(h, arr, 1, out r, h)").Import.Params[1].Type, "byte[]")
	eq(t, "pointer overload", w.call("a.cs", "ReadFile(h, ptr, 1, &r, ov)").Import.Params[1].Type, "byte*")
}

func TestBindingPackages(t *testing.T) {
	w := build(t, "a.cs", `
using Windows.Win32; using static Vanara.PInvoke.Kernel32;
class U { void M(System.IntPtr h) { PInvoke.CloseHandle(h); Windows.Win32.PInvoke.CreateEvent(h); Kernel32.CloseHandle(h); FindClose(h); } }`)
	for _, c := range [][2]string{
		{"PInvoke.CloseHandle(h)", "CloseHandle"}, {"Windows.Win32.PInvoke.CreateEvent(h)", "CreateEventW"}, {"Kernel32.CloseHandle(h)", "CloseHandle"}, {"FindClose(h)", "FindClose"},
	} {
		got := w.call("a.cs", c[0])
		eq(t, c[0], got.NativeName, c[1])
		eq(t, c[0]+" known", got.Native != nil, true)
	}
}

func TestLibraryMembers(t *testing.T) {
	w := build(t, "a.cs", `
using System; using System.Runtime.InteropServices; using Microsoft.Win32.SafeHandles;
class H : SafeHandleZeroOrMinusOneIsInvalid {
  H() : base(true) { SetHandle(IntPtr.Zero); }
  protected override bool ReleaseHandle() { return Dangerous(handle); }
  bool Dangerous(IntPtr p) => true;
}
class U {
  SafeFileHandle file; GCHandle? maybe;
  void M(byte[] buf, Memory<byte> mem, H own, dynamic d) {
    var g = GCHandle.Alloc(buf, GCHandleType.Pinned);
    g.AddrOfPinnedObject(); g.Free();
    System.Runtime.InteropServices.Marshal.AllocHGlobal(4);
    mem.Pin(); file.DangerousGetHandle(); own.DangerousAddRef(ref ok); own.Dispose();
    maybe.Value.Free(); new SafeFileHandle(IntPtr.Zero, true);
    IntPtr p = Marshal.UnsafeAddrOfPinnedArrayElement(buf, 0);
  }
}`)
	for _, c := range [][2]string{
		{"GCHandle.Alloc(buf, GCHandleType.Pinned)", "GCHandle.Alloc"}, {"g.AddrOfPinnedObject()", "GCHandle.AddrOfPinnedObject"}, {"g.Free()", "GCHandle.Free"},
		{"System.Runtime.InteropServices.Marshal.AllocHGlobal(4)", "Marshal.AllocHGlobal"}, {"mem.Pin()", "Memory.Pin"},
		{"file.DangerousGetHandle()", "SafeHandle.DangerousGetHandle"}, {"own.DangerousAddRef(ref ok)", "SafeHandle.DangerousAddRef"}, {"own.Dispose()", "SafeHandle.Dispose"},
		{"maybe.Value.Free()", "GCHandle.Free"}, {"new SafeFileHandle(IntPtr.Zero, true)", "SafeFileHandle..ctor"}, {"SetHandle(IntPtr.Zero)", "SafeHandle.SetHandle"},
	} {
		got := w.call("a.cs", c[0])
		eq(t, c[0], got.MemberName, c[1])
		eq(t, c[0]+" known", len(got.Members) > 0, true)
	}
	eq(t, "handle", w.Name(w.fn("H.ReleaseHandle"), "handle").Owner, "SafeHandle")
	eq(t, "IsSafeHandle", w.TypeDecl(w.fn("U.M"), "H").IsSafeHandle, true)
	eq(t, "GCHandle is a struct", w.IsStruct(w.fn("U.M"), "GCHandle"), true)
	eq(t, "SafeFileHandle is not", w.IsStruct(w.fn("U.M"), "SafeFileHandle"), false)
}

func TestTypes(t *testing.T) {
	w := build(t, "a.cs", `
using System; using System.Collections.Generic; using System.Threading.Tasks;
namespace N {
  struct S { public int x; public Inner inner; } class Inner { public List<S> list; public IntPtr ptr { get; set; } }
  class U {
    S field; Dictionary<string, Inner> map; static T Make<T>() => default;
    bool TryGet(out Inner i) { i = null; return true; }
    async Task<S> Later() { return field; }
    async void M(S[] arr, ref S r) {
      var a = field.inner; var b = a.list[0]; var c = arr[1].inner; var d = await Later();
      foreach (var e in arr) { Use(e); } foreach (var kv in map) { Use(kv.Value); }
      TryGet(out var got); Use(got); var m = Make<Inner>(); var self = this; var n = a?.ptr; var q = (IntPtr)5; var z = arr.Length + 1;
      Use(a); Use(b); Use(c); Use(d); Use(m); Use(self); Use(n); Use(q); Use(z); Use(r); Use(r.inner);
      Action f = () => { Use(b.x); };
    }
    void Use(object o) {}
  }
}`)
	at := func(arg string) ir.Type {
		fn, in := w.find("a.cs", "Use("+arg+")", isCall)
		return w.TypeOf(fn, in.Call.Args[0].Val)
	}
	for _, c := range [][2]string{
		{"a", "N.Inner"}, {"b", "N.S"}, {"c", "N.Inner"}, {"d", "N.S"}, {"e", "N.S"}, {"kv.Value", "N.Inner"}, {"got", "N.Inner"},
		{"m", "N.Inner"}, {"self", "N.U"}, {"n", "IntPtr"}, {"q", "IntPtr"}, {"z", "int"}, {"r", "N.S"}, {"r.inner", "N.Inner"}, {"b.x", "int"},
	} {
		eq(t, "type of "+c[0], at(c[0]), ir.Type(c[1]))
	}
	eq(t, "struct", w.IsStruct(w.fn("N.U.M"), "S"), true)
	eq(t, "class", w.IsStruct(w.fn("N.U.M"), "Inner"), false)
	eq(t, "primitive", w.IsStruct(w.fn("N.U.M"), "int"), true)
}

func TestConstants(t *testing.T) {
	w := build(t, "a.cs", `
using System; using static Other;
enum E : uint { A, B = 0x10, C, D = B | 1, Big = 0x80000000 }
static class Other { public const int FromOther = 9; public static readonly IntPtr Invalid = new IntPtr(-1); }
class K {
  const int One = 1; const uint Flags = One << 4 | 2; const int Loop1 = Loop2; const int Loop2 = Loop1;
  static readonly IntPtr INVALID_HANDLE_VALUE = new IntPtr(-1); static readonly IntPtr Zero2 = IntPtr.Zero; static readonly int Changing = Environment.TickCount;
  const byte Narrow = unchecked((byte)0x1FF); static readonly IntPtr Ring = Ring2; static readonly IntPtr Ring2 = Ring;
  void M() {}
}`)
	m := w.fn("K.M")
	for _, c := range []struct {
		name string
		want int64
	}{
		{"One", 1}, {"Flags", 18}, {"E.A", 0}, {"E.B", 16}, {"E.C", 17}, {"E.D", 17}, {"E.Big", -2147483648}, {"INVALID_HANDLE_VALUE", -1},
		{"Zero2", 0}, {"Narrow", 255}, {"K.One", 1}, {"Other.FromOther", 9}, {"FromOther", 9}, {"Other.Invalid", -1}, {"IntPtr.Zero", 0}, {"uint.MaxValue", -1},
		{"ERROR_IO_PENDING", 997}, {"WIN32_ERROR.ERROR_IO_PENDING", 997},
	} {
		v, ok := w.Const(m, c.name)
		if !ok || v != c.want {
			t.Errorf("%s = %d, %v; want %d", c.name, v, ok, c.want)
		}
	}
	for _, n := range []string{"Loop1", "Changing", "Ring", "Nothing", "E"} {
		if v, ok := w.Const(m, n); ok {
			t.Errorf("%s = %d; want none", n, v)
		}
	}
	eq(t, "kind", w.Name(m, "E.B").Kind, EnumMember)
	eq(t, "identity", w.Name(m, "INVALID_HANDLE_VALUE").Path, "K.INVALID_HANDLE_VALUE")
}

func TestPartialAndDuplicates(t *testing.T) {
	w := build(t,
		"one/a.cs", `partial class P { int f; void M() { Help(); } } class Dup { public void Go() {} } class UseDup { void M(Dup d) { d.Go(); } }`,
		"one/sub/b.cs", `partial class P { void Help() {} ~P() {} public void Dispose() {} }`,
		"two/a.cs", `partial class P { int f; void M() {} void Help() {} } class Dup { public void Go() {} }`)
	eq(t, "other part", funcs(w.call("one/a.cs", "Help()")), "one/sub/b.cs:P.Help()")
	p := w.TypeDecl(w.fn("UseDup.M"), "P")
	eq(t, "parts", len(p.Parts), 2)
	eq(t, "fields", len(p.Fields), 1)
	eq(t, "finalizer", p.Finalizer != nil, true)
	eq(t, "dispose", len(p.Dispose), 1)
	eq(t, "closest", funcs(w.call("one/a.cs", "d.Go()")), "one/a.cs:Dup.Go()")
}

func TestNames(t *testing.T) {
	w := build(t, "a.cs", `
namespace N { class Box { public System.IntPtr handle; public static int Count; public int Bodied { get { return 1; } set {} } }
class U { Box box; static Box shared; int Auto { get; set; } void M() {} } }`)
	m := w.fn("N.U.M")
	r := w.Name(m, "box.handle.x")
	eq(t, "kind", r.Kind, Field)
	eq(t, "rest", r.Rest, "handle.x")
	eq(t, "type", r.Type, "N.Box")
	eq(t, "owner", r.Owner, "N.U")
	eq(t, "static", w.Name(m, "shared").Static, true)
	eq(t, "static path", w.Name(m, "Box.Count").Path, "N.Box.Count")
	eq(t, "auto", w.Name(m, "this.Auto").Kind, Field)
	eq(t, "type name", w.Name(m, "N.Box").Kind, TypeName)
	eq(t, "namespace", w.Name(m, "N").Kind, Namespace)
	eq(t, "unknown", w.Name(m, "Nowhere").Kind, Unknown)
	prop := w.Member(m, "Box", "Bodied")
	eq(t, "prop", prop.Kind, Prop)
	eq(t, "getter", prop.Getter != nil && prop.Setter != nil, true)
	eq(t, "library prop", w.Member(m, "SafeHandle", "IsInvalid").Type, "bool")
}

func TestFieldUses(t *testing.T) {
	w := build(t, "a.cs", `
class Box { public int f; public int other; Box next;
  void M(Box b) { f = 1; Use(b.f); Ref(ref next.f); b.other = 2; }
  void Use(int x) {} void Ref(ref int x) {} }
class Two { int f; void M() { f = 3; } }`)
	var got []UseKind
	for _, u := range w.FieldUses("Box", "f") {
		eq(t, "owner of use", u.Func.Owner, "Box")
		got = append(got, u.Kind)
	}
	if len(got) != 3 || got[0] != UseStore || got[1] != UseLoad || got[2] != UseAddr {
		t.Errorf("uses of Box.f: %v", got)
	}
	eq(t, "Two.f", len(w.FieldUses("Two", "f")), 1)
}

func TestDelegates(t *testing.T) {
	w := build(t, "a.cs", `
delegate System.IntPtr Maker(int n);
class U { Maker make; System.Func<string, long> fn; event System.Action Done;
  void M(Maker local) { make(1); local(2); fn("a"); Done(); make.Invoke(3); Done?.Invoke(); } }`)
	for _, c := range []string{"make(1)", "local(2)", `fn("a")`, "Done()", "make.Invoke(3)"} {
		eq(t, c, w.call("a.cs", c).Delegate, true)
	}
	eq(t, "ret", w.call("a.cs", "make(1)").Ret, "IntPtr")
	eq(t, "ret", w.call("a.cs", "local(2)").Ret, "IntPtr")
	eq(t, "func ret", w.call("a.cs", `fn("a")`).Ret, "long")
}

func TestConstructors(t *testing.T) {
	w := build(t, "a.cs", `
class A { public A(int x) {} public A(string s) : this(1) {} } class B : A { public B() : base("q") {} } class None {}
class U { void M() { new A(1); new A("s"); new None(); new B(); } }`)
	eq(t, "int", funcs(w.call("a.cs", "new A(1)")), "a.cs:A..ctor(int)")
	eq(t, "string", funcs(w.call("a.cs", `new A("s")`)), "a.cs:A..ctor(string)")
	none := w.call("a.cs", "new None()")
	eq(t, "implicit", len(none.Funcs) == 0 && none.Complete, true)
	eq(t, "ret", none.Ret, "None")
	eq(t, "base", funcs(w.call("a.cs", `: base("q")`)), "a.cs:A..ctor(string)")
	eq(t, "this", funcs(w.call("a.cs", `: this(1)`)), "a.cs:A..ctor(int)")
}

func TestUnknownReceivers(t *testing.T) {
	w := build(t, "a.cs", `
abstract class Base { protected abstract void Step(int n); void M() { Step(1); } }
class D : Base { protected override void Step(int n) {} }
enum E { A }
class U { (Box first, int n) pair;
  void M(E e) { var u = Outside.Make(); u.DangerousGetHandle(); u.Free(); e.ToString(); pair.Item1.Go(); }
  class Box { public void Go() {} } }`)
	eq(t, "abstract without body", funcs(w.call("a.cs", "Step(1)")), "a.cs:D.Step(int)")
	eq(t, "telling name", w.call("a.cs", "u.DangerousGetHandle()").MemberName, "SafeHandle.DangerousGetHandle")
	eq(t, "common name", w.call("a.cs", "u.Free()").MemberName, "")
	eq(t, "object member", w.call("a.cs", "e.ToString()").MemberName, "Object.ToString")
	eq(t, "tuple item", funcs(w.call("a.cs", "pair.Item1.Go()")), "a.cs:U.Box.Go()")
}

func TestSameNameElsewhere(t *testing.T) {
	w := build(t,
		"app/a.cs", `class U { void M() { Shared.OnlyThere(1); } }`,
		"app/native/x.cs", `static class Shared { public static void Other() {} }`,
		"lib/y.cs", `static class Shared { public static void OnlyThere(int x) {} }`,
		"p/one.cs", `using A; using B; class V { Thing t; void M() { t.Go(); } }`,
		"p/thing.cs", `namespace B { class Thing { public void Go() {} } }`,
		"q/thing.cs", `namespace A { class Thing { public void Go() {} } }`)
	eq(t, "sibling", funcs(w.call("app/a.cs", "Shared.OnlyThere(1)")), "lib/y.cs:Shared.OnlyThere(int)")
	eq(t, "closest of two usings", funcs(w.call("p/one.cs", "t.Go()")), "p/thing.cs:B.Thing.Go()")
}

// A type of the library that is named by its namespace stays one where the unit has a type of that name.
func TestLibraryTypeBesideOwn(t *testing.T) {
	w := build(t,
		"own.cs", `namespace Mine.Drawing { public class Bitmap { public void Save() {} } }`,
		"use.cs", `
using sd = System.Drawing; using Mine.Drawing;
class U {
  sd.Bitmap field;
  void M(sd.Bitmap given) {
    var made = new sd.Bitmap(1, 1); made.GetHbitmap(); given.GetHbitmap(); field.GetHbitmap();
    var full = new System.Drawing.Bitmap(1, 1); full.GetHbitmap();
    var own = new Bitmap(); own.Save();
  }
}`)
	for _, recv := range []string{"made", "given", "field", "full"} {
		eq(t, recv, w.call("use.cs", recv+".GetHbitmap()").MemberName, "Bitmap.GetHbitmap")
	}
	eq(t, "own", funcs(w.call("use.cs", "own.Save()")), "own.cs:Mine.Drawing.Bitmap.Save()")
}

func TestLibraryNames(t *testing.T) {
	w := build(t, "a.cs", `
using System.Runtime.InteropServices; using static Dlls;
static class Dlls {
#if PAL
  public const string K = "rotor_pal";
#else
  public const string K = "kernel32.dll";
#endif
  public const string Pre = "user"; public const string U = Pre + "32";
}
static class N {
  [DllImport(Dlls.K)] public static extern bool CloseHandle(System.IntPtr h);
  [DllImport(U, CharSet = CharSet.Auto)] public static extern int PostMessage(System.IntPtr h, int m, int w, int l);
  [DllImport(Missing.Name)] public static extern bool FindClose(System.IntPtr h);
  [System.Runtime.CompilerServices.MethodImpl(4096)] public static extern bool SetEvent(System.IntPtr h);
  static void M(System.IntPtr h) { CloseHandle(h); PostMessage(h, 1, 2, 3); FindClose(h); SetEvent(h); MissingNativeMethods.ResetEvent(h); Missing.ResetEvent(h, 2); }
}`)
	eq(t, "arm of an #if", w.call("a.cs", "CloseHandle(h)").Native != nil, true)
	eq(t, "concatenated", w.call("a.cs", "PostMessage(h, 1, 2, 3)").NativeName, "PostMessageW")
	eq(t, "unknown constant", w.call("a.cs", "FindClose(h)").Native != nil, true)
	eq(t, "internal call", w.call("a.cs", "SetEvent(h)").NativeName, "")
	eq(t, "undeclared native class", w.call("a.cs", "MissingNativeMethods.ResetEvent(h)").NativeName, "ResetEvent")
	eq(t, "undeclared class", w.call("a.cs", "Missing.ResetEvent(h, 2)").NativeName, "")
}

// A variable whose type depends on itself must neither hang nor change the answers of others.
func TestCyclicInference(t *testing.T) {
	var body strings.Builder
	call := "x"
	for i := 0; i < 24; i++ {
		call = "F(" + call + ", y)"
	}
	body.WriteString("class T { int F(T a, T b) => 1; int F(string a, T b) => 2; int F(int a, T b) => 3; void M() { var x = G(y); var y = H(x); Use(" + call + "); Use(x); var z = 1; Use(z); } void Use(object o) {} }")
	w := build(t, "a.cs", body.String())
	fn, in := w.find("a.cs", "Use(z)", isCall)
	eq(t, "type", w.TypeOf(fn, in.Call.Args[0].Val), "int")
	fn, in = w.find("a.cs", "Use("+call+")", isCall)
	eq(t, "nested", w.TypeOf(fn, in.Call.Args[0].Val), "int")
}

func TestMemberOfBaseType(t *testing.T) {
	w := build(t, "a.cs", `
using System.IO; using Microsoft.Win32.SafeHandles;
class U { void M(SafeFileHandle h, CryptoStream s, FileStream f) { h.Close(); s.ReadByte(); f.Dispose(); h.Equals(s); } }`)
	for _, c := range [][2]string{{"h.Close()", "SafeHandle.Close"}, {"s.ReadByte()", "Stream.ReadByte"}, {"f.Dispose()", "FileStream.Dispose"}} {
		eq(t, c[0], w.call("a.cs", c[0]).MemberName, c[1])
	}
	eq(t, "receiver", w.call("a.cs", "h.Close()").Recv, "SafeFileHandle")
}
