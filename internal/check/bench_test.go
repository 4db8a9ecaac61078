package check_test

import (
	"context"
	"os"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/config"
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

// BenchmarkKey finds the files and what a run over them is about, with nothing changed since the last time: what a run costs
// whose result is in the cache.
func BenchmarkKey(b *testing.B) {
	store, err := cache.Open(b.TempDir(), 0)
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		cfg, err := config.Load(config.Options{Root: benchRoot()})
		if err != nil {
			b.Fatal(err)
		}
		o := check.Options{Root: benchRoot(), Paths: []string{"."}, Rules: registry.All(), Cache: store, Config: cfg}
		if err := check.FindKey(context.Background(), o); err != nil {
			b.Fatal(err)
		}
	}
}
