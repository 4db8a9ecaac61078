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
	funcs  []*ir.Func
	index  map[*ir.Func]int32
	calls  [][]int32
	native [][]int32 // C functions that imports called by the function run; part of calls
	done   []bool    // by function: its calls are resolved
	asks   [][]int32 // what each is said to ask of those that it calls; nil: all that it calls
	looks  [][]int32 // what it asks of others
	soon   [][]int32 // what it may ask of those that it calls
	nodes  []int32   // those that ask or are asked, or may be
	place  []int32   // by function: one more than where it is in nodes, which order sorts; 0 if it is not
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
	g := &Graph{funcs: p.Funcs()}
	g.index = make(map[*ir.Func]int32, len(g.funcs))
	for i, f := range g.funcs {
		g.index[f] = int32(i)
	}
	g.calls = make([][]int32, len(g.funcs))
	g.native = make([][]int32, len(g.funcs))
	g.done = make([]bool, len(g.funcs))
	return g
}

// Resolve resolves the calls of some functions, as far as they are not.
func (g *Graph) Resolve(ctx context.Context, p *link.Program, workers int, fs []*ir.Func) {
	todo := make([]int32, 0, len(fs))
	for _, f := range fs {
		if i, ok := g.index[f]; ok && !g.done[i] {
			g.done[i] = true
			todo = append(todo, i)
		}
	}
	parallel.Do(ctx, workers, len(todo), func(k int) {
		i := todo[k]
		g.calls[i], g.native[i] = g.callees(p, g.funcs[i])
	})
}

// ResolveOne resolves the calls of a function, as far as they are not; different functions may be given at the same time.
func (g *Graph) ResolveOne(p *link.Program, f *ir.Func) {
	if i, ok := g.index[f]; ok && !g.done[i] {
		g.done[i] = true
		g.calls[i], g.native[i] = g.callees(p, f)
	}
}

// Ask says that f asks what is known of some functions: Levels is the order of such questions then, and not
// that of the calls. Questions about functions that f does not call itself follow that order, as far as
// they lead to no circle.
func (g *Graph) Ask(f *ir.Func, asked []*ir.Func) {
	g.mayAsk()
	i := g.index[f]
	g.node(i)
	for _, h := range asked {
		k, ok := g.index[h]
		switch {
		case !ok:
			continue
		case slices.Contains(g.calls[i], k):
			g.asks[i] = append(g.asks[i], k)
		default:
			g.looks[i] = append(g.looks[i], k)
		}
		g.node(k)
	}
}

// Expect says that f may ask what is known of some functions: they come before it in Levels, as far as that leads to no
// circle with what is asked.
func (g *Graph) Expect(f *ir.Func, asked []*ir.Func) {
	g.mayAsk()
	i := g.index[f]
	g.node(i)
	g.soon[i] = g.soon[i][:0]
	for _, h := range asked {
		if k, ok := g.index[h]; ok {
			g.soon[i] = append(g.soon[i], k)
			g.node(k)
		}
	}
}

// mayAsk makes room for questions.
func (g *Graph) mayAsk() {
	if g.asks == nil {
		g.asks, g.looks, g.soon = make([][]int32, len(g.funcs)), make([][]int32, len(g.funcs)), make([][]int32, len(g.funcs))
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
	if g.asks == nil {
		for i := range g.funcs {
			nodes = append(nodes, int32(i))
		}
		return nodes, g.calls
	}
	slices.Sort(g.nodes)
	for n, i := range g.nodes {
		g.place[i] = int32(n) + 1
	}
	before = make([][]int32, len(g.nodes))
	g.add(before, g.asks)
	g.behind(before, g.looks)
	g.behind(before, g.soon)
	return g.nodes, before
}

// add adds to an order what is known by the numbers of functions.
func (g *Graph) add(before, more [][]int32) {
	for n, i := range g.nodes {
		before[n] = slices.Grow(before[n], len(more[i]))
		for _, k := range more[i] {
			before[n] = append(before[n], g.place[k]-1)
		}
	}
}

// behind adds more to an order, as far as that leads to no circle with what is there.
func (g *Graph) behind(before, more [][]int32) {
	known := make([]int, len(before))
	for n := range before {
		known[n] = len(before[n])
	}
	g.add(before, more)
	comp, _ := components(before)
	for n, all := range before {
		in := slices.DeleteFunc(all[known[n]:], func(k int32) bool { return comp[n] == comp[k] })
		before[n] = all[:known[n]+len(in)]
	}
}

// Resolved tells whether the calls of f are.
func (g *Graph) Resolved(f *ir.Func) bool {
	i, ok := g.index[f]
	return ok && g.done[i]
}

// Crossed returns the C functions that C# code reaches through imports, and all that those call,
// in the order of the program.
func (g *Graph) Crossed() []*ir.Func {
	seen := make([]bool, len(g.funcs))
	var stack []int32
	for i := range g.native {
		stack = append(stack, g.native[i]...)
	}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !seen[i] {
			seen[i] = true
			stack = append(stack, g.calls[i]...)
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
	for i := range g.native {
		if len(g.native[i]) > 0 {
			out = append(out, g.funcs[i])
		}
	}
	return out
}

// Crosses tells whether f is one of them.
func (g *Graph) Crosses(f *ir.Func) bool {
	i, ok := g.index[f]
	return ok && len(g.native[i]) > 0
}

// Callers returns the functions that call one of some others, as far as their calls are resolved, in the
// order of the program.
func (g *Graph) Callers(called map[*ir.Func]bool) (out []*ir.Func) {
	is := make([]bool, len(g.funcs))
	for f := range called {
		if i, ok := g.index[f]; ok {
			is[i] = true
		}
	}
	for i, calls := range g.calls {
		if slices.ContainsFunc(calls, func(k int32) bool { return is[k] }) {
			out = append(out, g.funcs[i])
		}
	}
	return out
}

// EachCallee calls do for each function that f calls, in the order of the calls.
func (g *Graph) EachCallee(f *ir.Func, do func(*ir.Func)) {
	if i, ok := g.index[f]; ok {
		for _, k := range g.calls[i] {
			do(g.funcs[k])
		}
	}
}

// Update resolves the calls of some functions anew, whose bodies have changed, and tells whether any
// calls others than before.
func (g *Graph) Update(p *link.Program, fs []*ir.Func) (changed bool) {
	for _, f := range fs {
		i, ok := g.index[f]
		if !ok {
			continue
		}
		calls, native := g.callees(p, f)
		if !slices.Equal(calls, g.calls[i]) || !slices.Equal(native, g.native[i]) {
			g.calls[i], g.native[i], g.done[i] = calls, native, true
			changed = true
		}
	}
	return changed
}

// Callees returns the functions that f calls, in the order of the calls.
func (g *Graph) Callees(f *ir.Func) []*ir.Func {
	i, ok := g.index[f]
	if !ok {
		return nil
	}
	out := make([]*ir.Func, len(g.calls[i]))
	for n, k := range g.calls[i] {
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
		if i, ok := g.index[c]; ok && !seen[i] {
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
					if i, ok := g.index[c]; ok {
						native = append(native, i)
					}
				}
			case ir.OpName, ir.OpMember:
				if f.File.Lang != ir.CSharp {
					continue
				}
				var ref link.Ref
				switch {
				case in.Op == ir.OpName:
					ref = p.Name(f, in.Name)
				case in.Flags&ir.AddrOperand != 0:
					ref = p.Member(f, p.TypeOfPlace(f, in.A), in.Name)
				default:
					ref = p.Member(f, p.TypeOf(f, in.A), in.Name)
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
