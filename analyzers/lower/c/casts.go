package clower

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// C cannot be parsed without knowing which names are types, and the grammar guesses. This file
// corrects the guesses: by the declarations of the file, and where there are none by the spelling.

// cast lowers (T)x. What the grammar takes for a cast is an operator when the "type" is a variable.
func (b *body) cast(n nodeID) (ir.Temp, ir.Type) {
	val := b.child(n, syntax.FieldCValue)
	typ := b.child(n, syntax.FieldCType)
	s := b.span(n)
	if op := b.castOperator(n); op != 0 {
		v := b.localVar(string(b.bytes(typ)))
		x := b.b.LoadVar(v, b.span(typ))
		if op == syntax.CTokLParen {
			y, _ := b.value(val)
			return b.b.Value(ir.Instr{Op: ir.OpCall, Var: ir.NoVar, Span: s, Call: &ir.Call{
				Name: b.name(typ), Fn: x, Args: []ir.Arg{{Val: y, Span: b.span(val)}}, NameSpan: b.span(typ)}}), ""
		}
		y, _ := b.value(b.child(val, syntax.FieldCArgument))
		return b.bin(subOf(op), x, y, s), b.f.Vars[v].Type
	}
	t := b.descriptor(typ)
	v, _ := b.value(val)
	return b.castTo(v, t, s), t
}

func (b *body) castTo(v ir.Temp, t ir.Type, s ir.Span) ir.Temp {
	return b.b.Value(ir.Instr{Op: ir.OpCast, A: v, Type: t, Var: ir.NoVar, Span: s})
}

// castOperator is the operator of a cast that is none: (a) & b, (a) - b, (f)(x) of a local; else 0.
func (b *body) castOperator(n nodeID) syntax.Kind {
	typ := b.child(n, syntax.FieldCType)
	if b.child(typ, syntax.FieldCDeclarator) != none || !b.is(b.child(typ, syntax.FieldCType), syntax.CTypeIdentifier) {
		return 0
	}
	if b.localVar(string(b.bytes(typ))) == ir.NoVar {
		return 0
	}
	val := b.child(n, syntax.FieldCValue)
	switch b.kind(val) {
	case syntax.CPointerExpression:
		return b.op(val)
	case syntax.CUnaryExpression:
		if k := b.op(val); k == syntax.CTokMinus || k == syntax.CTokPlus {
			return k
		}
	case syntax.CParenthesizedExpression:
		return syntax.CTokLParen
	}
	return 0
}

// castCall recognises (T)(x), which the grammar takes for a call of T: T in parentheses is no value
// that this file knows.
func (b *body) castCall(n, fn, args nodeID) (ir.Temp, ir.Type, bool) {
	if !b.is(b.child(n, syntax.FieldCFunction), syntax.CParenthesizedExpression) || b.inner(args) == none {
		return 0, "", false
	}
	name := b.name(fn)
	if !b.looksLikeType(name) {
		return 0, "", false
	}
	// (T)(a, b) is a cast of a comma expression.
	var v ir.Temp
	for c := range b.t.NamedChildren(args) {
		v, _ = b.value(c)
	}
	t := ir.Type(name)
	return b.castTo(v, t, b.span(n)), t, true
}

// looksLikeType decides about a name that no declaration of this file explains by its spelling.
func (b *body) looksLikeType(name string) bool {
	if b.lookup(name) >= 0 || name == "" {
		return false
	}
	if _, ok := b.typedefs[name]; ok {
		return true
	}
	if _, ok := b.globals[name]; ok {
		return false
	}
	if _, ok := b.results[name]; ok {
		return false
	}
	if _, ok := b.consts[name]; ok || len(b.macros[name]) > 0 {
		return false
	}
	return name[0] >= 'A' && name[0] <= 'Z' || strings.HasSuffix(name, "_t")
}

// castBinary recognises (T)&x, (T)*x, (T)-1 and (T)(U)-1, which the grammar takes for binary operators
// when T is a plain name, also behind another operator: it reads q == (T)&x as (q == (T)) & x.
func (b *body) castBinary(n nodeID, op syntax.Kind) (ir.Temp, ir.Type, bool) {
	switch op {
	case syntax.CTokAmp, syntax.CTokStar, syntax.CTokMinus, syntax.CTokPlus:
	default:
		return 0, "", false
	}
	left, right := b.child(n, syntax.FieldCLeft), b.child(n, syntax.FieldCRight)
	outer := none
	if b.is(left, syntax.CBinaryExpression) {
		outer, left = left, b.child(left, syntax.FieldCRight)
	}
	opNode := b.child(n, syntax.FieldCOperator)
	var buf [4]ir.Type
	types, ok := b.castPrefix(left, buf[:0])
	if !ok || len(types) == 1 && b.t.Nodes[opNode].End != b.t.Nodes[right].Start && !(op == syntax.CTokAmp && b.mustBeType(string(types[0]))) {
		return 0, "", false // (T) & x, with a blank, is taken for the operator
	}
	s := b.span(n)
	if outer == none {
		v, t := b.castOf(types, op, right, s)
		return v, t, true
	}
	x, _ := b.value(b.child(outer, syntax.FieldCLeft))
	y, _ := b.castOf(types, op, right, ir.Span{Start: b.span(left).Start, End: s.End})
	return b.bin(subOf(b.op(outer)), x, y, s), "", true
}

// mustBeType tells whether a name that looks like a type is no constant either: the file declares it as
// a type, or it is spelled as those of C (size_t) or the pointer types of Windows (LPVOID, PHANDLE) are.
func (b *body) mustBeType(name string) bool {
	if _, ok := b.typedefs[name]; ok || strings.HasSuffix(name, "_t") || strings.HasPrefix(name, "LP") && strings.ToUpper(name) == name {
		return true
	}
	to, ok := strings.CutPrefix(name, "P")
	return ok && pointedTo[strings.TrimPrefix(to, "P")]
}

// pointedTo are the types of Windows to which a P before the name makes a pointer.
var pointedTo = map[string]bool{"VOID": true, "HANDLE": true, "BYTE": true, "CHAR": true, "UCHAR": true, "WCHAR": true, "SHORT": true, "USHORT": true,
	"INT": true, "UINT": true, "LONG": true, "ULONG": true, "DWORD": true, "BOOL": true, "BOOLEAN": true, "STR": true, "WSTR": true}

// castOf is the operand under the unary operator op, cast to the types, of which the last comes first.
func (b *body) castOf(types []ir.Type, op syntax.Kind, operand nodeID, s ir.Span) (ir.Temp, ir.Type) {
	var v ir.Temp
	switch op {
	case syntax.CTokAmp:
		v, _, _ = b.place(operand)
	case syntax.CTokStar:
		p, _ := b.value(operand)
		v = b.b.Load(p, s)
	case syntax.CTokMinus:
		v = b.negative(operand, s)
	default:
		v, _ = b.value(operand)
	}
	for i := len(types) - 1; i >= 0; i-- {
		v = b.castTo(v, types[i], s)
	}
	return v, types[0]
}

// negative is -n; of a literal it is a literal.
func (b *body) negative(n nodeID, s ir.Span) ir.Temp {
	if b.is(n, syntax.CNumberLiteral) {
		if x, isInt := parseNumber(string(b.bytes(n))); isInt {
			return b.b.Int(-x, s)
		}
	}
	v, _ := b.value(n)
	return b.b.Value(ir.Instr{Op: ir.OpUnary, Sub: ir.Neg, A: v, Var: ir.NoVar, Span: s})
}

// castPrefix reads the casts (A)(B) that n stands for, outermost first.
func (b *body) castPrefix(n nodeID, types []ir.Type) ([]ir.Type, bool) {
	if len(types) > 8 {
		return nil, false
	}
	switch b.kind(n) {
	case syntax.CParenthesizedExpression:
		in := b.inner(n)
		if !b.is(in, syntax.CIdentifier) || !b.looksLikeType(b.name(in)) {
			return nil, false
		}
		return append(types, ir.Type(b.name(in))), true
	case syntax.CCallExpression:
		types, ok := b.castPrefix(b.child(n, syntax.FieldCFunction), types)
		arg := b.inner(b.child(n, syntax.FieldCArguments))
		if !ok || !b.is(arg, syntax.CIdentifier) || b.nextNamed(arg) != none || !b.looksLikeType(b.name(arg)) {
			return nil, false
		}
		return append(types, ir.Type(b.name(arg))), true
	case syntax.CCastExpression:
		types = append(types, b.descriptor(b.child(n, syntax.FieldCType)))
		return b.castPrefix(b.child(n, syntax.FieldCValue), types)
	}
	return nil, false
}
