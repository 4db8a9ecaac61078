package normalize

// arguments makes expressions of the arguments of a macro call that are types
// or operators.
func (e *editor) arguments(open, end int) {
	if end-open > maxArgumentTokens {
		return
	}
	if e.hasTop(open+1, end, ";") { // GLSL(a = b;)
		e.lose(open+1, end-1)
		return
	}
	start := open + 1
	for k := open + 1; k <= end; k++ {
		if close := int(e.pair[k]); close > k {
			k = close
			continue
		}
		if k < end && !e.is(k, ",") {
			continue
		}
		if start == end && k == end && e.is(k-1, ",") { // f(a, b,)
			e.lose(k-1, k-1)
		}
		e.argument(start, k, end)
		start = k + 1
	}
}

// maxArgumentTokens bounds the work for one call.
const maxArgumentTokens = 2000

// argument looks at the tokens i..end-1 between two commas of a call.
func (e *editor) argument(i, end, closing int) {
	if i >= end {
		return
	}
	if e.operator(i, end, closing) || e.braced(i, end) {
		return
	}
	if e.is(i, ".") && e.isIdent(i+1) && e.is(i+2, "=") && i+3 < end { // .field = value
		e.lose(i, i+2)
		return
	}
	name, stars, ok := e.typeArgument(i, end)
	if !ok {
		return
	}
	start, stop := int(e.toks[i].start), int(e.toks[end-1].end)
	nameStart, nameEnd := int(e.toks[name].start), int(e.toks[name].end)
	if stars == 0 && end == i+1 && e.word(name) == wPlain {
		return
	}
	e.wipe(start, nameStart)
	e.wipe(nameEnd, stop)
	if e.word(name) != wPlain {
		e.put(nameStart, "_")
	}
	e.rewrote(start, stop, TypeArgument)
}

// operator blanks an argument that is one operator, as in CHECK(==, a, b),
// and the comma that goes with it.
func (e *editor) operator(i, end, closing int) bool {
	if end != i+1 || e.kind(i) != tPunct {
		return false
	}
	switch e.text(i) {
	case "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "&", "|", "^", "&&", "||", "=", "+=", "-=":
	default:
		return false
	}
	switch {
	case end < closing:
		e.lose(i, end)
	case e.is(i-1, ","):
		e.lose(i-1, i)
	}
	return true
}

// braced makes {a, b} read (a, b); where that is no expression, 0.
func (e *editor) braced(i, end int) bool {
	if !e.is(i, "{") || int(e.pair[i]) != end-1 {
		return false
	}
	start, stop := int(e.toks[i].start), int(e.toks[end-1].end)
	plain := end > i+2 && !e.is(end-2, ",")
	for k := i + 1; k < end-1 && plain; k++ {
		plain = !e.is(k, ";") && !e.is(k, "{") && !e.is(k, "=") && (!e.is(k, ".") || !e.is(k-1, ",") && k > i+1) && e.word(k) != wType
	}
	if plain {
		e.put(start, "(")
		e.put(stop-1, ")")
	} else if e.hasStatement(i, end) {
		return true // the grammar takes blocks
	} else {
		e.wipe(start, stop)
		e.put(start, "0")
	}
	e.rewrote(start, stop, BraceArgument)
	return true
}

func (e *editor) hasStatement(i, end int) bool {
	return e.hasTop(i+1, end-1, ";")
}

// hasTop: the text is among the tokens i..end-1, outside of brackets.
func (e *editor) hasTop(i, end int, text string) bool {
	for k := i; k < end; k++ {
		if e.is(k, text) {
			return true
		}
		if close := int(e.pair[k]); close > k {
			k = close
		}
	}
	return false
}

// typeArgument recognises a type: words, of which one is kept as a name, and stars.
func (e *editor) typeArgument(i, end int) (name, stars int, ok bool) {
	name = -1
	typed := false
	for k := i; k < end; k++ {
		switch {
		case e.is(k, "*"):
			if name < 0 {
				return 0, 0, false
			}
			stars++
		case e.is(k, "[") && e.is(k+1, "]") && name >= 0:
			stars++
			k++
		case !e.isIdent(k):
			return 0, 0, false
		case e.word(k) == wStop || stars > 0 && e.word(k) != wQual:
			return 0, 0, false
		case e.word(k) == wTag:
			typed = true
		case e.word(k) == wQual:
			typed = true
		default:
			if name >= 0 && e.word(name) == wPlain {
				return 0, 0, false // two names: not a type
			}
			typed = typed || e.word(k) == wType
			name = k
		}
	}
	return name, stars, name >= 0 && (typed || stars > 0)
}
