package pins

import (
	_ "embed"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN309.md
var pinCopyFreedPage string

var pinCopyFreed = rules.Define(runPinCopyFreed, rules.Rule{
	Code: "PIN309", Name: "pin-copy-freed", Title: "Handle freed through a copy, or its address used after Free",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 825, Since: "0.1.0", Fix: rules.SafeFix, Doc: pinCopyFreedPage,
})

func runPinCopyFreed(p *rules.Pass) {
	for ev := range p.Events(lifetime.CopyReleased) {
		r := p.Report(ev, "%s works on a copy of the %s `%s`, which still holds the handle afterwards and frees it again next time",
			rules.Quote(ev.API, "the release"), copyWord(ev.How), ev.Field)
		if ev.How == lifetime.OfReadonly {
			mendReadonly(p, r, ev)
		}
	}
	for ev := range p.Events(lifetime.AddressAfterFree) {
		pinned := rules.Quote(ev.Obj.Target, "the object")
		if ev.How == lifetime.AtReturn {
			p.Report(ev, "the address of %s is returned although its pin %s was freed before", pinned, handleName(ev.Obj))
			continue
		}
		p.Report(ev, "the address of %s is used after its pin %s was freed", pinned, handleName(ev.Obj))
	}
}

func copyWord(how lifetime.How) string {
	switch how {
	case lifetime.OfReadonly:
		return "readonly field"
	case lifetime.OfNullable:
		return "nullable"
	}
	return "property"
}

// mendReadonly takes readonly away from the field, if one field of that name is readonly in its type.
func mendReadonly(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	name := ev.Field[strings.LastIndexByte(ev.Field, '.')+1:]
	for _, file := range p.Program.Files {
		for _, f := range file.Fields {
			if f.Name != name || f.Owner != ev.Func.Owner && f.Owner != ev.Owner || f.Flags&ir.ReadOnly == 0 {
				continue
			}
			c := p.Code(file)
			if c == nil {
				return
			}
			from, to, ok := c.Statement(c.At(f.Span.Start))
			if !ok {
				return
			}
			if i := c.Word(c.Span(from, to), "readonly"); i >= 0 && i+1 < to {
				end := c.Tokens[i+1].Span.Start
				r.Mend(rules.SafeFix, "let the field not be readonly", rules.Edit{Loc: rules.Loc{File: file, Span: ir.Span{Start: c.Tokens[i].Span.Start, End: end}}})
			}
			return
		}
	}
}
