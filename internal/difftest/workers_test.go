package difftest

import (
	"testing"

	"github.com/pinvet/pinvet/internal/check"
)

// TestWorkers: what is found, and all that is said beside it, is the same for any number of workers.
func TestWorkers(t *testing.T) {
	SameResults(t, check.Options{Workers: 1}, check.Options{Workers: 4})
}

// TestEqual: a helper that never fails would prove nothing.
func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b []string
		same bool
	}{
		{nil, nil, true},
		{[]string{"a", "b"}, []string{"a", "b"}, true},
		{[]string{"a", "b"}, []string{"b", "a"}, false},
		{[]string{"a", "a"}, []string{"a"}, false},
		{[]string{"a"}, []string{"a", "a"}, false},
	} {
		probe := &recorder{TB: t}
		Equal(probe, c.a, c.b)
		if probe.failed == c.same {
			t.Errorf("%q and %q: same is not %v", c.a, c.b, c.same)
		}
	}
}

// recorder is a test that notes that it failed.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Error(...any)          { r.failed = true }
func (r *recorder) Errorf(string, ...any) { r.failed = true }
