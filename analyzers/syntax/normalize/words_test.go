package normalize

import "testing"

// Shapes leave out no word of their table, and most others.
func TestShapes(t *testing.T) {
	table := cWords()
	for w := range table.words {
		if !table.shape.may([]byte(w)) {
			t.Errorf("%s is left out", w)
		}
	}
	for w := range cKeywords {
		if !keywordShapes.may([]byte(w)) {
			t.Errorf("%s is left out", w)
		}
	}
	if keywordShapes.may([]byte("length_of_it")) || keywordShapes.may([]byte("x")) {
		t.Error("what is no keyword is searched for")
	}
}
