package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/summary"
)

// border is the C code that C# reaches through imports. Only there does it matter whether a pointer
// is kept, and what the C runtime allocates: in C alone both are usual and right.
type border struct {
	funcs   map[*ir.Func]bool
	graph   *summary.Graph
	keepers map[string]bool       // globals and members into which some function puts a pointer parameter
	putting map[*ir.Func]bool     // functions that do, or hand one to a function that does
	readers map[string][]*ir.Func // of keepers, in C
	callers map[*ir.Func][]*ir.Func
	taken   map[string]bool // C functions whose address is taken
}

// newBorder finds the C code behind imports and where it keeps pointers.
func newBorder(prog *link.Program, g *summary.Graph) *border {
	b := &border{funcs: map[*ir.Func]bool{}, graph: g, keepers: map[string]bool{}, putting: map[*ir.Func]bool{}}
	crossed := g.Crossed()
	for _, f := range crossed {
		b.funcs[f] = true
	}
	scans := make(map[*ir.Func]*keepScan, len(crossed))
	for _, f := range crossed {
		k := &keepScan{prog: prog, f: f, temps: make([]uint64, f.Temps()+1), vars: make([]uint64, f.NumVars())}
		k.run()
		scans[f] = k
		for _, p := range k.puts {
			b.keepers[p.name] = true
		}
	}
	if len(b.keepers) > 0 {
		b.indexReaders(prog)
	}
	b.followPointers(prog, scans)
	return b
}

// followPointers goes from the pointers that C# passes through helpers to where they are put, and
// leaves in keepers and putting only what lies on the way.
func (b *border) followPointers(prog *link.Program, scans map[*ir.Func]*keepScan) {
	type at struct {
		f *ir.Func
		i int
	}
	memo := map[at]bool{}
	names := map[string]bool{}
	var keeps func(x at, depth int) bool
	keeps = func(x at, depth int) bool {
		if got, ok := memo[x]; ok || depth > 12 {
			return got
		}
		memo[x] = false
		k := scans[x.f]
		if k == nil {
			return false
		}
		found := k.given&(1<<x.i) != 0
		for _, p := range k.puts {
			if p.params&(1<<x.i) != 0 && b.readLater(x.f, p.name) {
				found, names[p.name] = true, true
			}
		}
		for _, h := range k.hands {
			if h.params&(1<<x.i) != 0 && h.to < receiverBit && keeps(at{h.f, h.to}, depth+1) {
				found = true
			}
		}
		if found {
			memo[x], b.putting[x.f] = true, true
		}
		return found
	}
	for _, f := range b.graph.Crossing() {
		for i := range f.Blocks() {
			for j := range f.Blocks()[i].Instrs {
				in := &f.Blocks()[i].Instrs[j]
				if in.Op != ir.OpCall {
					continue
				}
				t := prog.Callee(f, in)
				for _, g := range t.NativeBodies() {
					for n := range g.Params {
						if n < receiverBit && pointerType(g.Var(g.Params[n]).Type) {
							keeps(at{g, n}, 0)
						}
					}
				}
			}
		}
	}
	b.keepers = names
}

// touches tells whether f writes to something that keeps pointers, or keeps one itself.
func (b *border) touches(f *ir.Func) bool {
	if !b.funcs[f] {
		return false
	}
	if b.putting[f] {
		return true
	}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if in := &f.Blocks()[i].Instrs[j]; in.Op == ir.OpStore && b.keepers[placeName(f, in.A)] {
				return true
			}
		}
	}
	return false
}

// placeName is the name of the global, static or member whose address temp t is; elements count as
// their array. "" for locals.
func placeName(f *ir.Func, t ir.Temp) string {
	for d := f.Def(t); d != nil; d = f.Def(d.A) {
		switch d.Op {
		case ir.OpName, ir.OpField, ir.OpMember:
			return d.Name
		case ir.OpVarAddr:
			if v := f.Var(d.Var); v.Flags&ir.Static != 0 {
				return v.Name
			}
			return ""
		case ir.OpElem, ir.OpCast, ir.OpLoad:
		default:
			return ""
		}
	}
	return ""
}

// keepScan follows pointer parameters of one C function, without paths, to where they are put.
type keepScan struct {
	prog  *link.Program
	f     *ir.Func
	temps []uint64 // parameters that the temp is, or points into
	vars  []uint64

	puts  []put
	hands []hand
	given uint64 // parameters that go to a function of the system which keeps them
}

// put is a store of parameters to a global or member; hand, a call that passes them on.
type put struct {
	name   string
	params uint64
}

type hand struct {
	f      *ir.Func
	to     int
	params uint64
}

func (k *keepScan) run() {
	for i, v := range k.f.Params {
		if i < receiverBit {
			k.vars[v] = 1 << i
		}
	}
	for round := range 2 {
		for i := range k.f.Blocks() {
			for j := range k.f.Blocks()[i].Instrs {
				k.instr(&k.f.Blocks()[i].Instrs[j], round == 1)
			}
		}
	}
}

func (k *keepScan) instr(in *ir.Instr, last bool) {
	switch in.Op {
	case ir.OpLoad:
		if d := k.f.Def(in.A); d != nil && d.Op == ir.OpVarAddr {
			k.temps[in.Dst] |= k.vars[d.Var]
		}
	case ir.OpCast, ir.OpElem, ir.OpField:
		k.temps[in.Dst] |= k.temps[in.A]
	case ir.OpBin:
		if in.Sub == ir.Add || in.Sub == ir.Subtract {
			k.temps[in.Dst] |= k.temps[in.A]
		}
	case ir.OpStore:
		if k.temps[in.B] == 0 {
			return
		}
		if d := k.f.Def(in.A); d != nil && d.Op == ir.OpVarAddr && k.f.Var(d.Var).Flags&ir.Static == 0 {
			k.vars[d.Var] |= k.temps[in.B]
			return
		}
		if name := placeName(k.f, in.A); name != "" && last {
			k.puts = append(k.puts, put{name, k.temps[in.B]})
		}
	case ir.OpCall:
		if last {
			k.call(in)
		}
	}
}

// call notes where a call takes pointers.
func (k *keepScan) call(in *ir.Instr) {
	t := k.prog.Callee(k.f, in)
	if len(t.Funcs) > 0 {
		for i := range in.Call.Args {
			if set := k.temps[in.Call.Args[i].Val]; set != 0 {
				for _, g := range t.Funcs {
					k.hands = append(k.hands, hand{g, t.Param(i), set})
				}
			}
		}
		return
	}
	if t.Native == nil {
		return
	}
	for _, r := range t.Native.Retained {
		if n := t.Arg(r.Param, len(in.Call.Args)); n >= 0 && pointerKept(r.Until) {
			k.given = ^uint64(0) // perhaps in a structure
		}
	}
}

// pointerKept tells whether what a model says of a kept parameter concerns memory behind it.
func pointerKept(until string) bool {
	switch until {
	case "thread", "callback", "operation", "process":
		return true
	}
	return false
}

// indexReaders finds who reads what keeps pointers.
func (b *border) indexReaders(prog *link.Program) {
	b.readers, b.callers, b.taken = map[string][]*ir.Func{}, map[*ir.Func][]*ir.Func{}, map[string]bool{}
	for _, f := range prog.Funcs() {
		if f.File.Lang != ir.C {
			continue
		}
		for _, g := range b.graph.Callees(f) {
			b.callers[g] = append(b.callers[g], f)
		}
		seen := map[string]bool{}
		for i := range f.Blocks() {
			for j := range f.Blocks()[i].Instrs {
				b.noteRead(prog, f, &f.Blocks()[i].Instrs[j], seen)
			}
		}
	}
}

func (b *border) noteRead(prog *link.Program, f *ir.Func, in *ir.Instr, seen map[string]bool) {
	switch in.Op {
	case ir.OpConst:
		if in.Const == ir.ConstFunc {
			b.taken[in.Name] = true
		}
	case ir.OpName:
		if prog.Name(f, in.Name).Kind == link.Function {
			b.taken[in.Name] = true
		}
	case ir.OpLoad, ir.OpCall, ir.OpElem:
		name := placeName(f, in.A)
		if in.Op == ir.OpCall {
			for i := range in.Call.Args {
				if d := f.Def(in.Call.Args[i].Val); d != nil && d.Op != ir.OpLoad {
					b.addReader(placeName(f, in.Call.Args[i].Val), f, seen)
				}
			}
			return
		}
		b.addReader(name, f, seen)
	}
}

func (b *border) addReader(name string, f *ir.Func, seen map[string]bool) {
	if b.keepers[name] && !seen[name] {
		seen[name] = true
		b.readers[name] = append(b.readers[name], f)
	}
}

// readLater tells whether what f leaves in a global or member of that name is read by code that
// runs at another time than within a call of f: a worker thread, a callback, another export. What
// only f and its helpers read, after f has set it, is no way to keep anything.
func (b *border) readLater(f *ir.Func, name string) bool {
	var inside map[*ir.Func]bool
	for _, g := range b.readers[name] {
		if g == f {
			continue
		}
		if inside == nil {
			inside = b.below(f)
		}
		if !inside[g] || b.taken[g.Name] {
			return true
		}
		if slices.ContainsFunc(b.callers[g], func(h *ir.Func) bool { return h != g && !inside[h] }) {
			return true
		}
	}
	return false
}

// below is f and what it calls, directly or not.
func (b *border) below(f *ir.Func) map[*ir.Func]bool {
	seen := map[*ir.Func]bool{f: true}
	stack := []*ir.Func{f}
	for len(stack) > 0 {
		g := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, h := range b.graph.Callees(g) {
			if !seen[h] {
				seen[h] = true
				stack = append(stack, h)
			}
		}
	}
	return seen
}

// runtimeMatters tells whether a call allocates or frees memory of the C runtime: of interest to C#
// code that gets or gives such memory.
func (e *engine) runtimeMatters(n *models.Func) bool {
	for i := range n.Acquires {
		if e.runtimeMemory(n.Acquires[i].Kind) {
			return true
		}
	}
	for i := range n.Releases {
		if slices.ContainsFunc(n.Releases[i].Types, e.runtimeMemory) {
			return true
		}
	}
	return false
}

func (e *engine) runtimeMemory(kind string) bool {
	return models.RuntimeKind(kind) && e.prog.DB.ClassOf(kind) == models.ClassHeapMemory
}

// withNativeBody gives the target of an import the body that the unit holds of it.
func (a *fnRun) withNativeBody(t *link.Target) *link.Target {
	fs := t.NativeBodies()
	if len(fs) == 0 {
		return t
	}
	m := *t
	m.Funcs, m.Complete = fs, true
	return &m
}

// borderInterest tells whether a C function that C# can reach is interpreted for what only C# wants
// to know of it: pointers that it keeps, memory of the C runtime that it allocates or frees.
func (e *engine) borderInterest(f *ir.Func) bool {
	if !e.border.funcs[f] || len(f.Blocks()) == 0 {
		return false
	}
	if e.border.touches(f) || e.givesText(f) {
		return true
	}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			t := e.prog.Callee(f, in)
			if slices.ContainsFunc(t.Funcs, func(g *ir.Func) bool { return e.crosses(g) }) {
				return true
			}
			if t.Native != nil && len(t.Funcs) == 0 && e.runtimeMatters(t.Native) {
				return true
			}
		}
	}
	return false
}

// givesText tells whether f returns a pointer to characters, so that C# may take it for a string.
func (e *engine) givesText(f *ir.Func) bool {
	switch f.Ret {
	case "char*", "wchar_t*", "LPSTR", "LPCSTR", "LPWSTR", "LPCWSTR", "PCSTR", "PCWSTR", "WCHAR*", "CHAR*":
		return len(f.Blocks()) <= 64
	}
	return false
}
