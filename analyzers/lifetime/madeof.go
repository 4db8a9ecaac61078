package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// What a value is made of, without interpreting the function: through operators, variables and
// fields of the function, and the arguments and receivers of calls.

const maxValueDepth = 10

// callsIn are the calls that the value t is made of.
func callsIn(f *ir.Func, t ir.Temp, depth int) []*ir.Instr {
	d := f.Def(t)
	if d == nil || depth > maxValueDepth {
		return nil
	}
	switch d.Op {
	case ir.OpUnary, ir.OpCast, ir.OpIs, ir.OpAwait:
		return callsIn(f, d.A, depth+1)
	case ir.OpBin:
		return append(callsIn(f, d.A, depth+1), callsIn(f, d.B, depth+1)...)
	case ir.OpLoad:
		return callsBehind(f, d, f.Def(d.A), depth)
	case ir.OpMember, ir.OpField:
		if d.Flags&ir.AddrOperand != 0 {
			return callsBehind(f, d, f.Def(d.A), depth)
		}
		return callsIn(f, d.A, depth+1)
	case ir.OpCall:
		out := []*ir.Instr{d}
		if d.Call.Recv != 0 {
			out = append(out, callsIn(f, d.Call.Recv, depth+1)...)
		}
		for i := range d.Call.Args {
			out = append(out, callsIn(f, d.Call.Args[i].Val, depth+1)...)
		}
		return out
	}
	return nil
}

// callsBehind are the calls whose results lie at a place when instruction at looks at it.
func callsBehind(f *ir.Func, at, place *ir.Instr, depth int) (out []*ir.Instr) {
	if place == nil {
		return nil
	}
	switch place.Op {
	case ir.OpMember, ir.OpField:
		if place.Flags&ir.AddrOperand == 0 && place.Op == ir.OpMember {
			return callsIn(f, place.A, depth+1) // h.IsInvalid
		}
		if sub := callsBehind(f, at, f.Def(place.A), depth+1); len(sub) > 0 {
			return sub
		}
	case ir.OpVarAddr, ir.OpName:
	default:
		return nil
	}
	for _, st := range storesBefore(f, at, place) {
		out = append(out, callsIn(f, st.B, depth+1)...)
	}
	return out
}

// storesBefore are the stores to a place that reach instruction at, on all ways back from it:
// assignments to the variable, field or member of that name.
func storesBefore(f *ir.Func, at, place *ir.Instr) (out []*ir.Instr) {
	b, j := locate(f, at)
	if b == ir.NoBlock {
		return nil
	}
	var preds [][]ir.BlockID
	seen := make([]bool, len(f.Blocks()))
	type spot struct {
		b ir.BlockID
		j int
	}
	for work := []spot{{b, j}}; len(work) > 0; {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		if st := storeIn(f, s.b, s.j, place); st != nil {
			if !slices.Contains(out, st) {
				out = append(out, st)
			}
			continue
		}
		if preds == nil {
			preds = predecessors(f)
		}
		for _, p := range preds[s.b] {
			if !seen[p] {
				seen[p] = true
				work = append(work, spot{p, len(f.Blocks()[p].Instrs)})
			}
		}
	}
	return out
}

// storeIn is the last store to the place in block b before index j.
func storeIn(f *ir.Func, b ir.BlockID, j int, place *ir.Instr) *ir.Instr {
	for j--; j >= 0; j-- {
		in := &f.Blocks()[b].Instrs[j]
		if in.Op != ir.OpStore {
			continue
		}
		if a := f.Def(in.A); a != nil && samePlace(place, a) {
			return in
		}
	}
	return nil
}

// locate is the block and index of an instruction, NoBlock if it is not of f.
func locate(f *ir.Func, in *ir.Instr) (ir.BlockID, int) {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if &f.Blocks()[i].Instrs[j] == in {
				return ir.BlockID(i), j
			}
		}
	}
	return ir.NoBlock, 0
}

// predecessors lists for each block those that lead to it, exception edges excepted.
func predecessors(f *ir.Func) [][]ir.BlockID {
	blocks := f.Blocks()
	preds, count, all := make([][]ir.BlockID, len(blocks)), make([]int32, len(blocks)), 0
	for i := range blocks {
		for _, s := range blocks[i].Term.Succs {
			count[s]++
			all++
		}
	}
	list := make([]ir.BlockID, all) // of all blocks, one behind the other
	for i, n := range count {
		preds[i], list = list[:0:n], list[n:]
	}
	for i := range blocks {
		for _, s := range blocks[i].Term.Succs {
			preds[s] = append(preds[s], ir.BlockID(i))
		}
	}
	return preds
}

// samePlace tells whether two address instructions name the same variable, field or member by name;
// a path into it ("h.IsInvalid" for "h") counts.
func samePlace(x, stored *ir.Instr) bool {
	if x.Op != stored.Op {
		return false
	}
	if x.Op == ir.OpVarAddr {
		return x.Var == stored.Var
	}
	return x.Name == stored.Name || len(x.Name) > len(stored.Name) && x.Name[:len(stored.Name)] == stored.Name && x.Name[len(stored.Name)] == '.'
}
