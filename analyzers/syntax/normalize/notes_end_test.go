package normalize

import (
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

// TestNotePlaceAtTheEnd: the search for a line ends with the text.
func TestNotePlaceAtTheEnd(t *testing.T) {
	for _, text := range []string{"class {", "int x;", "a\nb", "{"} {
		if at, ok := NotePlace(source.CSharp, []byte(text), len(text)); ok && at > len(text) {
			t.Errorf("%q: %d", text, at)
		}
	}
}
