package clower

import (
	"bytes"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// call lowers a call whose value is wanted.
func (b *body) call(n nodeID) (ir.Temp, ir.Type) {
	fn := b.unparen(b.child(n, syntax.FieldCFunction))
	if m := b.macroOf(fn); m != nil && b.mustExpand(m) {
		if e, ok := b.expandCall(m, n); ok {
			var v ir.Temp
			var t ir.Type
			b.within(e, func(x nodeID) { v, t = b.value(x) })
			return v, t
		}
	}
	if b.is(fn, syntax.CIdentifier) && string(b.bytes(fn)) == "__builtin_expect" {
		if a := b.inner(b.child(n, syntax.FieldCArguments)); a != none {
			return b.value(a)
		}
	}
	return b.plainCall(n, fn)
}

// callStmt lowers a call that is a statement.
func (b *body) callStmt(n nodeID) {
	fn := b.unparen(b.child(n, syntax.FieldCFunction))
	if m := b.macroOf(fn); m != nil && b.mustExpand(m) {
		if e := b.expandWith(m, n, ""); e != nil {
			b.inline(e)
			return
		}
	}
	if b.is(fn, syntax.CIdentifier) {
		switch string(b.bytes(fn)) {
		case "__builtin_unreachable", "__assume":
			if b.unreachableCall(n) {
				return
			}
		}
		if b.jumpArgs(n) {
			return
		}
	}
	if b.is(fn, syntax.CCallExpression) && b.funcPointerDecl(n, fn) {
		return
	}
	b.plainCall(n, fn)
}

// unreachableCall lowers the compiler's statements that control does not get here.
func (b *body) unreachableCall(n nodeID) bool {
	args := b.child(n, syntax.FieldCArguments)
	if a := b.inner(args); a != none && string(b.bytes(a)) != "0" {
		return false
	}
	b.b.Unreachable(b.span(n))
	return true
}

// condCall lowers a condition that is a call when it has a form of its own: a macro of this file, or
// the compiler's hint which way is likely.
func (b *body) condCall(n nodeID, yes, no ir.BlockID) bool {
	fn := b.unparen(b.child(n, syntax.FieldCFunction))
	if !b.is(fn, syntax.CIdentifier) {
		return false
	}
	if m := b.macroOf(fn); m != nil {
		if e, ok := b.expandCall(m, n); ok {
			b.within(e, func(x nodeID) { b.condDeep(x, yes, no) })
			return true
		}
	}
	if string(b.bytes(fn)) == "__builtin_expect" {
		if a := b.inner(b.child(n, syntax.FieldCArguments)); a != none {
			b.condDeep(a, yes, no)
			return true
		}
	}
	return false
}

// plainCall lowers a call by name, or through a pointer.
func (b *body) plainCall(n, fn nodeID) (ir.Temp, ir.Type) {
	s := b.span(n)
	args := b.child(n, syntax.FieldCArguments)
	for b.is(fn, syntax.CPointerExpression) && b.op(fn) == syntax.CTokStar {
		fn = b.unparen(b.child(fn, syntax.FieldCArgument)) // (*f)(x) is f(x)
	}
	c := &ir.Call{NameSpan: b.span(fn)}
	var t ir.Type
	switch b.kind(fn) {
	case syntax.CIdentifier:
		c.Name = b.name(fn)
		if v, vt, ok := b.castCall(n, fn, args); ok {
			return v, vt
		}
		t = b.results[c.Name]
		if _, isVar := b.globals[c.Name]; b.localVar(c.Name) != ir.NoVar || isVar && b.lookup(c.Name) < 0 {
			c.Fn, _ = b.value(fn)
		} else {
			c.Path = c.Name
		}
	case syntax.CFieldExpression:
		field := b.child(fn, syntax.FieldCField)
		c.Name, c.NameSpan = b.name(field), b.span(field)
		c.Fn, _ = b.value(fn)
	default:
		c.Fn, _ = b.value(fn)
	}
	c.Args = b.args(args)
	v := b.b.Value(ir.Instr{Op: ir.OpCall, Call: c, Var: ir.NoVar, Span: s})
	return v, t
}

func (b *body) args(list nodeID) []ir.Arg {
	count := 0
	for c := b.t.FirstChild(list); c != none; c = b.t.NextSibling(c) {
		if b.t.Nodes[c].Flags&(syntax.Named|syntax.Extra) == syntax.Named {
			count++
		}
	}
	if count == 0 {
		return nil
	}
	out := make([]ir.Arg, 0, count)
	for c := b.t.FirstChild(list); c != none; c = b.t.NextSibling(c) {
		if b.t.Nodes[c].Flags&(syntax.Named|syntax.Extra) != syntax.Named {
			continue
		}
		if b.is(c, syntax.CCompoundStatement) {
			b.maybe(c, func() { b.stmt(c) })
			out = append(out, ir.Arg{Val: b.b.Int(0, b.span(c)), Span: b.span(c)})
			continue
		}
		if several := b.packed(c); several != nil {
			for _, e := range several {
				b.within(e, func(x nodeID) { out = append(out, b.arg(x)) })
			}
			continue
		}
		out = append(out, b.arg(c))
	}
	return out
}

// arg lowers an argument: its value, and its address when it is a place.
func (b *body) arg(n nodeID) ir.Arg {
	s := b.span(n)
	in := b.unparen(n)
	switch b.kind(in) {
	case syntax.CIdentifier:
		if name := b.name(in); b.lookup(name) < 0 {
			if _, ok := b.globals[name]; !ok {
				break
			}
		}
		v, a, _ := b.load(in)
		return ir.Arg{Val: v, Addr: a, Span: s}
	case syntax.CFieldExpression, syntax.CSubscriptExpression:
		v, a, _ := b.load(in)
		return ir.Arg{Val: v, Addr: a, Span: s}
	case syntax.CPointerExpression:
		if b.op(in) == syntax.CTokStar {
			v, a, _ := b.load(in)
			return ir.Arg{Val: v, Addr: a, Span: s}
		}
	}
	v, _ := b.value(in)
	return ir.Arg{Val: v, Span: s}
}

// maybe lowers something that may or may not run.
func (b *body) maybe(n nodeID, f func()) {
	s := b.span(n)
	yes, end := b.b.NewBlock(), b.b.NewBlock()
	b.branch(b.b.Choice("", s), yes, end, s)
	b.at(yes)
	f()
	b.jump(end, s)
	b.at(end)
}

// jumpArgs lowers a call of an unknown macro that takes a jump as an argument, as in
// CHECK(x, goto fail): the other arguments go to a call, and the jump may be taken.
func (b *body) jumpArgs(n nodeID) bool {
	list := b.child(n, syntax.FieldCArguments)
	if list == none || !hasJump(b.bytes(list)) {
		return false
	}
	var rest []string
	var jumps []string
	for _, a := range b.argTexts(n) {
		switch firstToken(a) {
		case "goto", "return", "break", "continue":
			jumps = append(jumps, a)
		default:
			rest = append(rest, a)
		}
	}
	if len(jumps) == 0 {
		return false
	}
	call := string(b.bytes(b.child(n, syntax.FieldCFunction))) + "("
	for i, a := range rest {
		if i > 0 {
			call += ", "
		}
		call += a
	}
	if e := b.expand("", call+")", b.span(n)); e != nil {
		b.f.Problems -= b.countErrors(n)
		b.inline(e)
	} else {
		b.unknown(n, "macro with a jump")
	}
	for _, j := range jumps {
		if e := b.expand("", j, b.span(n)); e != nil {
			b.maybe(n, func() { b.inline(e) })
		}
	}
	return true
}

// funcPointerDecl recognises "T (*p)(A, B);", the declaration of a local function pointer, which the
// grammar takes for a call of T(*p).
func (b *body) funcPointerDecl(n, fn nodeID) bool {
	callee := b.child(fn, syntax.FieldCFunction)
	if !b.is(callee, syntax.CIdentifier) || !b.looksLikeType(b.name(callee)) {
		return false
	}
	inner := b.inner(b.child(fn, syntax.FieldCArguments))
	if !b.is(inner, syntax.CPointerExpression) || b.nextNamed(inner) != none || b.op(inner) != syntax.CTokStar {
		return false
	}
	name := b.child(inner, syntax.FieldCArgument)
	if !b.is(name, syntax.CIdentifier) || b.lookup(b.name(name)) >= 0 {
		return false
	}
	args := b.bytes(b.child(n, syntax.FieldCArguments))
	d := declared{name: name, typ: ir.Type(b.intern([]byte(b.name(callee) + string(compact(args)) + "*")))}
	b.localVariable(n, d, b.name(name), 0, none)
	return true
}

func hasJump(text []byte) bool {
	for _, w := range [...]string{"goto ", "return", "break", "continue"} {
		if bytes.Contains(text, []byte(w)) {
			return true
		}
	}
	return false
}

func firstToken(s string) string {
	i := 0
	for i < len(s) && isIdent(s[i]) {
		i++
	}
	return s[:i]
}
