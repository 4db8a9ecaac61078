package normalize

// scope is what a token stands in directly.
type scope uint8

const (
	inFile  scope = iota
	inBody        // of a function, or a block
	inType        // struct, union
	inEnum        // items of an enum
	inValue       // braces of an initializer
)

// scopes fills e.scope and e.depth: the scope of each token and the number of
// parentheses and brackets around it within that scope.
func (e *editor) scopes() {
	e.scope = room(&e.lists.scope, len(e.toks))
	e.depth = room(&e.lists.depth, len(e.toks))
	type level struct {
		scope scope
		depth int32
	}
	cur := level{}
	var stack []level
	for i := range e.toks {
		e.scope[i], e.depth[i] = cur.scope, cur.depth
		if e.toks[i].kind != tPunct {
			continue
		}
		switch e.src[e.toks[i].start] {
		case '(', '[':
			cur.depth++
		case ')', ']':
			cur.depth = max(cur.depth-1, 0)
			e.depth[i] = cur.depth
		case '{':
			stack = append(stack, cur)
			cur = level{scope: e.braceScope(i, cur.scope)}
		case '}':
			if n := len(stack); n > 0 {
				cur, stack = stack[n-1], stack[:n-1]
			}
			e.scope[i], e.depth[i] = cur.scope, cur.depth
		}
	}
}

// braceScope says what the brace at i opens.
func (e *editor) braceScope(i int, outer scope) scope {
	if outer == inValue || outer == inEnum {
		return inValue
	}
	switch prev := e.text(i - 1); prev {
	case "=", ",", "(", "[", "return", "?":
		return inValue
	case "struct", "union":
		return inType
	case "enum":
		return inEnum
	case ")":
		if e.depth[i] > 0 || e.isCompoundLiteral(i-1) {
			return inValue
		}
		return inBody
	}
	if e.kind(i-1) == tString {
		return inFile // extern "C"
	}
	if e.isIdent(i - 1) {
		switch e.text(i - 2) {
		case "struct", "union":
			return inType
		case "enum", ":":
			if e.word(i-1) != wStop {
				return inEnum
			}
		}
	}
	if outer == inType {
		return inType
	}
	return inBody
}

// isCompoundLiteral: the parenthesis that ends at i is the type of a compound literal.
func (e *editor) isCompoundLiteral(i int) bool {
	open := int(e.pair[i])
	if open < 1 {
		return false
	}
	switch e.text(open - 1) {
	case "=", "(", ",", "return", "&", "?", ":", "*", "||", "&&", "==", "!=":
		return true
	}
	return false
}

// startsStatement reports whether a statement (or, outside functions, a
// declaration) can start at token i.
func (e *editor) startsStatement(i int) bool {
	if i >= len(e.toks) || e.depth[i] > 0 {
		return false
	}
	if e.ended[i-1] {
		return true
	}
	switch prev := e.text(i - 1); prev {
	case "", ";", "{", "}":
		return true
	case "else", "do", ":":
		return e.scope[i] == inBody && !e.inConditional(i)
	case ")":
		if e.scope[i] != inBody {
			return false
		}
		open := int(e.pair[i-1])
		switch e.text(open - 1) {
		case "if", "while", "for", "switch":
			return open > 0
		}
		return e.rewritten[open-1]
	}
	return false
}

// inConditional: the colon before i belongs to ?:, not to a label.
func (e *editor) inConditional(i int) bool {
	if !e.is(i-1, ":") {
		return false
	}
	for k := i - 2; k >= 0 && k > i-60; k-- {
		switch e.text(k) {
		case "?":
			return true
		case ";", "{", "}", "case":
			return false
		}
	}
	return false
}
