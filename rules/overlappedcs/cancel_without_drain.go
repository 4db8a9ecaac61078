package overlappedcs

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN111.md
var cancelWithoutDrainPage string

//go:embed PIN202.md
var cancelWithoutDrainNativePage string

var cancelWithoutDrain = rules.Define(runCancelWithoutDrain, rules.Rule{
	Code: "PIN111", Name: "cancel-without-drain", Title: "Cancelled operation not waited for before its storage ends",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Fix: rules.UnsafeFix, Doc: cancelWithoutDrainPage,
}, rules.Rule{
	Code: "PIN202", Name: "cancel-without-drain-native", Title: "Cancelled operation not waited for before its storage ends",
	Langs: []ir.Lang{ir.C}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Fix: rules.UnsafeFix, Doc: cancelWithoutDrainNativePage,
})

func runCancelWithoutDrain(p *rules.Pass) {
	for ev := range p.Events(lifetime.StorageEnds) {
		if !ev.Cancelled || ev.CallbacksDropped || ev.How == lifetime.AtPool {
			continue
		}
		r := p.Report(ev, "%s %s after %s was only asked to stop: cancellation is not completion, and the operation may still use it",
			buffer(ev, "the buffer"), ended[ev.How], ev.API)
		mendDrain(p, r, ev)
	}
	cancelledThenFreed(p)
}

// cancelledThenFreed joins functions that cancel the operations of a structure and free it with those that leave such operations
// pending in structures of that type.
func cancelledThenFreed(p *rules.Pass) {
	started := map[string]*lifetime.Event{}
	for ev := range p.Events(lifetime.StartedInside) {
		if meantAsync(ev) && started[ev.Owner] == nil {
			started[ev.Owner] = ev
		}
	}
	for ev := range p.Events(lifetime.CancelledThenFreed) {
		if s := started[ev.Owner]; s != nil {
			whole := *ev
			whole.Steps = append(s.Steps[:1:1], ev.Steps...)
			p.Report(&whole, "%s is freed after its operations were only asked to stop: cancellation is not completion, and what %s leaves pending on `%s` may still use it",
				rules.Quote(ev.Field, "the structure"), s.Func.Name, s.Field)
		}
	}
}

// ended says what happened to the storage.
var ended = map[lifetime.How]string{
	lifetime.AtReturn:  "ends with the function",
	lifetime.AtThrow:   "ends with the function",
	lifetime.AtScope:   "ends with its block",
	lifetime.AtUnfix:   "is unpinned",
	lifetime.AtUnpin:   "is unpinned",
	lifetime.AtDispose: "is unpinned",
	lifetime.AtFree:    "is freed",
	lifetime.AtClose:   "is closed",
}
