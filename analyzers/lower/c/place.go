package clower

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// place lowers an expression to the address of the storage it names. What names none (a call, a
// conditional) is put into a hidden variable, and stored says so.
func (b *body) place(n nodeID) (addr ir.Temp, t ir.Type, stored bool) {
	defer b.leave()
	if !b.enter() || n == none {
		return b.unknown(n, "expression nested too deep or missing"), "", true
	}
	s := b.span(n)
	switch b.kind(n) {
	case syntax.CIdentifier:
		return b.namePlace(n)
	case syntax.CParenthesizedExpression, syntax.CExtensionExpression:
		if in := b.unparen(n); in != n {
			return b.place(in)
		}
	case syntax.CFieldExpression:
		return b.fieldPlace(n)
	case syntax.CSubscriptExpression:
		base, bt := b.value(b.child(n, syntax.FieldCArgument))
		i, _ := b.value(b.child(n, syntax.FieldCIndex))
		return b.elem(base, i, s), b.element(bt), false
	case syntax.CPointerExpression:
		if b.op(n) == syntax.CTokStar {
			v, vt := b.value(b.child(n, syntax.FieldCArgument))
			if len(vt) > 0 && vt[len(vt)-1] == ')' {
				return v, vt, false // *f of a function is f
			}
			return v, b.element(vt), false
		}
	case syntax.CCompoundLiteralExpression:
		a, at := b.literal(n)
		return a, at, false
	case syntax.CCallExpression:
		if m := b.macroOf(b.child(n, syntax.FieldCFunction)); m != nil {
			if e, ok := b.expandCall(m, n); ok {
				b.within(e, func(x nodeID) { addr, t, stored = b.place(x) })
				return addr, t, stored
			}
		}
	case syntax.CStringLiteral, syntax.CConcatenatedString:
		return b.str(n), "char[]", false
	}
	v, vt := b.value(n)
	tmp := b.hidden("$tmp", vt, s)
	b.b.StoreVar(tmp, v, 0, s)
	return b.b.VarAddr(tmp, s), vt, true
}

// namePlace is the address of what a name means.
func (b *body) namePlace(n nodeID) (addr ir.Temp, t ir.Type, stored bool) {
	name := b.name(n)
	s := b.span(n)
	if i := b.lookup(name); i >= 0 {
		if v := b.locals[i].v; v != ir.NoVar {
			return b.b.VarAddr(v, s), b.f.Vars[v].Type, false
		}
	} else if m := b.objectMacro(name); m != nil {
		if e, ok := b.expandName(m, n); ok {
			b.within(e, func(x nodeID) { addr, t, stored = b.place(x) })
			return addr, t, stored
		}
	}
	return b.b.Value(ir.Instr{Op: ir.OpName, Name: name, Var: ir.NoVar, Span: s}), b.globals[name], false
}

func (b *body) fieldPlace(n nodeID) (ir.Temp, ir.Type, bool) {
	arg := b.child(n, syntax.FieldCArgument)
	var base ir.Temp
	var owner ir.Type
	if b.op(n) == syntax.CTokMinusGt {
		var pt ir.Type
		base, pt = b.value(arg)
		owner = b.element(pt)
	} else {
		base, owner, _ = b.place(arg)
	}
	name := b.name(b.child(n, syntax.FieldCField))
	a := b.b.Value(ir.Instr{Op: ir.OpField, A: base, Name: name, Var: ir.NoVar, Span: b.span(n)})
	if owner == "" {
		return a, "", false
	}
	return a, b.fieldType(owner, name), false
}

func (b *body) elem(base, index ir.Temp, s ir.Span) ir.Temp {
	return b.b.Value(ir.Instr{Op: ir.OpElem, A: base, B: index, Var: ir.NoVar, Span: s})
}

// load is the value at a place, and its address; of an array the value is the address.
func (b *body) load(n nodeID) (v, addr ir.Temp, t ir.Type) {
	a, t, _ := b.place(n)
	if b.isArray(t) {
		return a, 0, t
	}
	return b.b.Load(a, b.span(n)), a, t
}

// identifier is the value of a name.
func (b *body) identifier(n nodeID) (ir.Temp, ir.Type) {
	if b.t.IsError(n) {
		return b.unknown(n, ""), "" // made up by the parser
	}
	name := b.name(n)
	s := b.span(n)
	if i := b.lookup(name); i >= 0 {
		if v := b.locals[i].v; v != ir.NoVar {
			t := b.f.Vars[v].Type
			a := b.b.VarAddr(v, s)
			if b.isArray(t) {
				return a, t
			}
			return b.b.Load(a, s), t
		}
	} else if m := b.objectMacro(name); m != nil {
		if e, ok := b.expandName(m, n); ok {
			var v ir.Temp
			var t ir.Type
			b.within(e, func(x nodeID) { v, t = b.value(x) })
			return v, t
		}
	}
	if strings.HasPrefix(name, "_") && len(b.rewrites(normalize.TypeArgument, b.t.Nodes[n].Start, b.t.Nodes[n].End)) > 0 {
		return b.b.Value(ir.Instr{Op: ir.OpUnknown, Var: ir.NoVar, Span: s}), "" // a type among the arguments of a macro
	}
	t := b.globals[name]
	a := b.b.Value(ir.Instr{Op: ir.OpName, Name: name, Var: ir.NoVar, Span: s})
	if b.isArray(t) {
		return a, t
	}
	return b.b.Load(a, s), t
}

// addressOf lowers &x. The address of an array is that of its first element.
func (b *body) addressOf(n nodeID) (ir.Temp, ir.Type) {
	a, t, _ := b.place(b.child(n, syntax.FieldCArgument))
	if t == "" {
		return a, ""
	}
	return a, b.pointerTo(t)
}

// literal makes a hidden variable of a compound literal; its storage ends with the block.
func (b *body) literal(n nodeID) (ir.Temp, ir.Type) {
	s := b.span(n)
	t := b.descriptor(b.child(n, syntax.FieldCType))
	val := b.child(n, syntax.FieldCValue)
	if len(t) >= 2 && t[len(t)-2:] == "[]" {
		t = b.sizeFromInit(t, val)
	}
	v := b.hidden("$literal", t, s)
	b.b.Declare(v)
	b.b.Emit(ir.Instr{Op: ir.OpDecl, Var: v, Span: s})
	b.initialise(func(s ir.Span) ir.Temp { return b.b.VarAddr(v, s) }, t, val, s)
	return b.b.VarAddr(v, s), t
}

func (b *body) assign(n nodeID) (ir.Temp, ir.Type) {
	s := b.span(n)
	op := b.op(n)
	a, t, stored := b.place(b.child(n, syntax.FieldCLeft))
	if stored && b.is(b.unparen(b.child(n, syntax.FieldCLeft)), syntax.CCallExpression) {
		a = b.b.Load(a, s) // V_BSTR(&v) = x: a macro that is not known stands for a place that is not known
	}
	if op == syntax.CTokEq {
		v, vt := b.value(b.child(n, syntax.FieldCRight))
		b.b.Store(a, v, 0, s)
		if t == "" {
			t = b.decay(vt)
		}
		return v, t
	}
	old := b.b.Load(a, s)
	v, _ := b.value(b.child(n, syntax.FieldCRight))
	r := b.bin(subOf(op), old, v, s)
	b.b.Store(a, r, ir.Compound, s)
	return r, t
}

func (b *body) update(n nodeID) (ir.Temp, ir.Type) {
	s := b.span(n)
	opNode := b.child(n, syntax.FieldCOperator)
	arg := b.child(n, syntax.FieldCArgument)
	sub := ir.Add
	if b.is(opNode, syntax.CTokMinusMinus) {
		sub = ir.Subtract
	}
	a, t, _ := b.place(arg)
	old := b.b.Load(a, s)
	r := b.bin(sub, old, b.b.Int(1, s), s)
	b.b.Store(a, r, ir.Compound, s)
	if opNode > arg {
		return old, t
	}
	return r, t
}
