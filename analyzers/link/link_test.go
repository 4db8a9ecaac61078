package link

import (
	"context"
	"sort"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	clower "github.com/pinvet/pinvet/analyzers/lower/c"
	"github.com/pinvet/pinvet/analyzers/lower/csharp"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// world is a linked unit with the texts of its files.
type world struct {
	*Program
	t    testing.TB
	text map[*ir.File]string
}

// build lowers and links files given as "path", "text" pairs.
func build(t testing.TB, pairs ...string) *world {
	t.Helper()
	w := &world{t: t, text: map[*ir.File]string{}}
	var files []*ir.File
	for i := 0; i < len(pairs); i += 2 {
		f := lowerText(t, pairs[i], pairs[i+1])
		files = append(files, f)
		w.text[f] = pairs[i+1]
	}
	w.Program = New(files, models.Default())
	return w
}

func lowerText(t testing.TB, path, text string) *ir.File {
	t.Helper()
	lang := source.LangOf(path)
	src, err := source.FromBytes(path, lang, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	res := syntax.Parse(context.Background(), src)
	if lang == source.C {
		return clower.Lower(src, res)
	}
	return csharp.Lower(src, res)
}

// file finds a file by path.
func (w *world) file(path string) *ir.File {
	w.t.Helper()
	for _, f := range w.Files {
		if f.Path == path {
			return f
		}
	}
	w.t.Fatalf("no file %s", path)
	return nil
}

// find returns the first instruction in path that want accepts and whose source text is snippet.
func (w *world) find(path, snippet string, want func(*ir.Instr) bool) (*ir.Func, *ir.Instr) {
	w.t.Helper()
	f := w.file(path)
	for _, fn := range f.Funcs {
		for bi := range fn.Blocks() {
			for ii := range fn.Blocks()[bi].Instrs {
				in := &fn.Blocks()[bi].Instrs[ii]
				if want(in) && int(in.Span.End) <= len(w.text[f]) && w.text[f][in.Span.Start:in.Span.End] == snippet {
					return fn, in
				}
			}
		}
	}
	w.t.Fatalf("%s: no instruction for %q", path, snippet)
	return nil, nil
}

func isCall(in *ir.Instr) bool { return in.Op == ir.OpCall && in.Flags&ir.Implicit == 0 }

// call resolves the call whose text is snippet.
func (w *world) call(path, snippet string) *Target {
	w.t.Helper()
	fn, in := w.find(path, snippet, isCall)
	return w.Callee(fn, in)
}

// typeOf is the type of the value whose text is snippet.
func (w *world) typeOf(path, snippet string) ir.Type {
	w.t.Helper()
	fn, in := w.find(path, snippet, func(in *ir.Instr) bool {
		return in.Dst != 0 && (in.Op == ir.OpLoad || in.Op == ir.OpCall || in.Op == ir.OpConst || in.Op == ir.OpCast || in.Op == ir.OpBin || in.Op == ir.OpAwait || in.Op == ir.OpNewArray)
	})
	return w.TypeOf(fn, in.Dst)
}

// fn finds a function by full name.
func (w *world) fn(name string) *ir.Func {
	w.t.Helper()
	for _, f := range w.Funcs() {
		if f.FullName() == name {
			return f
		}
	}
	w.t.Fatalf("no function %s", name)
	return nil
}

// funcs are the targets as "path:Name(param types)", sorted.
func funcs(t *Target) string {
	var out []string
	for _, f := range t.Funcs {
		var ps []string
		for _, v := range f.Params {
			ps = append(ps, strings.TrimSpace(f.Var(v).Ref.String()+" "+string(f.Var(v).Type)))
		}
		out = append(out, f.File.Path+":"+f.FullName()+"("+strings.Join(ps, ",")+")")
	}
	sort.Strings(out)
	return strings.Join(out, " ")
}

// eq fails unless got is want.
func eq[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}
