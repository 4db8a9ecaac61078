package overlappedc

import (
	"iter"

	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/rules"
)

// code is the rule that an end of storage in C belongs to, "" if it belongs to none here.
func code(ev *lifetime.Event) string {
	if ev.Kind != lifetime.StorageEnds || !meantAsync(ev) {
		return ""
	}
	switch {
	case ev.CallbacksDropped:
		return "PIN210"
	case ev.Cancelled:
		return "" // PIN202
	case ev.TimedOut:
		return "PIN206"
	case ev.ResultTested && !ev.PendingTested && !ev.ErrorRead && !pendingSucceeds(ev):
		return "PIN211"
	case ev.How == lifetime.AtFree:
		return "PIN203"
	case ev.How == lifetime.AtClose:
		return "PIN205"
	}
	return "PIN201"
}

// pendingSucceeds tells whether the result that means "pending" passes a test for success, as
// STATUS_PENDING does.
func pendingSucceeds(ev *lifetime.Event) bool {
	return ev.Op != nil && ev.Op.Native != nil && ev.Op.Native.Overlapped != nil && ev.Op.Native.Overlapped.Kind == models.OvNT
}

// meantAsync tells whether the code shows that the operation may stay pending at all. An OVERLAPPED
// that only carries an offset to a synchronous handle is no defect.
func meantAsync(ev *lifetime.Event) bool { return ev.KnownAsync || ev.AsyncSeen }

// ends returns the ends of storage that belong to one rule.
func ends(p *rules.Pass, rule string) iter.Seq[*lifetime.Event] {
	return func(yield func(*lifetime.Event) bool) {
		for ev := range p.Events(lifetime.StorageEnds) {
			if code(ev) == rule && !yield(ev) {
				return
			}
		}
	}
}

// storage names what ended.
func storage(ev *lifetime.Event) string {
	what := map[lifetime.Use]string{
		lifetime.UseBuffer: "the buffer", lifetime.UseOverlapped: "the OVERLAPPED", lifetime.UseEvent: "the event",
	}[ev.Use]
	return rules.Quote(ev.Field, what)
}

// ended says what happened to the storage.
var ended = map[lifetime.How]string{
	lifetime.AtReturn: "ends with the function",
	lifetime.AtThrow:  "ends with the function",
	lifetime.AtScope:  "ends with its block",
	lifetime.AtFree:   "is freed",
	lifetime.AtClose:  "is closed",
}
