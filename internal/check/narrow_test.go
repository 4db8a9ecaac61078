package check_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/rules/registry"
)

const (
	narrowNative = `using System; using System.Runtime.InteropServices;
namespace N { static class Native { [DllImport("kernel32", CharSet = CharSet.Unicode)] public static extern IntPtr CreateEventW(IntPtr a, bool m, bool s, string n);
[DllImport("kernel32")] public static extern bool CloseHandle(IntPtr h); } }
`
	narrowHelper = "namespace N { class Helper : Kept { public static System.IntPtr Open() => Native.CreateEventW(System.IntPtr.Zero, true, false, null); } }\n"
	narrowUser   = "namespace M { using N; class User { void Leak() { var h = Helper.Open(); h.ToString(); } } }\n"
	narrowBase   = "namespace N { class Kept { } }\n"
)

// sparse is a tree in which few files matter.
func sparse(files int) map[string][]byte {
	tree := map[string][]byte{
		"native.cs": []byte(narrowNative), "helper.cs": []byte(narrowHelper), "user.cs": []byte(narrowUser), "base.cs": []byte(narrowBase),
	}
	for i := range files {
		tree[fmt.Sprintf("f%d.cs", i)] = fmt.Appendf(nil, "namespace Q { class C%d { int x; public int Add(int y) { x += y; return x; } } }\n", i)
	}
	return tree
}

// TestNarrow: callers are found through helpers, and nothing else is parsed.
func TestNarrow(t *testing.T) {
	o := check.Options{Root: t.TempDir(), Overlay: sparse(100), Rules: registry.All(), Declarations: true}
	res, err := check.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Findings) != 1 || res.Findings[0].Path != "user.cs" {
		t.Fatalf("findings: %v", res.Findings)
	}
	s := res.Stats
	if s.Skimmed != 100 || s.Read != 104 || s.Analysed != 104 || s.Files != 104 || len(res.Problems) != 0 {
		t.Errorf("%+v %v", s, res.Problems)
	}

	// What was skimmed is there for those who ask.
	if text, ok := res.Text("f7.cs"); !ok || string(text) != string(o.Overlay["f7.cs"]) {
		t.Errorf("the text is %q", text)
	}
	if !res.Declares("f7.cs", "Q.C7.Add") || res.Declares("f7.cs", "Q.C8.Add") || !res.Declares("user.cs", "M.User.Leak") {
		t.Error("declarations of files that were skimmed are not known")
	}

	// All functions of all files give the same.
	o.NoFilter = true
	all, err := check.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Findings) != 1 || all.Findings[0].Message != res.Findings[0].Message || all.Stats.Skimmed != 0 {
		t.Errorf("%v %+v", all.Findings, all.Stats)
	}
}

// TestNarrowKept: what was skimmed is a part of what a kept result rests on.
func TestNarrowKept(t *testing.T) {
	store, err := cache.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	o := check.Options{Root: t.TempDir(), Overlay: sparse(100), Rules: registry.All(), Cache: store, Declarations: true}
	run := func(findings, skimmed int) *check.Result {
		t.Helper()
		res, err := check.Run(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Findings) != findings || res.Stats.Skimmed != skimmed {
			t.Errorf("%d findings, %+v", len(res.Findings), res.Stats)
		}
		return res
	}
	run(1, 100)
	again := run(1, 100)
	if !again.Declares("f7.cs", "Q.C7.Add") {
		t.Error("a kept result does not know what was skimmed")
	}
	o.Overlay["f7.cs"] = []byte("namespace Q { class C7 { void Leak() { var h = N.Helper.Open(); h.ToString(); } } }\n")
	run(2, 99)
}

// TestNarrowBroken: a file is looked through whatever its syntax, and one that cannot be read is told of.
func TestNarrowBroken(t *testing.T) {
	tree := sparse(100)
	tree["broken.cs"] = []byte("namespace Q { class X {{{ void M( { \"open\n")
	tree["binary.cs"] = []byte("\x00\x01\x02\x00")
	res, err := check.Run(context.Background(), check.Options{Root: t.TempDir(), Overlay: tree, Rules: registry.All()})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Findings) != 1 || len(res.Problems) != 1 || res.Problems[0].Path != "binary.cs" || res.Stats.Files != 106 {
		t.Errorf("%v %v %+v", res.Findings, res.Problems, res.Stats)
	}
}
