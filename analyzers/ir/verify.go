package ir

import "fmt"

// Verify returns the first broken invariant of f, or nil.
func Verify(f *Func) error {
	seen := make([]bool, f.Temps()+1)
	if len(f.Blocks()) == 0 {
		return fmt.Errorf("%s: no blocks", f.FullName())
	}
	for bi := range f.Blocks() {
		b := &f.Blocks()[bi]
		if int(b.ID) != bi {
			return fmt.Errorf("%s: block %d has id %d", f.FullName(), bi, b.ID)
		}
		if err := verifyTerm(f, b); err != nil {
			return err
		}
		for ii := range b.Instrs {
			if err := verifyInstr(f, b, &b.Instrs[ii], seen); err != nil {
				return err
			}
		}
	}
	return nil
}

func verifyTerm(f *Func, b *Block) error {
	want := map[TermKind]int{TermJump: 1, TermBranch: 2}
	if n, ok := want[b.Term.Kind]; ok && len(b.Term.Succs) != n {
		return fmt.Errorf("%s: b%d: %d successors, want %d", f.FullName(), b.ID, len(b.Term.Succs), n)
	}
	if b.Term.Kind == TermNone {
		return fmt.Errorf("%s: b%d: no terminator", f.FullName(), b.ID)
	}
	if b.Term.Kind == TermSelect && (len(b.Term.Succs) == 0 || b.Term.Var < 0) {
		return fmt.Errorf("%s: b%d: bad select", f.FullName(), b.ID)
	}
	for _, s := range append([]BlockID{b.Handler}, b.Term.Succs...) {
		if s != NoBlock && (s < 0 || int(s) >= len(f.Blocks())) {
			return fmt.Errorf("%s: b%d: no block %d", f.FullName(), b.ID, s)
		}
	}
	return nil
}

func verifyInstr(f *Func, b *Block, in *Instr, seen []bool) error {
	bad := func(what string) error {
		return fmt.Errorf("%s: b%d: %s: %s", f.FullName(), b.ID, PrintInstr(f, in), what)
	}
	ts := []Temp{in.Dst, in.A, in.B}
	if in.Call != nil {
		ts = append(ts, in.Call.Recv, in.Call.RecvAddr, in.Call.Fn)
		for _, a := range in.Call.Args {
			ts = append(ts, a.Val, a.Addr)
		}
	}
	for _, t := range ts {
		if t < 0 || int(t) > f.Temps() {
			return bad("temp out of range")
		}
	}
	if in.Dst != 0 {
		if seen[in.Dst] {
			return bad("temp defined twice")
		}
		seen[in.Dst] = true
	}
	switch in.Op {
	case OpVarAddr, OpFixed, OpUnfix, OpDecl:
		if in.Var < 0 || int(in.Var) >= f.NumVars() {
			return bad("no such variable")
		}
	case OpCall:
		if in.Call == nil {
			return bad("no call")
		}
	}
	for _, v := range in.Vars {
		if v < 0 || int(v) >= f.NumVars() {
			return bad("no such variable")
		}
	}
	return nil
}
