package lifetime_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
)

// TestCorpus interprets every source file below the folder in PINVET_CORPUS, as one unit, and
// prints what it cost and what came out by kind. With PINVET_KIND=n it lists the events of a kind.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("PINVET_CORPUS")
	if dir == "" {
		t.Skip("PINVET_CORPUS names no folder")
	}
	var paths []string
	filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (strings.HasSuffix(p, ".cs") || strings.HasSuffix(p, ".c") || strings.HasSuffix(p, ".h")) {
			paths = append(paths, p)
		}
		return nil
	})
	sort.Strings(paths)
	files := make([]*ir.File, len(paths))
	texts := make([]string, len(paths))
	start := time.Now()
	parallel.Do(context.Background(), 0, len(paths), func(i int) {
		b, err := os.ReadFile(paths[i])
		if err != nil {
			return
		}
		if _, err := source.FromBytes(paths[i], source.LangOf(paths[i]), b); err != nil {
			return
		}
		texts[i] = string(b)
		files[i] = lowerText(t, paths[i], texts[i])
	})
	text := map[*ir.File]string{}
	var all []*ir.File
	for i, f := range files {
		if f != nil {
			all = append(all, f)
			text[f] = texts[i]
		}
	}
	lowered := time.Now()
	p := link.New(all, models.Default())
	linked := time.Now()
	res := lifetime.Run(context.Background(), p, runtime.GOMAXPROCS(0))
	done := time.Now()
	fmt.Printf("%d files: lower %v link %v lifetime %v\n", len(all), lowered.Sub(start), linked.Sub(lowered), done.Sub(linked))
	fmt.Printf("functions %d interpreted %d bounded %d panics %d\n", res.Stats.Functions, res.Stats.Interpreted, len(res.Stats.Bounded), len(res.Stats.Panics))
	for _, x := range res.Stats.Panics {
		fmt.Println("PANIC", x.Func.File.Path, x.Func.FullName(), x.Text)
	}
	for i, x := range res.Stats.Bounded {
		if i < 20 {
			fmt.Println("bounded", x.File.Path, x.FullName(), len(x.Blocks()))
		}
	}
	if name := os.Getenv("PINVET_SUMMARY"); name != "" {
		for f, s := range res.Summaries {
			if f.Name == name {
				fmt.Printf("%s %s\n%s", f.File.Path, f.FullName(), s)
			}
		}
	}
	count := map[lifetime.EventKind]int{}
	want := os.Getenv("PINVET_KIND")
	for _, e := range res.Events {
		count[e.Kind]++
		if want == fmt.Sprint(e.Kind) {
			line := func(f *ir.File, at uint32) int { return 1 + strings.Count(text[f][:min(int(at), len(text[f]))], "\n") }
			fmt.Printf("%s:%d %s how=%s api=%s field=%s/%s every=%v\n", e.Func.File.Path, line(e.Func.File, e.Span.Start), e.Func.FullName(), e.How, e.API, e.Owner, e.Field, e.EveryPath)
			for _, s := range e.Steps {
				fmt.Printf("    %d: %s\n", line(s.File, s.Span.Start), s.Text)
			}
		}
	}
	for k := lifetime.Leak; k <= lifetime.FieldEscaped; k++ {
		if count[k] > 0 {
			fmt.Printf("kind %d: %d\n", k, count[k])
		}
	}
}
