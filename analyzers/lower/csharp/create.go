package csharp

import (
	"strconv"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// newObject lowers new T(...) { ... } and new(...) { ... }, of which the type is want.
func (x *fn) newObject(n syntax.NodeID, want ir.Type) ir.Temp {
	s := x.span(n)
	c := &ir.Call{Name: ".ctor", New: true, Type: want, NameSpan: ir.Span{Start: s.Start, End: min(s.End, s.Start+uint32(len("new")))}}
	if t := x.child(n, syntax.FieldCsType); t != syntax.None {
		c.Type, c.NameSpan = x.typeOf(t), x.span(t)
	} else if want == "var" {
		c.Type = ""
	} else if k := len(want); k > 0 && want[k-1] == '?' {
		c.Type = want[:k-1]
	}
	c.Args = x.args(x.t.ChildOfKind(n, syntax.CsArgumentList))
	v := x.Value(ir.Instr{Op: ir.OpCall, Call: c, Type: c.Type, Var: ir.NoVar, Span: s})
	init := x.t.ChildOfKind(n, syntax.CsInitializerExpression)
	if init == syntax.None || x.operandOf(init) == syntax.None {
		return v
	}
	h := x.hidden("$new", c.Type, s)
	x.StoreVar(h, v, ir.Init, s)
	x.initializers(init, x.VarAddr(h, s))
	return x.LoadVar(h, s)
}

// initializers lowers the members and elements of { ... } for the object at address a.
func (x *fn) initializers(init syntax.NodeID, a ir.Temp) {
	if !x.enter() {
		return
	}
	defer x.leave()
	for c := x.first(init); c != syntax.None; c = x.next(c) {
		if !x.isExpr(c) {
			continue
		}
		s := x.span(c)
		if x.kind(c) == syntax.CsAssignmentExpression && x.isMemberInit(c) {
			left, right := x.child(c, syntax.FieldCsLeft), x.child(c, syntax.FieldCsRight)
			m := x.initPlace(left, a)
			if x.kind(right) == syntax.CsInitializerExpression {
				x.initializers(right, m)
				continue
			}
			x.Store(m, x.expr(right), 0, s)
			continue
		}
		call := &ir.Call{Name: "Add", Recv: x.Load(a, s), RecvAddr: a, NameSpan: s}
		if x.kind(c) == syntax.CsInitializerExpression {
			for d := x.first(c); d != syntax.None; d = x.next(d) {
				if x.isExpr(d) {
					call.Args = append(call.Args, x.valueArg(d))
				}
			}
		} else {
			call.Args = []ir.Arg{x.valueArg(c)}
		}
		x.Value(ir.Instr{Op: ir.OpCall, Call: call, Flags: ir.Implicit, Var: ir.NoVar, Span: s})
	}
}

// isMemberInit tells "Name = value" and "[key] = value" in an initialiser.
func (x *fn) isMemberInit(n syntax.NodeID) bool {
	switch x.kind(x.child(n, syntax.FieldCsLeft)) {
	case syntax.CsIdentifier, syntax.CsElementBindingExpression:
		return x.kind(x.child(n, syntax.FieldCsOperator)) == syntax.CsTokEq
	}
	return false
}

// initPlace is the address of member or element left of the object at a.
func (x *fn) initPlace(left syntax.NodeID, a ir.Temp) ir.Temp {
	s := x.span(left)
	if x.kind(left) == syntax.CsIdentifier {
		return x.Value(ir.Instr{Op: ir.OpMember, A: a, Name: x.ident(left), Flags: ir.AddrOperand, Var: ir.NoVar, Span: s})
	}
	addr, v := x.index(left, x.Load(a, s), a, left, 0)
	if addr == 0 {
		addr = x.spill(v, s)
	}
	return addr
}

// valueArg lowers an argument that is no argument node.
func (x *fn) valueArg(n syntax.NodeID) ir.Arg {
	a, v := x.place(n)
	return ir.Arg{Val: x.value(a, v, x.span(n)), Addr: a, Span: x.span(n)}
}

// newArray lowers array creation, stackalloc and collection expressions.
func (x *fn) newArray(n syntax.NodeID, want ir.Type) ir.Temp {
	in := ir.Instr{Op: ir.OpNewArray, Var: ir.NoVar, Span: x.span(n)}
	if want != "var" {
		in.Type = elemType(want)
	}
	if k := x.kind(n); k == syntax.CsStackallocExpression || k == syntax.CsImplicitStackallocExpression {
		in.Op = ir.OpStackAlloc
	}
	list := n
	if k := x.kind(n); k != syntax.CsInitializerExpression && k != syntax.CsCollectionExpression {
		list = x.t.ChildOfKind(n, syntax.CsInitializerExpression)
	}
	if t := x.child(n, syntax.FieldCsType); t != syntax.None {
		in.Type, in.A = x.arrayType(t)
	}
	if list == syntax.None {
		return x.Value(in)
	}
	var args []ir.Arg
	known := true
	for c := x.first(list); c != syntax.None; c = x.next(c) {
		e := c
		if x.kind(c) == syntax.CsCollectionElement {
			e = x.operandOf(c)
			if x.kind(e) == syntax.CsSpreadElement {
				known = false
				args = append(args, x.spread(e))
				continue
			}
			e = x.operandOf(e)
		}
		if e == syntax.None || !x.isExpr(e) {
			continue
		}
		x.want = ""
		if x.kind(e) == syntax.CsInitializerExpression {
			v := x.exprFor(e, in.Type+"[]")
			args = append(args, ir.Arg{Val: v, Span: x.span(e)})
			continue
		}
		if x.kind(e) == syntax.CsImplicitObjectCreationExpression {
			args = append(args, ir.Arg{Val: x.exprFor(e, in.Type), Span: x.span(e)})
			continue
		}
		args = append(args, x.valueArg(e))
	}
	if in.A == 0 && known {
		in.A = x.Int(int64(len(args)), x.span(list))
	}
	if len(args) > 0 {
		in.Call = &ir.Call{Args: args}
	}
	return x.Value(in)
}

// spread is an element of what ..e puts into a collection.
func (x *fn) spread(n syntax.NodeID) ir.Arg {
	s := x.span(n)
	v := x.expr(x.operandOf(n))
	return ir.Arg{Val: x.Load(x.Value(ir.Instr{Op: ir.OpElem, A: v, Var: ir.NoVar, Span: s}), s), Span: s}
}

// arrayType is the element type and the number of elements (0: not given) of new T[n].
func (x *fn) arrayType(t syntax.NodeID) (elem ir.Type, count ir.Temp) {
	if x.kind(t) != syntax.CsArrayType {
		return x.typeOf(t), 0
	}
	inner := t
	suffix := ir.Type("")
	// In "byte[3][]" the size stands in the innermost pair of brackets: what is allocated has
	// elements of type byte[].
	for x.kind(x.child(inner, syntax.FieldCsType)) == syntax.CsArrayType {
		suffix += "[]"
		inner = x.child(inner, syntax.FieldCsType)
	}
	elem = x.typeOf(x.child(inner, syntax.FieldCsType)) + suffix
	rank := x.child(inner, syntax.FieldCsRank)
	for c := x.first(rank); c != syntax.None; c = x.next(c) {
		if !x.isExpr(c) {
			continue
		}
		v := x.expr(c)
		if count != 0 {
			v = x.Value(ir.Instr{Op: ir.OpBin, Sub: ir.Mul, A: count, B: v, Var: ir.NoVar, Span: x.span(rank)})
		}
		count = v
	}
	return elem, count
}

// anonymousObject lowers new { A = x, b, c.D }.
func (x *fn) anonymousObject(n syntax.NodeID) ir.Temp {
	s := x.span(n)
	h := x.hidden("$new", "", s)
	x.StoreVar(h, x.Value(ir.Instr{Op: ir.OpUnknown, Var: ir.NoVar, Span: s}), ir.Init, s)
	a := x.VarAddr(h, s)
	name := ""
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		if !x.isExpr(c) {
			continue
		}
		if eq := x.next(c); name == "" && x.t.Is(eq, syntax.CsTokEq) {
			name = x.ident(c)
			continue
		}
		if name == "" {
			name = x.impliedName(c)
		}
		m := x.Value(ir.Instr{Op: ir.OpMember, A: a, Name: name, Flags: ir.AddrOperand, Var: ir.NoVar, Span: x.span(c)})
		x.Store(m, x.expr(c), 0, x.span(c))
		name = ""
	}
	return x.LoadVar(h, s)
}

// impliedName is the member name that an expression gives to a tuple or anonymous object, "" if none.
func (x *fn) impliedName(n syntax.NodeID) string {
	switch x.kind(n) {
	case syntax.CsIdentifier:
		return x.ident(n)
	case syntax.CsMemberAccessExpression, syntax.CsMemberBindingExpression:
		return x.nameOf(x.child(n, syntax.FieldCsName))
	case syntax.CsConditionalAccessExpression:
		return x.impliedName(x.t.ChildOfKind(n, syntax.CsMemberBindingExpression))
	}
	return ""
}

// itemName is the name of a tuple's element that has no other.
func (x *fn) itemName(i int) string {
	x.buf = strconv.AppendInt(append(x.buf[:0], "Item"...), int64(i+1), 10)
	return x.intern(x.buf)
}

// tuple lowers (a, b) as a value: a hidden variable with its elements as members.
func (x *fn) tuple(n syntax.NodeID) ir.Temp {
	s := x.span(n)
	h := x.hidden("$tuple", "", s)
	a := x.VarAddr(h, s)
	i := 0
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		if x.kind(c) != syntax.CsArgument {
			continue
		}
		e := x.argValue(c)
		name := x.itemName(i)
		if nm := x.child(c, syntax.FieldCsName); nm != syntax.None {
			name = x.ident(nm)
		}
		m := x.Value(ir.Instr{Op: ir.OpMember, A: a, Name: name, Flags: ir.AddrOperand, Var: ir.NoVar, Span: x.span(c)})
		x.Store(m, x.expr(e), ir.Init, x.span(c))
		i++
	}
	return x.LoadVar(h, s)
}

// with lowers e with { A = x }: a copy of e of which members are set.
func (x *fn) with(n syntax.NodeID) ir.Temp {
	s := x.span(n)
	e := x.operandOf(n)
	from := x.valueArg(e)
	h := x.hidden("$with", "", s)
	cp := x.Value(ir.Instr{Op: ir.OpUnknown, Call: &ir.Call{Args: []ir.Arg{from}}, Var: ir.NoVar, Span: s})
	x.StoreVar(h, cp, ir.Init, s)
	a := x.VarAddr(h, s)
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		if x.kind(c) != syntax.CsWithInitializer {
			continue
		}
		name := x.first(c)
		value := x.operandAfter(name)
		if value == syntax.None {
			continue
		}
		m := x.Value(ir.Instr{Op: ir.OpMember, A: a, Name: x.ident(name), Flags: ir.AddrOperand, Var: ir.NoVar, Span: x.span(c)})
		x.Store(m, x.expr(value), 0, x.span(c))
	}
	return x.LoadVar(h, s)
}
