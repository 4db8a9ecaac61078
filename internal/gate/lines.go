package gate

import "strings"

// lines relates two texts of one file.
type lines struct {
	changed []bool // for each line now (from 0): whether it has something that was not there
	now     []int  // for each line before (from 0): its line now (from 0), or -1 where some of it is gone
}

// compare relates two texts by their tokens, so that neither white space and comments nor where
// lines are broken make a difference.
func compare(before, now []byte) *lines {
	d := &differ{a: sideOf(before), b: sideOf(now)}
	d.partner = make([]int, len(d.a.tokens))
	for i := range d.partner {
		d.partner[i] = -1
	}
	d.lines(0, len(d.a.keys), 0, len(d.b.keys))
	return d.result()
}

// touched tells whether one of the lines from..to (from 1, both included) has changed.
func (l *lines) touched(from, to int) bool {
	for n := max(from, 1); n <= to && n <= len(l.changed); n++ {
		if l.changed[n-1] {
			return true
		}
	}
	return false
}

// side is one of the two texts.
type side struct {
	tokens []token
	starts []int    // the first token of each line, and the end
	keys   []string // what stands in each line
}

func sideOf(text []byte) side {
	tokens, count := tokensOf(text)
	s := side{tokens: tokens, starts: make([]int, count+1), keys: make([]string, count)}
	var b strings.Builder
	for line, i := 0, 0; line < count; line++ {
		s.starts[line] = i
		b.Reset()
		for ; i < len(tokens) && tokens[i].line == line; i++ {
			b.WriteString(tokens[i].text)
			b.WriteByte(' ')
		}
		s.keys[line] = b.String()
	}
	s.starts[count] = len(tokens)
	return s
}

type differ struct {
	a, b    side
	partner []int // for each token of a its token of b, or -1
}

// lines pairs what is in the lines i..j-1 of a and k..l-1 of b: lines that are unique on both sides and in the same
// order are the same, and so on between them, until tokens decide.
func (d *differ) lines(i, j, k, l int) {
	if i == j || k == l {
		return
	}
	anchors := d.anchors(i, j, k, l)
	if len(anchors) == 0 {
		d.tokens(d.a.starts[i], d.a.starts[j], d.b.starts[k], d.b.starts[l])
		return
	}
	for _, at := range anchors {
		d.lines(i, at[0], k, at[1])
		d.tokens(d.a.starts[at[0]], d.a.starts[at[0]+1], d.b.starts[at[1]], d.b.starts[at[1]+1])
		i, k = at[0]+1, at[1]+1
	}
	d.lines(i, j, k, l)
}

// anchors are the longest rising sequence of pairs of lines that are unique in both parts. Brackets and the like
// are no anchors: which one belongs to which, their surroundings say.
func (d *differ) anchors(i, j, k, l int) [][2]int {
	const telling = 12 // characters, with the blanks between tokens
	type count struct{ a, b, to int }
	counts := make(map[string]*count, j-i)
	for x := i; x < j; x++ {
		if key := d.a.keys[x]; len(key) >= telling {
			if counts[key] == nil {
				counts[key] = &count{}
			}
			counts[key].a++
		}
	}
	for y := k; y < l; y++ {
		if c := counts[d.b.keys[y]]; c != nil {
			c.b, c.to = c.b+1, y
		}
	}
	var pairs [][2]int
	for x := i; x < j; x++ {
		if c := counts[d.a.keys[x]]; c != nil && c.a == 1 && c.b == 1 {
			pairs = append(pairs, [2]int{x, c.to})
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
	for n, p := len(tails)-1, -1; n >= 0; n-- {
		if p < 0 {
			p = tails[n]
		} else {
			p = before[p]
		}
		out[n] = pairs[p]
	}
	return out
}

// tokens pairs the tokens i..j-1 of a and k..l-1 of b. Those at the beginning pair first, so that code that was put behind its like is
// what is new.
func (d *differ) tokens(i, j, k, l int) {
	a, b := d.a.tokens, d.b.tokens
	for i < j && k < l && a[i].text == b[k].text {
		d.partner[i] = k
		i, k = i+1, k+1
	}
	for i < j && k < l && a[j-1].text == b[l-1].text {
		j, l = j-1, l-1
		d.partner[j] = l
	}
	if i < j && k < l {
		d.shortest(i, j, k, l)
	}
}

// maxEdits bounds the search for the shortest way from one sequence of tokens to another; parts that differ
// by more have changed as a whole.
const maxEdits = 1500

// shortest pairs tokens along the shortest way from a to b, after Myers ("An O(ND) difference algorithm").
func (d *differ) shortest(i, j, k, l int) {
	a, b := d.a.tokens[i:j], d.b.tokens[k:l]
	limit := min(len(a)+len(b), maxEdits)
	reach := make([]int, 2*limit+2) // by diagonal x-y, shifted by limit: the greatest x that so many edits reach
	var trace [][]int
	for n := 0; n <= limit; n++ {
		trace = append(trace, append([]int(nil), reach[limit-n:limit+n+1]...))
		for diag := -n; diag <= n; diag += 2 {
			x := 0
			if at := limit + diag; n > 0 {
				if diag == -n || diag != n && reach[at-1] < reach[at+1] {
					x = reach[at+1]
				} else {
					x = reach[at-1] + 1
				}
			}
			for x < len(a) && x-diag < len(b) && a[x].text == b[x-diag].text {
				x++
			}
			reach[limit+diag] = x
			if x >= len(a) && x-diag >= len(b) {
				d.back(i, k, len(a), len(b), trace)
				return
			}
		}
	}
}

// back follows the way that shortest found from its end, and pairs what is equal on it. trace[n] has the reach before the round of n
// edits, for the diagonals -n..n.
func (d *differ) back(i, k, x, y int, trace [][]int) {
	for n := len(trace) - 1; n >= 0; n-- {
		diag, v := x-y, trace[n]
		px, py := 0, 0
		if n > 0 {
			if diag == -n || diag != n && v[n+diag-1] < v[n+diag+1] {
				px = v[n+diag+1]
				py = px - diag - 1
			} else {
				px = v[n+diag-1]
				py = px - diag + 1
			}
		}
		for x > px && y > py {
			x, y = x-1, y-1
			d.partner[i+x] = k + y
		}
		x, y = px, py
	}
}

// result says of lines what is known of tokens.
func (d *differ) result() *lines {
	out := &lines{changed: make([]bool, len(d.b.keys)), now: make([]int, len(d.a.keys))}
	kept := make([]bool, len(d.b.tokens))
	for line := range out.now {
		out.now[line] = -1
		from, to := d.a.starts[line], d.a.starts[line+1]
		whole := from < to
		for t := from; t < to; t++ {
			if p := d.partner[t]; p >= 0 {
				kept[p] = true
			} else {
				whole = false
			}
		}
		if whole {
			out.now[line] = d.b.tokens[d.partner[from]].line
		}
	}
	for t, ok := range kept {
		if !ok {
			out.changed[d.b.tokens[t].line] = true
		}
	}
	return out
}
