package imports

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN506.md
var exceptionCrossesNativePage string

var exceptionCrossesNative = rules.Define(runExceptionCrossesNative, rules.Rule{
	Code: "PIN506", Name: "exception-crosses-native", Title: "Exception may cross a native frame",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 248, Since: "0.1.0", Doc: exceptionCrossesNativePage,
})

func runExceptionCrossesNative(p *rules.Pass) {
	for ev := range p.Events(lifetime.ThrowsIntoNative) {
		r := p.Report(ev, "native code calls %s, and an exception that leaves it ends the process or corrupts the native caller", rules.Quote(ev.Field, "the lambda"))
		r.Subject = ev.Field
	}
}
