package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/models"
)

const committed = "../../../analyzers/models/data"

// facts returns the folder of the collected facts, which are not part of the
// repository.
func facts(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PINVET_DATA")
	if dir == "" {
		t.Skip("PINVET_DATA does not name the folder of the facts")
	}
	return dir
}

// The committed tables are what the generator makes of the facts, twice the same.
func TestTablesAreCurrent(t *testing.T) {
	dir := facts(t)
	first, err := Generate(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Generate(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(first, second) {
		t.Error("two runs differ")
	}
	for name, text := range first {
		b, err := os.ReadFile(filepath.Join(committed, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if string(b) != text {
			t.Errorf("%s is stale: run go run ./internal/tools/modelgen", name)
		}
	}
	files, err := filepath.Glob(filepath.Join(committed, "*.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, ok := first[filepath.Base(f)]; !ok {
			t.Errorf("%s is made by nobody", f)
		}
	}
}

// What the facts say of waits is prose; the curated table must speak of each.
func TestEveryWaitIsCurated(t *testing.T) {
	g := &generator{dir: facts(t)}
	var f waitsFile
	if err := g.readJSON("win32_waits.json", &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Completion) < 45 {
		t.Fatalf("only %d waits in the facts", len(f.Completion))
	}
	for _, w := range f.Completion {
		if fn := models.Default().Func(w.Name); fn == nil || fn.Wait == nil {
			t.Errorf("%s has no row in curated/waits.tsv", w.Name)
		}
	}
}

func TestGenerateMissingFacts(t *testing.T) {
	if _, err := Generate(t.TempDir()); err == nil {
		t.Error("no error for a folder without facts")
	}
}

func TestGlob(t *testing.T) {
	for _, tt := range []struct {
		pattern, s string
		want       bool
	}{
		{"abc", "abc", true}, {"abc", "abcd", false}, {"a*", "abc", true}, {"*c", "abc", true}, {"a*c", "abc", true}, {"a*b", "abc", false},
		{"*", "", true}, {"*b*", "abc", true}, {"*x*", "abc", false}, {"a*b*c", "aXbYc", true}, {"ab*ba", "aba", false},
	} {
		if got := glob(tt.pattern, tt.s); got != tt.want {
			t.Errorf("glob(%q, %q) = %v", tt.pattern, tt.s, got)
		}
	}
}

func TestPlace(t *testing.T) {
	for in, want := range map[string][2]string{
		"return": {"return", ""}, "param:3:lpTarget": {"3", "lpTarget"}, "param:9:lpInfo.hProcess": {"9.hProcess", "lpInfo"},
	} {
		at, name, err := place(in)
		if err != nil || at != want[0] || name != want[1] {
			t.Errorf("place(%q) = %q, %q, %v", in, at, name, err)
		}
	}
	for _, in := range []string{"", "param", "out:1:x"} {
		if _, _, err := place(in); err == nil {
			t.Errorf("place(%q): no error", in)
		}
	}
}

func TestParseMember(t *testing.T) {
	p, err := parseMember("System.Buffers.ArrayPool<T>.Return(T[], bool)")
	want := parsedMember{full: "System.Buffers.ArrayPool", short: "ArrayPool", name: "Return", arity: 1, params: "T[];bool"}
	if err != nil || p != want {
		t.Errorf("%+v, %v", p, err)
	}
	p, err = parseMember("System.GC.AllocateArray<T>(int, bool pinned: true)")
	if err != nil || p.name != "AllocateArray" || p.params != "int;bool pinned=true" {
		t.Errorf("%+v, %v", p, err)
	}
	p, err = parseMember("A.B..ctor(Dictionary<int, string>, ...)")
	if err != nil || p.name != ".ctor" || !p.open || p.params != "Dictionary<int, string>" {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err = parseMember("System.IO.FileStream.SafeFileHandle"); err != nil || p.params != "-" {
		t.Errorf("%+v, %v", p, err)
	}
	for _, bad := range []string{"fixed statement", "A.B(int", "A.B / C(int)", "NoType"} {
		if _, err := parseMember(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestReleases(t *testing.T) {
	g := &generator{exports: map[string]bool{"DeleteObject": true}}
	for in, want := range map[string][]string{
		"GCHandle.Free":                                    {"GCHandle.Free"},
		"GCHandle.FromIntPtr(..).Free":                     {"GCHandle.Free"},
		"PinnedGCHandle<T>.Dispose":                        {"PinnedGCHandle.Dispose"},
		"ArrayMarshaller<T, TUnmanaged>.Free":              {"ArrayMarshaller.Free"},
		"Dispose":                                          {"X.Dispose"},
		"IDisposable":                                      {"X.Dispose"},
		"DeleteObject (gdi32)":                             {"DeleteObject"},
		"DeleteObject by the caller":                       {"DeleteObject"},
		"Marshal.ReleaseComObject / FinalReleaseComObject": {"Marshal.ReleaseComObject", "Marshal.FinalReleaseComObject"},
		"IPinnable.Unpin (through MemoryHandle.Dispose)":   {"IPinnable.Unpin"},
		"(finaliser) Marshal.ReleaseComObject":             {"Marshal.ReleaseComObject"},
		"(none: collected)":                                nil,
		"end of block":                                     nil,
		"":                                                 nil,
	} {
		if got := g.releases(in, "X"); !reflect.DeepEqual(got, want) {
			t.Errorf("releases(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRules(t *testing.T) {
	g := &generator{}
	if err := g.loadRules(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ kind, release, dll, want string }{
		{"HANDLE", "CloseHandle", "kernel32.dll", "kernel-handle"}, {"HANDLE", "", "", "kernel-handle"}, {"HICON", "DestroyIcon", "user32.dll", "user"},
		{"COM:IStream", "IUnknown::Release", "", "com-ref"}, {"MEM:Foo", "FooFree", "foo.dll", "heap-memory"}, {"X", "Y", "z.dll", "other"},
	} {
		var release []string
		if tt.release != "" {
			release = []string{tt.release}
		}
		if got := g.rules.class(tt.kind, release, tt.dll); got != tt.want {
			t.Errorf("class of %+v = %s", tt, got)
		}
	}
	for fn, want := range map[string]string{
		"CreateFile": "HANDLE:file", "CreateFileMapping": "HANDLE:section", "OpenProcessToken": "HANDLE:token", "CreateNamedPipe": "HANDLE:pipe", "Nothing": "HANDLE",
	} {
		if got := g.rules.handleKind(fn, "return"); got != want {
			t.Errorf("kind of %s = %s, want %s", fn, got, want)
		}
	}
	if _, err := g.rules.successCode("perhaps"); err == nil || !strings.Contains(err.Error(), "success.tsv") {
		t.Errorf("error = %v", err)
	}
}

func TestLowerIRQL(t *testing.T) {
	for _, tt := range [][3]string{
		{"APC_LEVEL", "PASSIVE_LEVEL", "PASSIVE_LEVEL"}, {"PASSIVE_LEVEL", "APC_LEVEL", "PASSIVE_LEVEL"}, {"", "APC_LEVEL", "APC_LEVEL"}, {"DIRQL", "", "DIRQL"},
	} {
		if got := lower(tt[0], tt[1]); got != tt[2] {
			t.Errorf("lower(%q, %q) = %q", tt[0], tt[1], got)
		}
	}
}

func TestTableText(t *testing.T) {
	tb := &table{header: "h", seen: map[string]bool{}}
	tb.add("b", "2\tx", "")
	tb.add("a", "1")
	tb.add("b", "1")
	tb.add("a", "1")
	_, body, _ := strings.Cut(tb.text(), "# h\n")
	if body != "a\t1\nb\t2 x\nb\t1\n" {
		t.Errorf("%q", body)
	}
}
