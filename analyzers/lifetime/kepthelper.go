package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// keptParam is a parameter in which a function takes a callback that native code then keeps.
type keptParam struct {
	models.KeptCallback
	by string // the native function
	at *Step  // where it goes on to, nil for the native function itself
}

// kept are the callbacks that a call hands to native code that keeps them: by what the models know
// of the function, by its C body, or through a helper that hands a parameter on.
//
// Helpers are asked for only if they are given something that matters, which the caller tells.
func (c *callbacks) kept(t *link.Target, in *ir.Instr, matters func(ir.Temp) bool) (out []keptParam) {
	if t.CFunc != nil && t.Bound != nil && t.Bound.Confidence >= link.Medium {
		return c.keptByBody(t.CFunc)
	}
	if len(t.Funcs) == 1 && t.Complete {
		if !slices.ContainsFunc(in.Call.Args, func(a ir.Arg) bool { return matters(a.Val) }) {
			return nil
		}
		return c.helper(t.Funcs[0])
	}
	name := c.factName(t, in)
	if name == "" {
		return nil
	}
	for _, k := range c.prog.DB.KeptCallbacks(name) {
		out = append(out, keptParam{KeptCallback: k, by: name})
	}
	if len(out) == 0 && t.Import != nil && c.prog.DB.Func(name) == nil {
		return c.keptByName(t, in, name, matters)
	}
	return out
}

// KeptByName is the end of a callback of which only names say that native code keeps it.
const KeptByName = "name"

// keptByName: nothing is known of the function, but its name, or that of the delegate type, says that it keeps
// what it is given.
func (c *callbacks) keptByName(t *link.Target, in *ir.Instr, name string, matters func(ir.Temp) bool) (out []keptParam) {
	file := c.prog.FileOfImport(t.Import)
	for i := range t.Import.Params {
		a := t.Arg(i, len(in.Call.Args))
		if a < 0 || !models.NamedKeeper(name, lastDot(string(t.Import.Params[i].Type))) || !matters(in.Call.Args[a].Val) {
			continue
		}
		if c.prog.TakesDelegate(t.Import, file, i) || c.made(in.Call.Args[a].Val, 0) != nil {
			out = append(out, keptParam{KeptCallback: models.KeptCallback{Param: i, Until: KeptByName}, by: name})
		}
	}
	return out
}

// keptParams are the parameters that the method hands on to native code that keeps them, and puts nowhere else.
func (c *callbacks) keptParams() (out []keptParam) {
	f := c.f
	if f.File.Lang != ir.CSharp || len(f.Params) == 0 {
		return nil
	}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op == ir.OpCall {
				out = c.handsOn(in, out)
			}
		}
	}
	return out
}

// handsOn adds the parameters that a call hands on, each once.
func (c *callbacks) handsOn(in *ir.Instr, out []keptParam) []keptParam {
	t := c.prog.Callee(c.f, in)
	for _, k := range c.kept(t, in, func(v ir.Temp) bool { return c.param(v) >= 0 }) {
		a := t.Arg(k.Param, len(in.Call.Args))
		if a < 0 || k.Field != "" || !c.applies(t, in, k.When) {
			continue
		}
		p := c.param(in.Call.Args[a].Val)
		if p < 0 || c.rooted(&madeDelegate{local: c.f.Params[p], temp: -1, given: in}) {
			continue
		}
		known := func(o keptParam) bool {
			return o.Param == p && o.Until == k.Until && o.by == k.by && o.at.Span == in.Span
		}
		if !slices.ContainsFunc(out, known) {
			at := &Step{File: c.f.File, Span: in.Span, Kind: StepCall, Text: "goes on to " + k.by}
			out = append(out, keptParam{KeptCallback: models.KeptCallback{Param: p, Until: k.Until}, by: k.by, at: at})
		}
	}
	return out
}

// param is the index of the parameter whose value t is, through casts and the making of a function
// pointer; -1 if it is none.
func (c *callbacks) param(t ir.Temp) int {
	for n := 0; n < maxValueDepth; n++ {
		d := c.f.Def(t)
		switch {
		case d == nil:
			return -1
		case d.Op == ir.OpCast:
			t = d.A
		case d.Op == ir.OpCall && len(d.Call.Args) == 1 && makesPointer(c.prog, c.prog.Callee(c.f, d).MemberName):
			t = d.Call.Args[0].Val
		case d.Op == ir.OpLoad:
			i, ok := paramAt(c.f, t)
			if !ok {
				return -1
			}
			return i
		default:
			return -1
		}
	}
	return -1
}

// keptByBody: C code stores its parameter in a global, or in a member of what outlives the call.
func (c *callbacks) keptByBody(f *ir.Func) (out []keptParam) {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpStore || !outlivesCall(f, in.A) {
				continue
			}
			if p, ok := paramAt(f, in.B); ok {
				at := &Step{File: f.File, Span: in.Span, Kind: StepStore, Text: "stored here"}
				out = append(out, keptParam{KeptCallback: models.KeptCallback{Param: p, Until: "process"}, by: f.Name, at: at})
			}
		}
	}
	return out
}

// outlivesCall tells whether an address is that of a global, or lies in memory that is reached
// through a parameter or a global.
func outlivesCall(f *ir.Func, addr ir.Temp) bool {
	for n := 0; n < maxValueDepth; n++ {
		d := f.Def(addr)
		if d == nil {
			return false
		}
		switch d.Op {
		case ir.OpName:
			return true
		case ir.OpField, ir.OpMember, ir.OpElem, ir.OpCast:
			addr = d.A
		case ir.OpLoad:
			if _, ok := paramAt(f, addr); ok {
				return true
			}
			addr = d.A
		case ir.OpVarAddr:
			return f.Var(d.Var).Flags&ir.Static != 0
		default:
			return false
		}
	}
	return false
}
