package normalize

import "sort"

// balance counts braces: how many more are opened than closed, by arm.
type balance struct {
	arms []Arm
	own  []int // of the text in the arm that is in no arm within it
	top  int   // of the text outside all arms
}

func newBalance(src []byte, toks []tok, list []Arm) *balance {
	b := &balance{arms: list, own: make([]int, len(list))}
	if len(list) == 0 {
		return b
	}
	for _, t := range toks {
		d := 0
		switch src[t.start] {
		case '{':
			d = 1
		case '}':
			d = -1
		default:
			continue
		}
		if i := b.armAt(int(t.start)); i >= 0 {
			b.own[i] += d
		} else {
			b.top += d
		}
	}
	return b
}

// armAt is the innermost arm around an offset, or -1.
func (b *balance) armAt(at int) int {
	i := sort.Search(len(b.arms), func(k int) bool { return b.arms[k].Start > at }) - 1
	for i >= 0 && at >= b.arms[i].End {
		i = b.arms[i].parent
	}
	return i
}

// of is the balance of view v.
func (b *balance) of(v int) int {
	sum := b.top
	for i := range b.arms {
		if b.arms[i].Taken>>v&1 != 0 {
			sum += b.own[i]
		}
	}
	return sum
}

// uneven calls f for the atoms of the chains that have another balance in view
// v than in the first view.
func (b *balance) uneven(v int, f func(*cond)) {
	diff := map[int]int{}
	for i := range b.arms {
		a := &b.arms[i]
		diff[a.chain] += b.own[i] * (int(a.Taken>>v&1) - int(a.Taken&1))
	}
	for i := range b.arms {
		if a := &b.arms[i]; a.cond != nil && diff[a.chain] != 0 {
			a.cond.walk(true, func(x *cond, _ bool) { f(x) })
		}
	}
}
