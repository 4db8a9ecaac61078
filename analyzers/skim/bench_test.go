package skim_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/skim"
)

// BenchmarkCSharp skims a tree of real code, which PINVET_CORPUS names.
func BenchmarkCSharp(b *testing.B) {
	root := os.Getenv("PINVET_CORPUS")
	if root == "" {
		root = "../../testdata"
	}
	var texts [][]byte
	size := 0
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ".cs") {
			text, _ := os.ReadFile(p)
			texts, size = append(texts, text), size+len(text)
		}
		return err
	})
	if err != nil || size == 0 {
		b.Fatalf("%d bytes, %v", size, err)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range texts {
			skim.CSharp(text, nil)
		}
	}
}
