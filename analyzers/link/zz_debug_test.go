package link

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
)

func TestZZ(t *testing.T) {
	root := os.Getenv("PINVET_CORPUS")
	want := strings.Split(os.Getenv("ZZ"), "|")
	if len(want) < 2 {
		t.Skip()
	}
	snap := &source.Snapshot{Input: &source.Input{Context: context.Background(), Root: root}}
	_ = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || source.LangOf(path) == 0 {
			return nil
		}
		rel, _ := filepath.Rel(root, path)
		if f, err := source.Read(root, rel); err == nil {
			snap.Files = append(snap.Files, f)
		}
		return nil
	})
	p := New(lower.All(snap).Files, models.Default())
	for _, f := range p.Funcs() {
		if !strings.HasSuffix(f.File.Path, want[0]) {
			continue
		}
		for bi := range f.Blocks {
			for ii := range f.Blocks[bi].Instrs {
				in := &f.Blocks[bi].Instrs[ii]
				if in.Op == ir.OpCall && in.Call.Name == want[1] {
					tg := p.Callee(f, in)
					fmt.Printf("%s: %s\n  recv=%q path=%q funcs=%d native=%s member=%s\n", f.FullName(), ir.PrintInstr(f, in), tg.Recv, in.Call.Path, len(tg.Funcs), tg.NativeName, tg.MemberName)
					var show func(x ir.Temp, d int)
					show = func(x ir.Temp, d int) {
						def := f.Def(x)
						if def == nil || d > 8 {
							return
						}
						fmt.Printf("  %s%s   : %q place %q\n", strings.Repeat("  ", d), ir.PrintInstr(f, def), p.TypeOf(f, x), p.TypeOfPlace(f, x))
						show(def.A, d+1)
					}
					show(in.Call.Recv, 0)
					show(in.Call.Fn, 0)
					if i := strings.LastIndex(in.Call.Path, "."); i > 0 {
						fmt.Printf("  name: %+v\n", p.Name(f, in.Call.Path[:i]))
					}
				}
			}
		}
	}
}
