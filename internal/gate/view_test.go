package gate

import "testing"

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		root, p string
		want    bool
	}{
		{".", "a.c", true}, {".", "d/a.c", true}, {".", "../a.c", false}, {".", "..a.c", true},
		{"d", "d/a.c", true}, {"d", "da.c", false}, {"d/a.c", "d/a.c", true}, {"d", "../d/a.c", false},
		{"..", "a.c", true}, {"..", "../a.c", true}, {"..", "../d/a.c", true}, {"..", "../../a.c", false},
		{"../..", "../d/a.c", true}, {"../..", "../../a.c", true},
		{"../d", "../d/a.c", true}, {"../d", "../e/a.c", false}, {"../d", "a.c", false},
	} {
		if got := within(c.root, c.p); got != c.want {
			t.Errorf("within(%s, %s) = %v", c.root, c.p, got)
		}
	}
}
