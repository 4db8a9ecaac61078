package overlappedcs

import (
	"iter"

	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

// code is the rule that an end of storage in C# belongs to, "" if it belongs to none here.
func code(ev *lifetime.Event) string {
	if ev.Kind != lifetime.StorageEnds || !meantAsync(ev) {
		return ""
	}
	overlapped := ev.Use == lifetime.UseOverlapped
	switch {
	case ev.How == lifetime.AtPool:
		return "PIN110"
	case ev.Cancelled:
		return "PIN111"
	case ev.How == lifetime.AtUnfix && !overlapped:
		return "PIN101"
	case ev.How == lifetime.AtUnpin && gcHandle(ev):
		return "PIN103"
	case ev.How == lifetime.AtUnpin, ev.How == lifetime.AtDispose:
		return "PIN102"
	case ev.How == lifetime.AtFree:
		return "PIN108"
	case ev.How == lifetime.AtClose:
		return ""
	case ev.Use == lifetime.UseBuffer:
		return "PIN112"
	}
	return "PIN106"
}

// gcHandle tells whether the pin that ended is a GCHandle, which is freed by hand.
func gcHandle(ev *lifetime.Event) bool {
	return ev.Obj != nil && (ev.Obj.API == "GCHandle.Alloc" || ev.Obj.API == "new GCHandle")
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

// buffer names what ended: what is pinned, or the variable that was passed.
func buffer(ev *lifetime.Event, otherwise string) string {
	switch {
	case ev.Obj != nil && ev.Obj.Target != "":
		return rules.Quote(ev.Obj.Target, otherwise)
	case ev.Obj != nil && ev.Obj.Var != "":
		return rules.Quote(ev.Obj.Var, otherwise)
	}
	return rules.Quote(ev.Field, otherwise)
}

// late says why the operation is still under way, for messages.
func late(ev *lifetime.Event) string {
	if ev.TimedOut {
		return ", because a wait that timed out does not end it"
	}
	return ""
}

// user says who uses what ends.
func user(ev *lifetime.Event) string { return userOf(ev, "it") }

func userOf(ev *lifetime.Event, what string) string {
	if ev.HeldBy != "" {
		return ev.HeldBy
	}
	return ev.API + " may still use " + what
}
