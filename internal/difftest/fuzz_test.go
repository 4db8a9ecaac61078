package difftest

import (
	"context"
	"errors"
	"flag"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/fix"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules/registry"
)

// fuzzing says whether inputs are being made, so that all cases of the rules serve as seeds; a usual
// test run does with a few.
func fuzzing() bool {
	f := flag.Lookup("test.fuzz")
	return f != nil && f.Value.String() != ""
}

// lowered hands out the lowered files.
var lowered = &analysis.Analyzer{
	Name: "lowered", Doc: "the lowered files", Requires: []*analysis.Analyzer{lower.Analyzer}, ResultType: reflect.TypeFor[*lower.Result](),
	Run: func(p *analysis.Pass) (any, error) { return p.ResultOf[lower.Analyzer], nil },
}

// FuzzBoth gives a C# file and a C file that it calls to the whole chain.
func FuzzBoth(f *testing.F) {
	for i, c := range cases(f) {
		if fuzzing() || i%100 == 0 {
			f.Add(c.cs, c.c)
		}
	}
	f.Fuzz(func(t *testing.T, cs, c []byte) { holds(t, map[string][]byte{"a.cs": cs, "n.c": c}) })
}

// FuzzSplice makes texts out of pieces of the rules' cases, so that most of it parses: a script of
// edits, each a few bytes, is carried out on one case. See [splice].
func FuzzSplice(f *testing.F) {
	pool := cases(f)
	for i := range pool {
		if fuzzing() && i%7 == 0 || i%200 == 0 {
			f.Add(uint16(i), []byte{byte(i), byte(i >> 3), 17, byte(i * 5), 2, 2, 9, byte(i), 33, 1})
		}
	}
	f.Fuzz(func(t *testing.T, at uint16, script []byte) {
		c := pool[int(at)%len(pool)]
		cs, native := splice(pool, c, script)
		holds(t, map[string][]byte{"a.cs": cs, "n.c": native})
	})
}

// holds checks what must hold for any text.
func holds(t *testing.T, files map[string][]byte) {
	o := check.Options{Overlay: files, Workers: 1, Rules: registry.All(), Stages: []*analysis.Analyzer{lowered}}
	one := Run(t, o)
	o.Workers = 4
	Equal(t, Lines(one), Lines(Run(t, o)))
	for _, p := range one.Problems {
		if p.Kind == outcome.Internal {
			t.Errorf("%+v", p)
		}
		if text, ok := one.Text(p.Path); ok && p.Line > 1+strings.Count(string(text), "\n")+strings.Count(string(text), "\r") {
			t.Errorf("a problem beyond the end: %+v", p)
		}
	}
	for _, file := range one.Of[lowered].(*lower.Result).Files {
		sound(t, file, len(must(one.Text(file.Path))))
	}
	for _, f := range append(slices.Clone(one.Findings), one.Suppressed...) {
		inside(t, files, f)
	}
	fixes(t, o, one)
}

func must(text []byte, _ bool) []byte { return text }

// sound checks the lowered file.
func sound(t *testing.T, file *ir.File, size int) {
	for _, fn := range file.Funcs {
		if err := ir.Verify(fn); err != nil {
			t.Errorf("%s: %v", file.Path, err)
		}
		for _, at := range []ir.Span{fn.Span, fn.NameSpan} {
			if at.Start > at.End || int(at.End) > size {
				t.Errorf("%s: %s lies at %v of %d bytes", file.Path, fn.FullName(), at, size)
			}
		}
		for bi := range fn.Blocks() {
			for ii := range fn.Blocks()[bi].Instrs {
				if at := fn.Blocks()[bi].Instrs[ii].Span; at.Start > at.End || int(at.End) > size {
					t.Errorf("%s: %s: %s lies at %v of %d bytes", file.Path, fn.FullName(), ir.PrintInstr(fn, &fn.Blocks()[bi].Instrs[ii]), at, size)
				}
			}
		}
	}
}

// inside checks that a finding and all that goes with it lie in their files.
func inside(t *testing.T, files map[string][]byte, f *finding.Finding) {
	spans := []finding.Span{f.Span}
	for _, s := range f.Steps {
		spans = append(spans, s.Span)
	}
	for _, x := range f.Fixes {
		for _, e := range x.Edits {
			spans = append(spans, e.Span)
		}
	}
	for _, s := range spans {
		if s.Start.Line < 1 || s.Start.Column < 1 || s.Start.Offset < 0 || s.End.Offset < s.Start.Offset || s.End.Offset > len(files[s.Path]) {
			t.Errorf("%s: %s: a place outside of the file: %+v", f.Code, f.Message, s)
		}
	}
	if f.Fingerprint == "" || f.Message == "" {
		t.Errorf("a finding without words or identity: %+v", f)
	}
}

// fixes checks that fixes can be applied, and that what they leave parses no worse than before.
func fixes(t *testing.T, o check.Options, res *check.Result) {
	if !slices.ContainsFunc(res.Findings, func(f *finding.Finding) bool { return len(f.Fixes) > 0 }) {
		return
	}
	for _, f := range res.Findings {
		for i := range f.Fixes {
			for path, edits := range byPath(f.Fixes[i].Edits) {
				src, err := source.FromBytes(path, source.LangOf(path), o.Overlay[path])
				if err != nil {
					t.Fatal(err)
				}
				if _, err := fix.Apply(src, edits); err != nil && !errors.Is(err, source.ErrNotEncodable) {
					t.Errorf("%s: %s: %v", f.Code, f.Fixes[i].Text, err)
				}
			}
		}
	}
	files := o.Overlay
	done, err := fix.Run(context.Background(), res, true, func(_ context.Context, changed map[string][]byte) (*check.Result, error) {
		o.Overlay = maps.Clone(files)
		maps.Copy(o.Overlay, changed)
		return Run(t, o), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before, after := unread(res), unread(done.Result)
	for path, n := range after {
		if n > before[path] {
			t.Errorf("%s: %d places were not understood, %d after fixes: %+v", path, before[path], n, done.Fixed)
		}
	}
}

func byPath(edits []finding.Edit) map[string][]finding.Edit {
	out := map[string][]finding.Edit{}
	for _, e := range edits {
		out[e.Path] = append(out[e.Path], e)
	}
	return out
}

// unread counts the places that were not understood, by file.
func unread(res *check.Result) map[string]int {
	out := map[string]int{}
	for _, p := range res.Problems {
		if p.Kind == outcome.NotUnderstood {
			out[p.Path]++
		}
	}
	return out
}
