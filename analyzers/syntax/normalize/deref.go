package normalize

import "slices"

// The C# grammar takes * in front of lvalues only, and only without ++ or --
// after them. Values are saved by writing ~ for *, targets of an assignment by
// writing brackets: [e] is an lvalue to the grammar. Package syntax puts the
// star back into the tree.

var assignments = []string{"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", "??=", ">>=", ">>>="}

func (e *editor) isAssignment(i int) bool {
	return e.kind(i) == tPunct && slices.Contains(assignments, e.text(i))
}

// isUnary reports whether the star at i stands before an operand, judged by
// what is in front of it.
func (e *editor) isUnary(i int) bool {
	if i == 0 {
		return true
	}
	switch e.kind(i - 1) {
	case tIdent:
		return isOperandKeyword(e.text(i - 1))
	case tNumber, tString:
		return false
	}
	switch e.text(i - 1) {
	case ")":
		return e.closesCastOrHead(i - 1)
	case "]", ">":
		return false
	case "*":
		return e.unaryStar == i-1
	case "++", "--":
		return !e.endsOperand(i - 2)
	}
	return true
}

// isOperandKeyword: an expression may follow, so the word is no operand.
func isOperandKeyword(s string) bool {
	switch s {
	case "return", "throw", "yield", "else", "do", "case", "in", "out", "ref", "await", "when", "and", "or", "not", "is", "checked", "unchecked":
		return true
	}
	return false
}

// endsOperand reports whether token i can be the last one of an operand.
func (e *editor) endsOperand(i int) bool {
	switch e.kind(i) {
	case tIdent:
		return !isOperandKeyword(e.text(i))
	case tNumber, tString:
		return true
	}
	switch e.text(i) {
	case ")", "]", ">", "++", "--", "!":
		return true
	}
	return false
}

// closesCastOrHead: the parenthesis that ends at i is a cast, or the head of a
// statement such as if, so that an operand or statement follows.
func (e *editor) closesCastOrHead(i int) bool {
	open := int(e.pair[i])
	if open < 0 {
		return false
	}
	switch e.text(open - 1) {
	case "if", "while", "for", "foreach", "fixed", "using", "lock", "switch":
		return true
	case "sizeof", "typeof", "default", "nameof":
		return false
	}
	return e.isCast(open)
}

// isCast reports whether the parenthesis at open surely holds a type: it ends
// with a star or is a predefined type.
func (e *editor) isCast(open int) bool {
	end := int(e.pair[open])
	if end < open+2 {
		return false
	}
	if e.is(end-1, "*") {
		return true
	}
	if end != open+2 {
		return false
	}
	switch e.text(open + 1) {
	case "bool", "byte", "sbyte", "short", "ushort", "int", "uint", "long", "ulong", "nint", "nuint", "char", "float", "double", "decimal", "object", "string", "IntPtr", "UIntPtr":
		return true
	}
	return false
}

// operand describes what follows a unary star.
type operand struct {
	end    int // token after it; -1 if it was not understood
	lvalue bool
	casts  [][2]int // brackets of the casts in front, as token indices
	first  int      // the primary expression
	step   int      // the ++ or -- behind it, -1 for none
}

// maxOperandDepth bounds nested operands; what is deeper is not understood.
const maxOperandDepth = 50

func (e *editor) operand(i, depth int) operand {
	o := operand{lvalue: true, step: -1, end: -1}
	if depth > maxOperandDepth {
		return o
	}
	for e.is(i, "(") && e.pair[i] > 0 && e.isCast(i) {
		o.casts = append(o.casts, [2]int{i, int(e.pair[i])})
		o.lvalue = false
		i = int(e.pair[i]) + 1
	}
	o.first = i
	switch {
	case e.is(i, "*"):
		in := e.operand(i+1, depth+1)
		o.end, o.lvalue = in.end, o.lvalue && in.lvalue
		return o
	case e.is(i, "&"), e.is(i, "++"), e.is(i, "--"), e.is(i, "-"), e.is(i, "~"):
		o.end, o.lvalue = e.operand(i+1, depth+1).end, false
		return o
	case e.is(i, "(") && e.pair[i] > 0:
		in := e.operand(i+1, depth+1)
		o.lvalue = o.lvalue && in.lvalue && in.end == int(e.pair[i])
		i = int(e.pair[i]) + 1
	case e.isIdent(i) && !isOperandKeyword(e.text(i)) && !e.is(i, "new") && !e.is(i, "stackalloc"):
		i++
	default:
		return o
	}
	var last lastPostfix
	o.end, last = e.postfixes(i)
	switch last {
	case callPostfix:
		o.lvalue = false
	case stepPostfix:
		o.lvalue, o.step = false, o.end-1
	case memberPostfix:
		o.lvalue = len(o.casts) == 0
	}
	return o
}

// lastPostfix is what an operand ends with.
type lastPostfix uint8

const (
	noPostfix lastPostfix = iota
	memberPostfix
	callPostfix
	stepPostfix
)

// maxPostfixes bounds the work for one operand.
const maxPostfixes = 200

// postfixes skips member accesses, indexers, calls and ++ from token i on.
func (e *editor) postfixes(i int) (end int, last lastPostfix) {
	for range maxPostfixes {
		switch {
		case (e.is(i, ".") || e.is(i, "->") || e.is(i, "?.")) && e.isIdent(i+1):
			i, last = i+2, memberPostfix
		case e.is(i, "[") && e.pair[i] > 0:
			i, last = int(e.pair[i])+1, memberPostfix
		case e.is(i, "(") && e.pair[i] > 0:
			i, last = int(e.pair[i])+1, callPostfix
		case e.is(i, "<") && e.is(e.typeArguments(i), "("):
			i = e.typeArguments(i)
		case e.is(i, "!") && !e.is(i+1, "=") && (e.is(i+1, ".") || e.is(i+1, "[") || e.is(i+1, "->")):
			i++
		case e.is(i, "?") && e.is(i+1, "[") && e.adjacent(i):
			i++
		case e.is(i, "++"), e.is(i, "--"):
			return i + 1, stepPostfix
		default:
			return i, last
		}
	}
	return i, last
}

// typeArguments returns the token after the list of type arguments that opens
// at i, or -1 if it is none.
func (e *editor) typeArguments(i int) int {
	depth := 0
	for k := i; k < len(e.toks) && k < i+200; k++ {
		switch e.text(k) {
		case "<":
			depth++
		case ">":
			if depth--; depth == 0 {
				return k + 1
			}
		case ",", ".", "[", "]", "?", "*", "::", "(", ")":
		default:
			if !e.isIdent(k) {
				return -1
			}
		}
	}
	return -1
}

// deref rewrites the unary star at i where the grammar would not take it.
func (e *editor) deref(i int) {
	o := e.operand(i+1, 0)
	if o.end < 0 || o.lvalue {
		return
	}
	star := int(e.toks[i].start)
	if !e.isAssignment(o.end) || e.is(i-1, "*") {
		e.put(star, "~")
		e.rewrote(star, star+1, DerefValue)
		return
	}
	e.derefStore(i, o)
}

// derefStore makes an lvalue of the target of *e = v.
func (e *editor) derefStore(i int, o operand) {
	star, end := int(e.toks[i].start), int(e.toks[o.end-1].end)
	switch {
	case e.buf[end] == ' ' || e.buf[end] == '\t':
		e.put(star, "[")
		e.put(end, "]")
	case o.step > 0: // *p++=v
		e.put(star, "[")
		e.put(end-2, " ]")
		e.rewrote(end-2, end, LostStep)
	case e.is(o.first, "(") && int(e.pair[o.first]) == o.end-1: // *(e)=v, *(T*)(e)=v
		e.loseCasts(o)
		e.put(star, " ")
		e.put(int(e.toks[o.first].start), "[")
		e.put(end-1, "]")
	case len(o.casts) == 0 && (e.is(o.first, "++") || e.is(o.first, "--")): // *--p=v
		at := int(e.toks[o.first].start)
		e.blank(o.first, o.first)
		e.rewrote(at, at+2, LostStep)
		return
	default: // *(T*)p=v
		e.loseCasts(o)
		return
	}
	e.rewrote(star, end, DerefStore)
}

func (e *editor) loseCasts(o operand) {
	for _, c := range o.casts {
		e.blank(c[0], c[1])
		e.rewrote(int(e.toks[c[0]].start), int(e.toks[c[1]].end), LostCast)
	}
}
