package overlappedc

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN209.md
var overlappedNotZeroedPage string

var overlappedNotZeroed = rules.Define(runOverlappedNotZeroed, rules.Rule{
	Code: "PIN209", Name: "overlapped-not-zeroed", Title: "OVERLAPPED not initialised",
	Langs: []ir.Lang{ir.C}, Severity: rules.Warning, CWE: 457, Since: "0.1.0", Fix: rules.SafeFix, Doc: overlappedNotZeroedPage,
})

func runOverlappedNotZeroed(p *rules.Pass) {
	for ev := range p.Events(lifetime.NotZeroed) {
		r := p.Report(ev, "%s is given to %s with members that were never set", rules.Quote(ev.Field, "the OVERLAPPED"), ev.API)
		mendNotZeroed(p, r, ev)
	}
}

// mendNotZeroed initialises a local where it is declared.
func mendNotZeroed(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	c := p.Code(ev.Func.File)
	if c == nil {
		return
	}
	for i := range ev.Func.NumVars() {
		v := ev.Func.Var(ir.VarID(i))
		if v.Name != ev.Field || v.Kind != ir.VarLocal || v.Flags&ir.Static != 0 {
			continue
		}
		at := c.Word(v.Span, v.Name)
		if at >= 0 && c.Is(at+1, ";", ",") {
			r.Mend(rules.SafeFix, "initialise it where it is declared", c.After(at, " = {0}"))
		}
		return
	}
}
