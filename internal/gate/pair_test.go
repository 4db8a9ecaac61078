package gate

import (
	"slices"
	"testing"

	"github.com/pinvet/pinvet/internal/baseline"
)

func entry(path, function, print, place string) baseline.Entry {
	return baseline.Entry{Path: path, Code: "PIN401", Function: function, Subject: "h", Fingerprint: print, Place: place}
}

func TestPair(t *testing.T) {
	a := entry("a.c", "f", "1", "p")
	was := func(e baseline.Entry, t trail) known { return known{e, t} }
	for name, c := range map[string]struct {
		now    []candidate
		before []known
		want   []int
	}{
		"same":              {[]candidate{{a, 5}}, []known{was(a, trail{})}, []int{0}},
		"each once":         {[]candidate{{a, 5}, {a, 9}}, []known{was(a, trail{})}, []int{0, -1}},
		"the line decides":  {[]candidate{{a, 5}, {a, 9}}, []known{was(a, trail{line: 9})}, []int{-1, 0}},
		"file renamed":      {[]candidate{{entry("b.c", "f", "1", "p"), 5}}, []known{was(a, trail{gone: true, moved: true})}, []int{0}},
		"copied":            {[]candidate{{entry("b.c", "f", "1", "p"), 5}}, []known{was(a, trail{})}, []int{-1}},
		"function renamed":  {[]candidate{{entry("a.c", "g", "2", "p"), 5}}, []known{was(a, trail{moved: true})}, []int{0}},
		"another function":  {[]candidate{{entry("a.c", "g", "2", "p"), 5}}, []known{was(a, trail{})}, []int{-1}},
		"statement edited":  {[]candidate{{entry("a.c", "f", "2", "q"), 5}}, []known{was(a, trail{})}, []int{0}},
		"type and file":     {[]candidate{{entry("N.cs", "N.f", "2", "p"), 5}}, []known{was(entry("M.cs", "M.f", "1", "p"), trail{gone: true, moved: true})}, []int{0}},
		"type, other file":  {[]candidate{{entry("N.cs", "N.g", "2", "p"), 5}}, []known{was(entry("M.cs", "M.f", "1", "p"), trail{gone: true, moved: true})}, []int{-1}},
		"the strongest one": {[]candidate{{a, 5}, {entry("a.c", "f", "2", "q"), 9}}, []known{was(entry("a.c", "f", "2", "q"), trail{}), was(a, trail{})}, []int{1, 0}},
	} {
		if got := pair(c.now, c.before); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
