package normalize

import "bytes"

// maxNamed is how many tokens back a name is looked for.
const maxNamed = 500

// statements rewrites macro calls that are no C on their own: loops, calls
// without a semicolon, types and operators among the arguments.
func (e *editor) statements() {
	e.scopes()
	e.rewritten, e.ended, e.handlersFit = map[int]bool{}, map[int]bool{}, map[int]bool{}
	for i := 0; i < len(e.toks); i++ {
		if e.toks[i].kind == tPunct {
			if e.is(i, "=") && e.is(i+1, ";") { // the value was in a file that is included
				e.lose(i, i)
			}
			continue
		}
		if e.is(i, "offsetof") || e.is(i, "FIELD_OFFSET") {
			e.offsetof(i)
			continue
		}
		if e.scope[i] == inBody && e.handler(i) {
			continue
		}
		if e.word(i) != wPlain {
			continue
		}
		if !e.is(i+1, "(") || e.pair[i+1] < 0 {
			e.bareMacro(i)
			continue
		}
		switch end := int(e.pair[i+1]); e.scope[i] {
		case inFile:
			i = e.fileCall(i, end)
		case inType:
			e.memberCall(i, end)
		case inEnum:
			i = e.enumCall(i, end)
		default:
			i = e.bodyCall(i, end)
		}
	}
}

// lose blanks tokens i..j for good.
func (e *editor) lose(i, j int) int {
	start, end := int(e.toks[i].start), int(e.toks[j].end)
	e.wipe(start, end)
	e.rewrote(start, end, MacroCall)
	return j
}

// bodyCall looks at a call within a function or initializer; it returns the
// last token that is done with.
func (e *editor) bodyCall(i, end int) int {
	next := e.text(end + 1)
	if cWords().quote[e.text(i)] {
		e.wipe(int(e.toks[i+1].end), int(e.toks[end].start))
		return end
	}
	joins := e.isIdent(end+1) && e.word(end+1) != wStop || e.kind(end+1) == tString || next == "{"
	switch {
	case e.kind(i-1) == tString && e.toks[i-1].end != e.toks[i].start || e.kind(end+1) == tString:
		if e.kind(i-1) == tString || e.startsValue(i) && e.kind(end+1) == tString {
			return e.lose(i, end) // "a" MACRO(x) "b"
		}
	case e.is(i-1, ")") && e.depth[i] > 0 && e.pair[i-1] > 0 && e.isIdent(int(e.pair[i-1])-1) && e.word(int(e.pair[i-1])-1) == wPlain:
		return e.lose(i, end) // TEXT("a") TEXT("b")
	case e.scope[i] == inValue:
		if joins && e.depth[i] == 0 {
			return e.lose(i, end)
		}
	case e.startsStatement(i):
		if e.macroStatement(i, end) {
			return i + 1
		}
	}
	if e.isCall(i) {
		e.arguments(i+1, end)
	}
	return i
}

// startsValue: an operand is expected at token i.
func (e *editor) startsValue(i int) bool {
	return e.kind(i-1) == tPunct && !e.is(i-1, ")") && !e.is(i-1, "]")
}

// isCall: the name at i, with a parenthesis behind it, is called rather than declared.
func (e *editor) isCall(i int) bool {
	prev := i - 1
	if e.is(prev, "*") {
		for e.is(prev, "*") {
			prev--
		}
		return e.kind(prev) == tPunct && !e.is(prev, ";") && !e.is(prev, "}") && !e.is(prev, "{") || e.word(prev) == wStop && e.isIdent(prev)
	}
	return !e.isIdent(prev) || e.word(prev) == wStop
}

// macroStatement handles a call that is a statement of its own but has no
// semicolon: a loop's head or a macro with the semicolon in its body.
func (e *editor) macroStatement(i, end int) bool {
	next := e.text(end + 1)
	if next == "{" || next != ";" && e.startsOperand(end+1) && cWords().isLoop(e.text(i)) {
		return e.loop(i, end)
	}
	if next != "}" && !e.isIdent(end+1) {
		return false
	}
	if e.isIdent(end+1) && e.word(end+1) == wPlain && e.declares(end+2) && e.sameLine(end) {
		return true // ARRAY(type) name = ...: the grammar takes it
	}
	if at := e.gap(end); at >= 0 {
		e.put(at, ";")
		e.rewrote(at, at+1, MacroSemicolon)
		e.ended[end] = true
		if e.isCall(i) {
			e.arguments(i+1, end)
		}
		return true
	}
	e.lose(i, end)
	e.ended[end] = true
	return true
}

// declares: what stands at i can follow a name that is declared.
func (e *editor) declares(i int) bool {
	switch e.text(i) {
	case "=", ";", ",", "[":
		return true
	}
	return false
}

// sameLine: no line ends between tokens i and i+1.
func (e *editor) sameLine(i int) bool {
	for _, c := range e.src[e.toks[i].end:e.toks[i+1].start] {
		if c == '\n' || c == '\r' {
			return false
		}
	}
	return true
}

// bareMacro blanks a name in capitals, or on a line of its own, that stands as a
// statement or member without a semicolon, or gives it one.
func (e *editor) bareMacro(i int) {
	if e.bareHead(i) || e.loneMacro(i) {
		if e.rewritten[i] {
			return
		}
		if at := e.gap(i); at >= 0 {
			e.put(at, ";")
			e.rewrote(at, at+1, MacroSemicolon)
			e.ended[i] = true
			return
		}
	}
	next := e.is(i+1, "}") || e.isIdent(i+1) && e.word(i+1) == wStop
	switch {
	case !isCaps(e.text(i)) && (!next || e.scope[i] != inBody || !e.alone(i)):
	case e.closesHead(i-1) && (e.scope[i] == inFile || e.scope[i] == inType) && e.depth[i] == 0 && (e.is(i+1, ";") || e.is(i+1, "{")):
		e.mark(i, i, Linkage) // f(x) MACRO;
	case !e.startsStatement(i):
	case next && (e.scope[i] == inBody || e.scope[i] == inType),
		i+1 == len(e.toks) && e.scope[i] == inFile:
		e.lose(i, i)
		e.ended[i] = true
	}
}

// loneMacro: the name at i stands on a line of its own, and what follows it is no name that it could be the type of, but
// sets something that is there.
func (e *editor) loneMacro(i int) bool {
	if !e.isIdent(i+1) && !e.is(i+1, "*") || e.scope[i] != inBody || e.depth[i] > 0 || !e.alone(i) || cWords().types[e.text(i)] {
		return false
	}
	if prev := e.text(i - 1); prev != ";" && prev != "{" && prev != "}" && !e.ended[i-1] {
		return false
	}
	at := i + 1
	for e.is(at, "*") {
		at++
	}
	if !e.isIdent(at) || e.word(at) != wPlain {
		return false
	}
	next := at + 1
	if e.is(next, "[") && e.pair[next] > 0 {
		next = int(e.pair[next]) + 1
	}
	switch e.text(next) {
	case "->", ".", "++", "--":
		return true
	case "=":
		return !e.is(next+1, "{") && (e.column(i) == e.column(i+1) || e.named(at))
	}
	return e.isAssignment(next)
}

// alone: no other token stands on the line of the one at i.
func (e *editor) alone(i int) bool {
	return i > 0 && i+1 < len(e.toks) && !e.sameLine(i-1) && !e.sameLine(i)
}

// column is how far token i is from the start of its line.
func (e *editor) column(i int) int {
	start := int(e.toks[i].start)
	return start - bytes.LastIndexByte(e.src[:start], '\n')
}

// named: the name at i stands in front of it in the same function or its head, not too far.
func (e *editor) named(i int) bool {
	for k := i - 1; k >= max(i-maxNamed, 0); k-- {
		if e.scope[k] == inFile && (e.is(k, ";") || e.is(k, "}")) {
			return false
		}
		if e.isIdent(k) && e.text(k) == e.text(i) {
			return true
		}
	}
	return false
}

func (e *editor) startsOperand(i int) bool {
	if e.kind(i) != tPunct {
		return true
	}
	switch e.text(i) {
	case "(", "{", "*", "++", "--":
		return true
	}
	return false
}

// gap finds a blank, no line end and no comment, behind token i and before the next one.
func (e *editor) gap(i int) int {
	at, stop := int(e.toks[i].end), len(e.src)
	if i+1 < len(e.toks) {
		stop = int(e.toks[i+1].start)
	}
	l := lexer{src: e.src}
	for at < stop {
		switch c := e.buf[at]; {
		case c == ' ' || c == '\t':
			return at
		case c == '/':
			l.pos = at
			if !l.comment() {
				return -1
			}
			at = l.pos
		default:
			at++
		}
	}
	return -1
}

// loop makes MACRO(args) read while(args); names of fewer than five letters
// become if. Arguments that are no expressions read as one name.
func (e *editor) loop(i, end int) bool {
	start, n := int(e.toks[i].start), int(e.toks[i].end-e.toks[i].start)
	switch {
	case n >= 5:
		e.wipe(start, start+n)
		e.put(start, "while")
	case n >= 2:
		e.wipe(start, start+n)
		e.put(start, "if")
	default:
		return false
	}
	e.rewritten[i] = true
	e.rewrote(start, int(e.toks[end].end), MacroLoop)
	if end == i+2 { // no arguments
		return false
	}
	e.arguments(i+1, end)
	if !e.plainArguments(i+1, end) {
		e.wipe(int(e.toks[i+1].end), int(e.toks[end].start))
		e.put(int(e.toks[i+1].end), "_")
	}
	return true
}

// plainArguments: the arguments can stand as a comma expression.
func (e *editor) plainArguments(open, end int) bool {
	for k := open + 1; k < end; k++ {
		if e.isIdent(k) && e.word(k) != wPlain && e.buf[e.toks[k].start] != ' ' && e.buf[e.toks[k].start] != '_' {
			return false
		}
	}
	return true
}

// fileCall looks at a call outside of functions.
func (e *editor) fileCall(i, end int) int {
	next := end + 1
	switch {
	case e.depth[i] > 0:
	case e.startsStatement(i):
		return e.fileMacro(i, end)
	case e.closesHead(i-1) || e.is(i-1, "]"): // f(x) MACRO(y); a[2] MACRO(y);
		if e.is(next, ";") || e.is(next, "{") || e.is(next, "=") || e.isIdent(next) {
			e.mark(i, end, Linkage)
			return end
		}
	case e.is(i-1, "=") || e.is(i-1, ","):
		e.arguments(i+1, end)
	}
	return i
}

// closesHead: the parenthesis that ends at i holds parameters: it is no cast.
func (e *editor) closesHead(i int) bool {
	if !e.is(i, ")") || e.pair[i] < 0 {
		return false
	}
	open := int(e.pair[i])
	return e.isIdent(open-1) || e.is(open-1, ")")
}

// fileMacro looks at MACRO(args) in place of a declaration.
func (e *editor) fileMacro(i, end int) int {
	next := end + 1
	switch {
	case e.is(next, "{") && e.is(end-1, ")") && e.isIdent(i+2) && e.word(i+2) != wPlain:
		e.lose(i, i+1) // UNUSED(static int f(int x)) {...}
		return e.lose(end, end)
	case e.is(next, "{"):
		return i
	case e.is(next, ";"):
		if e.typedArguments(i+1, end) {
			return e.lose(i, next)
		}
		return i
	case e.isIdent(next) && e.is(next+1, "(") && !e.typedArguments(next+1, end) && e.oneWord(i+1, end):
		e.lose(i, i+1) // STDAPI_(BOOL) f(...)
		e.lose(end, end)
		return next // the name is no macro
	case e.oldStyle(i+1, end):
		return i
	case e.is(next, "=") || e.is(next, "[") || e.is(next, "*") || e.is(next, "("):
		return i
	}
	e.ended[end] = true
	return e.lose(i, end)
}

func (e *editor) oneWord(open, end int) bool { return end == open+2 && e.isIdent(open+1) }

// typedArguments: there is a keyword of types or statements, or a brace, in the parentheses.
func (e *editor) typedArguments(open, end int) bool {
	for k := open + 1; k < end; k++ {
		if e.isIdent(k) && e.word(k) != wPlain && !e.is(k, "sizeof") || e.is(k, "{") || e.is(k, "*") && (e.is(k+1, ",") || e.is(k+1, ")")) {
			return true
		}
	}
	return false
}

// oldStyle: a function head of old style, f(a, b) int a; char *b; {
func (e *editor) oldStyle(open, end int) bool {
	for k := open + 1; k < end; k++ {
		if !e.isIdent(k) && !e.is(k, ",") {
			return false
		}
	}
	semicolon := false
	for k := end + 1; k < len(e.toks) && k < end+80; k++ {
		switch e.text(k) {
		case "{":
			return semicolon
		case ";":
			semicolon = true
		case "(", ")", "=", "}":
			return false
		}
	}
	return false
}

// memberCall: MACRO(x) in a struct, without a semicolon, is blanked.
func (e *editor) memberCall(i, end int) {
	if e.startsStatement(i) && (e.is(end+1, "}") || e.isIdent(end+1) && e.is(end+2, "(") && e.startsStatement(i)) {
		e.lose(i, end)
	}
}

// enumCall: items of an enum that macros make are blanked, with their comma.
func (e *editor) enumCall(i, end int) int {
	if e.depth[i] > 0 || !e.is(i-1, "{") && !e.is(i-1, ",") && !e.is(i-1, ")") {
		return i
	}
	if e.is(end+1, ",") {
		end++
	}
	return e.lose(i, end)
}

// offsetof: the grammar takes one member name; what follows it is blanked.
func (e *editor) offsetof(i int) {
	if !e.is(i, "offsetof") || !e.is(i+1, "(") || e.pair[i+1] < 0 {
		return
	}
	end := int(e.pair[i+1])
	for k := i + 2; k < end; k++ {
		if e.is(k, ",") && e.depth[k] == e.depth[i+1]+1 {
			if e.isIdent(k+1) && k+2 < end {
				e.lose(k+2, end-1)
			}
			return
		}
	}
}
