package ir

import "testing"

func TestAccesses(t *testing.T) {
	f := &Func{NumTemps: 9, Code: []Block{{Instrs: []Instr{
		{Op: OpStore, A: 1, B: 2},
		{Op: OpLoad, A: 3, Dst: 4},
		{Op: OpStore, A: 3, B: 4},
		{Op: OpMember, A: 5, Dst: 6},
		{Op: OpCall, Dst: 9, Call: &Call{RecvAddr: 6, Args: []Arg{{Val: 7}, {Val: 9, Addr: 8}}}},
	}, Term: Term{Cond: 9}}}}
	want := []Access{1: Writes, 2: Reads, 3: Reads | Writes, 4: Reads, 5: Reads, 6: Reads, 7: Reads | Writes, 8: Reads, 9: Reads | Writes}
	for i, got := range f.Accesses() {
		if i > 0 && got != want[i] {
			t.Errorf("temp %d: %d, want %d", i, got, want[i])
		}
	}
}
