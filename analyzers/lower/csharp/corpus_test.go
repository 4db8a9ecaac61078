package csharp

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// corpusFiles are the C# files under the folders in PINVET_CORPUS (separated like PATH).
func corpusFiles(t testing.TB) []string {
	var out []string
	for _, root := range filepath.SplitList(os.Getenv("PINVET_CORPUS")) {
		err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && strings.EqualFold(filepath.Ext(p), ".cs") {
				out = append(out, p)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(out) == 0 {
		t.Skip("PINVET_CORPUS names no C# files")
	}
	return out
}

// TestCorpus lowers every C# file of PINVET_CORPUS, verifies it and reports what was not understood.
func TestCorpus(t *testing.T) {
	reasons := map[string]int{}
	funcs, bad, broken, files := 0, 0, 0, 0
	var parse, lower time.Duration
	for _, p := range corpusFiles(t) {
		f, err := source.Read(filepath.Dir(p), filepath.Base(p))
		if err != nil {
			continue
		}
		files++
		start := time.Now()
		res := syntax.Parse(context.Background(), f)
		mid := time.Now()
		out := Lower(f, res)
		lower += time.Since(mid)
		parse += mid.Sub(start)
		verify(t, out)
		funcs += len(out.Funcs)
		if len(res.Problems) > 0 {
			broken++
		}
		shown := false
		for _, fn := range out.Funcs {
			if fn.Problems > 0 {
				bad++
				if len(res.Problems) == 0 && !shown {
					t.Logf("%s: %s", p, fn.FullName())
					shown = true
				}
			}
		}
		for _, pr := range out.Problems {
			if strings.HasPrefix(pr.Text, "internal:") {
				t.Errorf("%s: %s at %d", p, pr.Text, pr.Span.Start)
			}
			reasons[pr.Text]++
		}
	}
	var keys []string
	for k := range reasons {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return reasons[keys[i]] > reasons[keys[j]] })
	for _, k := range keys {
		t.Logf("%6d %s", reasons[k], k)
	}
	t.Logf("%d files (%d with syntax errors), %d functions, %d with problems (%.3f %%), parse %v, lower %v", files, broken, funcs, bad, 100*float64(bad)/float64(max(funcs, 1)), parse, lower)
}
