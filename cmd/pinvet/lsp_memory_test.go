package main

import "testing"

func TestGCPercentFor(t *testing.T) {
	for live, want := range map[uint64]int{0: 200, 10 << 20: 200, 256 << 20: 200, 512 << 20: 100, 2 << 30: 50, 64 << 30: 50} {
		if got := gcPercentFor(live); got != want {
			t.Errorf("%d bytes in use: %d, not %d", live, got, want)
		}
	}
}
