//go:build corpus

package syntax

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/source"
)

// TestErrorShare reports the share of files with a syntax error, raw and
// normalised (C++ headers left out unless PINVET_CORPUS_CPP is set), in the directories that PINVET_CORPUS names (separated like
// PATH). PINVET_CORPUS_EXT says which files (".cs" if unset, or ".c", ".h");
// PINVET_CORPUS_LIST=1 lists the first error of each file.
func TestErrorShare(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv("PINVET_CORPUS"))
	if len(dirs) == 0 {
		t.Skip("PINVET_CORPUS is not set")
	}
	ext := os.Getenv("PINVET_CORPUS_EXT")
	if ext == "" {
		ext = ".cs"
	}
	var all share
	for _, dir := range dirs {
		s := measure(t, dir, ext)
		t.Log(s.row(filepath.Base(dir)))
		all.add(s)
	}
	t.Log(all.row("all"))
}

type share struct {
	files, raw, first, any, spoilt, views int
	slowest                               time.Duration
	slowestFile                           string
}

func (s *share) add(o share) {
	s.files += o.files
	s.raw += o.raw
	s.first += o.first
	s.any += o.any
	s.spoilt += o.spoilt
	s.views += o.views
	if o.slowest > s.slowest {
		s.slowest, s.slowestFile = o.slowest, o.slowestFile
	}
}

func (s *share) row(name string) string {
	p := func(n int) string { return fmt.Sprintf("%d (%.2f %%)", n, 100*float64(n)/float64(max(s.files, 1))) }
	return fmt.Sprintf("%-24s files %d, with errors: raw %s, first view %s, any view %s; clean ones spoilt %d; views per file %.2f; slowest %v %s",
		name, s.files, p(s.raw), p(s.first), p(s.any), s.spoilt, float64(s.views)/float64(max(s.files, 1)), s.slowest.Round(time.Millisecond), s.slowestFile)
}

func measure(t *testing.T, dir, ext string) share {
	paths := make(chan string)
	var mu sync.Mutex
	var wg sync.WaitGroup
	var total share
	var list []string
	for range 2 {
		wg.Go(func() {
			for path := range paths {
				s, line := measureFile(dir, path)
				mu.Lock()
				total.add(s)
				if line != "" {
					list = append(list, line)
				}
				mu.Unlock()
			}
		})
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.EqualFold(filepath.Ext(path), ext) {
			rel, _ := filepath.Rel(dir, path)
			paths <- rel
		}
		return err
	})
	close(paths)
	wg.Wait()
	if err != nil {
		t.Error(err)
	}
	if os.Getenv("PINVET_CORPUS_LIST") != "" {
		slices.Sort(list)
		for _, l := range list {
			t.Log(l)
		}
	}
	return total
}

func measureFile(dir, path string) (share, string) {
	f, err := source.Read(dir, path)
	if err != nil {
		return share{}, err.Error()
	}
	s := share{files: 1, slowestFile: path}
	raw := &Tree{Lang: f.Lang, Src: f.Text, Norm: f.Text}
	raw.Nodes, _ = grammarOf(f.Lang).parse(f.Text)
	if raw.HasError(0) {
		s.raw = 1
	}
	start := time.Now()
	r := Parse(context.Background(), f)
	s.slowest = time.Since(start)
	s.views = len(r.Views)
	if r.CPlusPlus && os.Getenv("PINVET_CORPUS_CPP") == "" {
		return share{}, ""
	}
	if len(r.Problems) == 0 {
		return s, ""
	}
	s.any = 1
	p := r.Problems[0]
	for _, q := range r.Problems {
		if q.View == 0 {
			s.first = 1
			p = q
			break
		}
	}
	if s.raw == 0 {
		s.spoilt = 1
	}
	at := f.Position(p.Start)
	return s, fmt.Sprintf("%s:%d:%d view %d %s-%d: %s", path, at.Line, at.Col, p.View, p.Reason, p.End-p.Start, f.LineText(at.Line))
}
