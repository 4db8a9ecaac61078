package gate

import (
	"strings"

	"github.com/pinvet/pinvet/internal/finding"
)

// lines relates two texts of one file, line by line.
type lines struct {
	changed []bool // for each line now (from 0): whether it is another one than before
	now     []int  // for each line before (from 0): its line now (from 0), or -1
}

// compare relates two texts. White space counts for nothing: neither in a line, nor where
// statements are broken. Comments that are changed have not changed the code.
func compare(before, now []byte) *lines {
	a, b := keysOf(before), keysOf(now)
	d := &differ{a: a, b: b, out: &lines{changed: make([]bool, len(b)), now: make([]int, len(a))}}
	for i := range d.out.now {
		d.out.now[i] = -1
	}
	for i := range d.out.changed {
		d.out.changed[i] = true
	}
	d.match(0, len(a), 0, len(b))
	d.settle(rawLines(before), rawLines(now))
	return d.out
}

func rawLines(text []byte) []string {
	s := strings.ReplaceAll(string(text), "\r\n", "\n")
	return strings.Split(strings.ReplaceAll(s, "\r", "\n"), "\n")
}

// keysOf returns the lines without their white space.
func keysOf(text []byte) []string {
	ls := rawLines(text)
	for i, l := range ls {
		if strings.IndexAny(l, " \t\f\v") >= 0 {
			ls[i] = strings.Join(strings.Fields(l), "")
		}
	}
	return ls
}

type differ struct {
	a, b []string
	out  *lines
}

// match pairs the equal lines of a[i:j] and b[k:l]: those at both ends, then those that are unique on both sides and in
// the same order, and so on between them.
func (d *differ) match(i, j, k, l int) {
	for i < j && k < l && d.a[i] == d.b[k] {
		d.same(i, k)
		i, k = i+1, k+1
	}
	for i < j && k < l && d.a[j-1] == d.b[l-1] {
		j, l = j-1, l-1
		d.same(j, l)
	}
	if i == j || k == l {
		return
	}
	anchors := d.anchors(i, j, k, l)
	for _, at := range anchors {
		d.match(i, at[0], k, at[1])
		d.same(at[0], at[1])
		i, k = at[0]+1, at[1]+1
	}
	if len(anchors) > 0 {
		d.match(i, j, k, l)
	}
}

func (d *differ) same(i, k int) { d.out.now[i], d.out.changed[k] = k, false }

// anchors are the longest rising sequence of pairs of lines that are unique in both parts.
func (d *differ) anchors(i, j, k, l int) [][2]int {
	type count struct{ a, b, at, to int }
	counts := make(map[string]*count, j-i)
	for x := i; x < j; x++ {
		c := counts[d.a[x]]
		if c == nil {
			c = &count{}
			counts[d.a[x]] = c
		}
		c.a, c.at = c.a+1, x
	}
	for y := k; y < l; y++ {
		if c := counts[d.b[y]]; c != nil {
			c.b, c.to = c.b+1, y
		}
	}
	var pairs [][2]int
	for x := i; x < j; x++ {
		if c := counts[d.a[x]]; c.a == 1 && c.b == 1 {
			pairs = append(pairs, [2]int{c.at, c.to})
		}
	}
	return rising(pairs)
}

// rising is the longest subsequence of pairs, which rise in their first number, that rises in the second one.
func rising(pairs [][2]int) [][2]int {
	var tails []int // tails[n]: the pair with the lowest end of the rising sequences of n+1 pairs
	before := make([]int, len(pairs))
	for p, at := range pairs {
		lo, hi := 0, len(tails)
		for lo < hi {
			if mid := (lo + hi) / 2; pairs[tails[mid]][1] < at[1] {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		before[p] = -1
		if lo > 0 {
			before[p] = tails[lo-1]
		}
		if lo == len(tails) {
			tails = append(tails, p)
		} else {
			tails[lo] = p
		}
	}
	out := make([][2]int, len(tails))
	if len(tails) == 0 {
		return out
	}
	for n, p := len(tails)-1, tails[len(tails)-1]; n >= 0; n, p = n-1, before[p] {
		out[n] = pairs[p]
	}
	return out
}

// settle looks at each place where lines differ, and takes the change back where the code is the same: lines that were broken
// otherwise, blank lines, comments.
func (d *differ) settle(before, now []string) {
	i := 0
	for k := 0; k <= len(d.b); {
		end := k
		for end < len(d.b) && d.out.changed[end] {
			end++
		}
		j := len(d.a)
		if end < len(d.b) {
			for j = i; d.out.now[j] != end; {
				j++
			}
		}
		if end > k && sameCode(before[i:j], now[k:end]) {
			for x := k; x < end; x++ {
				d.out.changed[x] = false
			}
			if j-i == end-k {
				for x := range j - i {
					d.out.now[i+x] = k + x
				}
			}
		}
		i, k = j+1, end+1
	}
}

func sameCode(before, now []string) bool {
	a, b := strings.Join(before, "\n"), strings.Join(now, "\n")
	return openComments(a) == openComments(b) && finding.Normalise(a) == finding.Normalise(b)
}

// openComments is how many comments begin in a text without ending there, or the other way round.
func openComments(s string) int { return strings.Count(s, "/*") - strings.Count(s, "*/") }

// touched tells whether one of the lines from..to (from 1, both included) has changed.
func (l *lines) touched(from, to int) bool {
	for n := max(from, 1); n <= to && n <= len(l.changed); n++ {
		if l.changed[n-1] {
			return true
		}
	}
	return false
}
