package check_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/walk"
	"github.com/pinvet/pinvet/rules/registry"
)

const leak = "#include <windows.h>\nvoid f(void) { HANDLE h = CreateEventW(0, 0, 0, 0); WaitForSingleObject(h, 1); }\n"

func put(t *testing.T, root, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestBetweenWalkAndRead: what is no more as the walk found it is told, by its path, and the rest is
// analysed.
func TestBetweenWalkAndRead(t *testing.T) {
	root := t.TempDir()
	names := []string{"stays.c", "gone.c", "folder.c", "grown.c", "binary.c", "loop.c", "dangling.c"}
	for _, name := range names {
		put(t, root, name, leak)
	}
	o := check.Options{Root: root, Paths: []string{"."}, Rules: registry.All(), Workers: 2}
	found, err := check.Walk(context.Background(), o)
	if err != nil || len(found.Files) != len(names) {
		t.Fatalf("%v, %v", found, err)
	}
	for _, name := range names[1:3] {
		if err := os.Remove(filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(root, "folder.c"), 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, root, "grown.c", strings.Repeat(" ", check.MaxFileSize+1))
	put(t, root, "binary.c", "\x7fELF\x00\x01\x00\x02")
	for name, to := range map[string]string{"loop.c": "loop.c", "dangling.c": "nowhere"} {
		if err := os.Remove(filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Skip(err) // not on every Windows
		}
	}
	o.Found = found
	res, err := check.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Findings) != 1 || res.Findings[0].Path != "stays.c" {
		t.Errorf("findings: %v", res.Findings)
	}
	told := map[string]outcome.Kind{}
	for _, p := range res.Problems {
		told[p.Path] = p.Kind
		if p.Kind == outcome.Internal {
			t.Errorf("%+v", p)
		}
	}
	for _, name := range names[1:] {
		if told[name] == "" {
			t.Errorf("nobody says what became of %s: %+v", name, res.Problems)
		}
	}
	if res.Stats.Files != len(names) || res.Stats.Read != 1 {
		t.Errorf("%+v", res.Stats)
	}
}

// TestWhileItIsWritten: a file that others write again and again is one of the texts, or a part of one;
// what is found lies in what was read.
func TestWhileItIsWritten(t *testing.T) {
	root := t.TempDir()
	name := filepath.Join(root, "a.c")
	put(t, root, "a.c", leak)
	texts := [][]byte{[]byte(leak), []byte(strings.Repeat("// é\n", 5000) + leak), nil, append([]byte("\xff\xfe"), bytes.Repeat([]byte("a\x00\n\x00"), 3000)...)}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			switch i % 7 {
			case 5:
				_ = os.Remove(name)
			default:
				_ = os.WriteFile(name, texts[i%len(texts)], 0o644)
			}
		}
	})
	defer wg.Wait()
	defer close(stop)
	for range 100 {
		res, err := check.Run(context.Background(), check.Options{Root: root, Rules: registry.All(), Found: &walk.Result{Files: []string{"a.c"}}, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := res.Text("a.c")
		for _, f := range res.Findings {
			if line := 1 + bytes.Count(text, []byte("\n")); f.End.Line > line || f.Start.Line < 1 {
				t.Fatalf("%+v in a text of %d lines", f.Span, line)
			}
		}
		for _, p := range res.Problems {
			if p.Kind == outcome.Internal {
				t.Fatalf("%+v", p)
			}
		}
	}
}
