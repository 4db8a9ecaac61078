// Package registry lists all rules.
//
// In: the families, one folder each. Out: every rule by code, and the answer to
// what a user meant by a code, a name or a prefix.
//
// Invariants, kept by the tests of this package:
//   - Every folder below rules/ is in the list, and every rule in it has one
//     page and one test archive; there is no page without a rule.
//   - Codes and names are unique, and the order is that of the codes.
package registry

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"

	"github.com/pinvet/pinvet/rules"
)

// family is one folder below rules/.
type family struct {
	folder string
	rules  []*rules.Rule
}

// All returns every rule, by code. The slice is the caller's.
func All() []*rules.Rule { return slices.Clone(all()) }

var all = sync.OnceValue(func() []*rules.Rule {
	var list []*rules.Rule
	for _, f := range families {
		for _, r := range f.rules {
			r.Folder = f.folder
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *rules.Rule) int { return strings.Compare(a.Code, b.Code) })
	return list
})

// Find returns the rule of a code or name, in any case. Its error names the
// nearest one.
func Find(what string) (*rules.Rule, error) {
	return find(all(), what)
}

func find(list []*rules.Rule, what string) (*rules.Rule, error) {
	for _, r := range list {
		if strings.EqualFold(r.Code, what) || strings.EqualFold(r.Name, what) {
			return r, nil
		}
	}
	return nil, unknown(list, what)
}

// Select returns the rules that selectors ask for, by code. A selector is a
// code, a name or a prefix of codes such as PIN3; with a "-" in front it takes
// rules away. Selectors work from left to right; if the first takes away, or
// there is none, it starts from all rules.
func Select(selectors []string) ([]*rules.Rule, error) {
	return choose(all(), selectors)
}

func choose(list []*rules.Rule, selectors []string) ([]*rules.Rule, error) {
	on := map[*rules.Rule]bool{}
	start := len(selectors) == 0 || strings.HasPrefix(selectors[0], "-")
	for _, r := range list {
		on[r] = start
	}
	for _, s := range selectors {
		what, off := strings.CutPrefix(s, "-")
		hits := matching(list, what)
		if len(hits) == 0 {
			return nil, unknown(list, what)
		}
		for _, r := range hits {
			on[r] = !off
		}
	}
	var out []*rules.Rule
	for _, r := range list {
		if on[r] {
			out = append(out, r)
		}
	}
	if len(out) == 0 && len(selectors) > 0 {
		return nil, fmt.Errorf("no rule is left by %s", strings.Join(selectors, " "))
	}
	return out, nil
}

// Family returns the rules whose codes begin with a prefix such as PIN3 or PIN3xx, in any case; nil
// when it is no such prefix.
func Family(what string) []*rules.Rule {
	prefix := strings.TrimSuffix(strings.ToUpper(what), "XX")
	if len(prefix) < len("PIN1") || !strings.HasPrefix(prefix, "PIN") {
		return nil
	}
	return matching(all(), prefix)
}

func matching(list []*rules.Rule, what string) (hits []*rules.Rule) {
	prefix := strings.ToUpper(what)
	for _, r := range list {
		isPrefix := len(prefix) >= len("PIN") && strings.HasPrefix(r.Code, prefix)
		if isPrefix || strings.EqualFold(r.Name, what) {
			hits = append(hits, r)
		}
	}
	return hits
}

// unknown says that there is no such rule, and which one is meant perhaps.
func unknown(list []*rules.Rule, what string) error {
	best, distance := "", len(what)/2+1
	for _, r := range list {
		for _, known := range []string{r.Code, r.Name} {
			if d := levenshtein.ComputeDistance(strings.ToLower(what), strings.ToLower(known)); d < distance {
				best, distance = known, d
			}
		}
	}
	if best == "" {
		return fmt.Errorf("no rule is called %q: see pinvet rules", what)
	}
	return fmt.Errorf("no rule is called %q: did you mean %s?", what, best)
}
