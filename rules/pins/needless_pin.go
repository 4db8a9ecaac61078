package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN308.md
var needlessPinPage string

var needlessPin = rules.Define(runNeedlessPin, rules.Rule{
	Code: "PIN308", Name: "needless-pin", Title: "Pinned handle whose address nobody reads",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Advice, Since: "0.1.0", Fix: rules.UnsafeFix, Doc: needlessPinPage,
})

func runNeedlessPin(p *rules.Pass) {
	for ev := range p.Events(lifetime.NeedlessPin) {
		r := p.Report(ev, "%s pins %s but nobody reads the address: a normal handle keeps it alive, and the marshaller pins what an import is given",
			handleName(ev.Obj), rules.Quote(ev.Obj.Target, "the object"))
		if c := p.Code(ev.Obj.Func.File); c != nil {
			if i := c.Word(ev.Obj.Span, "Pinned"); i >= 0 {
				r.Mend(rules.UnsafeFix, "use a handle that does not pin", c.Replace(i, i+1, "Normal"))
			}
		}
	}
}
