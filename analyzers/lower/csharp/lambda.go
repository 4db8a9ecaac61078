package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// nested starts a lambda or local function of x.
func (x *fn) nested(f *ir.Func) *fn {
	f.Owner, f.Parent = x.F.Owner, x.F.Index
	f.Flags |= x.F.Flags & ir.Unsafe
	child := x.unit.begin(f, x.owner, x)
	child.prop = x.prop
	return child
}

// captured are the variables of x that its nested function uses, the receiver included.
func (x *fn) captured(child *fn) []ir.VarID {
	vars := child.outer
	if child.usesThis && x.F.This != ir.NoVar && !contains(vars, x.F.This) {
		vars = append(vars, x.F.This)
	}
	if child.usesField {
		x.usesField = true
	}
	return vars
}

// lambda lowers a lambda expression or anonymous method and gives its closure.
func (x *fn) lambda(n syntax.NodeID) ir.Temp {
	s := x.span(n)
	f := &ir.Func{Name: "<lambda>", Kind: ir.FuncLambda, Flags: x.modifiers(n), Span: s, NameSpan: s}
	if t := x.child(n, syntax.FieldCsType); t != syntax.None {
		inner, _ := x.unwrapType(t)
		f.Ret = x.typeOf(inner)
	}
	params := x.child(n, syntax.FieldCsParameters)
	child := x.nested(f)
	if x.kind(params) == syntax.CsImplicitParameter {
		child.param(ir.Var{Name: x.ident(params), Kind: ir.VarParam, Span: x.span(params)})
	} else {
		child.params(params)
	}
	body := x.child(n, syntax.FieldCsBody)
	if body == syntax.None {
		body = x.t.ChildOfKind(n, syntax.CsBlock)
	}
	child.body(body)
	return x.closure(child, s)
}

func (x *fn) closure(child *fn, s ir.Span) ir.Temp {
	return x.Value(ir.Instr{Op: ir.OpLambda, Int: int64(child.F.Index), Var: ir.NoVar, Vars: x.captured(child), Span: s})
}

// localFn is a local function that is known but whose body may not have been lowered yet.
type localFn struct {
	node  syntax.NodeID
	v     ir.VarID
	block ir.BlockID // of its OpLambda
	instr int
}

// hoist makes a local function known: its closure is made where its block begins, its body is
// lowered where it stands, when the variables it captures are known.
func (x *fn) hoist(n syntax.NodeID) {
	if x.child(n, syntax.FieldCsBody) == syntax.None {
		return
	}
	name := x.child(n, syntax.FieldCsName)
	s := x.span(name)
	v := x.hidden(x.ident(name), "", s)
	x.bind(x.ident(name), v)
	t := x.NewTemp()
	l := localFn{node: n, v: v, block: x.Cur(), instr: len(x.F.Blocks()[x.Cur()].Instrs)}
	x.Emit(ir.Instr{Op: ir.OpLambda, Dst: t, Int: -1, Var: ir.NoVar, Span: s})
	x.StoreVar(v, t, ir.Init, s)
	x.locals = append(x.locals, l)
}

// localFunction lowers the body of a local function, or records the import that it declares.
func (x *fn) localFunction(n syntax.NodeID) {
	name := x.child(n, syntax.FieldCsName)
	f := &ir.Func{Name: x.ident(name), Kind: ir.FuncLocal, Flags: x.modifiers(n), Attrs: x.attrs(n), Span: x.span(n), NameSpan: x.span(name)}
	ret, _ := x.unwrapType(x.child(n, syntax.FieldCsType))
	f.Ret = x.typeOf(ret)
	body := x.child(n, syntax.FieldCsBody)
	if body == syntax.None {
		f.Owner = x.F.Owner
		x.importDecl(n, &scope{t: x.owner, ext: syntax.None}, f)
		return
	}
	at := -1
	for i := range x.locals {
		if x.locals[i].node == n {
			at = i
		}
	}
	if at < 0 {
		x.hoist(n)
		at = len(x.locals) - 1
	}
	child := x.nested(f)
	child.params(x.child(n, syntax.FieldCsParameters))
	child.body(body)
	l := x.locals[at]
	in := &x.F.Blocks()[l.block].Instrs[l.instr]
	in.Int, in.Vars = int64(f.Index), x.captured(child)
}

// query lowers a query expression: the closures of its clauses may be called with anything.
func (x *fn) query(n syntax.NodeID) ir.Temp {
	s := x.span(n)
	call := &ir.Call{}
	var vars []syntax.NodeID
	first := true
	x.queryClauses(n, call, &vars, &first)
	return x.Value(ir.Instr{Op: ir.OpUnknown, Call: call, Var: ir.NoVar, Span: s})
}

func (x *fn) queryClauses(n syntax.NodeID, call *ir.Call, vars *[]syntax.NodeID, first *bool) {
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		switch x.kind(c) {
		case syntax.CsFromClause, syntax.CsJoinClause, syntax.CsLetClause, syntax.CsWhereClause, syntax.CsOrderByClause,
			syntax.CsGroupClause, syntax.CsSelectClause:
			x.queryClause(c, call, vars, first)
		case syntax.CsIdentifier: // into
			*vars = append(*vars, c)
		}
	}
}

// queryClause lowers the expressions of a clause as lambdas over the range variables so far.
func (x *fn) queryClause(n syntax.NodeID, call *ir.Call, vars *[]syntax.NodeID, first *bool) {
	var declared []syntax.NodeID
	typ := x.child(n, syntax.FieldCsType)
	named := x.kind(n) == syntax.CsFromClause || x.kind(n) == syntax.CsJoinClause || x.kind(n) == syntax.CsLetClause
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		switch {
		case !x.isExpr(c) || c == typ:
		case named && x.kind(c) == syntax.CsIdentifier && len(declared) == 0:
			declared = append(declared, c)
		case x.kind(c) == syntax.CsJoinIntoClause:
			declared = append(declared, x.operandOf(c))
		case *first:
			call.Args = append(call.Args, x.valueArg(c))
			*first = false
		default:
			call.Args = append(call.Args, ir.Arg{Val: x.clauseLambda(c, append(*vars, declared...)), Span: x.span(c)})
		}
	}
	*vars = append(*vars, declared...)
}

func (x *fn) clauseLambda(n syntax.NodeID, vars []syntax.NodeID) ir.Temp {
	s := x.span(n)
	child := x.nested(&ir.Func{Name: "<lambda>", Kind: ir.FuncLambda, Flags: ir.Generated, Span: s, NameSpan: s})
	for _, v := range vars {
		if v != syntax.None {
			child.param(ir.Var{Name: x.ident(v), Kind: ir.VarParam, Span: x.span(v)})
		}
	}
	child.body(n)
	return x.closure(child, s)
}
