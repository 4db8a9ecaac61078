package link

import (
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// query is one question and all that it asks in turn. Answers found on the way are kept in the memo
// of their function, except while a cycle of inferred types ("var x = f(x)") is open: then they
// would depend on where the question began.
type query struct {
	p      *Program
	open   []openVar
	cyclic bool

	// Answers found while a cycle is open, for this question only.
	types map[tempKey]ir.Type
	calls map[*ir.Instr]*Target
}

type tempKey struct {
	f *ir.Func
	t ir.Temp
}

type openVar struct {
	f *ir.Func
	v ir.VarID
}

func (p *Program) ask() *query { return &query{p: p} }

// funcMemo keeps answers for one function.
type funcMemo struct {
	mu    sync.Mutex
	calls map[*ir.Instr]*Target
	types []ir.Type // by temp
	have  []bool
	vars  *varFacts
}

// varFacts are the stores by which types and values of variables are inferred.
type varFacts struct {
	values [][]ir.Temp // by variable: values stored to it, the one of its declaration first; at most maxValues
	stores []int       // number of stores and other writes
	out    []outBind   // the call that sets it as an out argument
}

type outBind struct {
	call *ir.Instr
	arg  int
}

func (p *Program) memo(f *ir.Func) *funcMemo {
	fi := p.info[f.File]
	if fi == nil || f.Index < 0 || f.Index >= len(fi.memo) || f.File.Funcs[f.Index] != f {
		return &funcMemo{}
	}
	at := &fi.memo[f.Index]
	if m := at.Load(); m != nil {
		return m
	}
	m := &funcMemo{}
	if !at.CompareAndSwap(nil, m) {
		if first := at.Load(); first != nil {
			return first
		}
	}
	return m
}

// Callee returns what an OpCall of f reaches; never nil. Memoised.
func (p *Program) Callee(f *ir.Func, in *ir.Instr) *Target {
	if f == nil || in == nil || in.Call == nil {
		return &Target{}
	}
	return p.ask().callee(f, in)
}

func (q *query) callee(f *ir.Func, in *ir.Instr) *Target {
	m := q.p.memo(f)
	m.mu.Lock()
	t := m.calls[in]
	m.mu.Unlock()
	if t == nil && q.cyclic {
		t = q.calls[in]
	}
	if t != nil {
		return t
	}
	if f.File.Lang == ir.C {
		t = q.cCallee(f, in)
	} else {
		t = q.csCallee(f, in)
	}
	if q.cyclic {
		if q.calls == nil {
			q.calls = map[*ir.Instr]*Target{}
		}
		q.calls[in] = t
		return t
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if have := m.calls[in]; have != nil {
		return have
	}
	if m.calls == nil {
		m.calls = map[*ir.Instr]*Target{}
	}
	m.calls[in] = t
	return t
}

// varFacts returns the facts on the variables of f, computed once.
func (p *Program) varFacts(f *ir.Func) *varFacts {
	m := p.memo(f)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.vars == nil {
		m.vars = collectVars(f)
	}
	return m.vars
}

func collectVars(f *ir.Func) *varFacts {
	n := f.NumVars()
	x := &varFacts{values: make([][]ir.Temp, n), stores: make([]int, n), out: make([]outBind, n)}
	for bi := range f.Blocks() {
		for ii := range f.Blocks()[bi].Instrs {
			in := &f.Blocks()[bi].Instrs[ii]
			switch in.Op {
			case ir.OpStore:
				v := addressed(f, in.A)
				if v == ir.NoVar {
					continue
				}
				x.stores[v]++
				x.add(v, in.B, in.Flags&ir.Init != 0)
			case ir.OpFixed, ir.OpZero:
				if in.Op == ir.OpFixed && int(in.Var) < n && in.Var >= 0 {
					x.stores[in.Var]++
					x.add(in.Var, in.Dst, true)
				}
			case ir.OpCall:
				for i := range in.Call.Args {
					a := &in.Call.Args[i]
					v := addressed(f, a.Val)
					if v == ir.NoVar {
						continue
					}
					x.stores[v]++
					if a.Ref == ir.ByOut && x.out[v].call == nil {
						x.out[v] = outBind{in, i}
					}
				}
			}
		}
	}
	return x
}

const maxValues = 8

func (x *varFacts) add(v ir.VarID, value ir.Temp, first bool) {
	switch vs := x.values[v]; {
	case first && len(vs) > 0:
		x.values[v] = append([]ir.Temp{value}, vs...)
	case len(vs) < maxValues:
		x.values[v] = append(vs, value)
	}
}

// addressed is the variable whose address t is, NoVar if it is another thing.
func addressed(f *ir.Func, t ir.Temp) ir.VarID {
	if d := f.Def(t); d != nil && d.Op == ir.OpVarAddr && d.Var >= 0 && int(d.Var) < f.NumVars() {
		return d.Var
	}
	return ir.NoVar
}
