package main

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/report"
)

// TestFormatsWithCache: in each format, what comes out of the cache is byte for byte what comes out of a run, source
// text and all.
func TestFormatsWithCache(t *testing.T) {
	for _, project := range []string{"tour", "border"} {
		t.Chdir(filepath.Join("..", "..", "testdata", "projects", project))
		t.Setenv(cache.EnvDir, t.TempDir())
		for _, format := range report.Formats {
			var texts [3]string
			for i, flag := range []string{"--no-cache", "--verbose", "--verbose"} {
				var out, said bytes.Buffer
				code := run(context.Background(), []string{"check", "--severity", "advice", "--no-progress", "--verbose", "--format", format, flag}, &out, &said)
				texts[i] = out.String() + said.String()
				if code != exitFindings {
					t.Fatalf("%s %s: exit code %d: %s", project, format, code, &said)
				}
			}
			if texts[0] != texts[1] || texts[0] != texts[2] {
				t.Errorf("%s: --format %s differs: %d bytes without, %d and %d with a cache", project, format, len(texts[0]), len(texts[1]), len(texts[2]))
			}
		}
		dir, _ := cache.Place()
		if u := cache.At(dir, 0).Usage(); u.Runs != 1 || u.Misses != 1 || u.Hits != int64(2*len(report.Formats)-1) {
			t.Errorf("%s: %+v", project, u)
		}
		t.Chdir(filepath.Join("..", "..", "..", "cmd", "pinvet"))
	}
}
