package inventory

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
)

const keptReason = "native code keeps the pointer"

// keepLonger marks the pins that end while native code still holds their pointer: whatever ends
// them, they would have to last as long as the owner that native code has for it.
func keepLonger(sites []*Site, r *lifetime.Result) {
	type place struct {
		f    *ir.Func
		span ir.Span
	}
	kept := map[place]bool{}
	for _, ev := range r.Events {
		if ev.Kind != lifetime.NativeKeeps {
			continue
		}
		kept[place{ev.Func, ev.Span}] = true
		if ev.Obj != nil {
			kept[place{ev.Func, ev.Obj.Span}] = true
		}
	}
	if len(kept) == 0 {
		return
	}
	for _, s := range sites {
		if (s.Class == Call || s.Class == Block) && (kept[place{s.Func, s.Span}] || kept[place{s.Func, s.call}]) {
			s.Class, s.Reason = Owner, keptReason
		}
	}
}
