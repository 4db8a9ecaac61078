package skim

import (
	"math/bits"
	"slices"
)

// set holds numbers; it is used again for the next text, so that it allocates for the largest alone.
type set[T ~uint32 | ~uint64] struct {
	slots []T // a power of two; 0: free. Those behind have room for more
	items []T // in the order in which they came
	zero  bool
	shift uint8
}

// firstSlots is how many slots a set has at first.
const firstSlots = 1 << 10

// clear empties the set.
func (s *set[T]) clear() {
	if s.slots == nil {
		s.slots = make([]T, firstSlots)
	} else {
		clear(s.slots)
		s.slots = s.slots[:firstSlots]
	}
	s.items, s.zero, s.shift = s.items[:0], false, 64-10
}

// add adds x, and tells whether that is news.
func (s *set[T]) add(x T) bool {
	if x == 0 {
		if s.zero {
			return false
		}
		s.zero = true
		s.items = append(s.items, x)
		return true
	}
	mask := len(s.slots) - 1
	at := int(spread(x) >> s.shift)
	for ; s.slots[at&mask] != 0; at++ {
		if s.slots[at&mask] == x {
			return false
		}
	}
	s.slots[at&mask] = x
	s.items = append(s.items, x)
	if len(s.items)*2 > len(s.slots) {
		s.grow()
	}
	return true
}

// spread makes numbers that are much alike differ in their upper bits.
func spread[T ~uint32 | ~uint64](x T) uint64 { return uint64(x) * 0x9E3779B97F4A7C15 }

// grow gives the set twice as many slots.
func (s *set[T]) grow() {
	n := len(s.slots) * 2
	if n <= cap(s.slots) {
		clear(s.slots)
		s.slots = s.slots[:n] // what lies behind is free
	} else {
		s.slots = make([]T, n)
	}
	s.shift = uint8(64 - bits.TrailingZeros(uint(n)))
	mask := n - 1
	for _, x := range s.items {
		if x == 0 {
			continue
		}
		at := int(spread(x) >> s.shift)
		for s.slots[at&mask] != 0 {
			at++
		}
		s.slots[at&mask] = x
	}
}

// sorted lists the set.
func (s *set[T]) sorted() []T {
	slices.Sort(s.items)
	return append(make([]T, 0, len(s.items)), s.items...)
}
