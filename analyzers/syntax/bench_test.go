package syntax

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// benchText is a file of some 200 kB made of the shapes.
func benchText(b *testing.B, name string) (source.Lang, []byte) {
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		b.Fatal(err)
	}
	return source.LangOf(name), bytes.Repeat(text, 200_000/len(text))
}

func BenchmarkNormalize(b *testing.B) {
	for _, name := range []string{"shapes.cs", "shapes.c"} {
		b.Run(name, func(b *testing.B) {
			lang, text := benchText(b, name)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				normalize.Normalize(lang, text)
			}
		})
	}
}

// BenchmarkTree is parsing and flattening, without normalising.
func BenchmarkTree(b *testing.B) {
	for _, name := range []string{"shapes.cs", "shapes.c"} {
		b.Run(name, func(b *testing.B) {
			lang, text := benchText(b, name)
			norm := normalize.Normalize(lang, text).Views[0].Text
			b.SetBytes(int64(len(text)))
			nodes := 0
			for b.Loop() {
				tree, err := grammarOf(lang).parse(norm)
				if err != nil {
					b.Fatal(err)
				}
				nodes = len(tree)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(nodes), "ns/node")
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"shapes.cs", "shapes.c"} {
		b.Run(name, func(b *testing.B) {
			lang, text := benchText(b, name)
			f, err := source.FromBytes(name, lang, text)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Parse(context.Background(), f)
			}
		})
	}
}
