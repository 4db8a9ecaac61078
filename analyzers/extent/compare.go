package extent

import (
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// Kind is what is wrong with a length.
type Kind uint8

// The kinds.
const (
	Over      Kind = iota + 1 // C goes past the end
	Under                     // C uses a part only
	Unbounded                 // C writes text and is not told how much room there is
)

// Mismatch is a call of an import whose C side uses more, or less, memory than it is given.
type Mismatch struct {
	Kind   Kind
	Func   *ir.Func // C#
	Call   *ir.Instr
	Import *ir.Import
	Native *ir.Func
	Write  bool
	Arg    ir.Temp // the buffer
	By     string  // C function that does it: "memcpy"; "" for a loop
	Count  string  // C parameter that says how many, "" when that is a constant
	// Uses and Gives are the bytes for which one unit of the count stands, in C and in C#. Without
	// count, they are the bytes that C uses and that the buffer has; 0 when they are not known.
	Uses, Gives int64
	Sites       []Site // in C, outermost first
}

// Finder looks for mismatches.
type Finder struct{ x *finder }

// New makes a Finder for a program. It may be used from several goroutines.
func New(p *link.Program) *Finder { return &Finder{&finder{prog: p, done: map[*ir.Func][]access{}}} }

// In returns the mismatches at the calls of C# function f, in their order.
func (x *Finder) In(f *ir.Func) (out []Mismatch) {
	var g *giver
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			t := x.x.prog.Callee(f, in)
			bodies := t.NativeBodies()
			if len(bodies) != 1 {
				continue
			}
			if g == nil {
				g = &giver{x.x.prog, newVars(f)}
			}
			out = append(out, x.at(g, in, t, bodies[0])...)
		}
	}
	return out
}

// at compares one call.
func (x *Finder) at(g *giver, in *ir.Instr, t *link.Target, native *ir.Func) (out []Mismatch) {
	all := x.x.of(native, 0)
	told := map[int]bool{}
	for _, a := range all {
		if told[a.param] || !agree(all, a) {
			continue
		}
		n := t.Arg(a.param, len(in.Call.Args))
		if n < 0 || a.param >= len(t.Import.Params) {
			continue
		}
		b, ok := g.buffer(t.Import, &t.Import.Params[a.param], in.Call.Args[n].Val)
		if !ok {
			continue
		}
		m := Mismatch{Func: g.v.f, Call: in, Import: t.Import, Native: native, Write: a.write, Arg: in.Call.Args[n].Val, By: a.by, Sites: a.sites}
		if g.compare(&m, in, t, native, a, b) {
			told[a.param] = true
			out = append(out, m)
		}
	}
	return out
}

// agree tells whether all accesses through the parameter of a count in the same way: otherwise the
// unit depends on something that is not followed.
func agree(all []access, a access) bool {
	for _, b := range all {
		if b.param == a.param && (b.count != a.count || b.unit != a.unit || b.unbounded != a.unbounded) {
			return false
		}
	}
	return true
}

func (g *giver) compare(m *Mismatch, in *ir.Instr, t *link.Target, native *ir.Func, a access, b buffer) bool {
	if a.unbounded || a.count < 0 {
		if sized(native, a.param) {
			return false // how much there is may well be looked at
		}
		m.Kind, m.Gives = Unbounded, max(b.have, 0)
		if a.unbounded {
			return a.write
		}
		m.Kind, m.Uses = Over, a.unit
		return b.have > 0 && a.unit > b.have
	}
	n := t.Arg(a.count, len(in.Call.Args))
	if n < 0 {
		return false
	}
	m.Count = native.Var(native.Params[a.count]).Name
	if k, ok := g.constant(in.Call.Args[n].Val); ok {
		m.Kind, m.Uses, m.Gives, m.Count = Over, k*a.unit, b.have, ""
		return b.have > 0 && k*a.unit > b.have
	}
	given, ok := g.v.product(in.Call.Args[n].Val, g.leaf)
	if !ok || given.times <= 0 {
		return false
	}
	switch given.key {
	case b.key:
	case bytesOf + b.key:
		given.times *= b.elem
	default:
		return false
	}
	if b.elem%given.times != 0 {
		return false
	}
	m.Uses, m.Gives = a.unit, b.elem/given.times
	switch {
	case m.Uses > m.Gives:
		m.Kind = Over
	case m.Uses < m.Gives:
		m.Kind = Under
	}
	return m.Kind != 0 && !(b.text && m.Kind == Under)
}

// sized tells whether the function has a parameter that may say how large buffer p is.
func sized(f *ir.Func, p int) bool {
	for i, v := range f.Params {
		x := f.Var(v)
		if i == p || strings.HasSuffix(string(x.Type), "*") {
			continue
		}
		if i == p+1 || i == p-1 {
			if !strings.HasPrefix(string(x.Type), "H") {
				return true
			}
		}
		name := strings.ToLower(x.Name)
		for _, word := range [...]string{"len", "size", "max", "cap", "cb", "cch", "count", "num", "sz"} {
			if strings.Contains(name, word) {
				return true
			}
		}
		if name == "n" {
			return true
		}
	}
	return false
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
