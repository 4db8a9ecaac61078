package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN412.md
var nativeMemoryLeakPage string

var nativeMemoryLeak = rules.Define(runNativeMemoryLeak, rules.Rule{
	Code: "PIN412", Name: "native-memory-leak", Title: "Native block not freed on a path, or freed by the wrong function",
	Langs: []ir.Lang{ir.C, ir.CSharp}, Severity: rules.Warning, CWE: 401, Since: "0.1.0", Fix: rules.SafeFix, Doc: nativeMemoryLeakPage,
})

func runNativeMemoryLeak(p *rules.Pass) {
	for ev := range leaks(p, leakedMemory) {
		if carved(ev) {
			continue
		}
		r := reportLost(p, ev, "block")
		p.MendLeak(r, ev)
		p.MendFinally(r, ev)
		if ev.How == lifetime.AtThrow {
			r.Confidence = rules.Medium
		}
	}
	for ev := range p.Events(lifetime.WrongRelease) {
		if ev.Obj != nil && ev.Obj.Kind == lifetime.Memory && !ev.AcrossBorder() {
			r := p.Report(ev, "%s from %s is freed by %s, which does not free such a block (%s does)",
				rules.Quote(ev.Obj.Var, "the block"), maker(ev.Obj), rules.Quote(ev.API, "a call"), releaser(ev.Obj))
			mendCloser(p, r, ev)
		}
	}
}

// carved tells whether the block may be a part of pages that an allocator of the code's own asked
// for: a helper gave it and nothing here gives it back as pages, or it came through helpers of helpers.
func carved(ev *lifetime.Event) bool {
	o := ev.Obj
	if o.ViaCall == nil || o.Acquire == nil || o.Acquire.Kind != "VIRTUAL_MEM" {
		return false
	}
	calls := 0
	for _, s := range ev.Steps {
		if s.Kind == lifetime.StepCall {
			calls++
		}
	}
	return calls > 1 || !ev.Paired
}
