package check_test

import (
	"context"
	"os"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/walk"
	"github.com/pinvet/pinvet/rules/registry"
)

// benchRoot is the tree that the benchmarks read: the folder in PINVET_CORPUS, else the tour.
// Compare the two of one run:
//
//	PINVET_CORPUS=dir go test -run '^$' -bench . -benchtime 1x ./internal/check
func benchRoot() string {
	if dir := os.Getenv("PINVET_CORPUS"); dir != "" {
		return dir
	}
	return "../../testdata/projects/tour"
}

// BenchmarkParse reads, normalises and parses each file of the tree, one after the other.
func BenchmarkParse(b *testing.B) {
	root := benchRoot()
	found, err := walk.Walk(context.Background(), root, []string{"."})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		bytes := 0
		for _, p := range found.Files {
			text, err := os.ReadFile(root + "/" + p)
			if err != nil {
				continue
			}
			f, err := source.FromBytes(p, source.LangOf(p), text)
			if err != nil {
				continue
			}
			bytes += len(text)
			syntax.Parse(context.Background(), f)
		}
		b.SetBytes(int64(bytes))
	}
}

// BenchmarkCheck runs everything, all rules on, with one worker.
func BenchmarkCheck(b *testing.B) {
	for b.Loop() {
		res, err := check.Run(context.Background(), check.Options{Root: benchRoot(), Workers: 1, Rules: registry.All()})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(res.Stats.Bytes))
	}
}
