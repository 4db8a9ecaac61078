package difftest

import (
	"testing"

	"github.com/pinvet/pinvet/internal/check"
)

// TestFilter: a run that looks only at functions of which something can come finds what one finds that
// looks at all of them.
func TestFilter(t *testing.T) {
	SameFindings(t, check.Options{}, check.Options{NoFilter: true})
}
