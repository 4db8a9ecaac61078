package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN413.md
var ownerCollectedPage string

var ownerCollected = rules.Define(runOwnerCollected, rules.Rule{
	Code: "PIN413", Name: "owner-collected-during-call", Title: "Owner may be collected while its handle is in a call",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 416, Since: "0.1.0", Fix: rules.SafeFix, Doc: ownerCollectedPage,
})

func runOwnerCollected(p *rules.Pass) {
	for ev := range p.Events(lifetime.OwnerCollected) {
		r := p.Report(ev, "%s can be collected while its `%s` is in %s: its finalizer frees that, and nothing uses it after this call",
			rules.Quote(ev.Obj.Var, "the object from "+maker(ev.Obj)), ev.Field, rules.Quote(ev.API, "a native call"))
		mendCollected(p, r, ev)
	}
}

// mendCollected uses the object once more, behind the statement with its last use.
func mendCollected(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	c := p.Code(ev.Func.File)
	name := ev.Obj.Var
	if c == nil || name == "" {
		return
	}
	at := c.At(ev.Span.Start)
	from, to, ok := c.Statement(at)
	if !ok || !ev.Func.Span.Contains(c.Span(from, to)) {
		return
	}
	const text = "keep the object alive until the call has returned"
	alive := "GC.KeepAlive(" + name + ");"
	switch {
	case c.Is(from, "return") && to-from > 2:
		result := c.Fresh(ev.Func.Span, "result")
		edits := c.Around(from, to, nil, []string{alive, "return " + result + ";"})
		r.Mend(rules.SafeFix, text, append([]rules.Edit{c.Replace(from, from+1, "var "+result+" =")}, edits...)...)
	case !c.Is(from, "throw", "yield", "return", "break", "continue", "goto"):
		r.Mend(rules.SafeFix, text, c.Around(from, to, nil, []string{alive})...)
	}
}
