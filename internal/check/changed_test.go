package check_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules/registry"
)

// TestAFileThatChangesWhileItIsAnalysed: a body that is asked for when something else stands in its file is told of, and nothing that
// was made of it is kept.
func TestAFileThatChangesWhileItIsAnalysed(t *testing.T) {
	const text = `using System.Runtime.InteropServices;
class A {
	[DllImport("x.dll")] static extern int Send(System.IntPtr data);
	static int Go(byte[] data, bool b) {
		var pin = GCHandle.Alloc(data, GCHandleType.Pinned);
		int sent = Send(pin.AddrOfPinnedObject());
		if (b) { return sent + 1; }
		pin.Free();
		return sent;
	}
}
`
	root := t.TempDir()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(root, "a.cs"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	o := check.Options{Root: root, Paths: []string{"."}, Rules: registry.All(), Cache: openStore(t)}
	run := func() *check.Result {
		res, err := check.Run(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	told := func(res *check.Result) bool {
		return slices.ContainsFunc(res.Problems, func(p outcome.Problem) bool { return p.Kind == outcome.Unreadable && p.Path == "a.cs" })
	}

	write(text)
	links := 0
	o.Progress = func(stage string, _, _ int) {
		if stage == "link" {
			links++
		}
		if stage == "link" && links == 2 { // the first round only finds out which files to read
			write("class B { }\n")
			runtime.GC() // who still has the text gives that
			runtime.GC()
		}
	}
	res := run()
	if !told(res) {
		t.Errorf("nothing is told: %v", res.Problems)
	}
	if res.Source("a.cs") != nil {
		t.Error("there is a text that nobody knows")
	}
	o.Progress = nil
	write(text)
	for range 2 { // the second comes from the cache
		if res := run(); len(res.Findings) != 1 || told(res) {
			t.Errorf("%d findings, %v", len(res.Findings), res.Problems)
		}
	}
}

// TestAFileThatBecomesText: a C file that was no text is read by a later run.
func TestAFileThatBecomesText(t *testing.T) {
	o := check.Options{Root: t.TempDir(), Rules: registry.All(), Cache: openStore(t)}
	run := func(a string) *check.Result {
		o.Overlay = map[string][]byte{"a.c": []byte(a), "b.cs": []byte("class B { }\n")}
		res, err := check.Run(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	run("\x00\n")
	if res := run("#include <windows.h>\nvoid f(HANDLE h) { CloseHandle(h); CloseHandle(h); }\n"); len(res.Findings) != 1 || res.Untouched {
		t.Errorf("%d findings, untouched: %v", len(res.Findings), res.Untouched)
	}
}

// TestAnEditThatChoosesFewerFiles: words, in strings as well, choose so many files that all are read. An edit that leaves less than that
// may change what is told of the others, though it touches no body that was looked at.
func TestAnEditThatChoosesFewerFiles(t *testing.T) {
	tree := map[string][]byte{"broken.cs": []byte("class Broken { void M() { int = ; } }\n")}
	for i := range 200 {
		tree[fmt.Sprintf("f%03d.cs", i)] = fmt.Appendf(nil, "class C%d { string S() { return %q; } }\n", i, "plain")
	}
	o := check.Options{Root: t.TempDir(), Rules: registry.All(), Overlay: tree}
	say := func(files int) {
		for i := range 200 {
			word := "plain"
			if i < files {
				word = "DllImport"
			}
			tree[fmt.Sprintf("f%03d.cs", i)] = fmt.Appendf(nil, "class C%d { string S() { return %q; } }\n", i, word)
		}
	}
	tree["native.cs"] = []byte(narrowNative)
	run := func(s *cache.Store) *check.Result {
		o.Cache, o.Overlay = s, maps.Clone(tree)
		res, err := check.Run(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	limit := 0 // files that can be chosen before all are read
	for say(0); run(nil).Stats.Skimmed > 0; limit++ {
		if say(limit + 1); limit == 150 {
			t.Fatal("not all are read")
		}
	}
	store := openStore(t)
	if res := run(store); res.Stats.Skimmed != 0 || len(res.Problems) != 1 {
		t.Fatalf("%d files are skimmed, %v", res.Stats.Skimmed, res.Problems)
	}
	say(limit - 1)
	got, want := run(store), run(nil)
	if got.Stats.Skimmed != want.Stats.Skimmed || len(got.Problems) != len(want.Problems) {
		t.Errorf("%+v, %v; without a cache %+v, %v", got.Stats, got.Problems, want.Stats, want.Problems)
	}
}

func openStore(t *testing.T) *cache.Store {
	t.Helper()
	s, err := cache.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
