package abi

import (
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// TestTry: what is tried is told, and the declarations stay as they are.
func TestTry(t *testing.T) {
	p := program(map[string]string{"a.cs": `
using System.Runtime.InteropServices;
[StructLayout(LayoutKind.Sequential, Pack = 1)] struct PROCESSENTRY32W {
	public uint dwSize, cntUsage, th32ProcessID; public uint th32DefaultHeapID;
	public uint th32ModuleID, cntThreads, th32ParentProcessID; public int pcPriClassBase; public uint dwFlags;
	[MarshalAs(UnmanagedType.ByValTStr, SizeConst = 260)] public string szExeFile; }
static class A {
	[DllImport("kernel32.dll")] static extern bool Process32FirstW(System.IntPtr s, ref PROCESSENTRY32W e);
	[DllImport("kernel32.dll")] static extern void Sleep(long ms); }`})
	r := New(p)
	list := r.Structs()
	if len(list) != 1 || len(list[0].Diffs) == 0 {
		t.Fatalf("%+v", list)
	}
	s := list[0]
	var none Change
	unpacked := none.WithLayout("Pack", "0")
	wide := unpacked.With("th32DefaultHeapID", FieldChange{Type: "UIntPtr"})
	for _, step := range []struct {
		c     Change
		field string
		at    int
	}{
		{none, "th32DefaultHeapID", 3},
		{unpacked, "th32DefaultHeapID", 3},
		{wide, "szExeFile", 9},
		{wide.WithLayout("CharSet", "CharSet.Unicode"), "", 0},
		{wide.With("szExeFile", FieldChange{Count: 520}), "", 0},
		{wide.With("szExeFile", FieldChange{Count: 100}), "szExeFile", 9},
	} {
		d, at, ok := r.Try(s, step.c)
		switch {
		case !ok, (d == nil) != (step.field == ""):
			t.Errorf("%v: %+v, %v", step.c, d, ok)
		case d != nil && (d.Field != step.field || at != step.at || d.To == nil):
			t.Errorf("%v: %s, %d", step.c, d.Field, at)
		}
	}
	if f, before, ok := s.Own("th32DefaultHeapID"); !ok || f.Type != "uint" || before != "th32ProcessID" || len(unpacked.Fields) != 0 {
		t.Errorf("%v after %q: a trial changes the declaration", f, before)
	}
	for _, ch := range r.Imports() {
		if ch.Import.Name != "Sleep" {
			continue
		}
		imp := *ch.Import
		imp.Params = []ir.Param{{Name: "ms", Type: "uint"}}
		if d := r.TryImport(ch, &imp); len(d) != 0 || len(r.TryImport(ch, ch.Import)) == 0 {
			t.Errorf("%+v", d)
		}
	}
}
