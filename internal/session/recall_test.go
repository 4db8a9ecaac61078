package session

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/rules/registry"
)

// TestWhatARunFoundIsShownAtOnce: the first result is that of a run over the same texts, and the settled one is the session's
// own; over other texts there is no such first result.
func TestWhatARunFoundIsShownAtOnce(t *testing.T) {
	files := texts(t, filepath.Join("..", "..", "testdata", "projects", "tour"))
	root := write(t, files)
	store, err := cache.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	ran, err := check.Run(context.Background(), check.Options{Root: root, Paths: []string{"."}, Rules: registry.All(), Cache: store})
	if err != nil {
		t.Fatal(err)
	}
	want := lines(byPath(ran.Findings))
	if len(want) == 0 {
		t.Fatal("nothing is found")
	}
	first, last := bothResults(t, root, store)
	if first.Settled || !slices.Equal(lines(first.Findings), want) {
		t.Errorf("the first result (settled %v): %s", first.Settled, diff(lines(first.Findings), want))
	}
	if got := lines(last.Findings); !last.Settled || !slices.Equal(got, want) {
		t.Errorf("the settled result: %s", diff(got, want))
	}

	// The texts are others.
	if err := os.WriteFile(filepath.Join(root, "new.c"), []byte("int f(void) { return 1; }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bothResults(t, root, store)
	store.Close()
	if u := store.Usage(); u.Runs != 1 || u.Hits != 1 || u.Misses != 2 {
		t.Errorf("%+v", u)
	}
}

// bothResults are the first and the last result of a session over a folder.
func bothResults(t *testing.T, root string, store *cache.Store) (first, last *Result) {
	t.Helper()
	var mu sync.Mutex
	s := New(Options{Root: root, Rules: registry.All(), Workers: 2, Cache: store, Found: func(r *Result) {
		mu.Lock()
		defer mu.Unlock()
		if first == nil {
			first = r
		}
	}})
	last = settled(t, s, nil)
	s.Close()
	mu.Lock()
	defer mu.Unlock()
	return first, last
}
