package lower_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/ir/irenc"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
)

// TestLate lowers each C# file below testdata, and the folder in PINVET_CORPUS, with late bodies and without: all that is
// lowered is the same, and a late body names nothing that is not among its words.
func TestLate(t *testing.T) {
	paths := sourcesBelow("../../testdata", "../../rules", "../../analyzers")
	if dir := os.Getenv("PINVET_CORPUS"); dir != "" {
		paths = append(paths, sourcesBelow(dir)...)
	}
	paths = slices.DeleteFunc(paths, func(p string) bool { return source.LangOf(p) != source.CSharp })
	s := &source.Snapshot{Input: &source.Input{Context: context.Background(), Hasty: &source.Hasty{}}}
	var late atomic.Int64
	parallel.Do(context.Background(), 0, len(paths), func(i int) {
		text, err := os.ReadFile(paths[i])
		if err != nil {
			t.Error(err)
			return
		}
		f, err := source.FromBytes(paths[i], source.CSharp, text)
		if err != nil {
			return
		}
		late.Add(int64(sameLate(t, f, lower.One(s, f))))
	})
	if late.Load() == 0 {
		t.Error("no body was late")
	}
}

func sameLate(t *testing.T, f *source.File, now *ir.File) (late int) {
	whole, packed := lowerOnce(f), lowerOnce(f)
	packed.Pack()
	if slices.ContainsFunc(whole.Problems, func(p ir.Problem) bool { return !strings.HasPrefix(p.Text, "not understood") }) {
		return 0 // of what is in error, more is understood where less is read
	}
	if len(now.Funcs) != len(whole.Funcs) {
		t.Errorf("%s: %d functions, %d without late bodies", f.Path, len(now.Funcs), len(whole.Funcs))
		return 0
	}
	ofField := map[ir.Word]bool{} // types of what is given a default value: they are told by the names of the fields
	for _, field := range whole.Fields {
		ir.EachWord(string(field.Type), func(w string) { ofField[ir.WordOf(w)] = true })
	}
	for i, fn := range now.Funcs {
		if !fn.IsLate() {
			continue
		}
		late++
		ws, _ := fn.Words()
		if !slices.IsSorted(ws) {
			t.Errorf("%s: %s: words are not sorted", f.Path, fn.FullName())
		}
		named, _ := packed.Funcs[i].Words()
		for _, w := range named {
			if _, ok := slices.BinarySearch(ws, w); !ok {
				if name := nameOf(packed, w); !ofField[w] && name != "var" && name != "object" && name > "9" && !madeWord(name) {
					t.Errorf("%s: %s names %s", f.Path, fn.FullName(), name)
				}
			}
		}
	}
	now.Settle()
	for i, fn := range now.Funcs {
		if o := whole.Funcs[i]; ir.Print(fn) != ir.Print(o) {
			t.Errorf("%s: %s is\n%s\nwithout late bodies\n%s", f.Path, fn.FullName(), ir.Print(fn), ir.Print(o))
		}
	}
	if !bytes.Equal(irenc.Append(nil, now), irenc.Append(nil, packed)) {
		t.Errorf("%s: not the same with late bodies", f.Path)
	}
	return late
}

func nameOf(f *ir.File, w ir.Word) (name string) {
	for _, op := range ir.NamedOps {
		if ir.OpWord(op) == w {
			return "an instruction " + op.String()
		}
	}
	find := func(s string) {
		ir.EachWord(s, func(n string) {
			if ir.WordOf(n) == w {
				name = n
			}
		})
	}
	f.EachString(find)
	for _, fn := range f.Funcs {
		for _, v := range fn.Vars {
			find(string(v.Type))
		}
	}
	return name
}

// TestLateInError looks at late bodies that do not parse, or in which the parser sees functions all the same: they are those of the
// file as a whole, without functions in them.
func TestLateInError(t *testing.T) {
	for name, body := range map[string]string{
		"an else of nothing": "if (a == null) { else if (this is C) { if (b != null) { Close(b); this.open = false; } } }",
		"a broken statement": "int x = = Open(a); Close(x); this.open = false; Close(b); Close(a); Close(this);",
		"an open string":     "Close(\"a); this.open = false; \n Close(b); Close(a); Close(this); Close(x); ",
	} {
		text := "class C {\n bool open;\n void M(object a, object b) { " + body + " }\n void N() { M(this, this); M(null, null); M(this, null); Close(this); Close(null); }\n}\n"
		f, err := source.FromBytes("a.cs", source.CSharp, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		file := lower.One(&source.Snapshot{Input: &source.Input{Context: t.Context(), Hasty: &source.Hasty{}}}, f)
		for _, fn := range file.Funcs {
			if err := ir.Verify(fn); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			for _, b := range fn.Blocks() {
				for _, in := range b.Instrs {
					if in.Op == ir.OpLambda && (in.Int < 0 || int(in.Int) >= len(file.Funcs)) {
						t.Errorf("%s: function %d of %d", name, in.Int, len(file.Funcs))
					}
				}
			}
		}
		if late := slices.ContainsFunc(file.Funcs, (*ir.Func).IsLate); late == (name == "an open string") {
			t.Errorf("%s: late is %v", name, late)
		}
		if name == "a broken statement" && (file.Funcs[0].Problems == 0 || len(file.AllProblems()) == 0) {
			t.Errorf("%s: nobody says so", name)
		}
	}
}
