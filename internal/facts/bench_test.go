package facts

import (
	"context"
	"go/token"
	"os"
	"testing"

	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/walk"
)

// load reads and lowers the tree in PINVET_CORPUS, else the tour, with one worker.
//
//	PINVET_CORPUS=dir go test -run '^$' -bench . -benchtime 1x ./internal/facts
func load(b *testing.B) (*source.Snapshot, *lower.Result) {
	root := "../../testdata/projects/tour"
	if dir := os.Getenv("PINVET_CORPUS"); dir != "" {
		root = dir
	}
	found, err := walk.Walk(context.Background(), root, []string{"."})
	if err != nil {
		b.Fatal(err)
	}
	s := source.Load(&source.Input{Root: root, Paths: found.Files, Build: found.Build, Workers: 1}, token.NewFileSet())
	return s, lower.All(s)
}

// BenchmarkSources is what a run without facts does with files before it links them.
func BenchmarkSources(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}

// BenchmarkFacts is what a run does with the facts of the same files. Its metrics are the sizes in bytes.
func BenchmarkFacts(b *testing.B) {
	s, l := load(b)
	u, err := Of(s, l)
	if err != nil {
		b.Fatal(err)
	}
	data, err := Encode(u, "")
	if err != nil {
		b.Fatal(err)
	}
	text := 0
	for _, f := range append(s.Files, s.Build...) {
		text += len(f.Raw())
	}
	for b.Loop() {
		if _, err := Decode(data, "", source.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(data)), "facts")
	b.ReportMetric(float64(text), "sources")
}
