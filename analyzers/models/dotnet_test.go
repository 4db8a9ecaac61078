package models

import (
	"reflect"
	"strings"
	"testing"
)

func TestOverload(t *testing.T) {
	alloc := Default().DotNet("GCHandle.Alloc")
	for _, tt := range []struct {
		args []Arg
		kind MemberKind
	}{
		{[]Arg{{}, {Const: "GCHandleType.Pinned"}}, KindPin},
		{[]Arg{{}, {Const: "System.Runtime.InteropServices.GCHandleType.Pinned"}}, KindPin},
		{[]Arg{{}, {Const: "Pinned"}}, KindPin},
		{[]Arg{{}, {Const: "GCHandleType.Normal"}}, KindGCHandle},
		{[]Arg{{}, {Const: "GCHandleType.Weak"}}, KindGCHandle},
		{[]Arg{{}}, KindGCHandle},
		{[]Arg{{Name: "type", Const: "GCHandleType.Pinned"}, {Name: "value"}}, KindPin},
	} {
		m := Overload(alloc, tt.args)
		if m == nil || m.Kind != tt.kind || !reflect.DeepEqual(m.Release, []string{"GCHandle.Free"}) {
			t.Errorf("GCHandle.Alloc(%v) = %+v, want %s", tt.args, m, tt.kind)
		}
	}
	if m := Overload(alloc, []Arg{{}, {}}); m != nil { // the type is not a constant: cannot tell
		t.Errorf("GCHandle.Alloc(o, t) = %+v", m)
	}
	if m := Overload(alloc, []Arg{{}, {}, {}}); m != nil {
		t.Errorf("GCHandle.Alloc with three arguments = %+v", m)
	}

	array := Default().DotNet("GC.AllocateUninitializedArray")
	for _, tt := range []struct {
		args []Arg
		poh  bool
	}{
		{[]Arg{{}, {Name: "pinned", Const: "true"}}, true}, {[]Arg{{}, {Const: "true"}}, true}, {[]Arg{{}}, false}, {[]Arg{{}, {Const: "false"}}, false},
	} {
		if m := Overload(array, tt.args); (m != nil) != tt.poh {
			t.Errorf("AllocateUninitializedArray(%v) = %+v", tt.args, m)
		}
	}

	pack := Default().DotNet("ThreadPoolBoundHandle.AllocateNativeOverlapped")
	if m := Overload(pack, []Arg{{}, {}, {}}); m == nil || len(m.Params) != 3 || m.Kind != KindNativeOverlapped {
		t.Errorf("AllocateNativeOverlapped/3 = %+v", m)
	}
	if m := Overload(pack, []Arg{{}}); m == nil || len(m.Params) != 1 {
		t.Errorf("AllocateNativeOverlapped/1 = %+v", m)
	}
	if Overload(nil, nil) != nil {
		t.Error("Overload of nothing")
	}
}

func TestDotNetMembers(t *testing.T) {
	for name, want := range map[string]struct {
		kind    MemberKind
		release string
		arg     int
	}{
		"Marshal.AllocHGlobal":                             {KindNativeAlloc, "Marshal.FreeHGlobal", 0},
		"Marshal.StringToCoTaskMemUni":                     {KindNativeAlloc, "Marshal.FreeCoTaskMem", 0},
		"NativeMemory.Alloc":                               {KindNativeAlloc, "NativeMemory.Free", 0},
		"NativeMemory.AlignedAlloc":                        {KindNativeAlloc, "NativeMemory.AlignedFree", 0},
		"System.Memory<T>.Pin":                             {KindPin, "MemoryHandle.Dispose", -1},
		"Memory.Pin":                                       {KindPin, "MemoryHandle.Dispose", -1},
		"PinnedGCHandle<T>..ctor":                          {KindPin, "PinnedGCHandle.Dispose", -1},
		"Overlapped.Pack":                                  {KindNativeOverlapped, "Overlapped.Free", 0},
		"ArrayPool<byte>.Rent":                             {KindPool, "ArrayPool.Return", 0},
		"SafeHandle.DangerousAddRef":                       {KindHandleRef, "SafeHandle.DangerousRelease", -1},
		"Bitmap.GetHbitmap":                                {KindNativeHandle, "DeleteObject", 0},
		"NativeLibrary.Load":                               {KindNativeLibrary, "NativeLibrary.Free", 0},
		"SafeHandle.DangerousGetHandle":                    {KindHandleBorrow, "", -1},
		"Microsoft.Win32.SafeHandles.SafeFileHandle..ctor": {KindHandleOwn, "SafeFileHandle.Dispose", -1},
		"GCHandle.Free":                                    {KindRelease, "", -1},
		"Marshal.FreeHGlobal":                              {KindRelease, "", 0},
		"WaitHandle.WaitOne":                               {KindWait, "", -1},
		"RandomAccess.WriteAsync":                          {KindPinsInternally, "", -1},
		"Marshal.PtrToStringUni":                           {KindCopy, "", -1},
	} {
		ms := Default().DotNet(name)
		if len(ms) == 0 {
			t.Errorf("%s is unknown", name)
			continue
		}
		m := ms[0]
		release := ""
		if len(m.Release) > 0 {
			release = m.Release[0]
		}
		if m.Kind != want.kind || release != want.release || m.ReleaseArg != want.arg {
			t.Errorf("%s = %s by %q argument %d, want %+v", name, m.Kind, release, m.ReleaseArg, want)
		}
	}
	for _, name := range []string{"", "Nope", "Nope.Nope", "Other.Namespace.GCHandle.Alloc", ".ctor", "..ctor", "GCHandle."} {
		if m := Default().DotNet(name); m != nil {
			t.Errorf("%q = %+v", name, m)
		}
	}
}

func TestDotNetBorrows(t *testing.T) {
	for name, want := range map[[2]string]bool{
		{"Marshal", "Copy"}: true, {"Marshal", "ReadInt32"}: true, {"Marshal", "FreeHGlobal"}: false, {"Marshal", "Release"}: false,
		{"System.Runtime.InteropServices.Marshal", "PtrToStructure"}: true, {"Console", "WriteLine"}: true, {"Console", "SetOut"}: false,
		{"Interlocked", "Increment"}: true, {"Interlocked", "Exchange"}: false, {"Span<byte>", "CopyTo"}: true, {"Encoding", "GetString"}: true,
		{"List", "Add"}: false, {"Unknown", "Anything"}: false, {"ArgumentOutOfRangeException", "ThrowIfNegative"}: true, {"Stream", "ReadAsync"}: false,
		{"IntPtr", "Add"}: true, {"GCHandle", "Free"}: false,
	} {
		if got := Default().DotNetBorrows(name[0], name[1]); got != want {
			t.Errorf("DotNetBorrows%v = %v", name, got)
		}
	}
}

// What frees a block by a native function says which: else another name of the same function counts as the wrong one.
func TestStandsFor(t *testing.T) {
	eachRow(curatedDotnetReleases, func(f []string) {
		typ, name := SplitMember(f[0])
		if (typ == "Marshal" || typ == "NativeMemory") && strings.Contains(name, "Free") && Default().StandsFor(f[0]) == nil {
			t.Errorf("%s: no native function", f[0])
		}
	})
}

func TestDotNetThrows(t *testing.T) {
	for name, want := range map[string]ThrowKind{
		"ThrowHelper.ThrowArgumentNull": ThrowAlways, "Marshal.ThrowExceptionForHR": ThrowConditional, "Marshal.FreeHGlobal": ThrowNever,
		"GCHandle.Free": ThrowNever, "System.Threading.Interlocked.Increment": ThrowNever, "Environment.FailFast": ThrowExit, "File.Open": ThrowMay,
		"CancellationToken.ThrowIfCancellationRequested": ThrowConditional,
	} {
		if got := Default().DotNetThrows(name); got != want {
			t.Errorf("DotNetThrows(%s) = %d, want %d", name, got, want)
		}
	}
	if m := Default().DotNet("Marshal.FreeHGlobal"); m[0].Throws != ThrowNever {
		t.Error("the member does not know how it throws")
	}
}

func TestDotNetTypes(t *testing.T) {
	db := Default()
	for _, n := range []string{"GCHandle", "NativeOverlapped", "MemoryHandle", "Span<byte>", "IntPtr", "CancellationToken", "System.IntPtr"} {
		if ti := db.DotNetType(n); ti == nil || !ti.Struct {
			t.Errorf("%s is a structure: %+v", n, ti)
		}
	}
	s := db.DotNetType("SafeFileHandle")
	if s == nil || !s.SafeHandle || !s.Disposable || !s.OwnsNative || s.Release != "CloseHandle" || !reflect.DeepEqual(s.Invalid, []int64{0, -1}) {
		t.Errorf("SafeFileHandle: %+v", s)
	}
	if ti := db.DotNetType("Span"); !ti.RefStruct {
		t.Errorf("Span: %+v", ti)
	}
	if ti := db.DotNetType("Mine.SafeFileHandle"); ti != nil {
		t.Errorf("another namespace: %+v", ti)
	}
}

func TestWrapperExport(t *testing.T) {
	for name, want := range map[[2]string]string{
		{"PInvoke", "CreateFile"}: "CreateFile", {"Windows.Win32.PInvoke", "ReadFile"}: "ReadFile", {"Kernel32", "CloseHandle"}: "CloseHandle",
		{"Vanara.PInvoke.Kernel32", "CreateFile"}: "CreateFile", {"Unmanaged.Libraries.kernel32", "OpenProcess"}: "OpenProcess", {"User32", "NoSuchExport"}: "", {"MyClass", "CreateFile"}: "", {"GCHandle", "CreateFile"}: "",
	} {
		if got := Default().WrapperExport(name[0], name[1]); got != want {
			t.Errorf("WrapperExport%v = %q", name, got)
		}
	}
}
