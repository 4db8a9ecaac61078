package clower

import (
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// value lowers an expression and gives its value and, where this file tells, its type.
func (b *body) value(n nodeID) (ir.Temp, ir.Type) {
	defer b.leave()
	if !b.enter() || n == none {
		return b.unknown(n, "expression nested too deep or missing"), ""
	}
	n = b.replaced(n)
	switch b.kind(n) {
	case syntax.CBinaryExpression, syntax.CUnaryExpression, syntax.CCastExpression:
		if whole, _ := b.hiddenAnd(n); whole != none {
			return b.truth(n), "int"
		}
	}
	switch b.kind(n) {
	case syntax.CIdentifier, syntax.CTypeIdentifier:
		return b.identifier(n)
	case syntax.CFieldExpression, syntax.CSubscriptExpression, syntax.CCompoundLiteralExpression:
		v, _, t := b.load(n)
		return v, t
	case syntax.CPointerExpression:
		if b.op(n) == syntax.CTokAmp {
			return b.addressOf(n)
		}
		v, _, t := b.load(n)
		return v, t
	case syntax.CNumberLiteral:
		return b.number(n), ""
	case syntax.CParenthesizedExpression, syntax.CExtensionExpression:
		return b.paren(n)
	case syntax.CCallExpression:
		return b.call(n)
	case syntax.CAssignmentExpression:
		return b.assign(n)
	case syntax.CBinaryExpression:
		return b.binary(n)
	case syntax.CUnaryExpression:
		return b.unary(n)
	case syntax.CUpdateExpression:
		return b.update(n)
	case syntax.CCastExpression:
		return b.cast(n)
	case syntax.CConditionalExpression:
		return b.ternary(n)
	case syntax.CStringLiteral, syntax.CConcatenatedString:
		return b.str(n), "char*"
	}
	return b.rareValue(n)
}

func (b *body) rareValue(n nodeID) (ir.Temp, ir.Type) {
	s := b.span(n)
	switch b.kind(n) {
	case syntax.CCommaExpression:
		b.effect(b.child(n, syntax.FieldCLeft))
		return b.value(b.child(n, syntax.FieldCRight))
	case syntax.CNull:
		return b.b.Null(s), ""
	case syntax.CTrue:
		return b.b.Bool(true, s), "BOOL"
	case syntax.CFalse:
		return b.b.Bool(false, s), "BOOL"
	case syntax.CCharLiteral:
		return b.b.Int(charValue(string(b.bytes(n))), s), "int"
	case syntax.CSizeofExpression, syntax.CAlignofExpression, syntax.COffsetofExpression:
		return b.sizeof(n), "size_t"
	case syntax.CGenericExpression:
		return b.generic(n)
	case syntax.CInitializerList:
		// A braced scalar, or a list where no type says what it makes.
		if e := b.inner(n); e != none && b.t.NextSibling(e) != none && !b.is(e, syntax.CInitializerPair) {
			return b.value(e)
		}
		return b.b.Int(0, s), ""
	case syntax.CGnuAsmExpression:
		return b.unknown(n, ""), ""
	case syntax.CCompoundStatement:
		return b.stmtExpr(n)
	case syntax.CTypeDescriptor:
		return b.b.Value(ir.Instr{Op: ir.OpConst, Const: ir.ConstSizeof, Type: b.descriptor(n), Var: ir.NoVar, Span: s}), ""
	case syntax.KindError:
		return b.unknown(n, ""), ""
	}
	return b.unknown(n, "expression "+b.t.KindName(n)), ""
}

// isExpr tells whether n is an expression that value knows.
func (b *body) isExpr(n nodeID) bool {
	switch b.kind(n) {
	case syntax.CIdentifier, syntax.CFieldExpression, syntax.CSubscriptExpression, syntax.CCompoundLiteralExpression,
		syntax.CPointerExpression, syntax.CNumberLiteral, syntax.CParenthesizedExpression, syntax.CExtensionExpression,
		syntax.CCallExpression, syntax.CAssignmentExpression, syntax.CBinaryExpression, syntax.CUnaryExpression,
		syntax.CUpdateExpression, syntax.CCastExpression, syntax.CConditionalExpression, syntax.CStringLiteral,
		syntax.CConcatenatedString, syntax.CCommaExpression, syntax.CNull, syntax.CTrue, syntax.CFalse, syntax.CCharLiteral,
		syntax.CSizeofExpression, syntax.CAlignofExpression, syntax.COffsetofExpression, syntax.CGenericExpression,
		syntax.CInitializerList, syntax.CGnuAsmExpression:
		return true
	}
	return false
}

// effect lowers an expression whose value nobody wants.
func (b *body) effect(n nodeID) {
	n = b.unparen(n)
	s := b.span(n)
	switch b.kind(n) {
	case syntax.CIdentifier:
		b.nameStmt(n)
	case syntax.CCommaExpression:
		b.effect(b.child(n, syntax.FieldCLeft))
		if b.b.Reachable() {
			b.effect(b.child(n, syntax.FieldCRight))
		}
	case syntax.CBinaryExpression:
		if op := b.op(n); op == syntax.CTokAmpAmp || op == syntax.CTokPipePipe {
			in, end := b.b.NewBlock(), b.b.NewBlock()
			if op == syntax.CTokAmpAmp {
				b.cond(b.child(n, syntax.FieldCLeft), in, end)
			} else {
				b.cond(b.child(n, syntax.FieldCLeft), end, in)
			}
			b.at(in)
			if b.b.Reachable() {
				b.effect(b.child(n, syntax.FieldCRight))
			}
			b.jump(end, s)
			b.at(end)
			return
		}
		b.value(n)
	case syntax.CConditionalExpression:
		yes, no, end := b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock()
		b.cond(b.child(n, syntax.FieldCCondition), yes, no)
		for _, arm := range [...]struct {
			block ir.BlockID
			field syntax.Field
		}{{yes, syntax.FieldCConsequence}, {no, syntax.FieldCAlternative}} {
			b.at(arm.block)
			if e := b.child(n, arm.field); e != none && b.b.Reachable() {
				b.effect(e)
			}
			b.jump(end, s)
		}
		b.at(end)
	case syntax.CCallExpression:
		b.callStmt(n)
	case syntax.CCastExpression:
		if b.castOperator(n) == 0 && string(b.bytes(b.child(n, syntax.FieldCType))) == "void" {
			b.discard(b.child(n, syntax.FieldCValue))
			return
		}
		b.value(n)
	default:
		b.value(n)
	}
}

// discard lowers the operand of a cast to void; a bare name is only mentioned.
func (b *body) discard(n nodeID) {
	if n = b.unparen(n); b.is(n, syntax.CIdentifier) {
		return
	}
	b.effect(n)
}

// cond lowers a condition to branches.
func (b *body) cond(n nodeID, yes, no ir.BlockID) {
	n = b.unparen(n)
	s := b.span(n)
	if !b.b.Reachable() {
		return
	}
	n = b.replaced(n)
	if whole, cast := b.hiddenAnd(n); whole != none {
		b.condAnd(n, whole, cast, yes, no)
		return
	}
	switch b.kind(n) {
	case syntax.CUnaryExpression:
		if b.op(n) == syntax.CTokBang {
			b.condDeep(b.child(n, syntax.FieldCArgument), no, yes)
			return
		}
	case syntax.CBinaryExpression:
		switch b.op(n) {
		case syntax.CTokAmpAmp:
			mid := b.b.NewBlock()
			b.condDeep(b.child(n, syntax.FieldCLeft), mid, no)
			b.at(mid)
			b.condDeep(b.child(n, syntax.FieldCRight), yes, no)
			return
		case syntax.CTokPipePipe:
			mid := b.b.NewBlock()
			b.condDeep(b.child(n, syntax.FieldCLeft), yes, mid)
			b.at(mid)
			b.condDeep(b.child(n, syntax.FieldCRight), yes, no)
			return
		}
	case syntax.CCommaExpression:
		b.effect(b.child(n, syntax.FieldCLeft))
		b.condDeep(b.child(n, syntax.FieldCRight), yes, no)
		return
	case syntax.CConditionalExpression:
		if b.child(n, syntax.FieldCConsequence) != none {
			first, second := b.b.NewBlock(), b.b.NewBlock()
			b.condDeep(b.child(n, syntax.FieldCCondition), first, second)
			b.at(first)
			b.condDeep(b.child(n, syntax.FieldCConsequence), yes, no)
			b.at(second)
			b.condDeep(b.child(n, syntax.FieldCAlternative), yes, no)
			return
		}
	case syntax.CTrue:
		b.jump(yes, s)
		return
	case syntax.CFalse, syntax.CNull:
		b.jump(no, s)
		return
	case syntax.CNumberLiteral:
		if v, isInt := parseNumber(string(b.bytes(n))); isInt && v == 0 {
			b.jump(no, s)
		} else {
			b.jump(yes, s)
		}
		return
	case syntax.CCallExpression:
		if b.condCall(n, yes, no) {
			return
		}
	}
	v, _ := b.value(n)
	b.branch(v, yes, no, s)
}

func (b *body) condDeep(n nodeID, yes, no ir.BlockID) {
	defer b.leave()
	if !b.enter() {
		b.branch(b.unknown(n, "nested too deep"), yes, no, b.span(n))
		return
	}
	b.cond(n, yes, no)
}

var binaryOps = [...]struct {
	tok syntax.Kind
	sub ir.Sub
}{
	{syntax.CTokEqEq, ir.Eq}, {syntax.CTokBangEq, ir.Ne}, {syntax.CTokLt, ir.Lt}, {syntax.CTokLtEq, ir.Le},
	{syntax.CTokGt, ir.Gt}, {syntax.CTokGtEq, ir.Ge}, {syntax.CTokPlus, ir.Add}, {syntax.CTokMinus, ir.Subtract},
	{syntax.CTokStar, ir.Mul}, {syntax.CTokSlash, ir.Div}, {syntax.CTokPercent, ir.Rem}, {syntax.CTokAmp, ir.And},
	{syntax.CTokPipe, ir.Or}, {syntax.CTokCaret, ir.Xor}, {syntax.CTokLtLt, ir.Shl}, {syntax.CTokGtGt, ir.Shr},
	{syntax.CTokPlusEq, ir.Add}, {syntax.CTokMinusEq, ir.Subtract}, {syntax.CTokStarEq, ir.Mul}, {syntax.CTokSlashEq, ir.Div},
	{syntax.CTokPercentEq, ir.Rem}, {syntax.CTokAmpEq, ir.And}, {syntax.CTokPipeEq, ir.Or}, {syntax.CTokCaretEq, ir.Xor},
	{syntax.CTokLtLtEq, ir.Shl}, {syntax.CTokGtGtEq, ir.Shr},
}

func subOf(k syntax.Kind) ir.Sub {
	for _, o := range binaryOps {
		if o.tok == k {
			return o.sub
		}
	}
	return ir.SubNone
}

func (b *body) bin(sub ir.Sub, x, y ir.Temp, s ir.Span) ir.Temp {
	return b.b.Value(ir.Instr{Op: ir.OpBin, Sub: sub, A: x, B: y, Var: ir.NoVar, Span: s})
}

func (b *body) binary(n nodeID) (ir.Temp, ir.Type) {
	op := b.op(n)
	if op == syntax.CTokAmpAmp || op == syntax.CTokPipePipe {
		return b.truth(n), "int"
	}
	if v, t, ok := b.castBinary(n, op); ok {
		return v, t
	}
	x, xt := b.value(b.child(n, syntax.FieldCLeft))
	y, yt := b.value(b.child(n, syntax.FieldCRight))
	sub := subOf(op)
	t := ir.Type("int")
	switch sub {
	case ir.Add, ir.Subtract:
		if t = b.decay(xt); !isPointer(t) && isPointer(b.decay(yt)) {
			t = b.decay(yt)
		}
	case ir.SubNone:
		return b.unknown(n, "operator"), ""
	}
	return b.bin(sub, x, y, b.span(n)), t
}

func isPointer(t ir.Type) bool { return len(t) > 0 && t[len(t)-1] == '*' }

// truth makes a value of a condition, through a hidden variable.
func (b *body) truth(n nodeID) ir.Temp {
	s := b.span(n)
	v := b.hidden("$cond", "int", s)
	yes, no, end := b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock()
	b.cond(n, yes, no)
	b.at(yes)
	if b.b.Reachable() {
		b.b.StoreVar(v, b.b.Bool(true, s), 0, s)
		b.jump(end, s)
	}
	b.at(no)
	if b.b.Reachable() {
		b.b.StoreVar(v, b.b.Bool(false, s), 0, s)
		b.jump(end, s)
	}
	b.at(end)
	return b.b.LoadVar(v, s)
}

// ternary lowers c ? x : y, and GNU's c ?: y, of which the condition is the value.
func (b *body) ternary(n nodeID) (ir.Temp, ir.Type) {
	s := b.span(n)
	v := b.hidden("$cond", "", s)
	c, x, y := b.child(n, syntax.FieldCCondition), b.child(n, syntax.FieldCConsequence), b.child(n, syntax.FieldCAlternative)
	yes, no, end := b.b.NewBlock(), b.b.NewBlock(), b.b.NewBlock()
	var t ir.Type
	if x == none {
		var cv ir.Temp
		cv, t = b.value(c)
		b.b.StoreVar(v, cv, 0, b.span(c))
		b.branch(cv, end, no, b.span(c))
	} else {
		b.cond(c, yes, no)
		b.at(yes)
		if b.b.Reachable() {
			var xv ir.Temp
			xv, t = b.value(x)
			b.b.StoreVar(v, xv, 0, b.span(x))
			b.jump(end, s)
		}
	}
	b.at(no)
	if b.b.Reachable() {
		yv, yt := b.value(y)
		b.b.StoreVar(v, yv, 0, b.span(y))
		b.jump(end, s)
		if t == "" {
			t = yt
		}
	}
	b.at(end)
	t = b.decay(t)
	b.f.Vars[v].Type = t
	return b.b.LoadVar(v, s), t
}

func (b *body) unary(n nodeID) (ir.Temp, ir.Type) {
	op := b.op(n)
	arg := b.child(n, syntax.FieldCArgument)
	s := b.span(n)
	if op == syntax.CTokMinus && b.is(arg, syntax.CNumberLiteral) {
		return b.negative(arg, s), ""
	}
	if op == syntax.CTokBang {
		if in := b.unparen(arg); b.is(in, syntax.CBinaryExpression) {
			if k := b.op(in); k == syntax.CTokAmpAmp || k == syntax.CTokPipePipe {
				return b.truth(n), "int"
			}
		}
	}
	v, t := b.value(arg)
	sub := ir.Not
	switch op {
	case syntax.CTokPlus:
		return v, t
	case syntax.CTokMinus:
		sub = ir.Neg
	case syntax.CTokTilde:
		sub = ir.Compl
	default:
		t = "int"
	}
	return b.b.Value(ir.Instr{Op: ir.OpUnary, Sub: sub, A: v, Var: ir.NoVar, Span: s}), t
}

// paren lowers (x), and ({ ... }), whose value is that of its last expression.
func (b *body) paren(n nodeID) (ir.Temp, ir.Type) {
	in := b.unparen(n)
	if in != n {
		return b.value(in)
	}
	if c := b.inner(n); b.is(c, syntax.CCompoundStatement) {
		return b.stmtExpr(c)
	}
	return b.unknown(n, "empty parentheses"), ""
}

func (b *body) stmtExpr(n nodeID) (ir.Temp, ir.Type) {
	s := b.span(n)
	last := none
	for c := range b.t.NamedChildren(n) {
		last = c
	}
	v := b.hidden("$value", "", s)
	mark := len(b.locals)
	b.b.PushScope(s)
	b.openList(n)
	for c := b.t.FirstChild(n); c != none; c = b.t.NextSibling(c) {
		if b.t.Nodes[c].Flags&(syntax.Named|syntax.Extra) != syntax.Named {
			continue
		}
		if e := b.inner(c); c == last && b.is(c, syntax.CExpressionStatement) && e != none && b.b.Reachable() {
			x, t := b.value(e)
			b.f.Vars[v].Type = b.decay(t)
			b.b.StoreVar(v, x, 0, b.span(e))
			continue
		}
		c = b.listItem(c)
	}
	b.closeList()
	b.b.PopScope(b.closing(n))
	b.locals = b.locals[:mark]
	return b.b.LoadVar(v, s), b.f.Vars[v].Type
}

// generic takes the association that names the operand's type, else the default, else the first.
func (b *body) generic(n nodeID) (ir.Temp, ir.Type) {
	operand := b.inner(n)
	var want ir.Type
	if in := b.unparen(operand); b.is(in, syntax.CIdentifier) {
		if v := b.localVar(b.name(in)); v != ir.NoVar {
			want = b.decay(b.f.Vars[v].Type)
		}
	}
	pick, first, other := none, none, none
	var typ nodeID = none
	for c := range b.t.NamedChildren(n) {
		switch {
		case c == operand:
		case b.is(c, syntax.CTypeDescriptor):
			typ = c
		case typ != none:
			t := b.descriptor(typ)
			if want != "" && t == want && pick == none {
				pick = c
			}
			if t == "default" {
				other = c
			}
			if first == none {
				first = c
			}
			typ = none
		}
	}
	for _, c := range []nodeID{pick, other, first} {
		if c != none {
			return b.value(c)
		}
	}
	return b.unknown(n, "_Generic"), ""
}

func (b *body) number(n nodeID) ir.Temp {
	v, isInt := parseNumber(string(b.bytes(n)))
	if !isInt {
		return b.b.Value(ir.Instr{Op: ir.OpConst, Const: ir.ConstFloat, Var: ir.NoVar, Span: b.span(n)})
	}
	return b.b.Int(v, b.span(n))
}

func (b *body) str(n nodeID) ir.Temp {
	return b.b.Value(ir.Instr{Op: ir.OpConst, Const: ir.ConstString, Name: b.stringText(n), Var: ir.NoVar, Span: b.span(n)})
}

// stringText is the text between the quotes, of all parts of a concatenation.
func (b *body) stringText(n nodeID) string {
	if b.is(n, syntax.CStringLiteral) {
		return b.intern(unquote(b.bytes(n)))
	}
	var sb strings.Builder
	for c := range b.t.NamedChildren(n) {
		if b.is(c, syntax.CStringLiteral) {
			sb.Write(unquote(b.bytes(c)))
		}
	}
	return sb.String()
}

func unquote(s []byte) []byte {
	i := 0
	for i < len(s) && s[i] != '"' && s[i] != '\'' {
		i++
	}
	if i+1 < len(s) && s[len(s)-1] == s[i] {
		return s[i+1 : len(s)-1]
	}
	return s
}

// sizeof is a constant that only a compiler knows: of a type, of a variable's type where it is known.
func (b *body) sizeof(n nodeID) ir.Temp {
	in := ir.Instr{Op: ir.OpConst, Const: ir.ConstSizeof, Var: ir.NoVar, Span: b.span(n)}
	if t := b.child(n, syntax.FieldCType); t != none {
		in.Type = b.descriptor(t)
		if v := b.localVar(string(b.bytes(t))); v != ir.NoVar {
			in.Type = b.f.Vars[v].Type
		}
		if m := b.child(n, syntax.FieldCMember); m != none {
			in.Name, in.Type = "offsetof", in.Type+"."+ir.Type(b.name(m))
		} else if b.is(n, syntax.CAlignofExpression) {
			in.Name = "alignof"
		}
	} else if v := b.child(n, syntax.FieldCValue); v != none {
		in.Type = b.typeOf(b.unparen(v), 0)
	}
	return b.b.Value(in)
}

// typeOf is the type of an expression that is not evaluated; a name that is no variable may be a type.
func (b *body) typeOf(n nodeID, depth int) ir.Type {
	if depth > 50 {
		return ""
	}
	switch b.kind(n) {
	case syntax.CIdentifier:
		name := b.name(n)
		if v := b.localVar(name); v != ir.NoVar {
			return b.f.Vars[v].Type
		}
		if t, ok := b.globals[name]; ok {
			return t
		}
		return ir.Type(name)
	case syntax.CPointerExpression:
		t := b.typeOf(b.unparen(b.child(n, syntax.FieldCArgument)), depth+1)
		if b.op(n) == syntax.CTokAmp {
			return b.pointerTo(t)
		}
		return b.element(t)
	case syntax.CSubscriptExpression:
		return b.element(b.typeOf(b.unparen(b.child(n, syntax.FieldCArgument)), depth+1))
	case syntax.CFieldExpression:
		t := b.typeOf(b.unparen(b.child(n, syntax.FieldCArgument)), depth+1)
		if b.op(n) == syntax.CTokMinusGt {
			t = b.element(t)
		}
		return b.fieldType(t, b.name(b.child(n, syntax.FieldCField)))
	case syntax.CCastExpression, syntax.CCompoundLiteralExpression:
		return b.descriptor(b.child(n, syntax.FieldCType))
	case syntax.CStringLiteral:
		return ir.Type("char[" + strconv.Itoa(len(unquote(b.bytes(n)))+1) + "]")
	}
	return ""
}
