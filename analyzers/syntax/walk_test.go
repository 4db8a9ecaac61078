package syntax

import (
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

// TestWalk: the nodes that are read from the runtime's memory are those that its own functions tell of, which is how a document
// reads its first tree, in the samples, in these with errors, and in the folder that PINVET_CORPUS names.
func TestWalk(t *testing.T) {
	roots := []string{"testdata", "../../testdata", "../lower", "../../rules"}
	if dir := os.Getenv("PINVET_CORPUS"); dir != "" {
		roots = append(roots, dir)
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	files, broken := 0, 0
	for _, root := range roots {
		err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || source.LangOf(p) == source.NoLang {
				return nil
			}
			text, err := os.ReadFile(p)
			if err != nil {
				return nil
			}
			for _, text := range [][]byte{text, mutate(r, text)} {
				f, err := source.FromBytes(p, source.LangOf(p), text)
				if err != nil {
					continue
				}
				var d Document
				got := Parse(context.Background(), f)
				if diff := different(got, d.Parse(context.Background(), f)); diff != "" {
					t.Errorf("%s, seed %d: %s", p, seed, diff)
				}
				d.Close()
				files++
				if len(got.Problems) > 0 {
					broken++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if broken == 0 || broken == files {
		t.Errorf("%d of %d texts have errors", broken, files)
	}
}
