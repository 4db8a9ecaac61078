package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// call lowers f(...); see ir.Call for the kinds of callees.
func (x *fn) call(n syntax.NodeID) ir.Temp {
	s := x.span(n)
	f := x.child(n, syntax.FieldCsFunction)
	if name, ok := x.nameofText(n); ok && x.lookup([]byte("nameof")) == ir.NoVar {
		return x.Value(ir.Instr{Op: ir.OpConst, Const: ir.ConstString, Name: name, Var: ir.NoVar, Span: s})
	}
	c := &ir.Call{}
	in := ir.Instr{Op: ir.OpCall, Call: c, Var: ir.NoVar, Span: s}
	for x.kind(f) == syntax.CsPostfixUnaryExpression && x.hasToken(f, syntax.CsTokBang) {
		f = x.operandOf(f)
	}
	in.Flags |= x.callee(c, f)
	c.Args = x.args(x.child(n, syntax.FieldCsArguments))
	return x.Value(in)
}

// callee sets what the expression f says of the callee of c, and gives the flags of the call.
func (x *fn) callee(c *ir.Call, f syntax.NodeID) (fl ir.InstrFlags) {
	switch x.kind(f) {
	case syntax.CsIdentifier:
		c.Name, c.NameSpan = x.ident(f), x.span(f)
		if v := x.lookup(x.identBytes(f)); v != ir.NoVar {
			c.Fn = x.Load(x.varPlace(v, c.NameSpan), c.NameSpan)
		} else {
			c.Path = c.Name
		}
	case syntax.CsGenericName:
		x.calleeName(c, f)
		if v := x.lookup(x.identBytes(x.first(f))); v != ir.NoVar {
			c.Fn = x.Load(x.varPlace(v, c.NameSpan), c.NameSpan) // a generic local function
		} else {
			c.Path = c.Name
		}
	case syntax.CsAliasQualifiedName, syntax.CsQualifiedName:
		c.Path = x.nameOf(f)
		x.calleeName(c, x.child(f, syntax.FieldCsName))
	case syntax.CsMemberAccessExpression:
		x.memberCallee(c, f)
	case syntax.CsConditionalAccessExpression:
		c.RecvAddr, c.Recv = x.receiver(f)
		fl = ir.NullCond
		if m := x.t.ChildOfKind(f, syntax.CsMemberBindingExpression); m != syntax.None {
			x.calleeName(c, x.child(m, syntax.FieldCsName))
		} else {
			a, v := x.index(f, c.Recv, c.RecvAddr, x.t.ChildOfKind(f, syntax.CsElementBindingExpression), ir.NullCond)
			c.Fn, c.Recv, c.RecvAddr = x.value(a, v, x.span(f)), 0, 0
		}
	default:
		a, v := x.placeIn(f)
		c.Fn, c.NameSpan = x.value(a, v, x.span(f)), x.span(f)
	}
	return fl
}

// refCall lowers f(a, b) = v, where f returns a reference. The grammar takes that for a deconstruction: f is its type, and
// names are the variables, which are arguments.
func (x *fn) refCall(f, names, value syntax.NodeID, s ir.Span) {
	c := &ir.Call{}
	in := ir.Instr{Op: ir.OpCall, Call: c, Var: ir.NoVar, Span: s}
	in.Flags = x.callee(c, f)
	for k := x.first(names); k != syntax.None; k = x.next(k) {
		if x.kind(k) == syntax.CsIdentifier {
			a, v := x.place(k)
			c.Args = append(c.Args, ir.Arg{Val: x.value(a, v, x.span(k)), Addr: a, Span: x.span(k)})
		}
	}
	to := x.Value(in)
	x.Store(to, x.expr(value), 0, s)
}

// calleeName sets the simple name and type arguments of a callee.
func (x *fn) calleeName(c *ir.Call, name syntax.NodeID) {
	c.Name, c.TypeArgs, c.NameSpan = x.nameOf(name), x.typeArgs(name), x.span(name)
	if x.kind(name) == syntax.CsGenericName {
		c.NameSpan = x.span(x.first(name))
	}
}

// memberCallee lowers the receiver of l.f(...) or l->f(...).
func (x *fn) memberCallee(c *ir.Call, f syntax.NodeID) {
	name := x.child(f, syntax.FieldCsName)
	x.calleeName(c, name)
	if path, ok := x.dotted(f); ok {
		c.Path = path
		return
	}
	left := x.child(f, syntax.FieldCsExpression)
	s := x.span(left)
	a, v := x.placeIn(left)
	if x.isArrow(f) {
		a = x.value(a, v, s)
		v = 0
	}
	c.RecvAddr, c.Recv = a, x.value(a, v, s)
}

// argValue is the expression of an argument.
func (x *fn) argValue(n syntax.NodeID) syntax.NodeID {
	name := x.child(n, syntax.FieldCsName)
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		if c != name && x.isExpr(c) {
			return c
		}
	}
	return syntax.None
}

// args lowers the arguments of a list from left to right.
func (x *fn) args(list syntax.NodeID) []ir.Arg {
	count := 0
	for c := x.first(list); c != syntax.None; c = x.next(c) {
		if x.kind(c) == syntax.CsArgument {
			count++
		}
	}
	if count == 0 {
		return nil
	}
	out := make([]ir.Arg, 0, count)
	for c := x.first(list); c != syntax.None; c = x.next(c) {
		if x.kind(c) == syntax.CsArgument {
			out = append(out, x.arg(c))
		}
	}
	return out
}

func (x *fn) arg(n syntax.NodeID) ir.Arg {
	var out ir.Arg
	e := syntax.None
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		switch {
		case x.field(c) == syntax.FieldCsName:
			out.Name = x.ident(c)
		case x.kind(c) == syntax.CsKwRef:
			out.Ref = ir.ByRef
		case x.kind(c) == syntax.CsKwOut:
			out.Ref = ir.ByOut
		case x.kind(c) == syntax.CsKwIn:
			out.Ref = ir.ByIn
		case x.isExpr(c) && e == syntax.None:
			e = c
		}
	}
	if e == syntax.None {
		out.Val = x.unknown(n)
		return out
	}
	out.Span = x.span(e)
	switch {
	case out.Ref == ir.ByOut && x.isDiscard(e):
		out.Val = x.VarAddr(x.hidden("_", "", out.Span), out.Span)
	case x.kind(e) == syntax.CsRefExpression:
		out.Ref = ir.ByRef
		out.Val = x.address(e)
	case out.Ref != ir.ByValue:
		out.Val = x.address(e)
	default:
		a, v := x.place(e)
		out.Addr, out.Val = a, x.value(a, v, out.Span)
	}
	return out
}

// isDiscard tells the name _ where no local has it.
func (x *fn) isDiscard(n syntax.NodeID) bool {
	switch x.kind(n) {
	case syntax.CsDiscard:
		return true
	case syntax.CsIdentifier:
		return string(x.bytes(n)) == "_" && x.lookup([]byte("_")) == ir.NoVar
	case syntax.CsDeclarationExpression:
		return string(x.bytes(x.child(n, syntax.FieldCsName))) == "_"
	}
	return false
}

// declared declares the variable of a declaration expression and gives its address.
func (x *fn) declared(n syntax.NodeID) ir.Temp {
	typeNode, fl := x.unwrapType(x.child(n, syntax.FieldCsType))
	name := x.child(n, syntax.FieldCsName)
	s := x.span(name)
	v := x.declare(ir.Var{Name: x.ident(name), Type: x.typeOf(typeNode), Flags: fl, Span: s})
	x.begins(v, s)
	return x.VarAddr(v, s)
}

// ctorInitializer lowers : this(...) or : base(...).
func (x *fn) ctorInitializer(n syntax.NodeID) {
	c := &ir.Call{Name: ".ctor", Path: "base..ctor"}
	for k := x.first(n); k != syntax.None; k = x.next(k) {
		switch x.kind(k) {
		case syntax.CsKwThis:
			c.Path, c.NameSpan = "this..ctor", x.span(k)
		case syntax.CsKwBase:
			c.NameSpan = x.span(k)
		}
	}
	c.Args = x.args(x.t.ChildOfKind(n, syntax.CsArgumentList))
	x.Value(ir.Instr{Op: ir.OpCall, Call: c, Var: ir.NoVar, Span: x.span(n)})
}
