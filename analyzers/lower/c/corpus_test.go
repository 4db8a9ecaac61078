package clower

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// TestCorpus lowers every C file below the directory in PINVET_CORPUS, verifies the result and
// reports how much was not understood and how the time compares with parsing.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("PINVET_CORPUS")
	if dir == "" {
		t.Skip("PINVET_CORPUS is not set")
	}
	var files, bytes, funcs, views, bad, instrs, source1, bad1, unknown int
	var parse, lowering time.Duration
	why := map[string]int{}
	example := map[string]string{}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || source.LangOf(path) != source.C {
			return nil
		}
		f, err := source.Read("", path)
		if err != nil {
			return nil
		}
		start := time.Now()
		res := syntax.Parse(context.Background(), f)
		parsed := time.Now()
		file := Lower(f, res)
		lowered := time.Now()
		parse += parsed.Sub(start)
		lowering += lowered.Sub(parsed)
		if lowered.Sub(parsed) > 300*time.Millisecond {
			t.Logf("slow: %s %v (parsing %v)", path, lowered.Sub(parsed), parsed.Sub(start))
		}
		files++
		bytes += len(f.Text())
		verify(t, file)
		for _, fn := range file.Funcs {
			funcs++
			for i := range fn.Blocks() {
				instrs += len(fn.Blocks()[i].Instrs)
				for j := range fn.Blocks()[i].Instrs {
					if fn.Blocks()[i].Instrs[j].Op == ir.OpUnknown {
						unknown++
					}
				}
			}
			if filepath.Ext(path) == ".c" {
				source1++
				if fn.Problems > 0 {
					bad1++
				}
			}
			if fn.View > 0 {
				views++
			}
			if fn.Problems > 0 {
				bad++
			}
		}
		for _, p := range file.Problems {
			why[p.Text]++
			if example[p.Text] == "" {
				pos := f.Position(int(p.Span.Start))
				example[p.Text] = path + ":" + itoa(pos.Line)
			}
		}
		return nil
	})
	t.Logf("%d files, %.1f MB, %d functions (%d of later views), %d with problems (%.2f%%), %d instructions",
		files, float64(bytes)/1e6, funcs, views, bad, 100*float64(bad)/float64(max(funcs, 1)), instrs)
	t.Logf("in .c files: %d functions, %d with problems (%.2f%%); %d unknown instructions", source1, bad1, 100*float64(bad1)/float64(max(source1, 1)), unknown)
	t.Logf("parse %v, lower %v (%.0f%%)", parse, lowering, 100*float64(lowering)/float64(max(parse, 1)))
	var list []string
	for k := range why {
		list = append(list, k)
	}
	sort.Slice(list, func(i, j int) bool { return why[list[i]] > why[list[j]] })
	for _, k := range list[:min(len(list), 40)] {
		t.Logf("%6d %s   %s", why[k], k, example[k])
	}
}

func itoa(n int) string {
	s := ""
	for ; n > 0; n /= 10 {
		s = string(rune('0'+n%10)) + s
	}
	return s
}

var benchFile *ir.File

// BenchmarkLower and BenchmarkParse run over the same files: those of testdata, or PINVET_CORPUS.
func BenchmarkLower(b *testing.B) { benchmark(b, true) }

func BenchmarkParse(b *testing.B) { benchmark(b, false) }

func benchmark(b *testing.B, lower bool) {
	paths := testFiles(b)
	if dir := os.Getenv("PINVET_CORPUS"); dir != "" {
		paths = nil
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && source.LangOf(path) == source.C && len(paths) < 200 {
				paths = append(paths, path)
			}
			return nil
		})
	}
	var files []*source.File
	var trees []*syntax.Result
	total := 0
	for _, p := range paths {
		f, err := source.Read("", p)
		if err != nil {
			continue
		}
		files = append(files, f)
		trees = append(trees, syntax.Parse(context.Background(), f))
		total += len(f.Text())
	}
	b.SetBytes(int64(total))
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		for i, f := range files {
			if lower {
				benchFile = Lower(f, trees[i])
			} else {
				trees[i] = syntax.Parse(context.Background(), f)
			}
		}
	}
}
