package extent

import (
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// Site is a place in a file, with what happens there.
type Site struct {
	File *ir.File
	Span ir.Span
	Call bool // a helper is called, whose sites follow
	Text string
}

// access is what a C function does through pointer parameter Param: it reads or writes Count units
// of Unit bytes, where Count is a parameter, a number (param -1), or nothing bounds it.
type access struct {
	write     bool
	param     int
	count     int   // parameter, -1 for a number
	unit      int64 // bytes for each count; with count -1: bytes in all
	unbounded bool
	by        string // function that does it, "" for a loop
	sites     []Site
}

// finder computes the accesses of C functions on demand.
type finder struct {
	prog *link.Program
	mu   sync.Mutex
	done map[*ir.Func][]access
}

const maxDepth = 6

// of returns the accesses of f through its own parameters.
func (x *finder) of(f *ir.Func, depth int) []access {
	x.mu.Lock()
	got, ok := x.done[f]
	x.mu.Unlock()
	if ok || depth > maxDepth {
		return got
	}
	v := newVars(f)
	var out []access
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			switch in.Op {
			case ir.OpCall:
				out = append(out, x.call(v, in, depth)...)
			case ir.OpElem:
				if a, ok := element(v, in); ok {
					out = append(out, a)
				}
			}
		}
	}
	if depth == 0 { // deeper ones may have been cut short
		x.mu.Lock()
		x.done[f] = out
		x.mu.Unlock()
	}
	return out
}

// call is what a call in a C function does to the parameters of that function.
func (x *finder) call(v *vars, in *ir.Instr, depth int) (out []access) {
	t := x.prog.Callee(v.f, in)
	args := in.Call.Args
	if len(t.Funcs) == 1 && t.Complete {
		g := t.Funcs[0]
		if g == v.f || g.File.Lang != ir.C {
			return nil
		}
		for _, a := range x.of(g, depth+1) {
			if b, ok := outer(v, in, a); ok {
				b.sites = append([]Site{{v.f.File, in.Span, true, "calls " + g.Name}}, a.sites...)
				out = append(out, b)
			}
		}
		return out
	}
	if len(t.Funcs) > 0 {
		return nil
	}
	name := in.Call.Name
	for _, e := range x.prog.DB.Extents(name) {
		if e.Param >= len(args) || e.Count >= len(args) {
			continue
		}
		_, p := v.source(args[e.Param].Val)
		if p < 0 {
			continue
		}
		a := access{write: e.Write, param: p, count: -1, unit: int64(e.Unit), by: name}
		if !a.counted(v, in, e.Count, e.Times) {
			continue
		}
		a.sites = []Site{{v.f.File, in.Span, false, a.text(v)}}
		out = append(out, a)
	}
	return out
}

// counted fills in the count from arguments i and j of the call; i is -1 when nothing bounds it.
func (a *access) counted(v *vars, in *ir.Instr, i, j int) bool {
	if i < 0 {
		return a.text0(v, in)
	}
	n, ok := v.product(in.Call.Args[i].Val, nil)
	if !ok {
		return false
	}
	if j >= 0 {
		m, ok := v.product(in.Call.Args[j].Val, nil)
		if !ok || m.key != "" && n.key != "" {
			return false
		}
		if n.key == "" {
			n, m = m, n
		}
		n.times *= m.times
	}
	if n.times <= 0 {
		return false
	}
	a.unit *= n.times
	if n.key != "" {
		a.count = n.param
	}
	return true
}

// text0: text is copied up to its end. A literal has a known length, and a format without text
// in it is short.
func (a *access) text0(v *vars, in *ir.Instr) bool {
	for i := range in.Call.Args[1:] {
		d := v.f.Def(in.Call.Args[i+1].Val)
		if d != nil && d.Op == ir.OpConst && d.Const == ir.ConstString {
			if !strings.Contains(d.Name, "%s") && !strings.Contains(d.Name, "%S") && !strings.Contains(d.Name, "%ls") {
				return false
			}
			break
		}
	}
	a.unbounded = true
	return true
}

func (a *access) text(v *vars) string {
	verb := "reads from"
	if a.write {
		verb = "writes to"
	}
	ptr := "`" + v.f.Var(v.f.Params[a.param]).Name + "`"
	switch {
	case a.unbounded:
		return verb + " " + ptr + " without a bound"
	case a.count < 0:
		return verb + " " + ptr + ": " + number(a.unit) + " bytes"
	case a.unit == 1:
		return verb + " " + ptr + ": `" + v.f.Var(v.f.Params[a.count]).Name + "` bytes"
	}
	return verb + " " + ptr + ": `" + v.f.Var(v.f.Params[a.count]).Name + "` times " + number(a.unit) + " bytes"
}

// outer translates an access of a callee into the parameters of the function that calls it.
func outer(v *vars, in *ir.Instr, a access) (access, bool) {
	if a.param >= len(in.Call.Args) || a.count >= len(in.Call.Args) {
		return a, false
	}
	_, p := v.source(in.Call.Args[a.param].Val)
	if p < 0 {
		return a, false
	}
	a.param = p
	if a.count < 0 {
		return a, true
	}
	n, ok := v.product(in.Call.Args[a.count].Val, nil)
	if !ok || n.times <= 0 {
		return a, false
	}
	a.unit *= n.times
	a.count = n.param
	return a, true
}

// element reads p[i] in a loop over i < n as an access to n elements.
func element(v *vars, in *ir.Instr) (access, bool) {
	size := int64(0)
	if b := v.f.Def(in.A); b != nil && b.Op == ir.OpLoad {
		if d := v.f.Def(b.A); d != nil && d.Op == ir.OpVarAddr {
			size = SizeOf(ir.Type(strings.TrimSuffix(string(v.f.Var(d.Var).Type), "*")))
		}
	}
	_, p := v.source(in.A)
	if p < 0 || size == 0 {
		return access{}, false
	}
	i := indexVar(v, in.B)
	if i == ir.NoVar || v.taken[i] {
		return access{}, false
	}
	n := bound(v, i)
	if n < 0 {
		return access{}, false
	}
	a := access{param: p, count: n, unit: size, write: stored(v.f, in.Dst)}
	a.sites = []Site{{v.f.File, in.Span, false, a.text(v)}}
	return a, true
}

// indexVar is the local variable that temp t was read from, NoVar if it is computed otherwise.
func indexVar(v *vars, t ir.Temp) ir.VarID {
	d := v.f.Def(t)
	if d == nil || d.Op != ir.OpLoad {
		return ir.NoVar
	}
	if a := v.f.Def(d.A); a != nil && a.Op == ir.OpVarAddr && v.isParam(a.Var) < 0 {
		return a.Var
	}
	return ir.NoVar
}

// bound is the parameter that variable i is compared with, and with nothing else; -1 if there is none.
func bound(v *vars, i ir.VarID) int {
	n := -1
	for bi := range v.f.Blocks() {
		for ii := range v.f.Blocks()[bi].Instrs {
			in := &v.f.Blocks()[bi].Instrs[ii]
			if in.Op != ir.OpBin || in.Sub < ir.Eq || in.Sub > ir.Ge {
				continue
			}
			left, right := indexVar(v, in.A), indexVar(v, in.B)
			if left != i && right != i {
				continue
			}
			_, p := v.source(in.B)
			if left != i || in.Sub != ir.Lt || p < 0 || n >= 0 && n != p {
				return -1
			}
			n = p
		}
	}
	return n
}

// stored tells whether address t is written through.
func stored(f *ir.Func, t ir.Temp) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if in := &f.Blocks()[i].Instrs[j]; in.Op == ir.OpStore && in.A == t {
				return true
			}
		}
	}
	return false
}
