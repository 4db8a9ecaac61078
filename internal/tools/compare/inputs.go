//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/internal/walk"
)

// inputs are the files that pinvet reads below some trees.
type inputs struct {
	trees []string
	files int
	bytes int64
	c     []string // the .c files
	one   string   // the file that a row changes: the median by size
}

func list(trees []string) (*inputs, error) {
	in := &inputs{trees: trees}
	var sizes []sized
	for _, tree := range trees {
		found, err := walk.Walk(context.Background(), tree, []string{"."})
		if err != nil {
			return nil, err
		}
		for _, p := range found.Files {
			path := filepath.Join(tree, filepath.FromSlash(p))
			info, err := os.Stat(path)
			if err != nil {
				continue
			}
			in.files++
			in.bytes += info.Size()
			sizes = append(sizes, sized{path, info.Size()})
			if filepath.Ext(path) == ".c" {
				in.c = append(in.c, path)
			}
		}
	}
	if len(sizes) == 0 {
		return nil, fmt.Errorf("no C# or C files in %v", trees)
	}
	in.one = median(sizes)
	return in, nil
}

// parseOnly reads and parses all files of the trees on all processors, as pinvet does, and keeps none.
func parseOnly(trees []string) {
	paths := make(chan [2]string, 64)
	var wg sync.WaitGroup
	for range processors() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for p := range paths {
				parseOne(p[0], p[1])
			}
		}()
	}
	for _, tree := range trees {
		found, err := walk.Walk(context.Background(), tree, []string{"."})
		if err != nil {
			fmt.Fprintln(os.Stderr, "compare:", err)
			os.Exit(1)
		}
		for _, p := range found.Files {
			paths <- [2]string{tree, p}
		}
	}
	close(paths)
	wg.Wait()
}

func parseOne(tree, path string) {
	text, err := os.ReadFile(filepath.Join(tree, filepath.FromSlash(path)))
	if err != nil {
		return
	}
	if f, err := source.FromBytes(path, source.LangOf(path), text); err == nil {
		syntax.Parse(context.Background(), f)
	}
}
