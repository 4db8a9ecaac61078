package session

import (
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

func TestOutlineAt(t *testing.T) {
	span := func(from, to uint32) ir.Span { return ir.Span{Start: from, End: to} }
	o := &Outline{
		members: []ir.Span{span(20, 30), span(18, 40), span(60, 70)}, // an accessor, its property, a method
		none:    []ir.Span{span(45, 50), span(100, 120)},             // a field, top-level statements
		types:   []ir.Span{span(0, 95), span(55, 80)},                // one in the other
	}
	for offset, want := range map[int]int{25: 18, 35: 18, 65: 60, 47: -1, 110: -1, 75: 55, 90: 0, 98: -1} {
		got, ok := o.At(offset)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("at %d: %d, want %d", offset, got, want)
		}
	}
}
