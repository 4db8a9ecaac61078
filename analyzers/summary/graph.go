// Package summary puts the functions of a unit in the order in which they must be summed up:
// callees before callers, functions of one recursion together.
//
// In:  a linked program. Out: levels of functions. All callees of a function of level n lie in
// levels below n, except those of its own strongly connected component, which share its level. Where it
// is told which of them are asked for their summaries, that holds for these alone (Graph.Ask).
// The functions of one level can be worked on in parallel.
//
// What a function does to what its caller can see (its summary) is computed by the interpreter
// itself, package lifetime, in the same run that finds the events of the function: a second
// implementation of the transfer functions would have to agree with the first in every detail.
package summary

import (
	"context"
	"slices"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// Graph is the call graph of a unit, over functions with a body.
type Graph struct {
	funcs []*ir.Func
	first map[*ir.File]int32 // where the functions of a file begin in funcs
	known []*known           // by function; nil: nothing is known of it, as of most
	done  []bool             // by function: its calls are resolved
	nodes []int32            // those that ask or are asked, or may be
	place []int32            // by function: one more than where it is in nodes, which order sorts; 0 if it is not. nil: nobody is said to ask
}

// known is what the graph says of one function.
type known struct {
	calls  []int32
	native []int32 // C functions that imports called by the function run; part of calls
	asks   []int32 // what it is said to ask of those that it calls
	looks  []int32 // what it asks of others
	soon   []int32 // what it may ask of those that it calls
}

var unknown known

// of is what is known of a function.
func (g *Graph) of(i int32) *known {
	if k := g.known[i]; k != nil {
		return k
	}
	return &unknown
}

// note is of, to be written to.
func (g *Graph) note(i int32) *known {
	if g.known[i] == nil {
		g.known[i] = &known{}
	}
	return g.known[i]
}

// index is the place of f among the functions.
func (g *Graph) index(f *ir.Func) (int32, bool) {
	first, ok := g.first[f.File]
	if i := int(first) + f.Index; ok && f.Index >= 0 && i < len(g.funcs) && g.funcs[i] == f {
		return int32(i), true
	}
	return 0, false
}

// NewGraph resolves all calls of the program with the given number of workers.
func NewGraph(ctx context.Context, p *link.Program, workers int) *Graph {
	g := Empty(p)
	g.Resolve(ctx, p, workers, g.funcs)
	return g
}

// Empty is a graph of which nothing is known until Resolve: functions without resolved calls call
// nothing. All that the graph says of those whose calls, and those of all that they call, are resolved,
// is what the whole graph says.
func Empty(p *link.Program) *Graph {
	g := &Graph{funcs: p.Funcs(), first: make(map[*ir.File]int32, len(p.Files))}
	n := int32(0)
	for _, f := range p.Files {
		g.first[f] = n
		n += int32(len(f.Funcs))
	}
	g.known = make([]*known, len(g.funcs))
	g.done = make([]bool, len(g.funcs))
	return g
}

// Resolve resolves the calls of some functions, as far as they are not.
func (g *Graph) Resolve(ctx context.Context, p *link.Program, workers int, fs []*ir.Func) {
	todo := make([]int32, 0, len(fs))
	for _, f := range fs {
		if i, ok := g.index(f); ok && !g.done[i] {
			g.done[i] = true
			todo = append(todo, i)
		}
	}
	parallel.Do(ctx, workers, len(todo), func(k int) {
		i := todo[k]
		g.resolve(i, p)
	})
}

// ResolveOne resolves the calls of a function, as far as they are not; different functions may be given at the same time.
func (g *Graph) ResolveOne(p *link.Program, f *ir.Func) {
	if i, ok := g.index(f); ok && !g.done[i] {
		g.done[i] = true
		g.resolve(i, p)
	}
}

func (g *Graph) resolve(i int32, p *link.Program) {
	if calls, native := g.callees(p, g.funcs[i]); len(calls) > 0 {
		k := g.note(i)
		k.calls, k.native = calls, native
	}
}

// Ask says that f asks what is known of some functions: Levels is the order of such questions then, and not
// that of the calls. Questions about functions that f does not call itself follow that order, as far as
// they lead to no circle.
func (g *Graph) Ask(f *ir.Func, asked []*ir.Func) {
	g.mayAsk()
	i, _ := g.index(f)
	g.node(i)
	at := g.note(i)
	for _, h := range asked {
		k, ok := g.index(h)
		switch {
		case !ok:
			continue
		case slices.Contains(at.calls, k):
			at.asks = append(at.asks, k)
		default:
			at.looks = append(at.looks, k)
		}
		g.node(k)
	}
}

// Expect says that f may ask what is known of some functions: they come before it in Levels, as far as that leads to no
// circle with what is asked.
func (g *Graph) Expect(f *ir.Func, asked []*ir.Func) {
	g.mayAsk()
	i, _ := g.index(f)
	g.node(i)
	at := g.note(i)
	at.soon = at.soon[:0]
	for _, h := range asked {
		if k, ok := g.index(h); ok {
			at.soon = append(at.soon, k)
			g.node(k)
		}
	}
}

// mayAsk makes room for questions.
func (g *Graph) mayAsk() {
	if g.place == nil {
		g.place = make([]int32, len(g.funcs))
	}
}

// node makes f one of those that Levels tells of.
func (g *Graph) node(i int32) {
	if g.place[i] == 0 {
		g.nodes = append(g.nodes, i)
		g.place[i] = int32(len(g.nodes))
	}
}

// order are the functions that Levels tells of, in the order of the program, and for each the places of those that come
// before it: those that it asks, if the graph was told of some.
func (g *Graph) order() (nodes []int32, before [][]int32) {
	if g.place == nil {
		for i := range g.funcs {
			nodes = append(nodes, int32(i))
			before = append(before, g.of(int32(i)).calls)
		}
		return nodes, before
	}
	slices.Sort(g.nodes)
	for n, i := range g.nodes {
		g.place[i] = int32(n) + 1
	}
	before = make([][]int32, len(g.nodes))
	g.add(before, func(k *known) []int32 { return k.asks })
	g.behind(before, func(k *known) []int32 { return k.looks })
	g.behind(before, func(k *known) []int32 { return k.soon })
	return g.nodes, before
}

// add adds to an order what is known by the numbers of functions.
func (g *Graph) add(before [][]int32, list func(*known) []int32) {
	for n, i := range g.nodes {
		more := list(g.of(i))
		before[n] = slices.Grow(before[n], len(more))
		for _, k := range more {
			before[n] = append(before[n], g.place[k]-1)
		}
	}
}

// behind adds more to an order, as far as that leads to no circle with what is there.
func (g *Graph) behind(before [][]int32, list func(*known) []int32) {
	known := make([]int, len(before))
	for n := range before {
		known[n] = len(before[n])
	}
	g.add(before, list)
	comp, _ := components(before)
	for n, all := range before {
		in := slices.DeleteFunc(all[known[n]:], func(k int32) bool { return comp[n] == comp[k] })
		before[n] = all[:known[n]+len(in)]
	}
}

// Resolved tells whether the calls of f are.
func (g *Graph) Resolved(f *ir.Func) bool {
	i, ok := g.index(f)
	return ok && g.done[i]
}

// Crossed returns the C functions that C# code reaches through imports, and all that those call,
// in the order of the program.
func (g *Graph) Crossed() []*ir.Func {
	seen := make([]bool, len(g.funcs))
	var stack []int32
	for _, k := range g.known {
		if k != nil {
			stack = append(stack, k.native...)
		}
	}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !seen[i] {
			seen[i] = true
			stack = append(stack, g.of(i).calls...)
		}
	}
	var out []*ir.Func
	for i, f := range g.funcs {
		if seen[i] && f.File.Lang == ir.C {
			out = append(out, f)
		}
	}
	return out
}

// Crossing returns the C# functions that call such imports themselves, in the order of the program.
func (g *Graph) Crossing() (out []*ir.Func) {
	for i, k := range g.known {
		if k != nil && len(k.native) > 0 {
			out = append(out, g.funcs[i])
		}
	}
	return out
}

// Crosses tells whether f is one of them.
func (g *Graph) Crosses(f *ir.Func) bool {
	i, ok := g.index(f)
	return ok && len(g.of(i).native) > 0
}

// Callers returns the functions that call one of some others, as far as their calls are resolved, in the
// order of the program.
func (g *Graph) Callers(called map[*ir.Func]bool) (out []*ir.Func) {
	is := make([]bool, len(g.funcs))
	for f := range called {
		if i, ok := g.index(f); ok {
			is[i] = true
		}
	}
	for i, at := range g.known {
		if at != nil && slices.ContainsFunc(at.calls, func(k int32) bool { return is[k] }) {
			out = append(out, g.funcs[i])
		}
	}
	return out
}

// EachCallee calls do for each function that f calls, in the order of the calls.
func (g *Graph) EachCallee(f *ir.Func, do func(*ir.Func)) {
	if i, ok := g.index(f); ok {
		for _, k := range g.of(i).calls {
			do(g.funcs[k])
		}
	}
}

// Update resolves the calls of some functions anew, whose bodies have changed, and tells whether any
// calls others than before.
func (g *Graph) Update(p *link.Program, fs []*ir.Func) (changed bool) {
	for _, f := range fs {
		i, ok := g.index(f)
		if !ok {
			continue
		}
		calls, native := g.callees(p, f)
		if at := g.note(i); !slices.Equal(calls, at.calls) || !slices.Equal(native, at.native) {
			at.calls, at.native, g.done[i] = calls, native, true
			changed = true
		}
	}
	return changed
}

// Callees returns the functions that f calls, in the order of the calls.
func (g *Graph) Callees(f *ir.Func) []*ir.Func {
	i, ok := g.index(f)
	if !ok {
		return nil
	}
	calls := g.of(i).calls
	out := make([]*ir.Func, len(calls))
	for n, k := range calls {
		out[n] = g.funcs[k]
	}
	return out
}

func (g *Graph) callees(p *link.Program, f *ir.Func) (out, native []int32) {
	seen := map[int32]bool{}
	var access []ir.Access // as far as somebody asks
	add := func(c *ir.Func) {
		if c == nil {
			return
		}
		if i, ok := g.index(c); ok && !seen[i] {
			seen[i] = true
			out = append(out, i)
		}
	}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			switch in.Op {
			case ir.OpCall:
				t := p.Callee(f, in)
				for _, c := range t.Funcs {
					add(c)
				}
				for _, c := range t.NativeBodies() {
					add(c)
					if i, ok := g.index(c); ok {
						native = append(native, i)
					}
				}
			case ir.OpName, ir.OpMember:
				if f.File.Lang != ir.CSharp {
					continue
				}
				var ref link.Ref
				if in.Op == ir.OpName {
					ref = p.Name(f, in.Name)
				} else {
					ref = p.Member(f, p.TypeOfOwner(f, in), in.Name)
				}
				if ref.Setter == nil {
					add(ref.Getter)
					continue
				}
				if access == nil {
					access = f.Accesses()
				}
				if access[in.Dst]&ir.Writes == 0 || access[in.Dst]&ir.Reads != 0 {
					add(ref.Getter)
				}
				if access[in.Dst]&ir.Writes != 0 {
					add(ref.Setter)
				}
			}
		}
	}
	return out, native
}

// Levels returns the functions level by level, each level in the order of the program. If the graph was told who asks
// whom, it returns those that ask or are asked.
func (g *Graph) Levels() [][]*ir.Func {
	nodes, before := g.order()
	comp, n := components(before)
	level := make([]int32, n)
	// Tarjan numbers components callees first.
	members := make([][]int32, n)
	for i := range nodes {
		members[comp[i]] = append(members[comp[i]], int32(i))
	}
	deepest := int32(0)
	for c := range members {
		for _, i := range members[c] {
			for _, k := range before[i] {
				if comp[k] != int32(c) && level[comp[k]] >= level[c] {
					level[c] = level[comp[k]] + 1
				}
			}
		}
		deepest = max(deepest, level[c])
	}
	out := make([][]*ir.Func, deepest+1)
	for n, i := range nodes {
		l := level[comp[n]]
		out[l] = append(out[l], g.funcs[i])
	}
	return out
}

// components is Tarjan's algorithm (Depth-first search and linear graph algorithms, 1972),
// without recursion, over the functions that come before each.
func components(before [][]int32) (comp []int32, n int32) {
	const unseen = -1
	num := make([]int32, len(before))
	low := make([]int32, len(before))
	comp = make([]int32, len(before))
	for i := range num {
		num[i], comp[i] = unseen, unseen
	}
	type frame struct{ v, next int32 }
	var stack []int32
	var work []frame
	count := int32(0)
	for root := range before {
		if num[root] != unseen {
			continue
		}
		work = append(work[:0], frame{int32(root), 0})
		for len(work) > 0 {
			top := &work[len(work)-1]
			v := top.v
			if top.next == 0 {
				num[v], low[v] = count, count
				count++
				stack = append(stack, v)
			}
			if next := before[v]; int(top.next) < len(next) {
				w := next[top.next]
				top.next++
				if num[w] == unseen {
					work = append(work, frame{w, 0})
				} else if comp[w] == unseen {
					low[v] = min(low[v], num[w])
				}
				continue
			}
			if top.next == 0 {
				top.next = 1
			}
			if low[v] == num[v] {
				for {
					w := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					comp[w] = n
					if w == v {
						break
					}
				}
				n++
			}
			work = work[:len(work)-1]
			if len(work) > 0 {
				p := work[len(work)-1].v
				low[p] = min(low[p], low[v])
			}
		}
	}
	return comp, n
}
