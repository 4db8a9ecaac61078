package difftest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/rules/registry"
)

// SameFindings runs both over each of [Trees] and fails t where they find other things. The options
// need not say what to check, and without Rules all of them run.
func SameFindings(t *testing.T, a, b check.Options) {
	t.Helper()
	seen := 0
	for _, tree := range Trees(t) {
		t.Run(tree.Name, func(t *testing.T) {
			x, y := Run(t, tree.Of(a)), Run(t, tree.Of(b))
			seen += len(x.Findings)
			Equal(t, Findings(x.Findings), Findings(y.Findings))
			Equal(t, Findings(x.Suppressed), Findings(y.Suppressed))
		})
	}
	if seen == 0 {
		t.Error("there were no findings to compare")
	}
}

// SameResults is SameFindings for ways that must agree in problems and counts too.
func SameResults(t *testing.T, a, b check.Options) {
	t.Helper()
	for _, tree := range Trees(t) {
		t.Run(tree.Name, func(t *testing.T) {
			x, y := Run(t, tree.Of(a)), Run(t, tree.Of(b))
			Equal(t, Lines(x), Lines(y))
		})
	}
}

// Run is check.Run that must end well.
func Run(t testing.TB, o check.Options) *check.Result {
	t.Helper()
	if o.Rules == nil {
		o.Rules = registry.All()
	}
	res, err := check.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// Findings renders findings with all that they have, one to a line, in their order.
func Findings(fs []*finding.Finding) (out []string) {
	for _, f := range fs {
		text, err := json.Marshal(f)
		if err != nil {
			text = []byte(err.Error())
		}
		out = append(out, fmt.Sprintf("%s:%d: %s %s", f.Path, f.Start.Line, f.Code, text))
	}
	return out
}

// Lines renders all of a result: findings, suppressed ones, problems, what was passed over, counts.
func Lines(r *check.Result) []string {
	out := append(Findings(r.Findings), Findings(r.Suppressed)...)
	for _, p := range r.Problems {
		out = append(out, fmt.Sprintf("problem %+v", p))
	}
	for _, s := range r.Skipped {
		out = append(out, fmt.Sprintf("skipped %+v", s))
	}
	return append(out, fmt.Sprintf("stats %+v", r.Stats))
}

// most is how many lines of a difference are shown.
const most = 10

// Equal fails t where two lists differ, and says what only one of them has.
func Equal(t testing.TB, a, b []string) {
	t.Helper()
	if slices.Equal(a, b) {
		return
	}
	onlyA, onlyB := less(a, b), less(b, a)
	if len(onlyA)+len(onlyB) == 0 {
		t.Error("the same lines in another order")
	}
	for _, side := range []struct {
		mark  string
		lines []string
	}{{"only the first:", onlyA}, {"only the second:", onlyB}} {
		if len(side.lines) > 0 {
			shown := side.lines[:min(most, len(side.lines))]
			t.Errorf("%s %d of them\n%s", side.mark, len(side.lines), strings.Join(shown, "\n"))
		}
	}
}

// less is a without the lines of b, as often as they are there.
func less(a, b []string) (out []string) {
	count := map[string]int{}
	for _, line := range b {
		count[line]++
	}
	for _, line := range a {
		if count[line]--; count[line] < 0 {
			out = append(out, line)
		}
	}
	return out
}
