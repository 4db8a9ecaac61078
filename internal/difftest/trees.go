package difftest

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/pinvet/pinvet/internal/check"
)

// Tree is something to check: a folder, or files in memory.
type Tree struct {
	Name  string
	Root  string            // of a folder
	Files map[string][]byte // of a tree in memory
}

// Of returns o, for this tree.
func (tr Tree) Of(o check.Options) check.Options {
	o.Root, o.Paths, o.Overlay = tr.Root, nil, nil
	if tr.Files != nil {
		o.Overlay = tr.Files
	}
	return o
}

// top is the folder of the module.
func top() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// Trees lists the trees that tests compare runs on; with -short only the sample projects.
func Trees(t testing.TB) (out []Tree) {
	t.Helper()
	out = Projects(t)
	if testing.Short() {
		return out
	}
	return append(append(out, Archives(t)...), Corpus(t)...)
}

// Projects are the sample projects of testdata.
func Projects(t testing.TB) []Tree {
	t.Helper()
	return folders(t, filepath.Join(top(), "testdata", "projects"))
}

// Archives are the test archives of the rules, each with the files of all its cases.
func Archives(t testing.TB) (out []Tree) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(top(), "rules", "*", "PIN*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no test archives of rules: %v", err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tr := Tree{Name: filepath.Base(name), Files: map[string][]byte{}}
		for _, f := range a.Files {
			tr.Files[f.Name] = f.Data
		}
		out = append(out, tr)
	}
	return out
}

// Corpus is what PINVET_CORPUS names: nothing where it is not set.
func Corpus(t testing.TB) (out []Tree) {
	t.Helper()
	for _, dir := range filepath.SplitList(os.Getenv("PINVET_CORPUS")) {
		if os.Getenv("PINVET_CORPUS_EACH") == "" {
			out = append(out, Tree{Name: filepath.Base(dir), Root: dir})
		} else {
			out = append(out, folders(t, dir)...)
		}
	}
	return out
}

func folders(t testing.TB, dir string) (out []Tree) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			out = append(out, Tree{Name: e.Name(), Root: filepath.Join(dir, e.Name())})
		}
	}
	return out
}
