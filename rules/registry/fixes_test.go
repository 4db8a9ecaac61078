package registry

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/rules"
)

// TestPagesSayWhatFixesDo holds the beginning of "Fix safety" to the card; the test archives hold the
// card to the code.
func TestPagesSayWhatFixesDo(t *testing.T) {
	begins := map[rules.FixSafety]string{rules.NoFix: "No edit is offered", rules.SafeFix: "Safe", rules.UnsafeFix: "Unsafe"}
	for _, r := range All() {
		_, rest, _ := strings.Cut(r.Doc, "\n## Fix safety\n\n")
		if want := begins[r.Fix]; !strings.HasPrefix(rest, want) {
			t.Errorf("%s: the card says that its fix is %s, so \"Fix safety\" begins with %q", r.Code, r.Fix, want)
		}
	}
}
