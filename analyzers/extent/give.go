package extent

import (
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// buffer is what C# passes for a pointer.
type buffer struct {
	key  string // names the array, as the leaves of products do
	elem int64  // bytes of an element as C sees it
	have int64  // bytes in all, -1 when they are not a constant
	text bool   // string or StringBuilder: the marshaller converts it
}

// giver reads the arguments of calls in one C# function.
type giver struct {
	prog *link.Program
	v    *vars
}

// buffer describes argument t for parameter p of the import.
func (g *giver) buffer(imp *ir.Import, p *ir.Param, t ir.Temp) (buffer, bool) {
	if p.Ref != ir.ByValue || custom(p.Attrs) {
		return buffer{}, false
	}
	b := buffer{have: -1}
	def, param := g.v.source(t)
	if def != nil && def.Op == ir.OpElem { // &array[0]
		if zero := g.v.f.Def(def.B); zero == nil || zero.Op != ir.OpConst || zero.Int != 0 {
			return b, false
		}
		def, param = g.v.source(def.A)
	}
	typ := ir.Type("")
	switch {
	case param >= 0:
		typ = g.v.f.Var(g.v.f.Params[param]).Type
	case def != nil:
		typ = g.prog.TypeOf(g.v.f, def.Dst)
		if def.Op == ir.OpNewArray || def.Op == ir.OpStackAlloc {
			typ = ir.Type(strings.TrimRight(string(def.Type), "[]*") + "[]")
		}
	default:
		return b, false
	}
	if b.key = g.keyOf(def, param); b.key == "" {
		return b, false
	}
	switch s := string(typ); {
	case strings.HasSuffix(s, "[]"):
		b.elem = ManagedSize(ir.Type(strings.TrimSuffix(s, "[]")))
	case strings.HasSuffix(s, ">") && (strings.HasPrefix(s, "Span<") || strings.HasPrefix(s, "ReadOnlySpan<")):
		b.elem = ManagedSize(ir.Type(s[strings.IndexByte(s, '<')+1 : len(s)-1]))
	case s == "string", s == "StringBuilder", s == "System.Text.StringBuilder":
		b.text, b.elem = true, 1
		if imp.CharSet == "Unicode" || imp.CharSet == "Utf16" {
			b.elem = 2
		}
	}
	b.have = g.size(def, b.elem)
	return b, b.elem > 0
}

// custom tells whether attributes change how the parameter is passed.
func custom(attrs []ir.Attr) bool {
	return ir.Find(attrs, "MarshalAs") != nil || ir.Find(attrs, "MarshalUsing") != nil
}

// size is the number of bytes that def makes, -1 when that is no constant.
func (g *giver) size(def *ir.Instr, elem int64) int64 {
	if def == nil {
		return -1
	}
	var n ir.Temp
	extra := int64(0)
	switch {
	case def.Op == ir.OpNewArray || def.Op == ir.OpStackAlloc:
		n = def.A
	case def.Op == ir.OpCall && def.Call.New && len(def.Call.Args) == 1: // new StringBuilder(n)
		n, extra = def.Call.Args[0].Val, 1
	}
	if n == 0 {
		return -1
	}
	if k, ok := g.constant(n); ok && k > 0 {
		return (k + extra) * elem
	}
	return -1
}

// constant is the value of temp t when it is a constant expression.
func (g *giver) constant(t ir.Temp) (int64, bool) {
	s, ok := g.v.product(t, nil)
	if ok && s.key == "" {
		return s.times, true
	}
	def, _ := g.v.source(t)
	if def == nil || def.Op != ir.OpLoad {
		return 0, false
	}
	d := g.v.f.Def(def.A)
	if d == nil || d.Op != ir.OpName {
		return 0, false
	}
	ref := g.prog.Name(g.v.f, d.Name)
	return ref.Value, ref.Kind == link.Const && ref.Known && ref.Rest == ""
}

// keyOf names what makes a value, "" if that has no name that lasts to the call.
func (g *giver) keyOf(def *ir.Instr, param int) string {
	if param >= 0 {
		return "param:" + g.v.f.Var(g.v.f.Params[param]).Name
	}
	if def == nil {
		return ""
	}
	switch def.Op {
	case ir.OpNewArray, ir.OpStackAlloc:
		return "new:" + strconv.Itoa(int(def.Dst))
	case ir.OpCall:
		if def.Call.New {
			return "new:" + strconv.Itoa(int(def.Dst))
		}
	case ir.OpLoad:
		return g.placeKey(def.A)
	}
	return ""
}

// placeKey names the place at address t.
func (g *giver) placeKey(t ir.Temp) string {
	d := g.v.f.Def(t)
	if d == nil {
		return ""
	}
	switch d.Op {
	case ir.OpName:
		return "name:" + strings.TrimPrefix(d.Name, "this.")
	case ir.OpVarAddr:
		x := g.v.f.Var(d.Var)
		if p := g.v.isParam(d.Var); p >= 0 && g.v.stores[d.Var] == 0 {
			return "param:" + x.Name
		}
		if g.v.stores[d.Var] == 1 && g.v.value[d.Var] != 0 && !g.v.taken[d.Var] {
			if def, p := g.v.source(g.v.value[d.Var]); p >= 0 || def != nil {
				if k := g.keyOf(def, p); k != "" {
					return k
				}
			}
		}
		return "var:" + x.Name
	case ir.OpMember, ir.OpField:
		if k := g.placeKey(d.A); k != "" {
			return strings.TrimSuffix(k, ":this") + "." + d.Name
		}
	case ir.OpLoad:
		return g.placeKey(d.A)
	}
	return ""
}

// leaf names the unknown that def is: the length of an array in elements, or in bytes.
func (g *giver) leaf(def *ir.Instr) string {
	switch def.Op {
	case ir.OpLoad:
		d := g.v.f.Def(def.A)
		if d == nil {
			return ""
		}
		if d.Op == ir.OpName {
			for _, p := range [...]string{".Length", ".Capacity"} {
				if k, ok := strings.CutSuffix(d.Name, p); ok {
					return "name:" + strings.TrimPrefix(k, "this.")
				}
			}
			return ""
		}
		if d.Op == ir.OpMember && (d.Name == "Length" || d.Name == "Capacity" || d.Name == "LongLength") {
			if k := g.placeKey(d.A); k != "" {
				return k
			}
			return g.keyOf(g.v.source(d.A))
		}
	case ir.OpCall:
		if t := g.prog.Callee(g.v.f, def); t.MemberName == "Buffer.ByteLength" && len(def.Call.Args) == 1 {
			if k := g.keyOf(g.v.source(def.Call.Args[0].Val)); k != "" {
				return bytesOf + k
			}
		}
	}
	return ""
}

const bytesOf = "bytes:"
