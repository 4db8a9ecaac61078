package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN414.md
var closeOfNothingPage string

var closeOfNothing = rules.Define(runCloseOfNothing, rules.Rule{
	Code: "PIN414", Name: "close-of-nothing", Title: "Release of a handle that was never opened, or failed to open",
	Langs: []ir.Lang{ir.C, ir.CSharp}, Severity: rules.Warning, CWE: 824, Since: "0.1.0", Doc: closeOfNothingPage,
})

func runCloseOfNothing(p *rules.Pass) {
	again := map[released]bool{}
	for ev := range p.Events(lifetime.DoubleRelease) {
		again[released{f: ev.Func, span: ev.Span}] = ev.ByNative
	}
	for ev := range p.Events(lifetime.ReleaseOfFailed, lifetime.ReleaseOfUninit) {
		if !ev.ByNative || again[released{f: ev.Func, span: ev.Span}] {
			continue // the same release closes again what another path closed: PIN404
		}
		name, api := ev.Field, rules.Quote(ev.API, "this call")
		if ev.Obj != nil && ev.Obj.Var != "" {
			name = ev.Obj.Var
		}
		name = rules.Quote(name, "the handle")
		switch {
		case ev.Kind == lifetime.ReleaseOfUninit:
			p.Report(ev, "%s was never given a value on a path that reaches %s", name, api)
		case ev.Obj != nil:
			p.Report(ev, "%s holds the failure value of %s on a path that reaches %s", name, maker(ev.Obj), api)
		default:
			p.Report(ev, "%s holds INVALID_HANDLE_VALUE on a path that reaches %s", name, api)
		}
	}
}
