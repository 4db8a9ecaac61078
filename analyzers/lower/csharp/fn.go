package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// fn is a function whose body is being lowered.
type fn struct {
	*unit
	*ir.Builder
	owner    *typ // nil outside of types
	parent   *fn  // of a lambda or local function
	names    []binding
	mark     int       // names[mark:] are of the innermost scope
	caps     []binding // captured variables, by name
	outer    []ir.VarID
	targets  []target
	switches []*switchFrame
	star     syntax.NodeID // the *p whose star belongs to the chain around it, None
	nullOut  ir.BlockID    // where the null-conditional chain in progress goes when a link is null
	want     ir.Type       // the type that the next expression is converted to, if it is near
	prop     string        // property whose accessor this is

	locals []localFn // local functions of the blocks that are open

	usesField bool // the accessor mentions its backing field
	usesThis  bool
}

// binding is a name in scope.
type binding struct {
	name string
	v    ir.VarID
}

// target is what break or continue may leave to; used tells whether one did.
type target struct{ broke, continued, loop bool }

// begin starts a function: it is appended to the file's.
func (u *unit) begin(f *ir.Func, owner *typ, parent *fn) *fn {
	f.File, f.Index, f.View, f.This = u.out, len(u.out.Funcs), u.view, ir.NoVar
	u.out.Funcs = append(u.out.Funcs, f)
	x := &fn{unit: u, owner: owner, parent: parent, star: syntax.None, nullOut: ir.NoBlock}
	x.Builder = ir.NewBuilder(f)
	switch {
	case parent != nil:
		if parent.F.This != ir.NoVar && f.Flags&ir.Static == 0 {
			f.This = x.NewVar(ir.Var{Name: "this", Type: ir.Type(f.Owner), Kind: ir.VarThis})
			f.Vars[f.This].Outer = parent.F.This
		}
	case f.Flags&ir.Static == 0 && f.Kind != ir.FuncOperator && f.Kind != ir.FuncTopLevel:
		f.This = x.NewVar(ir.Var{Name: "this", Type: ir.Type(f.Owner), Kind: ir.VarThis})
	}
	return x
}

// finish ends the body. A local function whose body was not reached is not understood.
func (x *fn) finish(end ir.Span) {
	for _, l := range x.locals {
		if in := &x.F.Blocks()[l.block].Instrs[l.instr]; in.Int < 0 {
			in.Op, in.Int = ir.OpUnknown, 0
		}
	}
	x.Finish(end)
}

// params declares the parameters of a list.
func (x *fn) params(list syntax.NodeID) {
	x.eachParam(list, func(p ir.Param) {
		x.param(ir.Var{Name: p.Name, Type: p.Type, Kind: ir.VarParam, Ref: p.Ref, Flags: p.Flags, Span: p.Span})
	})
}

func (x *fn) param(v ir.Var) {
	id := x.NewVar(v)
	x.F.Params = append(x.F.Params, id)
	x.bind(v.Name, id)
}

// body lowers a block or the expression of => and finishes the function.
func (x *fn) body(n syntax.NodeID) {
	if x.late(n) {
		return
	}
	end := x.endSpan(n)
	switch x.kind(n) {
	case syntax.CsBlock:
		x.block(n)
	case syntax.CsArrowExpressionClause:
		x.expressionBody(x.operandOf(n))
	default:
		x.expressionBody(n)
	}
	x.countErrors(n)
	x.finish(end)
}

func (x *fn) expressionBody(n syntax.NodeID) {
	if n == syntax.None {
		return
	}
	if x.kind(n) == syntax.CsThrowExpression || x.F.Ret == "void" {
		x.effect(n)
		return
	}
	x.PushScope(x.span(n))
	v := x.exprFor(n, x.F.Ret)
	if x.Reachable() {
		x.Return(v, x.span(n))
	}
	x.PopScope(x.span(n))
}

// countErrors counts the places below n that the parser did not understand; nested functions are
// counted with the function around them too.
func (x *fn) countErrors(n syntax.NodeID) {
	if n < 0 || !x.t.HasError(n) {
		return
	}
	for i := n; i < syntax.NodeID(x.nodes[n].Next); {
		nd := &x.nodes[i]
		switch {
		case nd.Flags&(syntax.Error|syntax.Missing) != 0:
			x.F.Problems++
			i = syntax.NodeID(nd.Next)
		case !x.t.HasError(i):
			i = syntax.NodeID(nd.Next)
		default:
			i++
		}
	}
}

// notUnderstood counts a node of which the lowering makes nothing.
func (x *fn) notUnderstood(n syntax.NodeID) {
	if x.kind(n) == syntax.KindError {
		return // countErrors does
	}
	x.F.Problems++
	x.problem(n, "not understood: "+x.t.KindName(n))
}

// unknown stands for an expression that is not understood: the locals that its text mentions may
// be kept or changed by it.
func (x *fn) unknown(n syntax.NodeID) ir.Temp {
	s := x.span(n)
	in := ir.Instr{Op: ir.OpUnknown, Var: ir.NoVar, Span: s}
	var seen []ir.VarID
	for c := n; c >= 0 && c < syntax.NodeID(x.nodes[n].Next); c++ {
		if x.kind(c) != syntax.CsIdentifier {
			continue
		}
		v := x.lookup(x.identBytes(c))
		if v == ir.NoVar || contains(seen, v) {
			continue
		}
		seen = append(seen, v)
		a := x.varPlace(v, x.span(c))
		if in.Call == nil {
			in.Call = &ir.Call{}
		}
		in.Call.Args = append(in.Call.Args, ir.Arg{Val: x.Load(a, x.span(c)), Addr: a, Span: x.span(c)})
	}
	return x.Value(in)
}

func contains(list []ir.VarID, v ir.VarID) bool {
	for _, w := range list {
		if w == v {
			return true
		}
	}
	return false
}

// enter bounds the recursion; each call that gives true needs a leave.
func (x *fn) enter() bool {
	if x.depth >= maxDepth {
		return false
	}
	x.depth++
	return true
}

func (x *fn) leave() { x.depth-- }

// bind makes name mean v in the innermost scope.
func (x *fn) bind(name string, v ir.VarID) { x.names = append(x.names, binding{name, v}) }

// open starts a scope of names; close ends it.
func (x *fn) open() (mark int) {
	mark = x.mark
	x.mark = len(x.names)
	return mark
}

func (x *fn) close(mark int) {
	x.names = x.names[:x.mark]
	x.mark = mark
}

// lookup finds the local, parameter or captured variable of that name, or NoVar.
func (x *fn) lookup(name []byte) ir.VarID {
	for i := len(x.names) - 1; i >= 0; i-- {
		if x.names[i].name == string(name) {
			return x.names[i].v
		}
	}
	if x.parent == nil {
		return ir.NoVar
	}
	for i := range x.caps {
		if x.caps[i].name == string(name) {
			return x.caps[i].v
		}
	}
	v := x.parent.lookup(name)
	if v == ir.NoVar {
		return v
	}
	return x.capture(v)
}

// capture makes the parent's variable v known here.
func (x *fn) capture(v ir.VarID) ir.VarID {
	pv := x.parent.F.Vars[v]
	id := x.NewVar(ir.Var{Name: pv.Name, Type: pv.Type, Kind: ir.VarCaptured, Ref: pv.Ref, Flags: pv.Flags, Outer: v, Span: pv.Span})
	x.caps = append(x.caps, binding{pv.Name, id})
	x.outer = append(x.outer, v)
	return id
}

// declare makes a local variable at the present position. In one scope a name has one variable, so
// that both arms of an #if set the same.
func (x *fn) declare(v ir.Var) ir.VarID {
	v.Kind = ir.VarLocal
	for i := len(x.names) - 1; i >= x.mark; i-- {
		if x.names[i].name == v.Name {
			return x.names[i].v
		}
	}
	id := x.NewVar(v)
	x.Declare(id)
	x.bind(v.Name, id)
	return id
}

// begins emits the start of the variable's life.
func (x *fn) begins(v ir.VarID, s ir.Span) {
	x.Emit(ir.Instr{Op: ir.OpDecl, Var: v, Span: s})
}

// hidden makes a variable that the source does not name.
func (x *fn) hidden(name string, typ ir.Type, s ir.Span) ir.VarID {
	return x.NewVar(ir.Var{Name: name, Type: typ, Kind: ir.VarHidden, Span: s})
}

// isRef tells a variable that holds the address of what its name means.
func (x *fn) isRef(v ir.VarID) bool { return x.F.Vars[v].Flags&ir.RefLocal != 0 }

// varPlace is the address of what the variable's name means.
func (x *fn) varPlace(v ir.VarID, s ir.Span) ir.Temp {
	a := x.VarAddr(v, s)
	if x.isRef(v) {
		return x.Load(a, s)
	}
	return a
}
