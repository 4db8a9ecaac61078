package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

var operatorNames = map[string]string{
	"!": "op_LogicalNot", "~": "op_OnesComplement", "++": "op_Increment", "--": "op_Decrement", "true": "op_True", "false": "op_False",
	"+": "op_Addition", "-": "op_Subtraction", "*": "op_Multiply", "/": "op_Division", "%": "op_Modulus",
	"^": "op_ExclusiveOr", "|": "op_BitwiseOr", "&": "op_BitwiseAnd", "<<": "op_LeftShift", ">>": "op_RightShift", ">>>": "op_UnsignedRightShift",
	"==": "op_Equality", "!=": "op_Inequality", ">": "op_GreaterThan", "<": "op_LessThan", ">=": "op_GreaterThanOrEqual", "<=": "op_LessThanOrEqual",
}

// methodDecl lowers a method, constructor, finalizer or operator, or records the import that it declares.
func (u *unit) methodDecl(n syntax.NodeID, s *scope) {
	name := u.child(n, syntax.FieldCsName)
	f := &ir.Func{Owner: s.owner(), Flags: u.memberFlags(n, s), Attrs: u.attrs(n), Parent: -1, Span: u.span(n), NameSpan: u.span(name), Ret: "void"}
	if name != syntax.None {
		f.Name = u.ident(name)
	}
	ret := u.child(n, syntax.FieldCsReturns)
	switch u.kind(n) {
	case syntax.CsConstructorDeclaration:
		f.Name, f.Kind = ".ctor", ir.FuncCtor
		if f.Flags&ir.Static != 0 {
			f.Name, f.Kind = ".cctor", ir.FuncStaticCtor
		}
	case syntax.CsDestructorDeclaration:
		f.Name, f.Kind = "~", ir.FuncFinalizer
	case syntax.CsOperatorDeclaration:
		op := u.child(n, syntax.FieldCsOperator)
		f.Name, f.Kind, f.NameSpan = operatorNames[string(u.bytes(op))], ir.FuncOperator, u.span(op)
		if _, ok := u.rewrite(normalize.CompoundOperator, f.NameSpan.Start, f.NameSpan.End+1); ok {
			f.Name += "Assignment"
		}
		ret = u.child(n, syntax.FieldCsType)
	case syntax.CsConversionOperatorDeclaration:
		f.Name, f.Kind = "op_Explicit", ir.FuncOperator
		if u.hasToken(n, syntax.CsKwImplicit) {
			f.Name = "op_Implicit"
		}
		ret = u.child(n, syntax.FieldCsType)
		f.NameSpan = u.span(ret)
	case syntax.CsLocalFunctionStatement:
		ret = u.child(n, syntax.FieldCsType)
	}
	if ret != syntax.None {
		inner, _ := u.unwrapType(ret)
		f.Ret = u.typeOf(inner)
	}
	if ir.Find(f.Attrs, "DoesNotReturn") != nil {
		f.Flags |= ir.NoReturn
	}
	params := u.child(n, syntax.FieldCsParameters)
	if s.ext != syntax.None || u.extends(params) {
		f.Flags |= ir.Extension
	}
	body := u.child(n, syntax.FieldCsBody)
	if body == syntax.None {
		u.importDecl(n, s, f)
		return
	}
	if u.reuse(f, body) {
		return
	}
	if s.ext != syntax.None {
		f.Flags |= ir.Static
	}
	x := u.begin(f, s.t, nil)
	x.params(s.ext)
	x.params(params)
	if init := u.t.ChildOfKind(n, syntax.CsConstructorInitializer); init != syntax.None {
		x.ctorInitializer(init)
	}
	x.body(body)
}

// primaryConstructor makes the constructor of class T(int a): a becomes a field.
func (u *unit) primaryConstructor(n syntax.NodeID, t *typ, params, bases syntax.NodeID) {
	record := t.kind == ir.TypeRecord || t.kind == ir.TypeRecordStruct
	name := u.child(n, syntax.FieldCsName)
	f := &ir.Func{Name: ".ctor", Owner: t.name, Kind: ir.FuncCtor, Flags: ir.Public | t.flags&ir.Unsafe, Parent: -1, Span: u.span(params), NameSpan: u.span(name), Ret: "void"}
	x := u.begin(f, t, nil)
	x.params(params)
	for _, p := range f.Params {
		v := f.Vars[p]
		fl := ir.Generated | ir.Private
		if record {
			fl = ir.Generated | ir.Public | ir.Property
		}
		u.out.Fields = append(u.out.Fields, &ir.Field{Owner: t.name, Name: v.Name, Type: v.Type, Flags: fl, Span: v.Span})
		a := x.Value(ir.Instr{Op: ir.OpName, Name: v.Name, Var: ir.NoVar, Span: v.Span})
		x.Store(a, x.Load(x.varPlace(p, v.Span), v.Span), ir.Init, v.Span)
	}
	if args := u.baseArguments(bases); args != syntax.None {
		x.Value(ir.Instr{Op: ir.OpCall, Var: ir.NoVar, Span: u.span(bases),
			Call: &ir.Call{Name: ".ctor", Path: "base..ctor", Args: x.args(args), NameSpan: u.span(bases)}})
	}
	x.finish(u.endSpan(params))
}

func (u *unit) baseArguments(bases syntax.NodeID) syntax.NodeID {
	for c := u.first(bases); c != syntax.None; c = u.next(c) {
		switch u.kind(c) {
		case syntax.CsArgumentList:
			return c
		case syntax.CsPrimaryConstructorBaseType:
			return u.t.ChildOfKind(c, syntax.CsArgumentList)
		}
	}
	return syntax.None
}

// propertyDecl lowers a property, indexer or event with accessors.
func (u *unit) propertyDecl(n syntax.NodeID, s *scope) {
	p := &ir.Prop{Owner: s.owner(), Flags: u.memberFlags(n, s), Getter: -1, Setter: -1, Span: u.span(n)}
	name := u.child(n, syntax.FieldCsName)
	if u.kind(n) == syntax.CsIndexerDeclaration {
		p.Name = "Item"
	} else {
		p.Name = u.ident(name)
	}
	typeNode, tfl := u.unwrapType(u.child(n, syntax.FieldCsType))
	p.Type = u.typeOf(typeNode)
	value := u.child(n, syntax.FieldCsValue)
	accessors := u.child(n, syntax.FieldCsAccessors)
	if u.isAuto(n, accessors, p.Flags, s) {
		if !u.wanted(n) {
			return
		}
		f := &ir.Field{Owner: p.Owner, Name: p.Name, Type: p.Type, Flags: p.Flags | tfl | ir.Property, Attrs: u.attrs(n), Span: u.span(n)}
		u.out.Fields = append(u.out.Fields, f)
		u.collectInit(s, fieldInit{p.Name, p.Type, value, n}, p.Flags)
		return
	}
	if !u.wanted(n) {
		return
	}
	p.Flags |= tfl
	if u.kind(value) == syntax.CsArrowExpressionClause {
		p.Getter = u.accessor(n, n, value, s, p, "get_")
		u.out.Props = append(u.out.Props, p)
		return
	}
	backing := u.accessors(n, accessors, s, p)
	u.out.Props = append(u.out.Props, p)
	if backing != "" || value != syntax.None {
		if backing == "" {
			backing = backingName(p.Name)
		}
		fl := p.Flags&ir.Static | ir.Generated | ir.Private
		u.out.Fields = append(u.out.Fields, &ir.Field{Owner: p.Owner, Name: backing, Type: p.Type, Flags: fl, Span: u.span(n)})
		u.collectInit(s, fieldInit{backing, p.Type, value, n}, fl)
	}
}

func backingName(prop string) string { return "<" + prop + ">k__BackingField" }

// isAuto tells an auto-implemented property: all its accessors lack bodies, and something else does not implement it.
func (u *unit) isAuto(n, accessors syntax.NodeID, fl ir.Flags, s *scope) bool {
	if u.kind(n) != syntax.CsPropertyDeclaration || accessors == syntax.None || fl&(ir.Abstract|ir.Extern|ir.Partial) != 0 {
		return false
	}
	if s.t != nil && s.t.kind == ir.TypeInterface && fl&ir.Static == 0 {
		return false
	}
	for c := u.first(accessors); c != syntax.None; c = u.next(c) {
		if u.kind(c) == syntax.CsAccessorDeclaration && u.child(c, syntax.FieldCsBody) != syntax.None {
			return false
		}
	}
	return true
}

// accessors lowers the bodies; backing is the name of the field that "field" in them means, "" when none uses it.
func (u *unit) accessors(n, list syntax.NodeID, s *scope, p *ir.Prop) (backing string) {
	for c := u.first(list); c != syntax.None; c = u.next(c) {
		if u.kind(c) == syntax.CsPreprocIf || u.kind(c) == syntax.CsPreprocElse || u.kind(c) == syntax.CsPreprocElif {
			if b := u.accessors(n, c, s, p); b != "" {
				backing = b
			}
			continue
		}
		if u.kind(c) != syntax.CsAccessorDeclaration {
			continue
		}
		body := u.child(c, syntax.FieldCsBody)
		if body == syntax.None {
			if p.Flags&(ir.Abstract|ir.Extern|ir.Partial) == 0 && (s.t == nil || s.t.kind != ir.TypeInterface) {
				backing = backingName(p.Name)
			}
			continue
		}
		prefix, setter := u.accessorPrefix(c)
		i := u.accessor(n, c, body, s, p, prefix)
		if setter {
			if p.Setter < 0 {
				p.Setter = i
			}
		} else if p.Getter < 0 {
			p.Getter = i
		}
		if u.out.Funcs[i].Flags&ir.Property != 0 {
			u.out.Funcs[i].Flags &^= ir.Property
			backing = backingName(p.Name)
		}
	}
	return backing
}

func (u *unit) accessorPrefix(n syntax.NodeID) (prefix string, setter bool) {
	switch u.kind(u.child(n, syntax.FieldCsName)) {
	case syntax.CsKwSet, syntax.CsKwInit:
		return "set_", true
	case syntax.CsKwAdd:
		return "add_", true
	case syntax.CsKwRemove:
		return "remove_", true
	}
	return "get_", false
}

// accessor lowers one accessor with the parameters of the indexer prop and, if it sets, value.
func (u *unit) accessor(prop, n, body syntax.NodeID, s *scope, p *ir.Prop, prefix string) int {
	f := &ir.Func{Name: prefix + p.Name, Owner: p.Owner, Kind: ir.FuncGetter, Flags: p.Flags | u.modifiers(n), Attrs: u.attrs(n), Parent: -1, Span: u.span(n), Ret: p.Type}
	f.Flags &^= ir.RefLocal | ir.Property
	f.NameSpan = u.span(u.child(prop, syntax.FieldCsName))
	if n != prop {
		f.NameSpan = u.span(u.child(n, syntax.FieldCsName))
	}
	if prefix != "get_" {
		f.Kind, f.Ret = ir.FuncSetter, "void"
	}
	if s.ext != syntax.None {
		f.Flags |= ir.Static
	}
	x := u.begin(f, s.t, nil)
	x.prop = p.Name
	x.params(s.ext)
	x.params(u.child(prop, syntax.FieldCsParameters))
	if prefix != "get_" {
		x.param(ir.Var{Name: "value", Type: p.Type, Kind: ir.VarParam, Span: f.NameSpan, Flags: ir.Generated})
	}
	x.body(body)
	if x.usesField {
		f.Flags |= ir.Property // read and taken away by accessors
	}
	return f.Index
}

// params are the parameters of a declaration without body.
func (u *unit) params(list syntax.NodeID) []ir.Param {
	var out []ir.Param
	u.eachParam(list, func(p ir.Param) { out = append(out, p) })
	return out
}

// eachParam calls do for each parameter of a list. A params array is not a node of its own: its
// type and name are children of the list.
func (u *unit) eachParam(list syntax.NodeID, do func(ir.Param)) {
	var last ir.Param
	for c := u.first(list); c != syntax.None; c = u.next(c) {
		switch {
		case u.kind(c) == syntax.CsParameter:
			do(u.oneParam(c))
		case u.kind(c) == syntax.CsKwParams:
			last.Flags = ir.Params
		case u.kind(c) == syntax.CsAttributeList && u.field(c) == 0:
			last.Attrs = append(last.Attrs, u.attrList(c)...)
		case u.field(c) == syntax.FieldCsType:
			last.Type = u.typeOf(c)
		case u.field(c) == syntax.FieldCsName:
			last.Name, last.Span = u.ident(c), u.span(c)
			do(last)
			last = ir.Param{}
		}
	}
}

// extends tells whether the first parameter of a list is a value on which the method can be called.
func (u *unit) extends(list syntax.NodeID) bool {
	first := u.t.ChildOfKind(list, syntax.CsParameter)
	if first == syntax.None {
		return false
	}
	for c := u.first(first); c != syntax.None; c = u.next(c) {
		if u.kind(c) == syntax.CsModifier && string(u.bytes(c)) == "this" {
			return true
		}
	}
	return false
}

func (u *unit) oneParam(n syntax.NodeID) ir.Param {
	p := ir.Param{Attrs: u.attrs(n)}
	if len(u.t.Rewrites) > 0 {
		p.Ref = u.lostModifier(n)
	}
	for c := u.first(n); c != syntax.None; c = u.next(c) {
		switch {
		case u.kind(c) == syntax.CsModifier:
			switch string(u.bytes(c)) {
			case "ref":
				p.Ref = ir.ByRef
			case "out":
				p.Ref = ir.ByOut
			case "in":
				p.Ref = ir.ByIn
			case "readonly":
				p.Ref = ir.ByIn
			case "scoped":
				p.Flags |= ir.Scoped
			}
		case u.kind(c) == syntax.CsKwParams:
			p.Flags |= ir.Params
		case u.field(c) == syntax.FieldCsType:
			inner, fl := u.unwrapType(c)
			p.Type = u.typeOf(inner)
			p.Flags |= fl &^ ir.RefLocal
			if fl&ir.RefLocal != 0 {
				p.Ref = ir.ByRef
			}
		case u.field(c) == syntax.FieldCsName:
			p.Name, p.Span = u.ident(c), u.span(c)
		}
	}
	return p
}
