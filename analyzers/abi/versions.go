package abi

import "github.com/pinvet/pinvet/analyzers/ir"

// dropVersions clears imports that are written for another version of the native code than the one in
// the tree: one arm of a conditional declares a function as it is there, another arm otherwise.
func (r *Result) dropVersions() {
	agrees := map[*ir.Func][]*Check{}
	for _, ch := range r.checks {
		if ch.Source == Tree && ch.Why == "" && len(ch.Diffs) == 0 && ch.Binding.Func != nil {
			agrees[ch.Binding.Func] = append(agrees[ch.Binding.Func], ch)
		}
	}
	for _, ch := range r.checks {
		if ch.Source != Tree || len(ch.Diffs) == 0 {
			continue
		}
		for _, other := range agrees[ch.Binding.Func] {
			if other.File == ch.File && other.Import.Generated == ch.Import.Generated && apart(ch.File, ch.Import.Span, other.Import.Span) {
				ch.Diffs, ch.Why = nil, "another arm of the conditional declares what the tree holds"
				break
			}
		}
	}
}

// apart tells whether two declarations lie in different arms of conditional compilation.
func apart(f *ir.File, a, b ir.Span) bool {
	inA, inB := false, false
	for _, arm := range f.Arms {
		x, y := arm.Contains(a), arm.Contains(b)
		inA, inB = inA || x && !y, inB || y && !x
	}
	return inA && inB
}
