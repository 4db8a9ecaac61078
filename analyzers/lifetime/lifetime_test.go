package lifetime_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	clower "github.com/pinvet/pinvet/analyzers/lower/c"
	"github.com/pinvet/pinvet/analyzers/lower/csharp"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

func lowerText(t testing.TB, path, text string) *ir.File {
	t.Helper()
	lang := source.LangOf(path)
	f, err := source.FromBytes(path, lang, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if lang == source.CSharp {
		return csharp.Lower(f, syntax.Parse(context.Background(), f))
	}
	return clower.Lower(f, syntax.Parse(context.Background(), f))
}

// TestDump prints the events of the files named in PINVET_DUMP, for looking at one case.
func TestDump(t *testing.T) {
	names := os.Getenv("PINVET_DUMP")
	if names == "" {
		t.Skip("PINVET_DUMP names no files")
	}
	var files []*ir.File
	text := map[*ir.File]string{}
	for _, n := range strings.Split(names, ",") {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		f := lowerText(t, n, string(b))
		files = append(files, f)
		text[f] = string(b)
	}
	if os.Getenv("PINVET_IR") != "" {
		for _, f := range files {
			for _, fn := range f.Funcs {
				fmt.Println(ir.Print(fn))
			}
		}
	}
	line := func(f *ir.File, at uint32) int { return 1 + strings.Count(text[f][:at], "\n") }
	p := link.New(files, models.Default())
	res := lifetime.Run(context.Background(), p, 2)
	for _, e := range res.Events {
		obj := ""
		if e.Obj != nil {
			obj = fmt.Sprintf("%s by %s var=%q", map[bool]string{true: "obj"}[true], e.Obj.API, e.Obj.Var)
		}
		fmt.Printf("%s:%d kind=%d how=%s use=%s api=%s field=%s/%s every=%v %s\n", e.Func.FullName(), line(e.Func.File, e.Span.Start), e.Kind, e.How, e.Use, e.API, e.Owner, e.Field, e.EveryPath, obj)
		for _, s := range e.Steps {
			fmt.Printf("    %d: %s\n", line(s.File, s.Span.Start), s.Text)
		}
	}
	if os.Getenv("PINVET_SUM") != "" {
		for _, f := range p.Funcs() {
			if s := res.Summaries[f]; s != nil {
				fmt.Printf("== %s\n%s", f.Name, s)
			}
		}
	}
	fmt.Printf("functions %d interpreted %d bounded %d panics %v\n", res.Stats.Functions, res.Stats.Interpreted, len(res.Stats.Bounded), res.Stats.Panics)
}
