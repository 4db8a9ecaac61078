package normalize

import "strings"

// In C, two names that follow one another are a type and what is declared. So
// in a run of names and keywords there is one type and one declared name at
// most: what is left over are macros (export, attribute, convention macros of
// the project), and this file finds out which.

type wordKind uint8

const (
	wPlain wordKind = iota
	wType           // int, unsigned ...
	wTag            // struct, union, enum
	wQual           // const, static ...
	wStop           // return, goto ...: no part of a declaration
)

var cKeywords = func() map[string]wordKind {
	m := map[string]wordKind{}
	for kind, list := range map[wordKind][]string{
		wType: {"void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool", "bool", "_Complex",
			"__int8", "__int16", "__int32", "__int64", "size_t", "ssize_t", "ptrdiff_t", "intptr_t", "uintptr_t",
			"int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t"},
		wTag: {"struct", "union", "enum"},
		wQual: {"const", "volatile", "restrict", "__restrict", "__restrict__", "static", "extern", "inline", "__inline", "__inline__",
			"__forceinline", "register", "auto", "typedef", "_Atomic", "constexpr", "thread_local", "noreturn"},
		wStop: {"return", "goto", "case", "default", "else", "do", "if", "while", "for", "switch", "break", "continue", "sizeof",
			"typeof", "__typeof__", "__typeof", "asm", "__asm", "__asm__", "_asm", "_Generic", "_Alignof", "alignof", "offsetof",
			"_Static_assert", "static_assert", "__try", "__except", "__finally", "__leave", "defined"},
	} {
		for _, w := range list {
			m[w] = kind
		}
	}
	return m
}()

var keywordShapes = shapesOf(cKeywords)

func (e *editor) word(i int) wordKind {
	if !e.isIdent(i) {
		return wStop
	}
	// The word may have been replaced (CONST); what the parser sees counts.
	t := e.toks[i]
	if c := e.buf[t.start]; c >= 'A' && c <= 'Z' {
		return wPlain // no keyword starts with a capital
	}
	end := t.start
	for end < t.end && isIdentByte(e.buf[end]) {
		end++
	}
	if w := e.buf[t.start:end]; len(w) > 0 && keywordShapes.may(w) {
		return cKeywords[string(w)]
	}
	return wPlain
}

// dropMacroWords looks at each run of words.
func (e *editor) dropMacroWords() {
	e.scopes()
	for i := 0; i < len(e.toks); {
		if !e.isIdent(i) || e.word(i) == wStop {
			i++
			continue
		}
		end := i + 1
		for e.isIdent(end) && e.word(end) != wStop {
			end++
		}
		switch {
		case e.kind(i-1) == tString:
		case e.scope[i] == inEnum && e.depth[i] == 0 && end-i > 1:
			e.dropAll(tokenRange(i, end-1)) // MACRO ITEM,
		case e.scope[i] == inType && e.is(end, "}") && e.startsStatement(i):
			e.dropAll(tokenRange(i, end)) // members that macros make
		case end-i > 1:
			e.run(i, end)
		case e.is(i-1, "}") && e.scope[i] == inValue && e.word(i) == wPlain && (e.is(end, "}") || e.is(end, ",")):
			e.drop(i)
		case e.pointerConvention(i):
			e.mark(i, i, Convention)
		case e.is(i-1, "]") && e.word(i) == wPlain && (e.is(end, ";") || e.is(end, "=") || e.is(end, ",")):
			e.drop(i) // char s[3] MACRO;
		}
		i = end
	}
}

// pointerConvention: the word at i is the macro in type (MACRO *name)(...).
func (e *editor) pointerConvention(i int) bool {
	if !e.is(i-1, "(") || !e.is(i+1, "*") || e.word(i) != wPlain || e.pair[i-1] < 0 {
		return false
	}
	end := int(e.pair[i-1])
	named := e.isIdent(i+2) && (end == i+3 || e.is(i+3, "["))
	return named && e.is(end+1, "(") && (e.isIdent(i-2) && e.word(i-2) != wStop || e.is(i-2, "*"))
}

// run finds the macros among the words i..end-1.
func (e *editor) run(i, end int) {
	if e.is(i-1, "=") || e.is(i-1, "?") { // strings made by macros, one after the other
		e.dropAll(tokenRange(i+1, end))
		return
	}
	var before, after []int // plain words in front of and behind a type
	star := e.is(i-1, "*")
	behind := e.is(i-1, ")") && !e.hasType(i, end) // attributes behind a function's head
	typed := star || behind
	for k := i; k < end; k++ {
		switch e.word(k) {
		case wType:
			typed = true
		case wTag:
			k = e.tag(k, end)
			typed = true
		case wPlain:
			if typed {
				after = append(after, k)
			} else {
				before = append(before, k)
			}
		}
	}
	pointer := e.is(end, "*") || e.is(end, "(") && e.is(end+1, "*") && e.pair[end] > 0 && e.is(int(e.pair[end])+1, "(")
	if e.builtinName(i, end) {
		return
	}
	switch {
	case behind:
		e.attributes(i, end)
	case !typed && len(before) == 2 && e.startsDeclaration(i, end):
		e.mark(i, int(e.pair[end]), Linkage) // MACRO MACRO(1, 2) int f();
	case typed && pointer && !star: // void MACRO *p
		e.dropAll(before)
		e.dropAll(after)
	case typed:
		e.dropAll(before)
		e.chooseName(after, end)
	default:
		e.chooseTypeAndName(before, end, pointer)
	}
}

// attributes drops macros behind the head of a function, the last one with its arguments.
func (e *editor) attributes(i, end int) {
	if e.scope[i] != inFile && e.scope[i] != inType || e.depth[i] > 0 {
		return
	}
	for k := i; k < end; k++ {
		if !isCaps(e.text(k)) {
			return
		}
	}
	if e.is(end, "(") && e.pair[end] > 0 {
		end = int(e.pair[end]) + 1
	}
	e.mark(i, end-1, Linkage)
}

// startsDeclaration: the words and the parenthesis behind them are macros, for
// what follows is a declaration.
func (e *editor) startsDeclaration(i, end int) bool {
	return e.scope[i] == inFile && e.depth[i] == 0 && e.is(end, "(") && e.pair[end] > 0 &&
		isCaps(e.text(i)) && isCaps(e.text(end-1)) && e.isIdent(int(e.pair[end])+1)
}

// builtinName: in "typedef X ssize_t;" the name is a keyword to the grammar.
func (e *editor) builtinName(i, end int) bool {
	last := end - 1
	ok := e.is(i, "typedef") && e.is(end, ";") && e.word(last) == wType && strings.HasSuffix(e.text(last), "_t")
	if ok {
		at := int(e.toks[last].start)
		e.put(at, "_")
		e.rewrote(at, at+1, OtherRewrite)
	}
	return ok
}

func (e *editor) hasType(i, end int) bool {
	for k := i; k < end; k++ {
		if w := e.word(k); w == wType || w == wTag || w == wQual {
			return true
		}
	}
	return false
}

// tag returns the index of a tag's name; with two names before a body, the
// first one is a macro.
func (e *editor) tag(k, end int) int {
	if e.word(k+1) == wPlain && k+2 < end && e.word(k+2) == wPlain && k+3 == end && (e.is(end, "{") || e.is(end, ":")) {
		e.drop(k + 1)
		return k + 2
	}
	return min(k+1, end)
}

func (e *editor) dropAll(list []int) {
	for _, k := range list {
		e.drop(k)
	}
}

// drop blanks a word that is taken for a macro, with its arguments when they
// are followed by what can follow a macro only.
func (e *editor) drop(k int) { e.mark(k, k, Linkage) }

// isCaps: a name in capitals, as macros have.
func isCaps(s string) bool {
	letters := false
	for i := 0; i < len(s); i++ {
		if s[i] >= 'a' && s[i] <= 'z' {
			return false
		}
		letters = letters || s[i] >= 'A' && s[i] <= 'Z'
	}
	return letters && len(s) > 1
}

// chooseName: of the words behind a type one is declared, the others are macros.
func (e *editor) chooseName(list []int, end int) {
	if len(list) < 2 {
		return
	}
	last := list[len(list)-1]
	name := list[0]
	if e.is(end, "(") && last == end-1 {
		if isCaps(e.text(last)) && !isCaps(e.text(list[len(list)-2])) && e.pair[end] > 0 {
			e.mark(last, int(e.pair[end]), Linkage) // int x ALIGNED(16)
			list = list[:len(list)-1]
			name = list[len(list)-1]
		} else {
			name = last
		}
	} else {
		for _, k := range list {
			if !isCaps(e.text(k)) {
				name = k
				break
			}
		}
	}
	for _, k := range list {
		if k != name {
			e.drop(k)
		}
	}
}

// chooseTypeAndName does the same when no keyword says which word is the type.
func (e *editor) chooseTypeAndName(list []int, end int, pointer bool) {
	if pointer { // all of them stand before the star: one type
		if len(list) > 1 {
			e.dropAll(without(list, e.chooseType(list)))
		}
		return
	}
	if len(list) < 3 {
		return
	}
	last := len(list) - 1
	if e.is(end, "(") && isCaps(e.text(list[last])) && !isCaps(e.text(list[last-1])) && e.pair[end] > 0 && list[last] == end-1 {
		e.mark(list[last], int(e.pair[end]), Linkage)
		list = list[:last]
	} else if !e.is(end, "(") && isCaps(e.text(list[last])) && !isCaps(e.text(list[last-1])) {
		e.drop(list[last]) // type name MACRO;
		list = list[:last]
	}
	if len(list) < 3 {
		return
	}
	types := list[:len(list)-1]
	e.dropAll(without(types, e.chooseType(types)))
}

// chooseType picks the type: a known one, else the first that is not all
// capitals, else the first.
func (e *editor) chooseType(list []int) int {
	known := cWords().types
	for _, k := range list {
		if known[e.text(k)] {
			return k
		}
	}
	if !isCaps(e.text(list[0])) {
		if len(list) > 1 && !isCaps(e.text(list[1])) {
			return list[len(list)-1] // all in small letters: the type comes last
		}
		return list[0]
	}
	for _, k := range list {
		if !isCaps(e.text(k)) {
			return k
		}
	}
	return list[0]
}

func tokenRange(i, end int) []int {
	var out []int
	for ; i < end; i++ {
		out = append(out, i)
	}
	return out
}

func without(list []int, x int) []int {
	var out []int
	for _, k := range list {
		if k != x {
			out = append(out, k)
		}
	}
	return out
}
