package ir

import (
	"math"
	"testing"
)

func TestFold(t *testing.T) {
	for _, c := range []struct {
		op   Sub
		a, b int64
		want int64
		ok   bool
	}{
		{Add, 2, 3, 5, true}, {Or, 0x40000000, 0x80, 0x40000080, true}, {Shl, 1, 30, 1 << 30, true},
		{Shl, 1, 63, 0, false}, {Shr, -8, 1, -4, true}, {Div, 7, 0, 0, false},
		{Div, math.MinInt64, -1, 0, false}, {Rem, 7, 4, 3, true}, {Eq, 1, 1, 0, false},
	} {
		if got, ok := Fold(c.op, c.a, c.b); got != c.want || ok != c.ok {
			t.Errorf("%d %v %d = %d, %v", c.a, c.op, c.b, got, ok)
		}
	}
}
