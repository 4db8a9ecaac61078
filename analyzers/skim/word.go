package skim

import "github.com/pinvet/pinvet/analyzers/ir"

// class is what a byte can begin.
type class uint8

const (
	letter class = iota // this and the next make words
	digit
	sign
	blank
	lineBreak
	hash
	slash
	quote // or what may stand before one
	apostrophe
)

var classes = func() (cs [256]class) {
	for c := range cs {
		switch {
		case c == '_' || c >= 0x80 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			cs[c] = letter
		case c >= '0' && c <= '9':
			cs[c] = digit
		default:
			cs[c] = sign
		}
	}
	for c, k := range map[byte]class{' ': blank, '\t': blank, '\n': lineBreak, '\r': lineBreak, '#': hash, '/': slash, '"': quote, '@': quote, '$': quote, '\'': apostrophe} {
		cs[c] = k
	}
	return cs
}()

func isLetter(c byte) bool { return classes[c] == letter }

func isWord(c byte) bool { return classes[c] <= digit }

// wordFrom is the word that begins at a place, and the place after it.
func wordFrom(text []byte, at int) (ir.Word, int) {
	w := ir.NoWord
	for ; at < len(text) && isWord(text[at]); at++ {
		w = w.And(text[at])
	}
	return w, at
}

// keyword is what a word means to the skimmer; 0: nothing.
type keyword uint16

// Those of the low bits say which word it is, where that matters.
const (
	kClass keyword = iota + 1
	kStruct
	kInterface
	kRecord
	kEnum
	kDelegate
	kNamespace
	kUsing
	kAssembly
	kModule
	kThis
	kWhere
	kGlobal
	kOut

	kModifier keyword = 1 << 8 // stands before a type, or between words that are none
	kByRef    keyword = 1 << 9 // stands before a parameter that is passed by reference
)

// which is the word, of those that have names.
func (k keyword) which() keyword { return k & 0xff }

type keywordSlot struct {
	word ir.Word
	text string
	key  keyword
}

// keywords holds them at the places that their words give.
var keywords = func() (table [256]keywordSlot) {
	put := func(text string, key keyword) {
		w := ir.WordOf(text)
		at := keywordAt(w)
		for table[at].text != "" && table[at].text != text {
			at++
		}
		table[at] = keywordSlot{w, text, table[at].key | key}
	}
	for i, text := range []string{"class", "struct", "interface", "record", "enum", "delegate", "namespace", "using", "assembly", "module", "this", "where", "global", "out"} {
		put(text, keyword(i+1))
	}
	for _, text := range []string{
		"public", "private", "protected", "internal", "static", "readonly", "const", "new",
		"override", "virtual", "abstract", "sealed", "extern", "unsafe", "async", "partial",
		"volatile", "event", "required", "return", "await", "throw", "case", "in", "is",
		"as", "params", "scoped", "using", "fixed", "void", "else", "var", "out", "ref",
	} {
		put(text, kModifier)
	}
	for _, text := range []string{"out", "ref", "in"} {
		put(text, kByRef)
	}
	return table
}()

func keywordAt(w ir.Word) uint8 { return uint8(uint32(w) * 0x9E3779B1 >> 24) }

// keywordOf is what a word means.
func keywordOf(w ir.Word, text []byte) keyword {
	for at := keywordAt(w); ; at++ {
		s := &keywords[at]
		if s.text == "" {
			return 0
		}
		if s.word == w && s.text == string(text) {
			return s.key
		}
	}
}
