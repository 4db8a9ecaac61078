package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/rules/registry"
)

// The analyzer finds exactly the defects that were put in, and all files are clean code otherwise.
func TestWhatIsPutInIsFound(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tree")
	defects := 0
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, p := range []project{{0, 10}, {1, 34}, {4, 10}} {
		n, err := p.write(dir)
		if err != nil {
			t.Fatal(err)
		}
		defects += n
	}
	res, err := check.Run(context.Background(), check.Options{Root: dir, Rules: registry.All()})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Problems) != 0 || res.Stats.Files != 54 {
		t.Errorf("%d files, problems %v", res.Stats.Files, res.Problems)
	}
	if defects != 4 || len(res.Findings) != defects {
		t.Errorf("%d findings for %d defects", len(res.Findings), defects)
	}
	for _, f := range res.Findings {
		if f.Code != "PIN401" && f.Code != "PIN402" {
			t.Errorf("%s:%d: %s %s", f.Span.Path, f.Span.Start.Line, f.Code, f.Message)
		}
	}
}

func TestTheSameTreeTwice(t *testing.T) {
	text := func() string {
		w := writer{project: 3, file: 7, seed: 99}
		b, _ := w.csharp()
		return string(b)
	}
	if text() != text() {
		t.Error("two texts of one seed")
	}
}
