package inventory

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// marshalled lists the arguments of f's calls of imports that the marshaller pins, not copies.
func marshalled(p *link.Program, f *ir.Func) []*Site {
	var out []*Site
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			t := p.Callee(f, in)
			if t.Import == nil {
				continue
			}
			for k := range in.Call.Args {
				if s := marshalledArg(p, f, in, t, k); s != nil {
					s.InLoop = blockInLoop(f, ir.BlockID(i))
					out = append(out, s)
				}
			}
		}
	}
	return out
}

func marshalledArg(p *link.Program, f *ir.Func, in *ir.Instr, t *link.Target, k int) *Site {
	n := t.Param(k)
	if n < 0 || n >= len(t.Import.Params) || !pinnedParam(t.Import, &t.Import.Params[n]) {
		return nil
	}
	arg := &in.Call.Args[k]
	d := f.Def(arg.Val)
	if d != nil && d.Op == ir.OpConst || arg.Ref != ir.ByValue && onStack(f, d) {
		return nil // null, a literal, or a local that cannot move
	}
	target := nameOf(f, arg.Val)
	if target == "null" {
		return nil
	}
	typ := p.TypeOf(f, arg.Val)
	if arg.Ref != ir.ByValue {
		typ = ir.Type(strings.TrimSuffix(string(typ), "*")) // what is referred to
	}
	return &Site{
		File: f.File, Span: arg.Span, Func: f, Kind: Marshalled, Class: Call, Target: target,
		Type: typ, call: in.Span, Holder: t.Import.Name, Reason: "for the call of " + t.Import.Name,
	}
}

// blittable are the element types whose arrays the marshaller pins; all others it copies.
var blittable = []string{"byte", "sbyte", "short", "ushort", "int", "uint", "long", "ulong", "nint", "nuint", "float", "double", "IntPtr", "UIntPtr"}

// pinnedParam tells whether an argument of a parameter is pinned for the call: arrays of numbers,
// UTF-16 strings, and numbers by reference (.NET documentation, "Copying and pinning").
func pinnedParam(imp *ir.Import, p *ir.Param) bool {
	t := strings.TrimPrefix(strings.TrimSuffix(string(p.Type), "?"), "System.")
	if elem, ok := strings.CutSuffix(t, "[]"); ok {
		return slices.Contains(blittable, elem) || elem == "char" && imp.CharSet != "" && imp.CharSet != "Ansi"
	}
	if p.Ref != ir.ByValue {
		return slices.Contains(blittable, t)
	}
	if elem, ok := strings.CutPrefix(t, "Span<"); ok {
		return slices.Contains(blittable, strings.TrimSuffix(elem, ">"))
	}
	if elem, ok := strings.CutPrefix(t, "ReadOnlySpan<"); ok {
		return slices.Contains(blittable, strings.TrimSuffix(elem, ">"))
	}
	if t == "string" || t == "String" {
		return (imp.CharSet == "Unicode" || imp.CharSet == "Utf16") && ir.Find(p.Attrs, "MarshalAs") == nil
	}
	return false
}

// onStack tells whether an address is that of a variable of the function.
func onStack(f *ir.Func, d *ir.Instr) bool {
	return d != nil && d.Op == ir.OpVarAddr && f.Var(d.Var).Ref == ir.ByValue
}

// nameOf is how a value is written, as far as it is a name.
func nameOf(f *ir.Func, t ir.Temp) string {
	for range 8 {
		d := f.Def(t)
		if d == nil {
			return ""
		}
		switch d.Op {
		case ir.OpLoad, ir.OpCast:
			t = d.A
		case ir.OpVarAddr:
			return f.Var(d.Var).Name
		case ir.OpName:
			return d.Name
		case ir.OpField, ir.OpMember:
			if of := nameOf(f, d.A); of != "" && of != "this" {
				return of + "." + d.Name
			}
			return d.Name
		default:
			return ""
		}
	}
	return ""
}

// blockInLoop tells whether control can come back to b.
func blockInLoop(f *ir.Func, b ir.BlockID) bool {
	seen := make([]bool, len(f.Blocks()))
	stack := slices.Clone(f.Blocks()[b].Term.Succs)
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if x == b {
			return true
		}
		if !seen[x] {
			seen[x] = true
			stack = append(stack, f.Blocks()[x].Term.Succs...)
		}
	}
	return false
}
