package lifetime

import "slices"

// A path knows something of many symbols, and there are many paths: what is known is kept small, and without pointers.

// fact is a cons as states hold it.
type fact struct {
	sym    symID
	ne     int32 // number of the excluded points, 0 for none
	lo, hi int64
}

// points are the sets of excluded points of one function.
type points struct {
	sets  []pointSet
	index map[pointSet]int32 // from 1
}

type pointSet struct {
	ne  [6]int64
	nne uint8
}

func (p *points) number(s pointSet) int32 {
	if s == (pointSet{}) {
		return 0
	}
	n, ok := p.index[s]
	if !ok {
		if p.index == nil {
			p.index = map[pointSet]int32{}
		}
		p.sets = append(p.sets, s)
		n = int32(len(p.sets))
		p.index[s] = n
	}
	return n
}

func (s *state) pack(c cons) fact {
	return fact{sym: c.sym, ne: s.points.number(pointSet{c.ne, c.nne}), lo: c.lo, hi: c.hi}
}

// consAt is number i of what is known.
func (s *state) consAt(i int) cons {
	f := &s.facts[i]
	c := cons{sym: f.sym, lo: f.lo, hi: f.hi}
	if f.ne != 0 {
		set := &s.points.sets[f.ne-1]
		c.ne, c.nne = set.ne, set.nne
	}
	return c
}

// factOf is where what is known of x is, or would be.
func (s *state) factOf(x symID) (int, bool) {
	return slices.BinarySearchFunc(s.facts, x, func(f fact, x symID) int { return int(f.sym) - int(x) })
}

// ownFacts is ownStore for what is known of symbols.
func (s *state) ownFacts() {
	s.facts, s.factsIn, s.pool.facts = s.factsIn.own(s.facts, s.pool.facts)
}
