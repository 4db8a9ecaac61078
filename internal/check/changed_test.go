package check_test

import (
	"context"
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
	store, err := cache.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	o := check.Options{Root: root, Paths: []string{"."}, Rules: registry.All(), Cache: store}
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
