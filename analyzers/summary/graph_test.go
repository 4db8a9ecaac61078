package summary

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// graphOf makes a graph of calls such as "a b c": a calls b and c.
func graphOf(calls ...string) (g *Graph, fn func(string) *ir.Func) {
	file := &ir.File{}
	g = &Graph{first: map[*ir.File]int32{file: 0}}
	byName := map[string]*ir.Func{}
	fn = func(name string) *ir.Func {
		if byName[name] == nil {
			byName[name] = &ir.Func{Name: name, File: file, Index: len(g.funcs)}
			g.funcs, g.known = append(g.funcs, byName[name]), append(g.known, nil)
		}
		return byName[name]
	}
	for _, line := range calls {
		names := strings.Fields(line)
		for _, c := range names[1:] {
			f, to := fn(names[0]), fn(c)
			at, _ := g.index(f)
			called, _ := g.index(to)
			g.note(at).calls = append(g.of(at).calls, called)
		}
	}
	return g, fn
}

func levels(g *Graph) string {
	var out []string
	for _, level := range g.Levels() {
		names := ""
		for _, f := range level {
			names += f.Name
		}
		out = append(out, names)
	}
	return strings.Join(out, " ")
}

func TestLevels(t *testing.T) {
	for name, c := range map[string]struct {
		calls []string
		ask   func(g *Graph, fn func(string) *ir.Func)
		want  string
	}{
		"by calls":                  {[]string{"a b", "b c"}, nil, "c b a"},
		"a recursion has one level": {[]string{"a b", "b c", "c b"}, nil, "bc a"},
		"questions alone": {[]string{"a b", "b c", "c a"}, func(g *Graph, fn func(string) *ir.Func) {
			g.Ask(fn("a"), []*ir.Func{fn("b")})
		}, "b a"},
		"what is expected comes before": {[]string{"a b", "b c"}, func(g *Graph, fn func(string) *ir.Func) {
			g.Ask(fn("a"), []*ir.Func{fn("b")})
			g.Expect(fn("b"), []*ir.Func{fn("c")})
		}, "c b a"},
		"but makes no recursion": {[]string{"a b", "b c", "c a"}, func(g *Graph, fn func(string) *ir.Func) {
			g.Ask(fn("a"), []*ir.Func{fn("b")})
			g.Expect(fn("b"), []*ir.Func{fn("c")})
			g.Expect(fn("c"), []*ir.Func{fn("a")})
		}, "bc a"},
		"nor hides a question about what is not called": {[]string{"a b", "d a"}, func(g *Graph, fn func(string) *ir.Func) {
			g.Ask(fn("a"), []*ir.Func{fn("d")})
			g.Expect(fn("d"), []*ir.Func{fn("a")})
		}, "d a"},
		"what is expected no more does not count": {[]string{"a b", "b a"}, func(g *Graph, fn func(string) *ir.Func) {
			g.Expect(fn("a"), []*ir.Func{fn("b")})
			g.Expect(fn("a"), nil)
			g.Expect(fn("b"), []*ir.Func{fn("a")})
		}, "a b"},
	} {
		g, fn := graphOf(c.calls...)
		if c.ask != nil {
			c.ask(g, fn)
		}
		if got := levels(g); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
