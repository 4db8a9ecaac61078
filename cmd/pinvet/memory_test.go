package main

import "testing"

func TestPercentFor(t *testing.T) {
	for live, want := range map[uint64]int{0: 200, 10 << 20: 200, 256 << 20: 200, 512 << 20: 100, 2 << 30: 50, 64 << 30: 50} {
		if got := serverPace.percentFor(live); got != want {
			t.Errorf("server, %d bytes in use: %d, not %d", live, got, want)
		}
	}
	for live, want := range map[uint64]int{0: 200, 10 << 20: 200, 64 << 20: 200, 128 << 20: 100, 256 << 20: 50, 7 << 30: 50} {
		if got := runPace.percentFor(live); got != want {
			t.Errorf("run, %d bytes in use: %d, not %d", live, got, want)
		}
	}
}
