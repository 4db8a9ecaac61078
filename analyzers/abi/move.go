package abi

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Moved says that an edit moved what a file declares, and that the file declares what it did
// (ir.Shape); arms are the arms of its conditional compilation before the edit. All answers stay but
// for their places. It returns false when the edit touches one of those: then a new Result has to be
// made. Nobody may ask the Result anything meanwhile.
func (r *Result) Moved(f *ir.File, move ir.Move, arms []ir.Span) bool {
	if !sameArms(arms, f.Arms, move) {
		return false
	}
	var places []*ir.Span
	for _, ch := range r.checks {
		if ch.File == f {
			for i := range ch.Diffs {
				places = append(places, &ch.Diffs[i].Span)
			}
		}
	}
	for _, s := range r.structs {
		for i := range s.Diffs {
			if s.Diffs[i].File == f {
				places = append(places, &s.Diffs[i].Span)
			}
		}
	}
	if slices.ContainsFunc(places, func(s *ir.Span) bool { return move.Touches(*s) }) {
		return false
	}
	for _, s := range places {
		*s = move.Span(*s)
	}
	return true
}

// sameArms tells whether the arms of conditional compilation are the same after an edit but for their
// places.
func sameArms(old, now []ir.Span, move ir.Move) bool {
	return slices.EqualFunc(old, now, func(a, b ir.Span) bool {
		start, ok := movedOffset(a.Start, move)
		end, ok2 := movedOffset(a.End, move)
		return ok && ok2 && b == ir.Span{Start: start, End: end}
	})
}

// movedOffset is where a place is after an edit that does not lie around it.
func movedOffset(at uint32, move ir.Move) (uint32, bool) {
	switch {
	case at <= move.Start:
		return at, true
	case at >= move.OldEnd:
		return at + move.Delta(), true
	}
	return 0, false
}
