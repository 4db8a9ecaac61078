package check_test

import (
	"context"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules/registry"
)

// TestHostile: any input comes to an end, with work in proportion to its size, and what was too much is
// told. Work is what is allocated: unlike time, it is the same in each run. PINVET_LONG takes the full
// sizes; PINVET_HOSTILE chooses kinds by a regular expression, and lists what each of them cost.
func TestHostile(t *testing.T) {
	part := 32
	switch {
	case long:
		part = 2
	case testing.Short():
		part = 200
	}
	chosen := regexp.MustCompile(os.Getenv("PINVET_HOSTILE"))
	for _, h := range slices.Concat(hostiles, hostileTrees) {
		if !chosen.MatchString(h.name) {
			continue
		}
		t.Run(h.name, func(t *testing.T) {
			work, _ := h.run(t, h.n/part)
			double, res := h.run(t, h.n/part*2)
			const fixed = 8 << 20 // what any run costs, and buffers of powers of two
			if double > 3*work+fixed {
				t.Errorf("size %d: %d kB, twice of that: %d kB", h.n/part, work>>10, double>>10)
			}
			said := func(p outcome.Problem) bool { return strings.Contains(p.Text, h.says) }
			if h.says != "" && (part == 2 || h.soon && part < 200) && !slices.ContainsFunc(res.Problems, said) {
				t.Errorf("nobody says %q: %+v", h.says, res.Problems)
			}
			if h.says == "" && len(res.Problems) > 0 {
				t.Errorf("what is left out? %+v", res.Problems[:min(3, len(res.Problems))])
			}
			if os.Getenv("PINVET_HOSTILE") != "" {
				t.Logf("%d: %d kB, %d: %d kB, %d problems: %v", h.n/part, work>>10, h.n/part*2, double>>10, len(res.Problems), res.Problems[:min(3, len(res.Problems))])
			}
		})
	}
}

// run checks a text of size n and tells how many bytes were allocated for that.
func (h *hostile) run(t *testing.T, n int) (work uint64, res *check.Result) {
	var files map[string][]byte
	if h.files != nil {
		files = h.files(n)
	} else {
		files = map[string][]byte{h.path: []byte(h.text(n))}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	res, err := check.Run(context.Background(), check.Options{
		Overlay: files, Rules: registry.All(), Workers: 1,
		NoFilter: h.says != "", // what is passed over cannot be too much
	})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range res.Problems {
		if p.Kind == outcome.Internal {
			t.Errorf("%+v", p)
		}
	}
	return after.TotalAlloc - before.TotalAlloc, res
}
