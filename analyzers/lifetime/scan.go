package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// scan sums up a function that holds nothing of interest, without paths: which parameters may
// be kept. A parameter is kept when its value, or one computed from it, is stored, returned,
// captured, or given to a call that may keep it.
func (e *engine) scan(f *ir.Func) *Summary {
	s := &Summary{borrows: true}
	if len(f.Blocks()) == 0 {
		return unknownSummary
	}
	c := newScanner(e, f)
	c.escapes = keptAnyway(f)
	c.follow()
	c.eachCall(func(in *ir.Instr) { c.call(in) })
	s.escapes = c.escapes
	s.noReturn = e.neverReturns(f) || e.alwaysThrows(f, 0)
	s.handsBack = e.handsBack(f)
	if f.File.Lang == ir.CSharp {
		s.test, s.tests = e.predicateOf(f)
	}
	return s
}

// keptAnyway are the parameters that count as kept whatever the body says.
func keptAnyway(f *ir.Func) uint64 {
	if f.Kind == ir.FuncCtor || f.Flags&ir.Abstract != 0 {
		// A constructor keeps what it is given often enough in ways not seen here (primary
		// constructors, records): treat it as an owner.
		return ^uint64(0) >> 1
	}
	return 0
}

// scanner follows the parameters of a function without paths.
type scanner struct {
	e       *engine
	f       *ir.Func
	from    []uint64 // by temp: parameters it is computed from
	vars    []uint64 // by variable: parameters it may hold
	escapes uint64
	more    bool // a variable was set that an earlier instruction may read
}

func newScanner(e *engine, f *ir.Func) *scanner {
	c := &scanner{e: e, f: f, from: make([]uint64, f.Temps()+1), vars: make([]uint64, f.NumVars())}
	for i, v := range f.Params {
		if i < receiverBit {
			c.vars[v] = 1 << i
		}
	}
	if f.This != ir.NoVar {
		c.vars[f.This] = 1 << receiverBit
	}
	return c
}

// follow finds what each temp is computed from, and what escapes other than by calls.
func (c *scanner) follow() {
	for pass := 0; pass < 2 && (pass == 0 || c.more || len(c.f.Blocks()) > 1); pass++ {
		for i := range c.f.Blocks() {
			for j := range c.f.Blocks()[i].Instrs {
				c.instr(&c.f.Blocks()[i].Instrs[j])
			}
		}
	}
}

// eachCall calls do for each call that takes what is computed from a parameter which is not known to
// escape.
func (c *scanner) eachCall(do func(*ir.Instr)) {
	for i := range c.f.Blocks() {
		for j := range c.f.Blocks()[i].Instrs {
			in := &c.f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			set := c.from[in.Call.Recv]
			for k := range in.Call.Args {
				set |= c.given(&in.Call.Args[k])
			}
			if set&^c.escapes != 0 {
				do(in)
			}
		}
	}
}

// given are the parameters that an argument is computed from: also those that the variable holds of
// which it is the address, if the callee may read there.
func (c *scanner) given(arg *ir.Arg) uint64 {
	if arg.Ref == ir.ByOut {
		return c.from[arg.Val]
	}
	return c.at(arg.Val)
}

// at are the parameters that t is computed from, or what lies in the variable of which it is the address.
func (c *scanner) at(t ir.Temp) uint64 {
	from := c.from[t]
	if d := c.f.Def(t); d != nil && d.Op == ir.OpVarAddr {
		from |= c.vars[d.Var]
	}
	return from
}

// set adds to what a variable may hold.
func (c *scanner) set(v ir.VarID, from uint64) {
	if from&^c.vars[v] != 0 {
		c.vars[v] |= from
		c.more = true
	}
}

func (c *scanner) instr(in *ir.Instr) {
	switch in.Op {
	case ir.OpLoad, ir.OpCast, ir.OpBin, ir.OpAwait, ir.OpFixed:
		set := c.at(in.A) | c.from[in.B]
		if in.Op == ir.OpBin && in.Sub >= ir.Eq && in.Sub <= ir.Ge {
			set = 0
		}
		if in.Dst != 0 {
			c.from[in.Dst] |= set
		}
		if in.Op == ir.OpFixed {
			c.set(in.Var, set)
		}
	case ir.OpField, ir.OpMember, ir.OpElem:
		// What lies in the pointee of a parameter belongs to the caller as well.
		c.from[in.Dst] |= c.at(in.A)
	case ir.OpStore:
		if d := c.f.Def(in.A); d != nil && d.Op == ir.OpVarAddr && c.f.Var(d.Var).Kind == ir.VarLocal && c.f.Var(d.Var).Flags&ir.Static == 0 {
			c.set(d.Var, c.from[in.B])
			return
		}
		c.escapes |= c.from[in.B]
	case ir.OpRet, ir.OpYield, ir.OpThrow:
		c.escapes |= c.from[in.A]
	case ir.OpLambda:
		for _, v := range in.Vars {
			c.escapes |= c.vars[v]
		}
	case ir.OpCall:
		c.from[in.Dst] |= c.sameAs(in)
	case ir.OpUnknown, ir.OpNewArray:
		if in.Call != nil {
			for i := range in.Call.Args {
				c.escapes |= c.from[in.Call.Args[i].Val]
			}
		}
	}
}

// sameAs are the parameters that the result of a call is computed from, where it gives an operand back in another type.
func (c *scanner) sameAs(in *ir.Instr) uint64 {
	t := c.e.prog.Callee(c.f, in)
	role, op := c.e.prog.DB.Role(t.MemberName)
	switch {
	case t.MemberName == "" || role != models.RoleSame:
		return 0
	case op == models.RoleOperandRecv:
		return c.at(in.Call.Recv)
	case op < len(in.Call.Args):
		return c.at(in.Call.Args[op].Val)
	}
	return 0
}

// call adds what a call keeps of what it takes. Callees of the unit are asked only for that.
func (c *scanner) call(in *ir.Instr) {
	t := c.e.prog.Callee(c.f, in)
	native := t.NativeBodies()
	keeps := func(i int) bool { return true }
	keepsRecv := func() bool { return true }
	switch {
	case len(native) > 0:
		keeps = func(i int) bool { return c.bodyKeeps(native, t.Param(i)) }
	case len(t.Funcs) > 0 && t.Complete:
		keeps = func(i int) bool { return c.beyond(t.Funcs, in.Call, i) || c.bodyKeeps(t.Funcs, t.Param(i)) }
		keepsRecv = func() bool { return c.bodyKeeps(t.Funcs, receiverBit) }
	case t.Native != nil && t.Native.Sig != nil:
		keeps = func(i int) bool { return nativeKeeps(t.Native, t.Param(i)) || c.stores(t.NativeName, in.Call, i) }
	case t.MemberName != "":
		typ, name := models.SplitMember(t.MemberName)
		if c.e.prog.DB.DotNetBorrows(typ, name) {
			keeps, keepsRecv = func(i int) bool { return c.stores(t.MemberName, in.Call, i) }, func() bool { return false }
		}
	}
	for i := range in.Call.Args {
		if from := c.given(&in.Call.Args[i]); from&^c.escapes != 0 && keeps(i) {
			c.escapes |= from
		}
	}
	if from := c.from[in.Call.Recv]; in.Call.Recv != 0 && from&^c.escapes != 0 && (disposes(in.Call.Name, len(in.Call.Args)) || keepsRecv()) {
		c.escapes |= from
	}
}

// stores tells whether a function stores its argument i, or what that holds, in another place.
func (c *scanner) stores(name string, call *ir.Call, i int) bool {
	switch role, op := c.e.prog.DB.Role(name); role {
	case models.RoleCopy:
		return i == op
	case models.RoleKeepLast:
		return i == len(call.Args)-1
	}
	return false
}

// nativeKeeps tells whether a native function may release or keep parameter i.
func nativeKeeps(fn *models.Func, i int) bool {
	if isReleased(fn, i) || givesData(fn, i) || slices.Contains(fn.Sink, i) || slices.Contains(fn.Retains, i) {
		return true
	}
	if fn.Overlapped != nil && i != fn.Overlapped.HandleParam {
		return true // an operation may use it after the return
	}
	return slices.ContainsFunc(fn.Sinks, func(s models.Sink) bool { return s.Param == i })
}

func (c *scanner) bodyKeeps(fs []*ir.Func, param int) bool {
	for _, f := range fs {
		if c.e.summaryOf(f).keeps(lastParam(f, param)) {
			return true
		}
	}
	return false
}

// keeps tells whether the function may keep, hand on, release or return what it is given as a parameter, or what lies behind that.
// Of a receiver that is known of functions alone that were only scanned.
func (s *Summary) keeps(param int) bool {
	switch {
	case s.borrows:
		return s.letsGo(param)
	case s.unknown || param >= receiverBit:
		return true
	}
	return slices.ContainsFunc(s.outcomes, func(o outcome) bool {
		back := o.ret.alias
		return back.root == rootParam && back.index == param ||
			slices.ContainsFunc(o.effects, func(e effect) bool { return e.fate(param) != Borrowed })
	})
}

// letsGo tells whether a body that was only scanned may keep, hand on or release a parameter; receiverBit is the receiver.
func (s *Summary) letsGo(param int) bool { return param > receiverBit || s.escapes&(1<<param) != 0 }
