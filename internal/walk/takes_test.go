package walk

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTakes asks of each path of a tree what a walk over all of it found.
func TestTakes(t *testing.T) {
	root := tree(t, "a.c", "b.cs", "c.txt", "d.cpp", "x.csproj", "in/a.c", "in/kept.c", "in/deep/b.cs", "out/a.c", "node_modules/a.c", "in/.git/a.c", "obj/a.c", "obj/deep/a.c", "gone.c/a.c")
	for name, text := range map[string]string{".gitignore": "obj/\n*.cs\n!deep/*.cs\nin/*.c\n", "in/.gitignore": "!kept.c\n"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"link.c": "a.c", "linked": "in"} {
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	excluded := func(rel string, isFolder bool) bool { return rel == "out" && isFolder || rel == "gone.c/a.c" }
	res, err := Without(context.Background(), root, []string{"."}, excluded)
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Files) == 0 {
		t.Fatal("nothing is found")
	}
	paths := []string{"missing.c", "missing/a.c", "linked/a.c", "linked/kept.c", "a.c/b.c"}
	err = filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(root, name)
		if paths = append(paths, filepath.ToSlash(rel)); e.IsDir() {
			paths = paths[:len(paths)-1]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		if got, want := Takes(root, p, excluded), slices.Contains(res.Files, p); got != want {
			t.Errorf("%s: %t, but the walk says %t", p, got, want)
		}
	}
	for p, want := range map[string]bool{".": true, "in": true, "in/deep": true, "out": false, "obj": false, "obj/deep": false, "linked": false, "node_modules": false, "missing": false} {
		if got := Takes(root, p, excluded); got != want {
			t.Errorf("folder %s: %t", p, got)
		}
	}
	if !slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(p, "obj/deep/") }) {
		t.Error("the tree is not the one that is meant")
	}
}
