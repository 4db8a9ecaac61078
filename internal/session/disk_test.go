package session

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/rules/registry"
)

// TestChangesOfFolders tells a session of what happens on the disk as editors do, of folders too: it knows the files that a run
// over the folder would find, those and no others.
func TestChangesOfFolders(t *testing.T) {
	leak := []byte("using System;using System.Runtime.InteropServices;\nclass A { void M() { var g = GCHandle.Alloc(new byte[4], GCHandleType.Pinned); Use(g.AddrOfPinnedObject()); } void Use(IntPtr p) {} }\n")
	root := write(t, map[string][]byte{"a.cs": leak, "old/b.cs": leak, "old/in/c.cs": leak})
	at := func(p string) string { return filepath.Join(root, filepath.FromSlash(p)) }
	put := func(p string, text []byte) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(at(p)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at(p), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s := begin(t, root)
	settled(t, s, nil)
	for _, step := range []struct {
		what    string
		do      func()
		changed []string
		count   int
	}{
		{"a folder gets another name", func() { must(os.Rename(at("old"), at("new"))) }, []string{"old", "new"}, 3},
		{"a folder in it goes", func() { must(os.RemoveAll(at("new/in"))) }, []string{"new/in"}, 2},
		{"a folder comes", func() { put("late/d.cs", leak) }, []string{"late"}, 3},
		{"a build writes what is ignored", func() { put(".gitignore", []byte("obj/\n")); put("obj/e.cs", leak) }, []string{".gitignore", "obj", "obj/e.cs"}, 3},
		{"a tool writes where nothing is looked for", func() { put("node_modules/f.cs", leak) }, []string{"node_modules", "node_modules/f.cs"}, 3},
		{"a link comes", func() { _ = os.Symlink("a.cs", at("link.cs")) }, []string{"link.cs"}, 3},
		{"the file is ignored", func() { put(".gitignore", []byte("obj/\na.cs\n")) }, []string{".gitignore"}, 2},
		{"nothing is ignored", func() { must(os.Remove(at(".gitignore"))) }, []string{".gitignore"}, 4},
		{"all goes", func() { must(os.RemoveAll(root)) }, []string{"."}, 0},
	} {
		seq := s.Result().Seq
		step.do()
		s.Changed(step.changed...)
		var want []string
		if res, err := check.Run(context.Background(), check.Options{Root: root, Rules: registry.All()}); err == nil {
			want = lines(byPath(res.Findings))
		}
		if len(want) != step.count {
			t.Fatalf("%s: a run finds %q", step.what, want)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		_, err := s.Wait(ctx, func(r *Result) bool { return r.Settled && r.Seq > seq && slices.Equal(lines(r.Findings), want) })
		cancel()
		if err != nil {
			t.Fatalf("%s:\n%s", step.what, diff(lines(s.Result().Findings), want))
		}
	}
}
