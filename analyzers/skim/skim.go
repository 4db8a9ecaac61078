package skim

import (
	"bytes"
	"maps"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Text is what a text shows at a glance. All lists are sorted, and hold each entry once.
type Text struct {
	Words      []ir.Word // what the code names, and the words in its strings
	Types      []string  // short names of the types that are declared
	Delegates  []string  // those of them that are delegate types
	Bases      []ir.Word // words in base lists, in constraints, and behind the aliases of using directives
	Heirs      []Pair    // words in base lists and constraints with the types whose they are; types of indexers and aliases too
	Extensions []string  // extension methods
	Spaces     []string  // namespaces; "" if there are others, and types outside of them
	Typed      []Pair    // what may be declared with what type
	Told       uint8     // what the caller was told by the words of the code
	Wide       bool      // it says something about other files (global usings, attributes of the assembly), or to linters
}

// Pair is a word of a type and the word after that type, as in "List<Word> word". A method is paired with the types of
// its out and ref parameters too.
type Pair uint64

// PairOf makes a pair of a word of a type and a name.
func PairOf(typ, name ir.Word) Pair { return Pair(typ)<<32 | Pair(name) }

// Type is the word of the type.
func (p Pair) Type() ir.Word { return ir.Word(p >> 32) }

// Name is the word after it.
func (p Pair) Name() ir.Word { return ir.Word(p & (1<<32 - 1)) }

// EachHeir calls do for the pairs of a type and one that derives from it or holds it: Heirs, and delegates with what they give.
func (t *Text) EachHeir(do func(Pair)) {
	delegate := make(map[ir.Word]bool, len(t.Delegates))
	for _, name := range t.Delegates {
		delegate[ir.WordOf(name)] = true
	}
	for _, p := range t.Typed {
		if delegate[p.Name()] {
			do(p)
		}
	}
	for _, p := range t.Heirs {
		do(p)
	}
}

// Has tells whether the code names w.
func (t *Text) Has(w ir.Word) bool {
	_, ok := slices.BinarySearch(t.Words, w)
	return ok
}

// HasAny tells whether the code names one of some words, which are sorted.
func (t *Text) HasAny(sorted []ir.Word) bool { return Meet(t.Words, sorted) }

// Meet tells whether two sorted lists have a word in common.
func Meet(a, b []ir.Word) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a)*16 < len(b) {
		return slices.ContainsFunc(a, func(w ir.Word) bool { _, ok := slices.BinarySearch(b, w); return ok })
	}
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] == b[0]:
			return true
		case a[0] < b[0]:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return false
}

// Lowering names these where the code has other syntax.
var (
	fixedWord   = ir.OpWord(ir.OpFixed)
	dispose     = ir.WordOf("Dispose")
	disposeSoon = ir.WordOf("DisposeAsync")
	add         = ir.WordOf("Add")
	slice       = ir.WordOf("Slice")
	item        = ir.WordOf("Item")
)

// CSharp skims a C# text; tells may be nil, and is asked about each word of the code; the bits
// that it gives are put together.
func CSharp(text []byte, tells func(word []byte) uint8) *Text {
	s := skimmer{text: text, tells: tells, words: map[ir.Word]struct{}{}, quoted: map[ir.Word]struct{}{}, bases: map[ir.Word]struct{}{}, pairs: map[Pair]struct{}{}, heirs: map[Pair]struct{}{}, indexed: map[ir.Word]struct{}{}}
	for _, w := range []ir.Word{add, slice, item} {
		s.words[w] = struct{}{}
	}
	lex := lexer{text: text, line: true, inHole: s.add, inString: s.inString}
	for {
		t, ok := lex.next()
		if !ok {
			break
		}
		s.token(t)
	}
	s.indexers()
	maps.Copy(s.words, s.quoted)
	if s.outside && len(s.spaces) > 0 {
		s.spaces = append(s.spaces, "")
	}
	return &Text{
		Words: sorted(s.words), Bases: sorted(s.bases),
		Types: names(s.types), Delegates: names(s.delegates), Extensions: names(s.extensions), Spaces: names(s.spaces), Told: s.told, Typed: pairs(s.pairs), Heirs: pairs(s.heirs),
		Wide: s.wide || lex.deep || bytes.Contains(text, []byte(ir.DirectiveMark)) || bytes.Contains(text, []byte("PIN")) && (bytes.Contains(text, []byte("#pragma")) || bytes.Contains(text, []byte("SuppressMessage"))),
	}
}

func sorted(set map[ir.Word]struct{}) []ir.Word {
	out := make([]ir.Word, 0, len(set))
	for w := range set {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}

func names(list []string) []string {
	slices.Sort(list)
	return slices.Clip(slices.Compact(list))
}

// What the skimmer is in the midst of.
type mode uint8

const (
	code         mode = iota
	typeName          // after class, struct, interface, record or enum
	typeHead          // after the name, before its base list
	baseList          // to "{" or ";"
	delegateHead      // to its parameters
	spaceName         // after namespace
	usingHead         // after using
	aliased           // after "using X ="
)

type skimmer struct {
	text       []byte
	words      map[ir.Word]struct{} // of the code
	quoted     map[ir.Word]struct{} // in strings
	bases      map[ir.Word]struct{}
	heirs      map[Pair]struct{}
	indexed    map[ir.Word]struct{} // words in types of indexers
	heir       ir.Word              // the type whose head this is
	alias      ir.Word              // what a using directive names
	outside    bool                 // there are types before any namespace
	types      []string
	delegates  []string
	extensions []string
	spaces     []string
	wide       bool
	tells      func(word []byte) uint8
	told       uint8

	mode      mode
	parens    int // open parentheses in the head of a type, or in the type that a delegate returns
	last      token
	named     string // the last word outside of type arguments
	angle     int    // open type arguments, as far as they may be such
	space     string
	head      [][]byte  // words after using
	method    string    // what was before "(" and "this"
	run       []ir.Word // words of what may be a type, up to here
	held      []ir.Word // words of the type of the name before a comma
	tuple     int       // open parentheses of tuples around them
	taker     ir.Word   // the method whose parameters these may be
	declares  bool      // nothing but a name has come since held
	attribute int       // the bracket that holds attributes; 0: none
	bracket   int       // open brackets
	byRef     bool      // after "out" or "ref" among them
	pairs     map[Pair]struct{}
	this      bool // the last word is the "this" that may make an extension method
}

// add notes a word of the code.
func (s *skimmer) add(w []byte) {
	key := ir.WordOf(string(w))
	if _, known := s.words[key]; known {
		return
	}
	s.words[key] = struct{}{}
	if string(w) == "fixed" {
		s.words[fixedWord] = struct{}{}
	}
	if s.tells != nil {
		s.told |= s.tells(w)
	}
}

// addHead adds the words after using, when they are no namespace.
func (s *skimmer) addHead() {
	for _, w := range s.head {
		s.add(w)
	}
	s.head = nil
}

// inString is told what a string holds, holes left out.
func (s *skimmer) inString(start, end int) {
	for i := start; i < end; {
		if !isWord(s.text[i]) {
			i++
			continue
		}
		from := i
		for i < end && isWord(s.text[i]) {
			i++
		}
		s.quoted[ir.WordOf(string(s.text[from:i]))] = struct{}{}
	}
}

func (s *skimmer) token(t token) {
	if t.kind == 'D' {
		return
	}
	if t.kind == '\\' {
		s.wide = true // an escape in a name: its words are not known
	}
	if t.kind == 'w' {
		s.name(t)
	} else {
		s.mark(t)
	}
	s.last = t
}

// keyword is a word that may be one, "" for what is none.
func (s *skimmer) keyword(t token) string {
	if t.kind != 'w' || t.name {
		return ""
	}
	return string(s.text[t.start:t.end])
}

// name follows a word.
func (s *skimmer) name(t token) {
	w := string(s.text[t.start:t.end])
	key := s.keyword(t)
	if s.mode != usingHead && s.mode != spaceName {
		s.add(s.text[t.start:t.end])
	}
	s.typedBy(w, key)
	if s.this && s.method != "" {
		s.extensions = append(s.extensions, s.method) // "(this T"
	}
	s.this = key == "this" && (s.last.kind == '(' || byRefs[s.keyword(s.last)] || s.last.kind == ']' && s.method != "")
	switch s.mode {
	case typeName:
		if key == "class" || key == "struct" {
			return // record class
		}
		s.declare(w)
		s.mode, s.parens, s.heir = typeHead, 0, ir.WordOf(w)
		return
	case typeHead, baseList:
		if s.mode == baseList || key == "where" {
			s.mode = baseList
			s.bases[ir.WordOf(w)] = struct{}{}
			s.heirs[PairOf(ir.WordOf(w), s.heir)] = struct{}{}
		}
		return
	case spaceName:
		if s.space == "" || s.last.kind == '.' {
			s.space += w
			return
		}
		s.mode = code // two arms of an #if
		s.add(s.text[t.start:t.end])
	case aliased:
		s.bases[ir.WordOf(w)] = struct{}{}
		s.heirs[PairOf(ir.WordOf(w), s.alias)] = struct{}{}
		return
	case usingHead:
		s.head = append(s.head, s.text[t.start:t.end])
		if len(s.head) > 1 && s.last.kind == 'w' && s.named != "static" && s.named != "unsafe" {
			s.disposes() // using Type name
			s.mode = code
		}
		s.named = w
		return
	case delegateHead:
		if s.angle == 0 && s.parens == 0 {
			s.named = w
		}
		return
	}
	switch key {
	case "record":
		if !s.mayDeclare() {
			break
		}
		fallthrough
	case "class", "struct", "interface", "enum":
		s.mode = typeName
	case "delegate":
		s.mode, s.named, s.angle, s.parens = delegateHead, "", 0, 0
		return
	case "namespace":
		s.mode, s.space = spaceName, ""
	case "using":
		if s.keyword(s.last) == "global" {
			s.wide = true
		}
		s.mode, s.head, s.named = usingHead, nil, ""
		return
	case "assembly", "module":
		s.wide = s.wide || s.last.kind == '['
	}
	if s.angle == 0 {
		s.named = w
	}
}

func (s *skimmer) declare(typ string) {
	s.types = append(s.types, typ)
	s.outside = s.outside || len(s.spaces) == 0
}

// mayDeclare tells whether a declaration can begin here, behind modifiers perhaps.
func (s *skimmer) mayDeclare() bool {
	switch s.last.kind {
	case 'w':
		return modifiers[s.keyword(s.last)]
	case 0, ';', '{', '}', ']':
		return true
	}
	return false
}

func (s *skimmer) disposes() {
	s.words[dispose], s.words[disposeSoon] = struct{}{}, struct{}{}
	s.addHead()
}

// mark follows what is no word.
func (s *skimmer) mark(t token) {
	s.endOfType(t)
	if t.kind != ']' && t.kind != '[' || s.method == "" {
		s.this = false
	}
	switch t.kind {
	case '<':
		s.angle++
	case '>':
		s.angle = max(s.angle-1, 0)
	case ';', '{', '}':
		s.angle = 0
	}
	switch s.mode {
	case typeName:
		s.mode = code // "where T : class," and the like
	case typeHead, baseList:
		s.inTypeHead(t)
		return
	case spaceName:
		if t.kind == '.' {
			s.space += "."
			return
		}
		s.spaces = append(s.spaces, s.space)
		s.mode = code
	case aliased:
		if t.kind == ';' {
			s.mode = code
		}
	case usingHead:
		switch {
		case t.kind == '(':
			s.disposes()
			s.mode = code
		case t.kind == '=':
			if s.last.kind == 'w' && (len(s.head) == 1 || len(s.head) == 2 && string(s.head[0]) == "unsafe") {
				s.alias = ir.WordOf(string(s.head[len(s.head)-1]))
				s.addHead()
				s.mode = aliased
			} else {
				s.disposes()
				s.mode = code
			}
		case t.kind != '.' && t.kind != ':' && t.kind != '<' && t.kind != '>' && t.kind != ',' && t.kind != '?' && t.kind != '[' && t.kind != ']':
			if len(s.head) > 0 && string(s.head[0]) == "static" {
				s.addHead()
			}
			s.mode = code
		}
	case delegateHead:
		s.inDelegateHead(t)
		return
	}
	if t.kind == '(' {
		s.method = s.named
		if s.last.kind != 'w' && s.last.kind != '>' {
			s.method = ""
		}
	} else if t.kind != '[' && t.kind != ']' {
		s.method = ""
	}
}

// inTypeHead follows what is between the name of a type and its body.
func (s *skimmer) inTypeHead(t token) {
	switch t.kind {
	case '(':
		s.parens++
	case ')':
		s.parens--
	case ':':
		if s.parens <= 0 {
			s.mode = baseList
		}
	case '{', ';', '}':
		s.mode = code
	case '=':
		if s.mode == typeHead && s.parens <= 0 {
			s.mode = code // no type: "struct" as a name
		}
	}
}

// inDelegateHead follows what is between delegate and its parameters; of an anonymous one there is nothing, or what
// looks like a tuple.
func (s *skimmer) inDelegateHead(t token) {
	switch {
	case t.kind == '(' && s.named != "" && s.parens == 0:
		s.declare(s.named)
		s.delegates = append(s.delegates, s.named)
		s.mode, s.angle = code, 0
	case t.kind == '(':
		s.parens++
	case t.kind == ')' && s.parens > 0:
		s.parens--
	case t.kind == ';' || t.kind == '{' || t.kind == '}' || t.kind == '*' && s.named == "" || t.kind == ')':
		s.mode, s.angle = code, 0
	}
}
