package fix

import (
	"slices"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/rules"
)

// Choice is a finding and the fix of it that is to be applied.
type Choice struct {
	Finding *finding.Finding
	Fix     *finding.Fix
}

// Choose picks, for each finding in turn, its first safe fix, or else its first unsafe one if those
// are allowed. Fixes that make the very same edits count as one. A fix that touches what another one
// changes is left out: its finding is in waiting.
func Choose(fs []*finding.Finding, unsafe bool) (chosen []Choice, waiting []*finding.Finding) {
	var taken []finding.Edit
	for _, f := range fs {
		x := best(f, unsafe)
		if x == nil {
			continue
		}
		fresh, clear := add(taken, x.Edits)
		if !clear {
			waiting = append(waiting, f)
			continue
		}
		taken = append(taken, fresh...)
		chosen = append(chosen, Choice{f, x})
	}
	return chosen, waiting
}

// best is the fix of a finding that is applied, nil if there is none.
func best(f *finding.Finding, unsafe bool) *finding.Fix {
	var second *finding.Fix
	for i := range f.Fixes {
		switch x := &f.Fixes[i]; {
		case len(x.Edits) == 0:
		case x.Safety == rules.SafeFix:
			return x
		case x.Safety == rules.UnsafeFix && unsafe && second == nil:
			second = x
		}
	}
	return second
}

// add returns the edits that are not among taken, and whether none of them touches one of taken.
func add(taken, edits []finding.Edit) (fresh []finding.Edit, clear bool) {
	for _, e := range edits {
		if slices.Contains(taken, e) {
			continue
		}
		if slices.ContainsFunc(taken, func(x finding.Edit) bool { return touches(e, x) }) {
			return nil, false
		}
		fresh = append(fresh, e)
	}
	return fresh, true
}

func touches(a, b finding.Edit) bool {
	return a.Path == b.Path && a.Start.Offset <= b.End.Offset && b.Start.Offset <= a.End.Offset
}

// Edits lists the edits of choices, each once, by path and place.
func Edits(chosen []Choice) (out []finding.Edit) {
	for _, c := range chosen {
		for _, e := range c.Fix.Edits {
			if !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	}
	slices.SortStableFunc(out, compareEdits)
	return out
}
