package csharp

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// benchInput is the files of PINVET_CORPUS (at most 400), or the test data.
func benchInput(b *testing.B) (files []*source.File, trees []*syntax.Result, size int64) {
	var paths []string
	if os.Getenv("PINVET_CORPUS") != "" {
		paths = corpusFiles(b)
		paths = paths[:min(len(paths), 400)]
	} else {
		paths = inputs(b)
	}
	for _, p := range paths {
		f, err := source.Read(filepath.Dir(p), filepath.Base(p))
		if err != nil {
			continue
		}
		files = append(files, f)
		trees = append(trees, syntax.Parse(context.Background(), f))
		size += int64(len(f.Text()))
	}
	return files, trees, size
}

func BenchmarkParse(b *testing.B) {
	files, _, size := benchInput(b)
	b.SetBytes(size)
	for b.Loop() {
		for _, f := range files {
			syntax.Parse(context.Background(), f)
		}
	}
}

func BenchmarkLower(b *testing.B) {
	files, trees, size := benchInput(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for i, f := range files {
			Lower(f, trees[i])
		}
	}
}
