package link

import "testing"

// The ways in which C# code writes a constant that stands for a handle.
func TestHandleConstants(t *testing.T) {
	w := build(t, "a.cs", `
using System;
static class C {
  public static readonly IntPtr Wrapped = new IntPtr(-1);
  public static readonly IntPtr WrappedLong = new IntPtr(-1L);
  public static readonly IntPtr TargetTyped = new(-1);
  public static readonly IntPtr Converted = (IntPtr)(-1);
  public static readonly IntPtr Bare = (IntPtr)(-1L);
  public static readonly nint Native = -1;
  public static readonly nint NewNative = new nint(-1);
  public const nint Constant = -1;
  public const int Number = -1;
  public static readonly IntPtr Unchecked = unchecked((IntPtr)(-1));
  public static readonly UIntPtr Unsigned = unchecked((UIntPtr)(ulong)-1);
  public static readonly IntPtr OfConst = new IntPtr(Number);
  public static readonly IntPtr Inner = Wrapped;
  public static readonly IntPtr Zero = default;
  public static readonly IntPtr Zero2 = default(IntPtr);
  public static readonly IntPtr Zero3 = IntPtr.Zero;
  public static readonly IntPtr Zero4 = new IntPtr();
  public static readonly IntPtr Unset;
  public static readonly IntPtr FromCtor;
  public static readonly IntPtr Later = Make();
  static IntPtr Make() { return IntPtr.Zero; }
  static void M() {}
}
static class D {
  public static readonly IntPtr FromCtor; public static readonly IntPtr Filled;
  static D() { FromCtor = new IntPtr(-1); Make(out Filled); }
  static void Make(out IntPtr p) { p = IntPtr.Zero; }
  static void N() {}
}`)
	m, d := w.fn("C.M"), w.fn("D.N")
	for _, n := range []string{"Wrapped", "WrappedLong", "TargetTyped", "Converted", "Bare", "Native", "NewNative", "Constant", "Number",
		"Unchecked", "Unsigned", "OfConst", "Inner", "C.Wrapped", "C.TargetTyped"} {
		if v, ok := w.Const(m, n); !ok || v != -1 {
			t.Errorf("%s = %d %v, want -1", n, v, ok)
		}
	}
	for _, n := range []string{"Zero", "Zero2", "Zero3", "Zero4", "Unset"} {
		if v, ok := w.Const(m, n); !ok || v != 0 {
			t.Errorf("%s = %d %v, want 0", n, v, ok)
		}
	}
	if v, ok := w.Const(d, "FromCtor"); !ok || v != -1 {
		t.Errorf("FromCtor = %d %v, want -1", v, ok)
	}
	for _, n := range []string{"Later", "D.Filled"} {
		if v, ok := w.Const(m, n); ok {
			t.Errorf("%s = %d, want not known", n, v)
		}
	}
}

// A repository may hold the library itself: System.IntPtr is the number it wraps there too.
func TestLibraryInTheUnit(t *testing.T) {
	w := build(t, "a.cs", `
namespace System {
  public struct IntPtr { unsafe private void* _value; public static readonly IntPtr Zero; public unsafe IntPtr(int v) { _value = (void*)v; } }
  static class C { static readonly IntPtr Invalid = new IntPtr(-1); static void M() {} }
}
namespace Other {
  public struct Wrap { int a; public Wrap(int v) { a = v; } public static readonly Wrap None = new Wrap(-1); public static readonly Wrap Unset; static void N() {} }
}`)
	m, n := w.fn("System.C.M"), w.fn("Other.Wrap.N")
	for name, want := range map[string]int64{"Invalid": -1, "IntPtr.Zero": 0} {
		if v, ok := w.Const(m, name); !ok || v != want {
			t.Errorf("%s = %d %v, want %d", name, v, ok, want)
		}
	}
	for _, name := range []string{"None", "Unset"} {
		if v, ok := w.Const(n, name); ok {
			t.Errorf("%s = %d, want not known", name, v)
		}
	}
}
