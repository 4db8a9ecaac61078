package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN403.md
var wrongSentinelPage string

var wrongSentinel = rules.Define(runWrongSentinel, rules.Rule{
	Code: "PIN403", Name: "wrong-sentinel", Title: "Handle compared with a value that does not mean failure",
	Langs: []ir.Lang{ir.C, ir.CSharp}, Severity: rules.Error, CWE: 253, Since: "0.1.0", Fix: rules.SafeFix, Doc: wrongSentinelPage,
})

func runWrongSentinel(p *rules.Pass) {
	for ev := range p.Events(lifetime.WrongSentinel) {
		if ev.Obj == nil {
			r := p.Report(ev, "%s may hold INVALID_HANDLE_VALUE here, which this comparison lets through to %s", rules.Quote(ev.Field, "the handle"), rules.Quote(ev.API, "a release"))
			r.Severity = rules.Warning
			mendSentinel(p, r, ev)
			continue
		}
		name := rules.Quote(ev.Obj.Var, "the result")
		if ev.Obj.Kind == lifetime.SafeHandle && ev.How != lifetime.OfNumber {
			mendSentinel(p, p.Report(ev, "%s from %s is a SafeHandle, which is never null: only IsInvalid tells that the call failed", name, maker(ev.Obj)), ev)
			continue
		}
		r := p.Report(ev, "%s is compared with %s, but %s returns %s when it fails", name, sentinel(ev, ev.Value), rules.Quote(ev.API, "the call"),
			sentinel(ev, failureOf(ev)))
		mendSentinel(p, r, ev)
	}
}

// failureOf is the first value that means failure.
func failureOf(ev *lifetime.Event) int64 {
	if q := ev.Obj.Acquire; q != nil && len(q.Invalid) > 0 {
		return q.Invalid[0]
	}
	return 0
}

// sentinel names 0 and -1 as the language at hand does.
func sentinel(ev *lifetime.Event, n int64) string {
	switch {
	case n != 0:
		return "INVALID_HANDLE_VALUE (-1)"
	case ev.Func.File.Lang == ir.CSharp:
		return "zero"
	}
	return "NULL"
}
