package link

import (
	"context"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/source"
)

// TestBindings links all below the folder PINVET_CORPUS and reports (with -v) which imports bind C
// functions of that tree, and which C functions call back into C#.
func TestBindings(t *testing.T) {
	root := os.Getenv("PINVET_CORPUS")
	if root == "" {
		t.Skip("PINVET_CORPUS is not set")
	}
	in := &source.Input{Context: context.Background(), Root: root}
	_ = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		rel, _ := filepath.Rel(root, path)
		if source.IsBuild(rel) {
			in.Build = append(in.Build, filepath.ToSlash(rel))
		} else if source.LangOf(rel) != 0 {
			in.Paths = append(in.Paths, filepath.ToSlash(rel))
		}
		return nil
	})
	snap := source.Load(in, token.NewFileSet())
	start := time.Now()
	set := project.Read(snap)
	t.Logf("%d build files in %v: %d projects, %d libraries", len(snap.Build), time.Since(start).Round(time.Millisecond), len(set.Projects), len(set.Libraries))
	for _, pr := range set.Problems {
		t.Logf("problem %s: %s", pr.Path, pr.Text)
	}
	p := NewIn(set, lower.All(snap).Files, models.Default())
	imports, with := 0, 0
	for _, f := range p.Files {
		imports += len(f.Imports)
		if set.Of(f.Path) != nil {
			with++
		}
	}
	var count [4]int
	defined := 0
	p.EachBinding(func(r ImportRef) {
		b := r.Binding
		count[b.Confidence]++
		if b.Func != nil {
			defined++
		}
		t.Logf("%-6s %s (%s) -> %s in %s x%d: %s", b.Confidence, r.Import.Name, r.Import.Library, b.Name, b.File.Path, len(b.Funcs), b.Why)
	})
	t.Log(fmt.Sprintf("%d files, %d C# files with a project, %d imports: high %d, medium %d, low %d; with a body %d", len(p.Files), with, imports, count[High], count[Medium], count[Low], defined))
}
