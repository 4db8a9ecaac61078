package normalize

import "slices"

// rewriteCSharp changes what the C# grammar does not know.
func (e *editor) rewriteCSharp() {
	for i := range e.toks {
		switch e.src[e.toks[i].start] {
		case '*':
			if e.is(i, "*") && e.isUnary(i) {
				e.unaryStar = i
				e.deref(i)
			}
		case '?':
			e.nullAssign(i)
		case '=':
			if e.is(i, "=>") {
				e.lambdaModifiers(i)
			}
		case '.':
			if e.is(i, "..") && e.is(i+1, "var") {
				e.blank(i, i)
				e.rewrote(int(e.toks[i].start), int(e.toks[i].end), SlicePattern)
			}
		case ';':
			e.bodySemicolon(i)
		case 'e':
			if e.is(i, "extension") {
				e.extension(i)
			}
		case 'a':
			e.contextualName(i)
			if e.is(i, "allows") && e.is(i+1, "ref") && e.is(i+2, "struct") {
				e.allowsRefStruct(i)
			}
		case 's', 'r':
			e.contextualName(i)
		case 'o':
			if e.is(i, "operator") {
				e.compoundOperator(i)
			}
		}
	}
}

// nullAssign turns x?.y = v and x?[i] = v into x!.y = v and x![i] = v.
func (e *editor) nullAssign(i int) {
	at := e.toks[i].start
	var from int
	switch {
	case e.is(i, "?.") && e.isIdent(i+1):
		from = i + 2
	case e.is(i, "?") && e.is(i+1, "[") && e.adjacent(i) && e.adjacent(i-1) && e.pair[i+1] >= 0 && e.endsOperand(i-1):
		from = int(e.pair[i+1]) + 1
	default:
		return
	}
	if end, _ := e.postfixes(from); e.isAssignment(end) {
		e.put(int(at), "!")
		e.rewrote(int(at), int(at)+1, NullAssign)
	}
}

// adjacent reports whether nothing stands between tokens i and i+1.
func (e *editor) adjacent(i int) bool {
	return i >= 0 && i+1 < len(e.toks) && e.toks[i].end == e.toks[i+1].start
}

// lambdaModifiers blanks modifiers of lambda parameters without types; i is the arrow.
func (e *editor) lambdaModifiers(i int) {
	if !e.is(i-1, ")") || e.pair[i-1] < 0 {
		return
	}
	open, close := int(e.pair[i-1]), i-1
	var doomed []int
	for k := open + 1; k < close; k++ {
		for e.isParamModifier(k) && e.isIdent(k+1) {
			doomed = append(doomed, k)
			k++
		}
		if !e.isIdent(k) || !e.is(k+1, ",") && k+1 != close {
			return // a typed parameter, or not a parameter list
		}
		k++
	}
	for _, k := range doomed {
		e.blank(k, k)
		e.rewrote(int(e.toks[k].start), int(e.toks[k].end), LambdaModifier)
	}
}

func (e *editor) isParamModifier(i int) bool {
	switch e.text(i) {
	case "ref", "out", "in", "scoped", "readonly", "params":
		return true
	}
	return false
}

// extension turns the head of an extension block into that of a struct with a
// primary constructor; both words have nine letters.
func (e *editor) extension(i int) {
	if prev := e.text(i - 1); prev != "{" && prev != "}" && prev != ";" {
		return
	}
	k := i + 1
	if e.is(k, "<") {
		k = e.typeArguments(k)
	}
	if !e.is(k, "(") || e.pair[k] < 0 {
		return
	}
	if after := e.text(int(e.pair[k]) + 1); after != "{" && after != "where" {
		return
	}
	at, close := int(e.toks[i].start), int(e.pair[k])
	if close == k+2 || !e.isIdent(close-1) || e.is(close-2, ".") { // a type without a name
		e.blank(k, close)
	}
	e.put(at, "struct E ")
	e.rewrote(at, at+9, ExtensionBlock)
}

// allowsRefStruct drops the anti-constraint; when it is the only constraint,
// "struct" stays in its place.
func (e *editor) allowsRefStruct(i int) {
	start, end := int(e.toks[i].start), int(e.toks[i+2].end)
	if e.is(i-1, ",") {
		e.blank(i-1, i+2)
	} else {
		e.wipe(start, end)
		e.put(start, "struct")
	}
	e.rewrote(start, end, RefStruct)
}

// compoundOperator turns operator += into operator +.
func (e *editor) compoundOperator(i int) {
	if e.is(i+1, "checked") {
		i++
	}
	op := e.text(i + 1)
	if len(op) < 2 || op[len(op)-1] != '=' || !slices.Contains(assignments, op) {
		return
	}
	end := int(e.toks[i+1].end)
	e.put(end-1, " ")
	e.rewrote(int(e.toks[i+1].start), end, CompoundOperator)
}

// contextualName writes another identifier of the same length for a word that
// the grammar takes for a modifier although it is a name here.
func (e *editor) contextualName(i int) {
	switch e.text(i) {
	case "async", "required", "scoped":
	default:
		return
	}
	if !e.is(i-1, ".") && e.modifies(i+1) {
		return
	}
	at := int(e.toks[i].start)
	e.put(at, "_")
	e.rewrote(at, at+1, OtherRewrite)
}

// modifies reports whether the word before token i can be a modifier.
func (e *editor) modifies(i int) bool {
	switch {
	case e.isIdent(i):
		switch e.text(i) {
		case "is", "as", "in", "and", "or", "switch", "with":
			return false
		}
		return true
	case e.is(i, "("):
		if e.pair[i] < 0 {
			return true
		}
		after := int(e.pair[i]) + 1
		return e.is(after, "=>") || e.isIdent(after)
	}
	return e.is(i, "[")
}

// bodySemicolon blanks the semicolon that may follow a type's body.
func (e *editor) bodySemicolon(i int) {
	if !e.is(i-1, "}") || e.pair[i-1] < 0 {
		return
	}
	for k := int(e.pair[i-1]) - 1; k >= 0 && k > int(e.pair[i-1])-100; k-- {
		switch e.text(k) {
		case "struct", "class", "interface", "enum", "record", "namespace":
			e.blank(i, i)
			return
		case ";", "{", "}", "=", "=>", "new", "switch":
			return
		}
	}
}
