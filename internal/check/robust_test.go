package check_test

import (
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules/registry"
)

// long says whether the robustness tests run in full: every prefix, 10,000
// mutations. They take minutes; without it a part is run.
var long = os.Getenv("PINVET_LONG") != ""

// sources returns the C# and C files below testdata/projects.
func sources(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	root := filepath.Join("..", "..", "testdata", "projects")
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if ext := filepath.Ext(p); err == nil && !e.IsDir() && (ext == ".cs" || ext == ".c" || ext == ".h") {
			files[filepath.Base(p)], err = os.ReadFile(p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 5 {
		t.Fatalf("only %d files in %s", len(files), root)
	}
	return files
}

// survive checks one text: pinvet may find what it likes, but must not fail.
func survive(t *testing.T, name string, text []byte, what string) {
	res, err := check.Run(context.Background(), check.Options{
		Overlay: map[string][]byte{name: text}, Rules: registry.All(), Workers: 1,
	})
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	for _, p := range res.Problems {
		if p.Kind == outcome.Internal {
			t.Errorf("%s: %s", what, p.Text)
		}
	}
}

// each runs fn for 0 <= i < n on all processors.
func each(n int, fn func(i int)) {
	var wg sync.WaitGroup
	work := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range work {
				fn(i)
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	wg.Wait()
}

func TestEveryPrefix(t *testing.T) {
	stride := 97
	if long {
		stride = 1
	}
	for name, text := range sources(t) {
		each(len(text)/stride+1, func(i int) {
			end := min(i*stride, len(text))
			survive(t, name, text[:end:end], name+" cut short")
		})
	}
}

func TestMutations(t *testing.T) {
	total := 200
	if long {
		total = 10_000
	}
	files := sources(t)
	for name, text := range files {
		each(total/len(files)+1, func(i int) {
			r := rand.New(rand.NewPCG(uint64(i), uint64(len(text))))
			survive(t, name, mutate(r, text), name+" mutated")
		})
	}
}

// mutate changes a text in a few places: it deletes, doubles, moves and replaces
// pieces, and puts in the characters that structure code.
func mutate(r *rand.Rand, text []byte) []byte {
	out := append([]byte{}, text...)
	for range 1 + r.IntN(6) {
		if len(out) == 0 {
			return out
		}
		from := r.IntN(len(out))
		to := min(len(out), from+r.IntN(40))
		piece := append([]byte{}, out[from:to]...)
		at := r.IntN(len(out) + 1)
		switch r.IntN(5) {
		case 0:
			out = append(out[:from:from], out[to:]...)
		case 1:
			out = append(out[:at:at], append(piece, out[at:]...)...)
		case 2:
			out[from] = byte(r.IntN(256))
		case 3:
			marks := "{}()[]<>;,\"'\\#@$*&/\n\x00?:"
			out = append(out[:at:at], append([]byte{marks[r.IntN(len(marks))]}, out[at:]...)...)
		case 4:
			for i := range piece {
				out[from+i] = piece[len(piece)-1-i]
			}
		}
	}
	return out
}

// TestDeepNesting must end: the work per level has to be bounded.
func TestDeepNesting(t *testing.T) {
	for _, brackets := range []string{"()", "{}", "[]", "<>"} {
		deep := make([]byte, 0, 200_100)
		deep = append(deep, "int f(void) { return "...)
		for range 100_000 {
			deep = append(deep, brackets[0])
		}
		for range 100_000 {
			deep = append(deep, brackets[1])
		}
		deep = append(deep, "; }"...)
		survive(t, "deep.c", deep, "nested "+brackets)
		survive(t, "deep.cs", append([]byte("class A { "), deep...), "nested "+brackets)
	}
}
