package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// madeDelegate is a delegate that the function makes: nothing but its variable refers to it.
type madeDelegate struct {
	in     *ir.Instr // the lambda, method group or new expression
	temp   ir.Temp   // its value
	local  ir.VarID  // the local that holds it, NoVar if none
	target *ir.Func  // the body that it runs, nil when unknown
	name   string    // of an import that it runs
	static bool      // of a static method
	given  *ir.Instr // the call that hands it to native code
}

// callbacks answers where the function pointers come from that a function hands to native code.
type callbacks struct {
	prog   *link.Program
	f      *ir.Func
	helper func(*ir.Func) []keptParam // what a method of the unit hands on (keptParams)
}

// made returns the delegate behind value t, nil when it is held elsewhere (a field, a parameter,
// the cache of the compiler), is no delegate, or cannot be told.
func (c *callbacks) made(t ir.Temp, depth int) *madeDelegate {
	d := c.f.Def(t)
	if d == nil || depth > maxValueDepth {
		return nil
	}
	switch d.Op {
	case ir.OpCast:
		return c.made(d.A, depth+1)
	case ir.OpLambda:
		if d.Int < 0 || int(d.Int) >= len(c.f.File.Funcs) || len(d.Vars) == 0 && !c.usesMembers(c.f.File.Funcs[d.Int], depth) {
			return nil // captures nothing: the compiler keeps it in a static field
		}
		return &madeDelegate{in: d, temp: t, local: ir.NoVar, target: c.f.File.Funcs[d.Int]}
	case ir.OpCall:
		return c.madeByCall(d, t, depth)
	case ir.OpLoad:
		return c.loaded(d, t, depth)
	}
	return nil
}

// usesMembers tells whether a lambda names a member of the object around it without "this", so that it
// captures that object.
func (c *callbacks) usesMembers(f *ir.Func, depth int) bool {
	if depth > maxValueDepth || c.f.Flags&ir.Static != 0 {
		return false
	}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			switch in := &f.Blocks()[i].Instrs[j]; {
			case in.Op == ir.OpName && instanceMember(c.prog.Name(f, in.Name)),
				in.Op == ir.OpCall && in.Call.Path != "" && in.Call.Fn == 0 && in.Call.Recv == 0 && !in.Call.New && instanceMember(c.prog.Name(f, in.Call.Path)),
				in.Op == ir.OpLambda && in.Int >= 0 && int(in.Int) < len(f.File.Funcs) && c.usesMembers(f.File.Funcs[in.Int], depth+1):
				return true
			}
		}
	}
	return false
}

func instanceMember(r link.Ref) bool {
	switch r.Kind {
	case link.Field, link.Prop:
		return !r.Static
	case link.Function:
		return r.Func != nil && r.Func.Flags&ir.Static == 0 && r.Func.Kind != ir.FuncLocal
	}
	return false
}

func (c *callbacks) madeByCall(d *ir.Instr, t ir.Temp, depth int) *madeDelegate {
	switch {
	case len(d.Call.Args) != 1:
		return nil
	case d.Call.New && c.prog.IsDelegate(c.f, d.Call.Type):
		if m := c.made(d.Call.Args[0].Val, depth+1); m != nil {
			m.in, m.temp = d, t
			return m
		}
	case makesPointer(c.prog, c.prog.Callee(c.f, d).MemberName):
		return c.made(d.Call.Args[0].Val, depth+1)
	}
	return nil
}

// loaded is the delegate in a local that is set once, or of a method group.
func (c *callbacks) loaded(d *ir.Instr, t ir.Temp, depth int) *madeDelegate {
	a := c.f.Def(d.A)
	if a == nil {
		return nil
	}
	switch a.Op {
	case ir.OpVarAddr:
		if v := c.f.Var(a.Var); v.Kind != ir.VarLocal {
			return nil
		}
		stores := storesBefore(c.f, d, a)
		if len(stores) != 1 {
			return nil
		}
		m := c.made(stores[0].B, depth+1)
		if m != nil && m.local == ir.NoVar && c.prog.TypeOf(c.f, d.Dst) != "IntPtr" && c.prog.TypeOf(c.f, d.Dst) != "nint" {
			m.local = a.Var
		}
		return m
	case ir.OpName:
		return c.group(c.prog.Name(c.f, a.Name), d, t)
	case ir.OpMember:
		if a.Flags&ir.AddrOperand == 0 {
			return c.group(c.prog.Member(c.f, c.prog.TypeOf(c.f, a.A), a.Name), d, t)
		}
	}
	return nil
}

func (c *callbacks) group(ref link.Ref, d *ir.Instr, t ir.Temp) *madeDelegate {
	switch {
	case ref.Kind != link.Function:
		return nil
	case ref.Func != nil:
		return &madeDelegate{in: d, temp: t, local: ir.NoVar, target: ref.Func, static: ref.Func.Flags&ir.Static != 0}
	case ref.Static && len(ref.Members) == 0: // an import
		return &madeDelegate{in: d, temp: t, local: ir.NoVar, name: lastDot(ref.Path), static: true}
	}
	return nil
}

// rooted tells whether something beside native code holds the delegate: it is stored in a field or
// collection, captured, returned, kept alive, or given to anything that may keep it.
func (c *callbacks) rooted(m *madeDelegate) bool {
	holds := map[ir.Temp]bool{m.temp: true}
	for i := range c.f.Blocks() {
		for j := range c.f.Blocks()[i].Instrs {
			if c.holds(&c.f.Blocks()[i].Instrs[j], m, holds) {
				return true
			}
		}
	}
	return false
}

func (c *callbacks) holds(in *ir.Instr, m *madeDelegate, holds map[ir.Temp]bool) bool {
	switch in.Op {
	case ir.OpLoad:
		if a := c.f.Def(in.A); a != nil && a.Op == ir.OpVarAddr && a.Var == m.local && m.local != ir.NoVar {
			holds[in.Dst] = true
		}
	case ir.OpCast:
		holds[in.Dst] = holds[in.A]
	case ir.OpStore:
		if !holds[in.B] {
			return false
		}
		a := c.f.Def(in.A)
		return a == nil || a.Op != ir.OpVarAddr && !c.intoLocalStruct(a, m.given) || a.Op == ir.OpVarAddr && c.f.Var(a.Var).Kind != ir.VarLocal
	case ir.OpLambda:
		for _, v := range in.Vars {
			if v == m.local {
				return true
			}
		}
	case ir.OpRet, ir.OpYield:
		return holds[in.A]
	case ir.OpCall:
		return c.callHolds(in, m, holds)
	case ir.OpNewArray, ir.OpUnknown:
		if in.Call == nil {
			return false
		}
		for i := range in.Call.Args {
			if holds[in.Call.Args[i].Val] {
				return true
			}
		}
	}
	return false
}

// callHolds: calls into native code and GetFunctionPointerForDelegate hold nothing; whatever else
// the delegate is given to may, but for the delegate's own constructor.
func (c *callbacks) callHolds(in *ir.Instr, m *madeDelegate, holds map[ir.Temp]bool) bool {
	given := holds[in.Call.Recv] && in.Call.Recv != 0
	for i := range in.Call.Args {
		given = given || holds[in.Call.Args[i].Val]
	}
	if !given || in == m.in || in == m.given {
		return false
	}
	t := c.prog.Callee(c.f, in)
	return t.Import == nil && t.Native == nil && !makesPointer(c.prog, t.MemberName) && !t.Delegate
}
