package pins

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN301.md
var pinLeakPage string

var pinLeak = rules.Define(runPinLeak, rules.Rule{
	Code: "PIN301", Name: "pin-leak", Title: "Pin not released on a path",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 401, Since: "0.1.0", Fix: rules.SafeFix, Doc: pinLeakPage,
})

func runPinLeak(p *rules.Pass) {
	told := map[*ir.Func]bool{}
	for ev := range leaks(p, lifetime.Pin) {
		if g := ev.Obj.ViaCall; g != nil && g.Kind == ir.FuncGetter && !told[g] {
			told[g] = true
			reportGetter(p, ev, g)
		}
		r := p.Report(ev, "%s %s: %s stays pinned for good%s", handleName(ev.Obj), wayOut(ev), rules.Quote(ev.Obj.Target, "the object"), disposable(p, ev))
		if byException(ev) {
			r.Severity = rules.Warning
		}
		p.MendFinally(r, ev)
	}
	for ev := range forgottenFields(p, lifetime.Pin) {
		r := p.Report(ev, "%s", forgottenWay(ev))
		r.Severity, r.Confidence = rules.Warning, rules.Medium
	}
}

// disposable names the pin that frees itself, where all target frameworks have it.
func disposable(p *rules.Pass, ev *lifetime.Event) string {
	if !p.Project(ev.Func.File).Has(project.PinnedGCHandle) || ev.Obj.API != "GCHandle.Alloc" {
		return ""
	}
	return " (a `PinnedGCHandle` in a `using` is freed on all paths)"
}

// reportGetter reports the property that makes a new pin at each access, once some caller was seen
// to lose one.
func reportGetter(p *rules.Pass, ev *lifetime.Event, g *ir.Func) {
	for _, s := range ev.Steps {
		if s.Kind == lifetime.StepPin && s.File == g.File && g.Span.Contains(s.Span) {
			r := p.ReportAt(s.File, s.Span, "each read of the property makes a new pin, and its readers do not free it")
			r.Func = g
			return
		}
	}
}
