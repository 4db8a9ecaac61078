package contracts

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN705.md
var allocatorMismatchPage string

var allocatorMismatch = rules.Define(runAllocatorMismatch, rules.Rule{
	Code: "PIN705", Name: "allocator-mismatch", Title: "C and C# disagree on who releases something, or how",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 762, Since: "0.1.0", Doc: allocatorMismatchPage,
})

func runAllocatorMismatch(p *rules.Pass) {
	for ev := range p.Events(lifetime.WrongRelease, lifetime.NativeText, lifetime.NativeCloses, lifetime.Leak) {
		switch ev.Kind {
		case lifetime.WrongRelease:
			if ev.AcrossBorder() {
				reportWrongFree(p, ev)
			}
		case lifetime.NativeText:
			reportText(p, ev)
		case lifetime.NativeCloses:
			p.Report(ev, "C function %s closes the handle in %s, and the SafeHandle closes it again",
				rules.Quote(ev.API, "it goes to"), rules.Quote(ev.Field, "the SafeHandle"))
		case lifetime.Leak:
			if ev.Unfreed == "" {
				continue
			}
			r := p.Report(ev, "%s, which the C side allocated by %s, is never freed: nothing in the C# code calls %s",
				rules.Quote(ev.Obj.Var, "the block"), rules.Quote(ev.Obj.API, "malloc"), rules.Quote(ev.Unfreed, "its free function"))
			r.Severity = rules.Warning
		}
	}
}

func reportWrongFree(p *rules.Pass, ev *lifetime.Event) {
	if ev.Obj.Member != nil {
		p.Report(ev, "%s from %s is freed in C by %s, which does not free such a block",
			rules.Quote(ev.Obj.Var, "the block"), rules.Quote(ev.Obj.API, "C#"), rules.Quote(ev.API, "a call"))
		return
	}
	p.Report(ev, "%s was allocated in C by %s and is freed by %s, which frees blocks of another heap",
		rules.Quote(ev.Obj.Var, "the block"), rules.Quote(ev.Obj.API, "malloc"), rules.Quote(ev.API, "a call"))
}

func reportText(p *rules.Pass, ev *lifetime.Event) {
	if ev.Obj == nil {
		p.Report(ev, "C function %s returns a constant, but the marshaller frees what an import returns as a string",
			rules.Quote(ev.API, "it calls"))
		return
	}
	p.Report(ev, "C function %s returns a block from %s, but the marshaller frees what an import returns as a string with CoTaskMemFree",
		rules.Quote(ev.API, "it calls"), rules.Quote(ev.Obj.API, "malloc"))
}
