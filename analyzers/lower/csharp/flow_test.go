package csharp

import (
	"fmt"
	"os"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// flowErrors checks what must hold on every path through f: a temp is used after its definition
// only, a local within its life only, a fixed variable and a lock are left exactly as often as
// they are entered. Handlers are entered with what held at the start of the block.
func flowErrors(f *ir.Func) []string {
	c := &flowChecker{f: f, in: make([]*flowState, len(f.Blocks()))}
	c.flow(0, newFlowState(f))
	for len(c.work) > 0 {
		b := c.work[len(c.work)-1]
		c.work = c.work[:len(c.work)-1]
		c.run(&f.Blocks()[b], false)
	}
	for b := range f.Blocks() {
		if c.in[b] != nil {
			c.run(&f.Blocks()[b], true)
		}
	}
	return c.errs
}

// flowState holds, for the paths that meet: temps surely defined, variables that may have ended,
// and the pins and locks that are held (-1: it depends on the path).
type flowState struct {
	defined []bool
	ended   []bool
	pinned  []int8
	locks   int
}

func newFlowState(f *ir.Func) *flowState {
	return &flowState{defined: make([]bool, f.NumTemps+1), ended: make([]bool, len(f.Vars)), pinned: make([]int8, len(f.Vars))}
}

func (s *flowState) clone() *flowState {
	return &flowState{append([]bool(nil), s.defined...), append([]bool(nil), s.ended...), append([]int8(nil), s.pinned...), s.locks}
}

// meet merges o into s and tells whether s changed.
func (s *flowState) meet(o *flowState) bool {
	changed := false
	for i := range s.defined {
		if s.defined[i] && !o.defined[i] {
			s.defined[i], changed = false, true
		}
	}
	for i := range s.ended {
		if !s.ended[i] && o.ended[i] {
			s.ended[i], changed = true, true
		}
		if s.pinned[i] != o.pinned[i] && s.pinned[i] >= 0 {
			s.pinned[i], changed = -1, true
		}
	}
	if s.locks != o.locks && s.locks >= 0 {
		s.locks, changed = -1, true
	}
	return changed
}

type flowChecker struct {
	f    *ir.Func
	in   []*flowState
	work []ir.BlockID
	errs []string
}

func (c *flowChecker) flow(to ir.BlockID, s *flowState) {
	if c.in[to] == nil {
		c.in[to] = s.clone()
	} else if !c.in[to].meet(s) {
		return
	}
	c.work = append(c.work, to)
}

func (c *flowChecker) run(b *ir.Block, report bool) {
	s := c.in[b.ID].clone()
	bad := func(in *ir.Instr, what string) {
		if report {
			c.errs = append(c.errs, fmt.Sprintf("%s: b%d: %s: %s", c.f.FullName(), b.ID, ir.PrintInstr(c.f, in), what))
		}
	}
	if b.Handler != ir.NoBlock && !report && mayThrow(b) {
		c.flow(b.Handler, s)
	}
	for i := range b.Instrs {
		in := &b.Instrs[i]
		for _, t := range temps(in) {
			if t != 0 && !s.defined[t] {
				bad(in, fmt.Sprintf("t%d is not defined on every path", t))
			}
		}
		if in.Dst != 0 {
			s.defined[in.Dst] = true
		}
		switch in.Op {
		case ir.OpVarAddr:
			if s.ended[in.Var] {
				bad(in, "the variable's life has ended")
			}
		case ir.OpDecl:
			s.ended[in.Var] = false
		case ir.OpScopeEnd:
			for _, v := range in.Vars {
				s.ended[v] = true
			}
		case ir.OpFixed:
			if s.pinned[in.Var] != 0 {
				bad(in, "pinned twice")
			}
			s.ended[in.Var], s.pinned[in.Var] = false, 1
		case ir.OpUnfix:
			if s.pinned[in.Var] != 1 {
				bad(in, "not pinned")
			}
			s.pinned[in.Var] = 0
		case ir.OpLock:
			s.locks++
		case ir.OpUnlock:
			if s.locks <= 0 {
				bad(in, "not locked")
			}
			s.locks--
		}
	}
	if b.Term.Kind == ir.TermReturn && report {
		for v, n := range s.pinned {
			if n != 0 {
				c.errs = append(c.errs, fmt.Sprintf("%s: %s is pinned at the end", c.f.FullName(), c.f.Vars[v].Name))
			}
		}
		if s.locks != 0 {
			c.errs = append(c.errs, c.f.FullName()+": locked at the end")
		}
	}
	if b.Term.Kind == ir.TermBranch && !s.defined[b.Term.Cond] && report {
		c.errs = append(c.errs, fmt.Sprintf("%s: b%d branches on t%d, which is not defined on every path", c.f.FullName(), b.ID, b.Term.Cond))
	}
	if report {
		return
	}
	if b.Term.Kind == ir.TermSelect {
		c.selected(b, s)
		return
	}
	for _, to := range b.Term.Succs {
		c.flow(to, s)
	}
	if b.Term.Kind == ir.TermThrow {
		c.flow(throwsTo(c.f, b), s)
	}
}

// mayThrow tells whether a block can reach its handler; plain moves cannot.
func mayThrow(b *ir.Block) bool {
	for i := range b.Instrs {
		switch b.Instrs[i].Op {
		case ir.OpCall, ir.OpAwait, ir.OpYield, ir.OpCast, ir.OpUnknown, ir.OpThrow:
			return true
		}
	}
	return false
}

func throwsTo(f *ir.Func, b *ir.Block) ir.BlockID {
	if b.Handler != ir.NoBlock {
		return b.Handler
	}
	return f.Unwind
}

// selected follows the end of a finally block: what is not defined on some way into it may be on
// the way that leads on, so nothing is claimed of temps there, and pins and locks are taken as they are.
func (c *flowChecker) selected(b *ir.Block, s *flowState) {
	for _, to := range b.Term.Succs {
		c.flow(to, s)
	}
}

func temps(in *ir.Instr) []ir.Temp {
	ts := []ir.Temp{in.A, in.B}
	if in.Call != nil {
		ts = append(ts, in.Call.Recv, in.Call.RecvAddr, in.Call.Fn)
		for _, a := range in.Call.Args {
			ts = append(ts, a.Val, a.Addr)
		}
	}
	return ts
}

// TestFlowErrors takes instructions away from sound functions: the checker must see it.
func TestFlowErrors(t *testing.T) {
	text, err := os.ReadFile("testdata/try.cs")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[ir.Op]int{}
	for _, f := range lowerText(t, "try.cs", text).Funcs {
		for b := range f.Blocks() {
			for i := range f.Blocks()[b].Instrs {
				in := &f.Blocks()[b].Instrs[i]
				switch in.Op {
				case ir.OpUnfix, ir.OpUnlock, ir.OpLock, ir.OpFixed:
				default:
					continue
				}
				seen[in.Op]++
				saved := *in
				in.Op = ir.OpNop
				if len(flowErrors(f)) == 0 {
					t.Errorf("%s: without %s nothing is wrong", f.FullName(), ir.PrintInstr(f, &saved))
				}
				*in = saved
			}
		}
	}
	if len(seen) != 4 {
		t.Errorf("seen %v", seen)
	}
}
