package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN302.md
var invertedFreeTestPage string

var invertedFreeTest = rules.Define(runInvertedFreeTest, rules.Rule{
	Code: "PIN302", Name: "inverted-free-test", Title: "Release guarded by an inverted test",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 480, Since: "0.1.0", Fix: rules.SafeFix, Doc: invertedFreeTestPage,
})

func runInvertedFreeTest(p *rules.Pass) {
	for ev := range p.Events(lifetime.InvertedGuard) {
		r := p.Report(ev, "%s is released only where it holds nothing: the test before %s is inverted", rules.Quote(ev.Field, "the handle"), rules.Quote(ev.API, "the release"))
		mendInverted(p, r, ev)
	}
}

// mendInverted turns the test of an if round, whose body is the release alone.
func mendInverted(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	c := p.Code(ev.Func.File)
	if c == nil {
		return
	}
	from, to, ok := c.Statement(c.At(ev.Span.Start))
	if !ok {
		return
	}
	if c.Is(from-1, "{") && c.Is(to, "}") {
		from, to = from-1, to+1
	}
	shut := from - 1
	open := c.Match(shut)
	if open < 0 || !c.Is(shut, ")") || !c.Is(open-1, "if") || c.Is(to, "else") {
		return
	}
	const text = "turn the test round"
	from, to = open+1, shut
	for i := from; i < to; i++ {
		if c.Is(i, "&&", "||", "(", "?") {
			return
		}
	}
	switch mid := c.Word(c.Span(from, to), "=="); {
	case c.Is(from, "!") && mid < 0:
		r.Mend(rules.SafeFix, text, c.Replace(from, from+2, c.Tokens[from+1].Text))
	case mid > from && !c.Is(from, "!"):
		r.Mend(rules.SafeFix, text, c.Replace(mid, mid+1, "!="))
	}
}
