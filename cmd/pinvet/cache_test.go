package main

import (
	"bytes"
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

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

// starter starts runs that share a cache; what they print comes with them.
func starter(t *testing.T, dir string) func(flags ...string) (*exec.Cmd, *bytes.Buffer) {
	return func(flags ...string) (*exec.Cmd, *bytes.Buffer) {
		cmd := exec.Command(os.Args[0])
		cmd.Args = append([]string{"pinvet", "check", "--format", "json", "--severity", "advice"}, flags...)
		cmd.Env = append(os.Environ(), cache.EnvDir+"="+dir)
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd, &out
	}
}

// besideKilled is what a run says while another is killed, some time before it took.
func besideKilled(start func(flags ...string) (*exec.Cmd, *bytes.Buffer), took time.Duration) *bytes.Buffer {
	killed, _ := start()
	beside, got := start()
	time.Sleep(rand.N(took))
	_ = killed.Process.Kill()
	_ = killed.Wait()
	_ = beside.Wait()
	return got
}

// TestRunsThatAreKilled: whatever is left of runs that were killed, or go on at the same time, changes no result.
func TestRunsThatAreKilled(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", "testdata", "projects", "tour"))
	dir := t.TempDir()
	start := starter(t, dir)
	whole, want := start("--no-cache")
	began := time.Now()
	_ = whole.Wait() // it has findings
	took := time.Since(began)
	if want.Len() == 0 {
		t.Fatal("no result")
	}
	for i := range 12 {
		if i%4 == 3 { // so that not all of them find a full cache
			if _, err := cache.At(dir, 0).Clear(); err != nil {
				t.Fatal(err)
			}
		}
		if got := besideKilled(start, took); got.String() != want.String() {
			t.Fatalf("round %d: another result:\n%s", i, got)
		}
	}
	last, got := start()
	if _ = last.Wait(); got.String() != want.String() {
		t.Errorf("another result at the end:\n%s", got)
	}
}

// The same where files change between runs, so that these take what earlier ones left.
func TestRunsThatAreKilledAfterEdits(t *testing.T) {
	root, dir := t.TempDir(), t.TempDir()
	if err := os.CopyFS(root, os.DirFS(filepath.Join("..", "..", "testdata", "projects", "tour"))); err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	var files []string
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && (filepath.Ext(p) == ".cs" || filepath.Ext(p) == ".c") {
			files = append(files, p)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	start := starter(t, dir)
	for range 12 {
		path := files[rand.N(len(files))]
		text, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, append(text, "\n// changed\n"...), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		whole, want := start("--no-cache")
		began := time.Now()
		_ = whole.Wait()
		took := time.Since(began)
		if got := besideKilled(start, took); got.String() != want.String() {
			t.Fatalf("after an edit of %s another result:\n%s", path, got)
		}
	}
}
