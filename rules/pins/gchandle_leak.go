package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN310.md
var gcHandleLeakPage string

var gcHandleLeak = rules.Define(runGCHandleLeak, rules.Rule{
	Code: "PIN310", Name: "gchandle-leak", Title: "GC handle not freed on a path",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 401, Since: "0.1.0", Fix: rules.SafeFix, Doc: gcHandleLeakPage,
})

func runGCHandleLeak(p *rules.Pass) {
	for ev := range leaks(p, lifetime.GCHandle) {
		r := p.Report(ev, "%s %s: %s can never be collected", handleName(ev.Obj), wayOut(ev), rules.Quote(ev.Obj.Target, "the object"))
		p.MendFinally(r, ev)
	}
	for ev := range forgottenFields(p, lifetime.GCHandle) {
		r := p.Report(ev, "%s", forgottenWay(ev))
		r.Confidence = rules.Medium
	}
	if foreignFreed(p) {
		return
	}
	for ev := range p.Events(lifetime.CookiePassed) {
		r := p.Report(ev, "the GC handle made for %s is never freed: nothing in the project frees a handle that native code hands back", rules.Quote(ev.API, "the call"))
		r.Confidence = rules.Medium
	}
}

// foreignFreed tells whether some function frees a GC handle that it did not make.
func foreignFreed(p *rules.Pass) bool {
	for range p.Events(lifetime.ForeignFreed) {
		return true
	}
	return false
}
