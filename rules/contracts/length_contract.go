package contracts

import (
	_ "embed"
	"fmt"

	"github.com/pinvet/pinvet/analyzers/extent"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN704.md
var lengthContractPage string

var lengthContract = rules.Define(runLengthContract, rules.Rule{
	Code: "PIN704", Name: "length-contract", Title: "C and C# count a buffer in different units",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 131, Since: "0.1.0", Doc: lengthContractPage,
})

func runLengthContract(p *rules.Pass) {
	for ev := range p.Events(lifetime.LengthMismatch) {
		m := ev.Length
		buffer := rules.Quote(ev.Field, "the buffer")
		verb := "reads"
		if m.Write {
			verb = "writes"
		}
		switch {
		case m.Kind == extent.Unbounded:
			r := p.Report(ev, "C function %s writes text into %s by %s and is not told how much room there is",
				rules.Quote(ev.API, ""), buffer, rules.Quote(m.By, "a loop"))
			r.Severity = rules.Warning
		case m.Count == "":
			p.Report(ev, "C function %s %s %d bytes of %s, which has %d", rules.Quote(ev.API, ""), verb, m.Uses, buffer, m.Gives)
		case m.Kind == extent.Under:
			r := p.Report(ev, "C function %s takes `%s` for a number of %s, but gets a number of %s: it %s a part of %s only",
				rules.Quote(ev.API, ""), m.Count, unit(m.Uses), unit(m.Gives), verb, buffer)
			r.Severity = rules.Warning
		default:
			p.Report(ev, "C function %s takes `%s` for a number of %s, but gets a number of %s: it %s past the end of %s",
				rules.Quote(ev.API, ""), m.Count, unit(m.Uses), unit(m.Gives), verb, buffer)
		}
	}
}

// unit names what a count of so many bytes counts.
func unit(bytes int64) string {
	if bytes == 1 {
		return "bytes"
	}
	return fmt.Sprintf("elements of %d bytes", bytes)
}
