package gate

import (
	"strings"
	"testing"
)

// FuzzLines compares two texts. Equal ones have no changed line, lines keep their order, and a line
// that is told to be another one has the same tokens.
func FuzzLines(f *testing.F) {
	f.Add("a\nb c\n", "b\nc\nd")
	f.Add("/* x\n*/ \"a\" 'b'\r\n", "// x\r\"a\n")
	f.Add("f(a);\nf(b);\nf(c);\n", "f(c);\nf(a);\n")
	f.Fuzz(func(t *testing.T, before, now string) {
		for _, text := range []string{before, now} {
			for i, changed := range compare([]byte(text), []byte(text)).changed {
				if changed {
					t.Errorf("line %d of a text and itself differs: %q", i+1, text)
				}
			}
		}
		l := compare([]byte(before), []byte(now))
		a, b := sideOf([]byte(before)), sideOf([]byte(now))
		if len(l.changed) != len(b.keys) || len(l.now) != len(a.keys) {
			t.Fatalf("%d and %d lines of %d and %d", len(l.now), len(l.changed), len(a.keys), len(b.keys))
		}
		last := -1
		for i, to := range l.now {
			switch {
			case to < 0:
				if a.keys[i] == "" {
					continue
				}
			case to >= len(b.keys):
				t.Fatalf("line %d is line %d of %d", i+1, to+1, len(b.keys))
			case strings.TrimSpace(a.keys[i]) == "":
			case to < last:
				t.Errorf("line %d went back to %d behind %d", i+1, to+1, last+1)
			default:
				last = to
			}
		}
		l.touched(0, len(l.changed)+3)
	})
}
