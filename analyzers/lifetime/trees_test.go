package lifetime_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/pinvet/pinvet/analyzers/source"
)

// eachTree calls do for the files of each rule's test archive, and for those of each folder that PINVET_CORPUS
// names, which are called by their paths.
func eachTree(t *testing.T, do func(name string, texts map[string][]byte)) {
	archives, err := filepath.Glob("../../rules/*/PIN*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string][]byte{}
		for _, f := range a.Files {
			if source.LangOf(f.Name) != source.NoLang {
				texts[f.Name] = f.Data
			}
		}
		do(filepath.Base(name), texts)
	}
	for _, dir := range filepath.SplitList(os.Getenv("PINVET_CORPUS")) {
		texts := map[string][]byte{}
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || source.LangOf(p) == source.NoLang {
				return err
			}
			text, err := os.ReadFile(p)
			if err != nil {
				return nil // a link that leads nowhere
			}
			if _, err := source.FromBytes(p, source.LangOf(p), text); err == nil {
				texts[p] = text
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		do(dir, texts)
	}
}
