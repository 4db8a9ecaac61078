package csharp

import (
	"math/bits"
	"strconv"
	"unicode/utf8"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// constExpr is the constant expression at n, or nil when it is none.
func (u *unit) constExpr(n syntax.NodeID) *ir.Expr { return u.constExprAt(n, 0) }

func (u *unit) constExprAt(n syntax.NodeID, depth int) *ir.Expr {
	if n < 0 || depth > 200 {
		return nil
	}
	depth++
	if lit, ok := u.literal(n); ok {
		return &ir.Expr{Op: ir.OpConst, Kind: lit.Const, Int: lit.Int, Name: lit.Name, Type: lit.Type}
	}
	switch u.kind(n) {
	case syntax.CsParenthesizedExpression, syntax.CsCheckedExpression:
		return u.constExprAt(u.operandOf(n), depth)
	case syntax.CsIdentifier, syntax.CsQualifiedName, syntax.CsAliasQualifiedName, syntax.CsMemberAccessExpression:
		if name, ok := u.constName(n); ok {
			return &ir.Expr{Op: ir.OpName, Name: name}
		}
	case syntax.CsDefaultExpression:
		return &ir.Expr{Op: ir.OpConst, Kind: ir.ConstDefault, Type: u.typeOf(u.child(n, syntax.FieldCsType))}
	case syntax.CsSizeofExpression:
		return &ir.Expr{Op: ir.OpConst, Kind: ir.ConstSizeof, Type: u.typeOf(u.child(n, syntax.FieldCsType))}
	case syntax.CsCastExpression:
		if l := u.constExprAt(u.child(n, syntax.FieldCsValue), depth); l != nil {
			return &ir.Expr{Op: ir.OpCast, Type: u.typeOf(u.child(n, syntax.FieldCsType)), L: l}
		}
	case syntax.CsPrefixUnaryExpression:
		l := u.constExprAt(u.operandOf(n), depth)
		switch sub := prefixSub(u.kind(u.first(n))); {
		case l == nil:
		case sub != ir.SubNone:
			return &ir.Expr{Op: ir.OpUnary, Sub: sub, L: l}
		case u.kind(u.first(n)) == syntax.CsTokPlus:
			return l
		}
	case syntax.CsBinaryExpression:
		sub := binarySub(u.kind(u.child(n, syntax.FieldCsOperator)))
		if sub == ir.SubNone {
			return nil
		}
		l := u.constExprAt(u.child(n, syntax.FieldCsLeft), depth)
		r := u.constExprAt(u.child(n, syntax.FieldCsRight), depth)
		if l != nil && r != nil {
			return &ir.Expr{Op: ir.OpBin, Sub: sub, L: l, R: r}
		}
	case syntax.CsInvocationExpression:
		if name, ok := u.nameofText(n); ok {
			return &ir.Expr{Op: ir.OpConst, Kind: ir.ConstString, Name: name}
		}
	}
	return nil
}

// constName is the dotted name at n, if it is one.
func (u *unit) constName(n syntax.NodeID) (string, bool) {
	for m := n; ; m = u.child(m, syntax.FieldCsExpression) {
		switch u.kind(m) {
		case syntax.CsMemberAccessExpression:
			continue
		case syntax.CsIdentifier, syntax.CsQualifiedName, syntax.CsAliasQualifiedName, syntax.CsGenericName, syntax.CsPredefinedType:
			u.buf = u.dottedName(u.buf[:0], n)
			return u.intern(u.buf), true
		}
		return "", false
	}
}

// dottedName appends a chain of member accesses as a dotted name.
func (u *unit) dottedName(b []byte, n syntax.NodeID) []byte {
	switch u.kind(n) {
	case syntax.CsMemberAccessExpression:
		b = append(u.dottedName(b, u.child(n, syntax.FieldCsExpression)), '.')
		return u.bareName(b, u.child(n, syntax.FieldCsName))
	case syntax.CsPostfixUnaryExpression, syntax.CsPrefixUnaryExpression, syntax.CsParenthesizedExpression:
		return u.dottedName(b, u.operandOf(n))
	}
	return u.bareName(b, n)
}

// nameofText is what nameof(...) at the invocation n gives.
func (u *unit) nameofText(n syntax.NodeID) (string, bool) {
	fn := u.child(n, syntax.FieldCsFunction)
	if u.kind(fn) != syntax.CsIdentifier || string(u.bytes(fn)) != "nameof" {
		return "", false
	}
	list := u.child(n, syntax.FieldCsArguments)
	arg := u.t.ChildOfKind(list, syntax.CsArgument)
	last := u.operandOf(arg)
	for u.kind(last) == syntax.CsMemberAccessExpression {
		last = u.child(last, syntax.FieldCsName)
	}
	if last == syntax.None {
		return "", false
	}
	return u.nameOf(last), true
}

// literal is the constant instruction of a literal; ok is false for other nodes.
func (u *unit) literal(n syntax.NodeID) (in ir.Instr, ok bool) {
	in = ir.Instr{Op: ir.OpConst, Var: ir.NoVar}
	switch u.kind(n) {
	case syntax.CsNullLiteral:
		in.Const = ir.ConstNull
	case syntax.CsBooleanLiteral:
		in.Const = ir.ConstBool
		if u.src[u.nodes[n].Start] == 't' {
			in.Int = 1
		}
	case syntax.CsIntegerLiteral:
		in.Int, in.Type = integer(u.bytes(n))
	case syntax.CsRealLiteral:
		in.Const = ir.ConstFloat
	case syntax.CsCharacterLiteral:
		in.Int, in.Type = character(u.bytes(n)), "char"
	case syntax.CsStringLiteral:
		in.Const, in.Name = ir.ConstString, u.regularString(u.bytes(n))
	case syntax.CsVerbatimStringLiteral:
		in.Const, in.Name = ir.ConstString, u.verbatimString(u.bytes(n))
	case syntax.CsRawStringLiteral:
		in.Const = ir.ConstString
		if c := u.t.ChildOfKind(n, syntax.CsRawStringContent); c != syntax.None {
			in.Name = u.intern(u.bytes(c))
		}
	default:
		return in, false
	}
	return in, true
}

// integer reads an integer literal; values over 63 bits wrap.
func integer(b []byte) (int64, ir.Type) {
	typ := ir.Type("")
	for len(b) > 1 {
		switch b[len(b)-1] {
		case 'u', 'U':
			if typ == "long" {
				typ = "ulong"
			} else {
				typ = "uint"
			}
		case 'l', 'L':
			if typ == "uint" {
				typ = "ulong"
			} else {
				typ = "long"
			}
		default:
			base := uint64(10)
			if b[0] == '0' && (b[1] == 'x' || b[1] == 'X') {
				base, b = 16, b[2:]
			} else if b[0] == '0' && (b[1] == 'b' || b[1] == 'B') {
				base, b = 2, b[2:]
			}
			return int64(digits(b, base)), typ
		}
		b = b[:len(b)-1]
	}
	return int64(digits(b, 10)), typ
}

func digits(b []byte, base uint64) uint64 {
	v := uint64(0)
	for _, c := range b {
		d := uint64(0)
		switch {
		case c >= '0' && c <= '9':
			d = uint64(c - '0')
		case c >= 'a' && c <= 'f':
			d = uint64(c-'a') + 10
		case c >= 'A' && c <= 'F':
			d = uint64(c-'A') + 10
		default:
			continue
		}
		_, lo := bits.Mul64(v, base)
		v = lo + d
	}
	return v
}

func character(b []byte) int64 {
	if len(b) < 3 {
		return 0
	}
	if b[1] == '\\' {
		r, _ := escape(b[1 : len(b)-1])
		return int64(r)
	}
	r, _ := utf8.DecodeRune(b[1:])
	return int64(r)
}

// regularString is the value of "..." with its escapes.
func (u *unit) regularString(b []byte) string {
	start, end := 0, len(b)
	if end > 0 && b[0] == '"' {
		start = 1
	}
	for end > start && b[end-1] != '"' {
		end-- // the u8 suffix
	}
	if end > start {
		end--
	}
	b = b[start:end]
	plain := true
	for _, c := range b {
		if c == '\\' {
			plain = false
			break
		}
	}
	if plain {
		return u.intern(b)
	}
	out := u.buf[:0]
	for i := 0; i < len(b); {
		if b[i] != '\\' {
			out = append(out, b[i])
			i++
			continue
		}
		r, n := escape(b[i:])
		out = utf8.AppendRune(out, r)
		i += n
	}
	u.buf = out
	return u.intern(out)
}

// escape reads the escape sequence at the start of b and tells its length.
func escape(b []byte) (rune, int) {
	if len(b) < 2 {
		return '\\', len(b)
	}
	switch b[1] {
	case 'n':
		return '\n', 2
	case 't':
		return '\t', 2
	case 'r':
		return '\r', 2
	case '0':
		return 0, 2
	case 'a':
		return 7, 2
	case 'b':
		return 8, 2
	case 'f':
		return 12, 2
	case 'v':
		return 11, 2
	case 'e':
		return 27, 2
	case 'x', 'u', 'U':
		most := map[byte]int{'x': 4, 'u': 4, 'U': 8}[b[1]]
		end := 2
		for end < len(b) && end < 2+most && isHex(b[end]) {
			end++
		}
		v, err := strconv.ParseUint(string(b[2:end]), 16, 32)
		if err != nil {
			return '\\', 2
		}
		return rune(v), end
	}
	r, n := utf8.DecodeRune(b[1:])
	return r, 1 + n
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// verbatimString is the value of @"...": two quotes stand for one.
func (u *unit) verbatimString(b []byte) string {
	if len(b) < 3 {
		return ""
	}
	b = b[2:]
	for len(b) > 0 && b[len(b)-1] != '"' {
		b = b[:len(b)-1]
	}
	if len(b) > 0 {
		b = b[:len(b)-1]
	}
	out := u.buf[:0]
	for i := 0; i < len(b); i++ {
		out = append(out, b[i])
		if b[i] == '"' && i+1 < len(b) && b[i+1] == '"' {
			i++
		}
	}
	u.buf = out
	return u.intern(out)
}

// binarySub is the operator of a token; the short-circuiting ones have none.
func binarySub(k syntax.Kind) ir.Sub {
	switch k {
	case syntax.CsTokEqEq:
		return ir.Eq
	case syntax.CsTokBangEq:
		return ir.Ne
	case syntax.CsTokLt:
		return ir.Lt
	case syntax.CsTokLtEq:
		return ir.Le
	case syntax.CsTokGt:
		return ir.Gt
	case syntax.CsTokGtEq:
		return ir.Ge
	case syntax.CsTokPlus, syntax.CsTokPlusEq:
		return ir.Add
	case syntax.CsTokMinus, syntax.CsTokMinusEq:
		return ir.Subtract
	case syntax.CsTokStar, syntax.CsTokStarEq:
		return ir.Mul
	case syntax.CsTokSlash, syntax.CsTokSlashEq:
		return ir.Div
	case syntax.CsTokPercent, syntax.CsTokPercentEq:
		return ir.Rem
	case syntax.CsTokAmp, syntax.CsTokAmpEq:
		return ir.And
	case syntax.CsTokPipe, syntax.CsTokPipeEq:
		return ir.Or
	case syntax.CsTokCaret, syntax.CsTokCaretEq:
		return ir.Xor
	case syntax.CsTokLtLt, syntax.CsTokLtLtEq:
		return ir.Shl
	case syntax.CsTokGtGt, syntax.CsTokGtGtEq, syntax.CsTokGtGtGt, syntax.CsTokGtGtGtEq:
		return ir.Shr
	}
	return ir.SubNone
}

func prefixSub(k syntax.Kind) ir.Sub {
	switch k {
	case syntax.CsTokBang:
		return ir.Not
	case syntax.CsTokMinus:
		return ir.Neg
	case syntax.CsTokTilde:
		return ir.Compl
	}
	return ir.SubNone
}
