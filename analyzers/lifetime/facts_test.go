package lifetime

import (
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// TestSharedLists: what one path learns or sets, another one that came from the same place does not see.
func TestSharedLists(t *testing.T) {
	first := newStatePool().first()
	first.assume(3, ir.Ne, 0)
	first.assume(1, ir.Ge, 5)
	first.bind(2, intVal(7))
	second := first.clone()
	second.assume(3, ir.Ne, 9)
	second.assume(2, ir.Eq, 4)
	second.bind(1, intVal(8))
	first.assume(1, ir.Le, 5)
	third := first.clone()
	third.bind(2, intVal(9))
	third.unbindIf(func(r regID) bool { return r == 1 })
	first.dropCons(3)

	if c := second.consOf(3); !c.excluded(0) || !c.excluded(9) || c.excluded(1) {
		t.Errorf("of symbol 3 the second path knows %+v", c)
	}
	if first.narrowed(3) || !third.narrowed(3) {
		t.Error("what one path forgets, another forgets too, or neither")
	}
	if c := third.consOf(3); c.excluded(9) {
		t.Error("the third path knows what the second learnt")
	}
	if n, _ := first.number(symVal(1)); n != 5 {
		t.Errorf("symbol 1 is %d on the first path", n)
	}
	if _, known := second.number(symVal(1)); known {
		t.Error("the second path knows what the first learnt")
	}
	for _, c := range []struct {
		s    *state
		r    regID
		want int64
		set  bool
	}{{first, 2, 7, true}, {second, 2, 7, true}, {third, 2, 9, true}, {first, 1, 0, false}, {second, 1, 8, true}} {
		if v, ok := c.s.binding(c.r); ok != c.set || v.n != c.want {
			t.Errorf("region %d holds %d, %v; want %d, %v", c.r, v.n, ok, c.want, c.set)
		}
	}
}

// TestSnapshot: whoever goes through the bindings sees those of before, whatever is set meanwhile.
func TestSnapshot(t *testing.T) {
	s := newStatePool().first()
	s.bind(1, intVal(1))
	s.bind(2, intVal(2))
	var saw []int64
	for _, b := range s.bindings() {
		saw = append(saw, b.v.n)
		s.bind(2, intVal(20))
		s.unbindIf(func(r regID) bool { return r == 1 })
	}
	if len(saw) != 2 || saw[1] != 2 || len(s.store) != 1 {
		t.Errorf("saw %v, and %d are left", saw, len(s.store))
	}
}
