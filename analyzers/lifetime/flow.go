package lifetime

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// bits is a set of small numbers.
type bits []uint64

func newBits(n int) bits { return make(bits, (n+63)/64) }

func (b bits) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }
func (b bits) set(i int)      { b[i/64] |= 1 << (i % 64) }

// or adds o and tells whether b changed.
func (b bits) or(o bits) bool {
	changed := false
	for i := range b {
		n := b[i] | o[i]
		changed = changed || n != b[i]
		b[i] = n
	}
	return changed
}

// flow holds what is known of the shape of a function before it is interpreted.
type flow struct {
	f        *ir.Func
	order    []int32 // position of a block in reverse postorder
	back     map[[2]ir.BlockID]bool
	loopHead []bool
	inLoop   []bool
	loopAt   []*loop // by block: the innermost one that it is in
	crossing []bool  // by temp: used in another block than the one that defines it
	last     []int32 // by temp: number of the last instruction of its block that needs it
	read     []bool  // by temp: used as more than the target of stores
	varying  []bool  // by temp: address of an element whose index varies in a loop
	// droppable variables are locals whose address goes nowhere: when such a variable is dead,
	// its content does not matter any more.
	droppable []bool
	live      []bits // by block, at entry
}

// maxShape bounds the blocks of a function times its variables: what is known of each variable at each
// block takes three bits. Functions beyond it are not interpreted.
const maxShape = 1 << 28

// tooLarge tells whether a function is beyond it.
func tooLarge(f *ir.Func) bool { return len(f.Blocks())*f.NumVars() > maxShape }

func newFlow(f *ir.Func) *flow {
	w := &flow{f: f, back: map[[2]ir.BlockID]bool{}}
	w.number()
	w.markLoops()
	w.findCrossing()
	w.findLast()
	w.findDroppable()
	w.liveness()
	w.findVarying()
	return w
}

func (w *flow) isBack(from, to ir.BlockID) bool {
	return w.loopHead[to] && w.back[[2]ir.BlockID{from, to}]
}

// succs calls yield for each successor, exception edges included.
func succs(f *ir.Func, id ir.BlockID, yield func(ir.BlockID)) {
	b := &f.Blocks()[id]
	for _, s := range b.Term.Succs {
		yield(s)
	}
	if b.Handler != ir.NoBlock {
		yield(b.Handler)
	}
}

// number orders blocks in reverse postorder and finds back edges, without recursion: generated
// functions may have a hundred thousand blocks in a row.
func (w *flow) number() {
	n := len(w.f.Blocks())
	w.order = make([]int32, n)
	w.loopHead = make([]bool, n)
	state := make([]uint8, n) // 0 new, 1 on the stack, 2 done
	type frame struct {
		b    ir.BlockID
		next []ir.BlockID
	}
	next := func(b ir.BlockID) (s []ir.BlockID) {
		succs(w.f, b, func(x ir.BlockID) { s = append(s, x) })
		return
	}
	post := make([]ir.BlockID, 0, n)
	stack := []frame{{0, next(0)}}
	state[0] = 1
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if len(top.next) == 0 {
			state[top.b] = 2
			post = append(post, top.b)
			stack = stack[:len(stack)-1]
			continue
		}
		s := top.next[0]
		top.next = top.next[1:]
		switch state[s] {
		case 0:
			state[s] = 1
			stack = append(stack, frame{s, next(s)})
		case 1:
			w.back[[2]ir.BlockID{top.b, s}] = true
			w.loopHead[s] = true
		}
	}
	for i := range w.order {
		w.order[i] = int32(n)
	}
	for i, b := range post {
		w.order[b] = int32(len(post) - 1 - i)
	}
}

// markLoops finds the blocks of natural loops.
func (w *flow) markLoops() {
	n := len(w.f.Blocks())
	w.inLoop, w.loopAt = make([]bool, n), make([]*loop, n)
	if len(w.back) == 0 {
		return
	}
	preds := make([][]ir.BlockID, n)
	for i := range w.f.Blocks() {
		succs(w.f, ir.BlockID(i), func(s ir.BlockID) { preds[s] = append(preds[s], ir.BlockID(i)) })
	}
	tails := map[ir.BlockID][]ir.BlockID{}
	for e := range w.back {
		tails[e[1]] = append(tails[e[1]], e[0])
	}
	for _, head := range slices.Sorted(maps.Keys(tails)) {
		w.markLoop(head, tails[head], preds)
	}
}

// markLoop finds the blocks of the loop with a head, to which tails lead back.
func (w *flow) markLoop(head ir.BlockID, tails []ir.BlockID, preds [][]ir.BlockID) {
	seen := map[ir.BlockID]bool{head: true}
	stack := tails
	w.inLoop[head] = true
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		w.inLoop[b] = true
		stack = append(stack, preds[b]...)
	}
	l := &loop{w, head, seen}
	for b := range seen {
		if in := w.loopAt[b]; in == nil || len(seen) < len(in.blocks) {
			w.loopAt[b] = l
		}
	}
}

// loop is a natural loop.
type loop struct {
	of     *flow
	head   ir.BlockID
	blocks map[ir.BlockID]bool
}

// left tells whether the branch at the end of b decides about leaving the loop.
func (l *loop) left(b *ir.Block) bool {
	return slices.ContainsFunc(b.Term.Succs, func(s ir.BlockID) bool { return !l.blocks[s] })
}

// operands calls yield for each temp that in reads.
func operands(in *ir.Instr, yield func(ir.Temp)) {
	for _, t := range [...]ir.Temp{in.A, in.B} {
		if t != 0 {
			yield(t)
		}
	}
	if c := in.Call; c != nil {
		for _, t := range [...]ir.Temp{c.Recv, c.RecvAddr, c.Fn} {
			if t != 0 {
				yield(t)
			}
		}
		for i := range c.Args {
			if c.Args[i].Val != 0 {
				yield(c.Args[i].Val)
			}
			if c.Args[i].Addr != 0 {
				yield(c.Args[i].Addr)
			}
		}
	}
}

// findVarying finds the addresses of elements whose index, or of places to which a pointer, is not the same in all rounds of a loop.
func (w *flow) findVarying() {
	f := w.f
	w.varying = make([]bool, f.Temps()+1)
	walking := w.walking()
	for in := range w.looped {
		switch in.Op {
		case ir.OpElem:
			d := f.Def(in.B)
			w.varying[in.Dst] = d == nil || d.Op != ir.OpConst
		case ir.OpLoad:
			d := f.Def(in.A)
			w.varying[in.Dst] = d != nil && d.Op == ir.OpVarAddr && slices.Contains(walking, d.Var)
		case ir.OpField, ir.OpMember, ir.OpCast:
			w.varying[in.Dst] = w.varying[in.A]
		}
	}
}

// looped calls yield for each instruction in a loop.
func (w *flow) looped(yield func(*ir.Instr) bool) {
	for i := range w.f.Blocks() {
		b := &w.f.Blocks()[i]
		for j := range b.Instrs {
			if w.inLoop[b.ID] && !yield(&b.Instrs[j]) {
				return
			}
		}
	}
}

// walking lists the pointers of C that go on in a loop, as e in "e++".
func (w *flow) walking() (vars []ir.VarID) {
	f := w.f
	if f.File.Lang != ir.C {
		return nil
	}
	for in := range w.looped {
		to, sum := f.Def(in.A), f.Def(in.B)
		if in.Op != ir.OpStore || to == nil || to.Op != ir.OpVarAddr || sum == nil || sum.Op != ir.OpBin || sum.Sub != ir.Add {
			continue
		}
		from := f.Def(sum.A)
		if from == nil || from.Op != ir.OpLoad {
			continue
		}
		if d := f.Def(from.A); d != nil && d.Op == ir.OpVarAddr && d.Var == to.Var && w.pointer(d.Var) {
			vars = append(vars, d.Var)
		}
	}
	return vars
}

// pointer tells whether v is a pointer by its type, or by what a loop does with it.
func (w *flow) pointer(v ir.VarID) bool {
	if strings.HasSuffix(string(w.f.Var(v).Type), "*") {
		return true
	}
	for in := range w.looped {
		if in.Op != ir.OpField && in.Op != ir.OpElem && in.Op != ir.OpLoad && in.Op != ir.OpStore {
			continue
		}
		if l := w.f.Def(in.A); l != nil && l.Op == ir.OpLoad {
			if d := w.f.Def(l.A); d != nil && d.Op == ir.OpVarAddr && d.Var == v {
				return true
			}
		}
	}
	return false
}

// oneOfMany tells whether in stores to, or calls something with, such an element.
func (w *flow) oneOfMany(in *ir.Instr) bool {
	if in.Op == ir.OpStore {
		return w.varying[in.A]
	}
	if in.Call == nil {
		return false
	}
	for i := range in.Call.Args {
		if a := &in.Call.Args[i]; w.varying[a.Val] || w.varying[a.Addr] {
			return true
		}
	}
	return false
}

func (w *flow) findCrossing() {
	w.crossing = make([]bool, w.f.Temps()+1)
	w.read = make([]bool, w.f.Temps()+1)
	def := make([]ir.BlockID, w.f.Temps()+1)
	for i := range w.f.Blocks() {
		for j := range w.f.Blocks()[i].Instrs {
			def[w.f.Blocks()[i].Instrs[j].Dst] = ir.BlockID(i)
		}
	}
	for i := range w.f.Blocks() {
		b := &w.f.Blocks()[i]
		use := func(t ir.Temp) {
			if def[t] != b.ID {
				w.crossing[t] = true
			}
		}
		for j := range b.Instrs {
			in := &b.Instrs[j]
			operands(in, use)
			operands(in, func(t ir.Temp) { w.read[t] = w.read[t] || in.Op != ir.OpStore || t == in.B })
		}
		if b.Term.Cond != 0 {
			use(b.Term.Cond)
			w.read[b.Term.Cond] = true
		}
	}
}

// findLast: a temp is needed where it is read, and as long as what was made of it, because the
// interpreter looks back from a value to what it was made of.
func (w *flow) findLast() {
	w.last = make([]int32, w.f.Temps()+1)
	for t, crossing := range w.crossing {
		if crossing {
			w.last[t] = math.MaxInt32
		}
	}
	for i := range w.f.Blocks() {
		b := &w.f.Blocks()[i]
		if b.Term.Cond != 0 {
			w.last[b.Term.Cond] = math.MaxInt32
		}
		for j := len(b.Instrs) - 1; j >= 0; j-- {
			in := &b.Instrs[j]
			until := int32(j)
			if in.Dst != 0 {
				until = max(until, w.last[in.Dst])
			}
			operands(in, func(t ir.Temp) { w.last[t] = max(w.last[t], until) })
		}
	}
}

// findDroppable finds locals whose address is used by loads and stores (of them or of their
// members) only.
func (w *flow) findDroppable() {
	f := w.f
	w.droppable = make([]bool, f.NumVars())
	for i := range f.NumVars() {
		v := f.Var(ir.VarID(i))
		w.droppable[i] = (v.Kind == ir.VarLocal || v.Kind == ir.VarHidden || v.Kind == ir.VarParam && v.Ref == ir.ByValue) && v.Flags&ir.Static == 0 && !byNameParam(f, ir.VarID(i))
	}
	addr := make([]ir.VarID, f.Temps()+1)
	for i := range addr {
		addr[i] = ir.NoVar
	}
	keep := func(t ir.Temp) {
		if addr[t] != ir.NoVar {
			w.droppable[addr[t]] = false
		}
	}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			switch in.Op {
			case ir.OpVarAddr:
				addr[in.Dst] = in.Var
			case ir.OpField, ir.OpMember, ir.OpElem:
				addr[in.Dst] = addr[in.A]
				if in.B != 0 {
					keep(in.B)
				}
			case ir.OpLoad, ir.OpZero:
			case ir.OpStore:
				keep(in.B)
			case ir.OpLambda:
				for _, v := range in.Vars {
					w.droppable[v] = false
				}
			case ir.OpCall:
				w.keepCall(in, keep)
			default:
				operands(in, keep)
			}
		}
	}
}

// keepCall: the address of a by-value argument or receiver is there for reading only.
func (w *flow) keepCall(in *ir.Instr, keep func(ir.Temp)) {
	keep(in.Call.Recv)
	keep(in.Call.Fn)
	for i := range in.Call.Args {
		keep(in.Call.Args[i].Val)
	}
}

// liveIn is the set of variables whose content may still be read after entry to b.
func (w *flow) liveIn(b ir.BlockID) bits { return w.live[b] }

func (w *flow) liveness() {
	f, nv := w.f, w.f.NumVars()
	w.live = make([]bits, len(f.Blocks()))
	use := make([]bits, len(f.Blocks()))
	kill := make([]bits, len(f.Blocks()))
	for i := range f.Blocks() {
		use[i], kill[i] = newBits(nv), newBits(nv)
		w.live[i] = newBits(nv)
		w.useAndKill(&f.Blocks()[i], use[i], kill[i])
	}
	byOrder := make([]ir.BlockID, len(f.Blocks())) // blocks that nothing reaches last
	for i := range byOrder {
		byOrder[i] = ir.BlockID(i)
	}
	slices.SortStableFunc(byOrder, func(x, y ir.BlockID) int { return cmp.Compare(w.order[x], w.order[y]) })
	out := newBits(nv)
	for changed := true; changed; {
		changed = false
		for i := len(byOrder) - 1; i >= 0; i-- {
			b := byOrder[i]
			clear(out)
			succs(f, b, func(s ir.BlockID) { out.or(w.live[s]) })
			for k := range out {
				out[k] = out[k]&^kill[b][k] | use[b][k]
			}
			if h := f.Blocks()[b].Handler; h != ir.NoBlock {
				out.or(w.live[h]) // an exception may come before the block stores anything
			}
			changed = w.live[b].or(out) || changed
		}
	}
}

// useAndKill: a variable is used where its address is made for anything but a store to the
// whole of it, and killed by such a store or by its declaration.
func (w *flow) useAndKill(b *ir.Block, use, kill bits) {
	f := w.f
	mark := func(v ir.VarID) {
		if !kill.has(int(v)) {
			use.set(int(v))
		}
	}
	for j := range b.Instrs {
		in := &b.Instrs[j]
		switch in.Op {
		case ir.OpVarAddr:
			if w.read[in.Dst] {
				mark(in.Var)
			}
		case ir.OpStore:
			if d := f.Def(in.A); d != nil && d.Op == ir.OpVarAddr {
				kill.set(int(d.Var))
			}
		case ir.OpDecl, ir.OpFixed:
			kill.set(int(in.Var))
		case ir.OpUnfix:
			mark(in.Var)
		case ir.OpLambda:
			for _, v := range in.Vars {
				mark(v)
			}
		}
	}
	if b.Term.Kind == ir.TermSelect {
		mark(b.Term.Var)
	}
}
