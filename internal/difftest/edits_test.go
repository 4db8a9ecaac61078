package difftest

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/rules/registry"
)

// TestCacheAfterEdits edits files of a tree at random, some without another size, and right after a run looks at what the
// next one says: the same as one without a cache.
func TestCacheAfterEdits(t *testing.T) {
	for _, tree := range Projects(t) {
		t.Run(tree.Name, func(t *testing.T) {
			root := t.TempDir()
			if err := os.CopyFS(root, os.DirFS(tree.Root)); err != nil {
				t.Fatal(err)
			}
			s, err := cache.Open(t.TempDir(), 0)
			if err != nil {
				t.Fatal(err)
			}
			r := rand.New(rand.NewPCG(7, uint64(len(tree.Name))))
			edits := edits{root: root, r: r}
			edits.list(t)
			for step := range 30 {
				said := edits.next(t)
				o := check.Options{Root: root, Rules: registry.All()}
				want := Run(t, o)
				o.Cache = s
				for range 1 + r.IntN(2) {
					if Equal(t, Lines(want), Lines(Run(t, o))); t.Failed() {
						t.Fatalf("after step %d, %s", step, said)
					}
				}
			}
			s.Close()
			if u := s.Usage(); u.Hits == 0 || u.Misses == 0 {
				t.Errorf("%+v", u)
			}
		})
	}
}

// edits changes files.
type edits struct {
	root   string
	r      *rand.Rand
	paths  []string
	before []struct {
		path string
		text []byte
	}
}

func (e *edits) list(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(e.root, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (source.LangOf(p) != source.NoLang || source.IsBuild(p)) {
			e.paths = append(e.paths, p)
		}
		return err
	})
	if err != nil || len(e.paths) == 0 {
		t.Fatal(err, e.paths)
	}
}

// next does one edit and says which.
func (e *edits) next(t *testing.T) string {
	t.Helper()
	write := func(p string, text []byte) {
		if err := os.WriteFile(p, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(e.before); n > 0 && e.r.IntN(3) == 0 { // back to what it was
		last := e.before[n-1]
		e.before = e.before[:n-1]
		write(last.path, last.text)
		return last.path + " is back"
	}
	p := e.paths[e.r.IntN(len(e.paths))]
	text, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	e.before = append(e.before, struct {
		path string
		text []byte
	}{p, text})
	lines := bytes.SplitAfter(text, []byte("\n"))
	i := e.r.IntN(len(lines))
	switch what := e.r.IntN(4); what {
	case 0: // the same size
		for k, c := range lines[i] {
			if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' {
				lines[i] = bytes.Clone(lines[i])
				lines[i][k] = '0' + (c+1)%10
				break
			}
		}
	case 1:
		lines = append(lines[:i:i], lines[i+1:]...)
	case 2:
		lines[i] = append([]byte("\n"), lines[i]...)
	default:
		lines = append(lines[:i:i], append([][]byte{lines[i]}, lines[i:]...)...)
	}
	write(p, bytes.Join(lines, nil))
	return fmt.Sprintf("line %d of %s", i+1, p)
}
