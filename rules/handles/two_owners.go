package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN409.md
var twoOwnersPage string

var twoOwners = rules.Define(runTwoOwners, rules.Rule{
	Code: "PIN409", Name: "two-owners", Title: "Handle with two owners",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 1341, Since: "0.1.0", Fix: rules.SafeFix, Doc: twoOwnersPage,
})

func runTwoOwners(p *rules.Pass) {
	for ev := range p.Events(lifetime.TwoOwners) {
		switch ev.How {
		case lifetime.AtHandover:
			p.Report(ev, "the raw handle of %s gets a second owner by %s: both close it", ownerOf(ev), rules.Quote(ev.API, "this call"))
		case lifetime.AtCall:
			r := p.Report(ev, "%s is not the caller's to close, but gets an owner that closes it", rules.Quote(ev.Field, "what "+maker(ev.Obj)+" gives"))
			if c := p.Code(ev.Func.File); c != nil {
				if i := c.Word(ev.Span, "true"); i >= 0 && c.Is(i+1, ")") {
					r.Mend(rules.SafeFix, "let the owner not close it", c.Replace(i, i+1, "false"))
				}
			}
		case lifetime.AtClose:
			r := p.Report(ev, "%s is closed by %s, and its owner closes it again", rules.Quote(ev.Field, "the handle of "+ownerOf(ev)), rules.Quote(ev.API, "this call"))
			if ev.Obj == nil {
				r.Severity, r.Confidence = rules.Warning, rules.Medium // whether its owner owns it is said elsewhere
			}
		default:
			p.Report(ev, "%s gets a second owner by %s: both close it", rules.Quote(ev.Field, "the handle"), rules.Quote(ev.API, "this call"))
		}
	}
}
