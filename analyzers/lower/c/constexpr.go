package clower

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// constExpr parses a constant expression: the body of an object-like macro or the value of an
// enumerator. It returns nil when the text is anything else.
func (l *lowerer) constExpr(text string) *ir.Expr {
	p := &constParser{l: l, toks: tokens(text)}
	if len(p.toks) == 0 || len(p.toks) > 400 {
		return nil
	}
	e := p.expr(1)
	if e == nil || p.pos != len(p.toks) {
		return nil
	}
	return e
}

type constParser struct {
	l     *lowerer
	toks  []token
	pos   int
	depth int
}

func (p *constParser) peek(i int) token {
	if p.pos+i < len(p.toks) {
		return p.toks[p.pos+i]
	}
	return token{}
}

func (p *constParser) is(s string) bool { return p.peek(0).text == s }

var constOps = map[string]struct {
	prec int
	sub  ir.Sub
}{
	"|": {1, ir.Or}, "^": {2, ir.Xor}, "&": {3, ir.And}, "==": {4, ir.Eq}, "!=": {4, ir.Ne},
	"<": {5, ir.Lt}, ">": {5, ir.Gt}, "<=": {5, ir.Le}, ">=": {5, ir.Ge}, "<<": {6, ir.Shl}, ">>": {6, ir.Shr},
	"+": {7, ir.Add}, "-": {7, ir.Subtract}, "*": {8, ir.Mul}, "/": {8, ir.Div}, "%": {8, ir.Rem},
}

// expr parses operators of at least that precedence.
func (p *constParser) expr(prec int) *ir.Expr {
	if p.depth++; p.depth > 200 {
		return nil
	}
	defer func() { p.depth-- }()
	x := p.unary()
	for x != nil {
		op, ok := constOps[p.peek(0).text]
		if !ok || op.prec < prec || p.peek(0).kind != tokPunct {
			break
		}
		p.pos++
		y := p.expr(op.prec + 1)
		if y == nil {
			return nil
		}
		x = &ir.Expr{Op: ir.OpBin, Sub: op.sub, L: x, R: y}
	}
	return x
}

func (p *constParser) unary() *ir.Expr {
	if p.depth++; p.depth > 200 {
		return nil
	}
	defer func() { p.depth-- }()
	sub := ir.SubNone
	switch t := p.peek(0); {
	case t.kind != tokPunct:
		return p.primary()
	case t.text == "-":
		sub = ir.Neg
	case t.text == "~":
		sub = ir.Compl
	case t.text == "!":
		sub = ir.Not
	case t.text == "+":
		p.pos++
		return p.unary()
	case t.text == "&":
		// The address of a name: the name stands for it.
		p.pos++
		return p.unary()
	case t.text == "(":
		return p.paren()
	default:
		return nil
	}
	p.pos++
	x := p.unary()
	if x == nil {
		return nil
	}
	return &ir.Expr{Op: ir.OpUnary, Sub: sub, L: x}
}

// paren parses a parenthesised expression or a cast.
func (p *constParser) paren() *ir.Expr {
	if t, n := p.typeName(1); n > 0 && p.peek(1+n).text == ")" && p.castFollows(1, n) {
		p.pos += n + 2
		x := p.unary()
		if x == nil {
			return nil
		}
		return &ir.Expr{Op: ir.OpCast, Type: t, L: x}
	}
	p.pos++
	x := p.expr(1)
	if x == nil || !p.is(")") {
		return nil
	}
	p.pos++
	return x
}

// castFollows decides what "(T)" at n tokens is: a cast needs an operand, and a name alone before
// an operator is a cast only when nothing says that it is a value.
func (p *constParser) castFollows(at, n int) bool {
	next := p.peek(at + n + 1)
	if next.text == "" {
		return false
	}
	if next.kind != tokPunct || next.text == "(" || next.text == "~" || next.text == "!" {
		return true
	}
	if n > 1 {
		return next.text == "-" || next.text == "+" || next.text == "&"
	}
	name := p.peek(at).text
	if _, isConst := p.l.consts[name]; isConst || len(p.l.macros[name]) > 0 {
		return false
	}
	if next.text == "-" {
		return p.peek(at+n+2).kind == tokNumber
	}
	_, isType := p.l.typedefs[name]
	return isType && next.text == "&"
}

var typeWords = map[string]bool{"const": true, "volatile": true, "struct": true, "union": true, "enum": true}

// typeName reads a type at token i after the present one: its text and number of tokens, 0 if none.
func (p *constParser) typeName(i int) (ir.Type, int) {
	var words []string
	n, stars := 0, 0
	for ; ; n++ {
		t := p.peek(i + n)
		if t.kind == tokIdent && stars == 0 {
			if !typeWords[t.text] {
				words = append(words, t.text)
			}
			continue
		}
		if t.text == "const" {
			continue
		}
		if t.text != "*" || len(words) == 0 {
			break
		}
		stars++
	}
	if len(words) == 0 {
		return "", 0
	}
	return ir.Type(strings.Join(words, " ") + strings.Repeat("*", stars)), n
}

func (p *constParser) primary() *ir.Expr {
	t := p.peek(0)
	p.pos++
	switch t.kind {
	case tokNumber:
		v, isInt := parseNumber(t.text)
		if !isInt {
			return &ir.Expr{Op: ir.OpConst, Kind: ir.ConstFloat}
		}
		return &ir.Expr{Op: ir.OpConst, Kind: ir.ConstInt, Int: v}
	case tokChar:
		return &ir.Expr{Op: ir.OpConst, Kind: ir.ConstInt, Int: charValue(t.text)}
	case tokString:
		return p.strings(t)
	case tokIdent:
		return p.word(t.text)
	}
	return nil
}

func (p *constParser) strings(first token) *ir.Expr {
	s := string(unquote([]byte(first.text)))
	for p.peek(0).kind == tokString {
		s += string(unquote([]byte(p.peek(0).text)))
		p.pos++
	}
	return &ir.Expr{Op: ir.OpConst, Kind: ir.ConstString, Name: s}
}

// keywords that begin no expression.
var notNames = map[string]bool{
	"if": true, "else": true, "for": true, "while": true, "do": true, "switch": true, "case": true, "default": true,
	"return": true, "goto": true, "break": true, "continue": true, "struct": true, "union": true, "enum": true,
	"typedef": true, "static": true, "extern": true, "inline": true, "const": true, "volatile": true, "register": true,
	"void": true, "int": true, "char": true, "short": true, "long": true, "unsigned": true, "signed": true,
	"float": true, "double": true, "__declspec": true, "__attribute__": true, "__stdcall": true, "__cdecl": true,
	"__inline": true, "__forceinline": true, "restrict": true, "__restrict": true, "asm": true, "__asm": true,
	"__fastcall": true, "__try": true, "__finally": true, "__except": true, "__leave": true, "_Noreturn": true,
}

func (p *constParser) word(name string) *ir.Expr {
	switch name {
	case "NULL", "nullptr":
		return &ir.Expr{Op: ir.OpConst, Kind: ir.ConstNull}
	case "TRUE", "true":
		return &ir.Expr{Op: ir.OpConst, Kind: ir.ConstBool, Int: 1}
	case "FALSE", "false":
		return &ir.Expr{Op: ir.OpConst, Kind: ir.ConstBool}
	case "sizeof":
		if !p.is("(") {
			return nil
		}
		t, n := p.typeName(1)
		if n == 0 || p.peek(1+n).text != ")" {
			return nil
		}
		p.pos += n + 2
		return &ir.Expr{Op: ir.OpConst, Kind: ir.ConstSizeof, Type: t}
	}
	if notNames[name] {
		return nil
	}
	if p.is("(") {
		return p.macroCall(name)
	}
	return &ir.Expr{Op: ir.OpName, Name: name}
}

// macroCall evaluates a use of a function-like macro of this file.
func (p *constParser) macroCall(name string) *ir.Expr {
	m := p.l.macroNamed(name, true)
	depth, end := 0, p.pos
	for ; end < len(p.toks); end++ {
		if p.toks[end].kind != tokPunct {
			continue
		}
		if p.toks[end].text == "(" {
			depth++
		} else if p.toks[end].text == ")" {
			if depth--; depth == 0 {
				break
			}
		}
	}
	if m == nil || end >= len(p.toks) || p.depth > 20 {
		return nil
	}
	args := splitArgs(joinTokens(p.toks[p.pos+1 : end]))
	text, ok := m.substitute(args)
	if !ok {
		return nil
	}
	q := &constParser{l: p.l, toks: tokens(text), depth: p.depth + 10}
	e := q.expr(1)
	if e == nil || q.pos != len(q.toks) {
		return nil
	}
	p.pos = end + 1
	return e
}
