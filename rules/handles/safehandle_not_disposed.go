package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN411.md
var safeHandleNotDisposedPage string

var safeHandleNotDisposed = rules.Define(runSafeHandleNotDisposed, rules.Rule{
	Code: "PIN411", Name: "safehandle-not-disposed", Title: "Owner of a native handle not disposed",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 772, Since: "0.1.0", Fix: rules.UnsafeFix, Doc: safeHandleNotDisposedPage,
})

func runSafeHandleNotDisposed(p *rules.Pass) {
	for ev := range p.Events(lifetime.OwnerDropped) {
		if !lateMatters(ev) {
			continue
		}
		r := p.Report(ev, "%s from %s %s", rules.Quote(ev.Obj.Var, "the owner"), maker(ev.Obj), notDisposed(ev))
		p.MendUsing(r, ev)
	}
}

// notDisposed words how the owner is lost.
func notDisposed(ev *lifetime.Event) string {
	switch {
	case ev.How == lifetime.AtDiscard:
		return "is not kept, so that only the finalizer can close its handle"
	case ev.How == lifetime.AtThrow:
		return "is not disposed when an exception leaves " + ev.Func.Name
	case ev.EveryPath:
		return "is never disposed"
	}
	return "is not disposed on a path that leaves " + ev.Func.Name
}

// lateMatters tells whether a dropped owner is worth a finding. Its handle is closed some time later
// by a finalizer, which nobody asks about at the end of a program. What a call gives by an out
// parameter is there only if the call succeeded, and how that is tested is not always seen: it must
// be dropped on all ways.
func lateMatters(ev *lifetime.Event) bool {
	if lifetime.EndsProcess(ev.Func) && !ev.InLoop {
		return false
	}
	q := ev.Obj.Acquire
	if q != nil && (q.Class == models.ClassHeapMemory || q.Class == models.ClassMappedMemory) {
		return false // memory that comes back late is nothing that somebody waits for
	}
	return ev.EveryPath || q == nil || q.IsReturn() || ev.Obj.API[:min(4, len(ev.Obj.API))] == "new "
}
