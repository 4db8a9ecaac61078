package kernel

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN801.md
var kernelHandleLeakPage string

var kernelHandleLeak = rules.Define(runKernelHandleLeak, rules.Rule{
	Code: "PIN801", Name: "kernel-handle-leak", Title: "Handle not closed on a path in kernel mode",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 775, Since: "0.1.0", Fix: rules.UnsafeFix,
	Doc: kernelHandleLeakPage,
})

func runKernelHandleLeak(p *rules.Pass) {
	for ev := range losses(p, isHandle) {
		r := p.Report(ev, "%s from %s %s%s", rules.Quote(ev.Obj.Var, "the handle"), rules.Quote(ev.Obj.API, "a call"), wayOut(ev, "closed"), with(ev.Obj))
		p.MendLeak(r, ev)
	}
}

func isHandle(ev *lifetime.Event) bool {
	q := ev.Obj.Acquire
	return ev.Obj.Kind == lifetime.Handle && q != nil && q.Class == models.ClassKernelHandle && q.Confidence != models.Unverified
}
