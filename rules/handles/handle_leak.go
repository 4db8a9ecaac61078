package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN401.md
var handleLeakPage string

//go:embed PIN402.md
var rawHandleLeakPage string

var handleLeak = rules.Define(runHandleLeak,
	rules.Rule{
		Code: "PIN401", Name: "handle-leak", Title: "Handle not closed on a path",
		Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 775, Since: "0.1.0", Fix: rules.UnsafeFix, Doc: handleLeakPage,
	},
	rules.Rule{
		Code: "PIN402", Name: "raw-handle-leak", Title: "Raw handle not closed on a path",
		Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 775, Since: "0.1.0", Fix: rules.SafeFix, Doc: rawHandleLeakPage,
	},
)

func runHandleLeak(p *rules.Pass) {
	for ev := range leaks(p, leakedHandle) {
		r := reportLost(p, ev, "handle")
		grade(r, ev)
		p.MendLeak(r, ev)
		p.MendFinally(r, ev)
	}
	for ev := range forgottenFields(p) {
		if ev.Func.File.Lang == ir.C {
			p.Report(ev, "`%s.%s` keeps the handle from %s, and nothing closes it%s, although its struct is cleaned up", ev.Owner, ev.Field, maker(ev.Obj), with(ev.Obj)).Severity = rules.Warning
		}
	}
}

// reportLost words the loss of a handle or block.
func reportLost(p *rules.Pass, ev *lifetime.Event, what string) *rules.Raw {
	if ev.How == lifetime.AtDiscard {
		return p.Report(ev, "the %s from %s is not kept, so that nothing can ever release it%s", what, maker(ev.Obj), with(ev.Obj))
	}
	return p.Report(ev, "%s from %s %s%s", rules.Quote(ev.Obj.Var, "the "+what), maker(ev.Obj), wayOut(ev), with(ev.Obj))
}
