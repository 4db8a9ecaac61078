package inventory

import "strings"

// advise says what to do about a site; the reason is that of the class where the advice follows
// from it alone. poh: the target frameworks of the file have the pinned object heap.
func advise(s *Site, poh bool) (Advice, string) {
	array := strings.HasSuffix(strings.TrimSuffix(string(s.Type), "?"), "[]") || strings.HasPrefix(string(s.Type), "Memory<")
	switch {
	case s.Kind == PinnedHeap && s.Class == Block:
		return Pool, s.Reason + ": the pinned object heap is for arrays that live long"
	case s.Kind == PinnedHeap:
		return Leave, s.Reason + "; it never moves and is in nobody's way"
	case s.Class == Process && s.Reason == "nothing frees it":
		return Shorten, s.Reason + ": free it when native code is done with it"
	case s.Class == Process || s.Class == Owner:
		if array && !poh {
			return Pool, s.Reason + ": this target has no pinned object heap, so allocate one large buffer early and share it"
		}
		if array {
			return UsePOH, s.Reason + ": an array that stays pinned fragments the heap it lies in"
		}
		return Leave, s.Reason + "; only arrays can lie on the pinned object heap"
	case s.Class == Operation && (array || s.InLoop):
		return Pool, s.Reason + ": reuse one pinned buffer for all operations"
	case s.Class == Block && strings.HasSuffix(s.Reason, "while it is pinned") && array:
		return Pool, s.Reason + ": reuse one pinned buffer"
	}
	return Leave, s.Reason
}
