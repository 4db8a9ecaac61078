package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN114.md
var asyncHandleUsedSyncPage string

//go:embed PIN207.md
var asyncHandleUsedSyncNativePage string

var asyncHandleUsedSync = rules.Define(runAsyncHandleUsedSync, rules.Rule{
	Code: "PIN114", Name: "async-handle-used-sync-managed", Title: "Asynchronous handle used as if it were synchronous",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 628, Since: "0.1.0", Doc: asyncHandleUsedSyncPage,
}, rules.Rule{
	Code: "PIN207", Name: "async-handle-used-sync", Title: "Asynchronous handle used as if it were synchronous",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 628, Since: "0.1.0", Doc: asyncHandleUsedSyncNativePage,
})

func runAsyncHandleUsedSync(p *rules.Pass) {
	for ev := range p.Events(lifetime.NullOverlapped) {
		r := p.Report(ev, "%s was opened for overlapped I/O, but %s gets no OVERLAPPED and may report completion too early",
			rules.Quote(ev.Obj.Var, "the handle"), ev.API)
		if ev.Control {
			// Most control codes complete in the call whatever the handle is.
			r.Severity, r.Confidence = rules.Advice, rules.Low
		}
	}
	for ev := range p.Events(lifetime.CountReadPending) {
		if ev.Func.File.Lang != ir.C || !ev.KnownAsync && !ev.PendingTested {
			continue
		}
		r := p.Report(ev, "%s is not set by %s when the operation is pending: the count comes from GetOverlappedResult",
			rules.Quote(ev.Field, "the byte count"), ev.API)
		r.Severity = rules.Warning
	}
}
