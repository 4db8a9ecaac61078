package report

import (
	"strings"
	"testing"
)

// TestNearShowsTheSame: of a long line only what is near the mark is laid out, and what is seen is the same.
func TestNearShowsTheSame(t *testing.T) {
	for _, unit := range []string{"abc(d); ", "é𝄞 日本語 x", "\t\ty = 1; ", "a\xffb "} {
		line := strings.Repeat(unit, 400)
		cells, total := layout(line)
		units := cells[len(cells)-1].unit
		for _, start := range []int{1, 2, 141, around, around + 1, around + 3, 2 * around, units / 2, units - 3, units, units + 9} {
			from := columnOf(cells, start, total)
			for _, n := range []int{1, 7, 300} {
				got := view(line, start, start+n)
				to := max(columnOf(cells, start+n, total), from+1)
				left := 0
				if to > maxWidth {
					left = max(0, from-lead)
				}
				tabs := strings.Contains(unit, "\t") // they are as wide as their place lets them
				if want := cut(cells, left, from, to); !tabs && got != want {
					t.Errorf("%q at %d, %d long: %+v, not %+v", unit, start, n, got, want)
				}
				if got.indent < 0 || got.width < 1 || len([]rune(got.text)) > maxWidth+2 {
					t.Errorf("%q at %d, %d long: %+v", unit, start, n, got)
				}
			}
		}
	}
}

// TestNearIsShort: the work for a mark does not grow with its line.
func TestNearIsShort(t *testing.T) {
	line := strings.Repeat("CloseHandle(h); ", 1<<16)
	part, gone := near(line, 1<<19)
	if len(part) > 2*around+1 || line[gone:gone+len(part)] != part {
		t.Errorf("%d bytes from %d", len(part), gone)
	}
}
