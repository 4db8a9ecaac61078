package skim

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
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
	fixedName   = ir.WordOf("fixed")
	dispose     = ir.WordOf("Dispose")
	disposeSoon = ir.WordOf("DisposeAsync")
	slice       = ir.WordOf("Slice")
	item        = ir.WordOf("Item")
)

// CSharp skims a C# text; tells may be nil, and is asked about each word of the code; the bits
// that it gives are put together.
func CSharp(text []byte, tells func(word []byte) uint8) *Text {
	s := skimmers.Get().(*skimmer)
	s.begin(text, tells)
	for s.lex.next() {
		s.token(&s.lex.tok)
	}
	out := s.result()
	s.forget()
	skimmers.Put(s)
	return out
}

// skimmers holds those that no text is skimmed with. One that a panic took is lost.
var skimmers = sync.Pool{New: func() any { return &skimmer{} }}

// forget lets go of what a text left behind that is not to be used again.
func (s *skimmer) forget() {
	s.text, s.lex, s.tells = nil, lexer{}, nil
	s.types, s.delegates, s.extensions, s.spaces = nil, nil, nil, nil
}

// begin begins with a text, in the room that the one before took.
func (s *skimmer) begin(text []byte, tells func(word []byte) uint8) {
	*s = skimmer{
		text: text, tells: tells, words: s.words, quoted: s.quoted, bases: s.bases, heirs: s.heirs, pairs: s.pairs, indexed: s.indexed[:0],
		run: s.run[:0], held: s.held[:0], head: s.head[:0], space: s.space[:0],
	}
	for _, set := range []*set[ir.Word]{&s.words, &s.quoted, &s.bases} {
		set.clear()
	}
	for _, set := range []*set[Pair]{&s.heirs, &s.pairs} {
		set.clear()
	}
	s.lex = lexer{text: text, line: true, inHole: s.add, inString: s.inString}
	for _, w := range []ir.Word{ir.AddWord, slice, item} {
		s.words.add(w)
	}
}

// result is what was found.
func (s *skimmer) result() *Text {
	s.indexers()
	for _, w := range s.quoted.items {
		s.words.add(w)
	}
	if s.outside && len(s.spaces) > 0 {
		s.spaces = append(s.spaces, "")
	}
	return &Text{
		Words: s.words.sorted(), Bases: s.bases.sorted(), Typed: s.pairs.sorted(), Heirs: s.heirs.sorted(),
		Types: names(s.types), Delegates: names(s.delegates), Extensions: names(s.extensions), Spaces: names(s.spaces), Told: s.told,
		Wide: s.wide || s.lex.deep || speaksToLinters(s.text),
	}
}

// speaksToLinters tells whether directives may be in a text, by what few texts have in them.
func speaksToLinters(text []byte) bool {
	return bytes.Contains(text, directiveEnd) && bytes.Contains(text, []byte(ir.DirectiveMark)) ||
		(bytes.Contains(text, []byte("#pragma")) || bytes.Contains(text, []byte("SuppressMessage"))) && normalize.NamesPinvet(text)
}

// directiveEnd is the rest of the mark from its colon, which is rare in C#.
var directiveEnd = []byte(ir.DirectiveMark[strings.IndexByte(ir.DirectiveMark, ':'):])

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
	lex        lexer
	words      set[ir.Word] // of the code
	quoted     set[ir.Word] // in strings
	bases      set[ir.Word]
	heirs      set[Pair]
	pairs      set[Pair]
	indexed    []ir.Word // words in types of indexers
	heir       ir.Word   // the type whose head this is
	alias      ir.Word   // what a using directive names
	outside    bool      // there are types before any namespace
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
	named     token // the last word outside of type arguments
	angle     int   // open type arguments, as far as they may be such
	space     []byte
	head      []token   // words after using
	method    token     // what was before "(" and "this"
	run       []ir.Word // words of what may be a type, up to here
	held      []ir.Word // words of the type of the name before a comma
	tuple     int       // open parentheses of tuples around them
	taker     ir.Word   // the method whose parameters these may be
	declares  bool      // nothing but a name has come since held
	attribute int       // the bracket that holds attributes; 0: none
	bracket   int       // open brackets
	out       bool      // after "out" among them
	this      bool      // the last word is the "this" that may make an extension method
}

// bytes are those of a word; none where there is no word.
func (s *skimmer) bytes(t *token) []byte { return s.text[t.start:t.end] }

// add notes a word of the code.
func (s *skimmer) add(t *token) {
	if !s.words.add(t.word) {
		return
	}
	if t.word == fixedName && string(s.bytes(t)) == "fixed" {
		s.words.add(fixedWord)
	}
	if s.tells != nil {
		s.told |= s.tells(s.bytes(t))
	}
}

// addHead adds the words after using, when they are no namespace.
func (s *skimmer) addHead() {
	for i := range s.head {
		s.add(&s.head[i])
	}
	s.head = s.head[:0]
}

// inString is told what a string holds, holes left out.
func (s *skimmer) inString(start, end int) {
	for i := start; i < end; {
		if !isWord(s.text[i]) {
			i++
			continue
		}
		var w ir.Word
		w, i = wordFrom(s.text[:end], i)
		s.quoted.add(w)
	}
}

func (s *skimmer) token(t *token) {
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
	s.last = *t
}

// name follows a word.
func (s *skimmer) name(t *token) {
	if s.mode != usingHead && s.mode != spaceName {
		s.add(t)
	}
	s.typedBy(t)
	if s.this && s.method.kind != 0 {
		s.extensions = append(s.extensions, string(s.bytes(&s.method))) // "(this T"
	}
	key := t.key.which()
	s.this = key == kThis && (s.last.kind == '(' || s.last.key&kByRef != 0 || s.last.kind == ']' && s.method.kind != 0)
	switch s.mode {
	case typeName:
		if key == kClass || key == kStruct {
			return // record class
		}
		s.declare(t)
		s.mode, s.parens, s.heir = typeHead, 0, t.word
		return
	case typeHead, baseList:
		if s.mode == baseList || key == kWhere {
			s.mode = baseList
			s.bases.add(t.word)
			s.heirs.add(PairOf(t.word, s.heir))
		}
		return
	case spaceName:
		if len(s.space) == 0 || s.last.kind == '.' {
			s.space = append(s.space, s.bytes(t)...)
			return
		}
		s.mode = code // two arms of an #if
		s.add(t)
	case aliased:
		s.bases.add(t.word)
		s.heirs.add(PairOf(t.word, s.alias))
		return
	case usingHead:
		s.head = append(s.head, *t)
		if len(s.head) > 1 && s.last.kind == 'w' && !s.says(&s.named, "static") && !s.says(&s.named, "unsafe") {
			s.disposes() // using Type name
			s.mode = code
		}
		s.named = *t
		return
	case delegateHead:
		if s.angle == 0 && s.parens == 0 {
			s.named = *t
		}
		return
	}
	switch key {
	case kRecord:
		if !s.mayDeclare() {
			break
		}
		fallthrough
	case kClass, kStruct, kInterface, kEnum:
		s.mode = typeName
	case kDelegate:
		s.mode, s.named, s.angle, s.parens = delegateHead, token{}, 0, 0
		return
	case kNamespace:
		s.mode, s.space = spaceName, s.space[:0]
	case kUsing:
		if s.last.key.which() == kGlobal {
			s.wide = true
		}
		s.mode, s.head, s.named = usingHead, s.head[:0], token{}
		return
	case kAssembly, kModule:
		s.wide = s.wide || s.last.kind == '['
	}
	if s.angle == 0 {
		s.named = *t
	}
}

// says tells whether a word is that text, with "@" or without.
func (s *skimmer) says(t *token, text string) bool { return string(s.bytes(t)) == text }

func (s *skimmer) declare(typ *token) {
	s.types = append(s.types, string(s.bytes(typ)))
	s.outside = s.outside || len(s.spaces) == 0
}

// mayDeclare tells whether a declaration can begin here, behind modifiers perhaps.
func (s *skimmer) mayDeclare() bool {
	switch s.last.kind {
	case 'w':
		return s.last.key&kModifier != 0
	case 0, ';', '{', '}', ']':
		return true
	}
	return false
}

func (s *skimmer) disposes() {
	s.words.add(dispose)
	s.words.add(disposeSoon)
	s.addHead()
}

// mark follows what is no word.
func (s *skimmer) mark(t *token) {
	s.endOfType(t)
	if t.kind != ']' && t.kind != '[' || s.method.kind == 0 {
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
			s.space = append(s.space, '.')
			return
		}
		s.spaces = append(s.spaces, string(s.space))
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
			if s.last.kind == 'w' && (len(s.head) == 1 || len(s.head) == 2 && s.says(&s.head[0], "unsafe")) {
				s.alias = s.head[len(s.head)-1].word
				s.addHead()
				s.mode = aliased
			} else {
				s.disposes()
				s.mode = code
			}
		case t.kind != '.' && t.kind != ':' && t.kind != '<' && t.kind != '>' && t.kind != ',' && t.kind != '?' && t.kind != '[' && t.kind != ']':
			if len(s.head) > 0 && s.says(&s.head[0], "static") {
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
			s.method = token{}
		}
	} else if t.kind != '[' && t.kind != ']' {
		s.method = token{}
	}
}

// inTypeHead follows what is between the name of a type and its body.
func (s *skimmer) inTypeHead(t *token) {
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
func (s *skimmer) inDelegateHead(t *token) {
	switch {
	case t.kind == '(' && s.named.kind != 0 && s.parens == 0:
		s.declare(&s.named)
		s.delegates = append(s.delegates, string(s.bytes(&s.named)))
		s.mode, s.angle = code, 0
	case t.kind == '(':
		s.parens++
	case t.kind == ')' && s.parens > 0:
		s.parens--
	case t.kind == ';' || t.kind == '{' || t.kind == '}' || t.kind == '*' && s.named.kind == 0 || t.kind == ')':
		s.mode, s.angle = code, 0
	}
}
