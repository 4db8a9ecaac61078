package lifetime

import (
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// TestSweep: what waits keeps what it knows, whatever becomes of the states and lists that it came from.
func TestSweep(t *testing.T) {
	p := newStatePool()
	first := p.first()
	first.bind(1, intVal(7))
	first.assume(1, ir.Ge, 5)
	first.setTemp(1, intVal(3))
	first.setObj(ostate{id: 1, st: stOwned, steps: &Step{}})
	second := first.clone()
	second.bind(2, intVal(8))
	second.waiting = true
	for _, b := range first.bindings() {
		first.bind(b.reg, intVal(70))
	}
	p.sweep()
	if len(p.idle) != 1 || len(p.out) != 0 {
		t.Fatalf("%d states are idle and %d in use, want 1 and none", len(p.idle), len(p.out))
	}

	p.resume(second)
	third := second.clone()
	if third != first {
		t.Error("an idle state is left where it is")
	}
	third.bind(1, intVal(9))
	third.assume(1, ir.Ge, 6)
	third.setTemp(1, intVal(4))
	third.setObj(ostate{id: 1, st: stReleased})
	if v, _ := second.binding(1); v.n != 7 {
		t.Errorf("region 1 of a state that waited holds %d, want 7", v.n)
	}
	if v, ok := third.binding(2); !ok || v.n != 8 {
		t.Errorf("region 2 of a copy holds %d, want 8", v.n)
	}
	if c := second.consOf(1); c.excluded(5) {
		t.Error("a state that waited knows what its copy learnt")
	}
	if o, _ := second.obj(1); o.st != stOwned || second.temp(1).n != 3 {
		t.Errorf("a state that waited has object %+v and temp %+v", o, second.temp(1))
	}
	third.dropTemps([]int32{0, 0}, 0)
	p.sweep()
	for _, s := range p.idle {
		if len(s.store)+len(s.facts)+len(s.objs)+len(s.temps) > 0 || s.storeIn != nil || s.waiting || cap(s.objs) > 0 && s.objs[:1][0].steps != nil {
			t.Errorf("an idle state still knows %+v", s)
		}
	}
}

// TestRoomsComeBack: lists are used again once nobody has them, and not before.
func TestRoomsComeBack(t *testing.T) {
	p := newStatePool()
	p.stores = nil
	a := p.first()
	a.bind(1, intVal(1))
	b := a.clone()
	b.waiting = true
	p.sweep()
	if len(p.stores) != 0 {
		t.Error("a list that a state still has is idle")
	}
	p.resume(b)
	b.bind(1, intVal(2)) // nobody else has it any more
	if len(p.stores) != 0 || b.storeIn.users != 1 {
		t.Errorf("%d idle lists, %d users of one; want none and 1", len(p.stores), b.storeIn.users)
	}
	p.sweep()
	if len(p.stores) != 1 {
		t.Errorf("%d lists came back, want 1", len(p.stores))
	}
}

func BenchmarkFork(b *testing.B) {
	p := newStatePool()
	s := p.first()
	for i := range 40 {
		s.bind(regID(i+1), intVal(int64(i)))
		s.assume(symID(i+1), ir.Ne, 0)
	}
	b.ReportAllocs()
	for b.Loop() {
		c := s.clone()
		c.bind(3, intVal(100))
		c.assume(3, ir.Ne, 1)
		s.waiting = true
		p.sweep()
		p.resume(s)
	}
}

// TestTurns: states run by the order of their blocks, those of one block by age.
func TestTurns(t *testing.T) {
	a := &fnRun{flow: &flow{order: []int32{0, 2, 1}}}
	p := newStatePool()
	type turn struct {
		block ir.BlockID
		age   int
	}
	states := map[*state]int{}
	for age, block := range []ir.BlockID{1, 2, 1, 0, 2} {
		s := p.first()
		states[s] = age
		a.wait(block, s)
	}
	for _, want := range []turn{{0, 3}, {2, 1}, {2, 4}, {1, 0}, {1, 2}} {
		w := a.next()
		if got := (turn{w.block, states[w.st]}); got != want {
			t.Errorf("the turn is that of %v, want %v", got, want)
		}
	}
	if len(a.pending) != 0 {
		t.Errorf("%d states are left", len(a.pending))
	}
}
