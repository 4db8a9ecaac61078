package skim

import (
	"bytes"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// token is one piece of C# code: a word, or one byte of punctuation.
type token struct {
	kind  byte    // 'w' for a word, 'D' for a directive line, else the byte itself
	key   keyword // none behind "@"
	start int32
	end   int32 // after the last byte
	word  ir.Word
}

// lexer splits C# text into tokens; comments, strings and numbers are passed over.
type lexer struct {
	text []byte
	pos  int
	tok  token // the last one
	line bool  // nothing but white space since the line began
	open int   // holes of strings around this
	deep bool  // there were too many of them: what was behind is not known

	inHole   func(word *token)    // told of each word in the holes of strings
	inString func(start, end int) // told what strings hold, piece by piece
}

// next finds the next token; false at the end of the text.
func (l *lexer) next() bool {
	text, pos := l.text, l.pos
	for pos < len(text) {
		c := text[pos]
		k := classes[c]
		switch k {
		case lineBreak:
			l.line = true
			pos++
			continue
		case blank:
			pos++
			continue
		case hash:
			if l.line {
				l.pos = lineEnd(text, pos)
				l.tok = token{kind: 'D', start: int32(pos), end: int32(l.pos)}
				return true
			}
		}
		l.line = false
		switch k {
		case letter:
			l.word(pos)
			return true
		case slash:
			switch {
			case pos+1 < len(text) && text[pos+1] == '/':
				pos = lineEnd(text, pos)
				continue
			case pos+1 < len(text) && text[pos+1] == '*':
				pos = commentEnd(text, pos)
				continue
			}
		case quote:
			l.pos = pos
			if !l.literal() && text[l.pos-1] == '@' && isLetter(l.at(0)) {
				l.word(l.pos)
				l.tok.key = 0
				return true
			}
			pos = l.pos
			continue
		case apostrophe:
			pos = charEnd(text, pos)
			continue
		case digit:
			for pos++; pos < len(text) && isWord(text[pos]); pos++ {
			}
			continue
		}
		l.pos = pos + 1
		l.tok = token{kind: c, start: int32(pos), end: int32(pos + 1)}
		return true
	}
	l.pos = pos
	return false
}

// word finds the word that begins at a place.
func (l *lexer) word(start int) {
	w, end := wordFrom(l.text, start)
	l.pos = end
	l.tok = token{kind: 'w', key: keywordOf(w, l.text[start:end]), start: int32(start), end: int32(end), word: w}
}

func (l *lexer) at(n int) byte {
	if l.pos+n < len(l.text) {
		return l.text[l.pos+n]
	}
	return 0
}

// literal passes over a string, and tells whether there is one here: "", @"", $"", $@"", """""". Where there is
// none, it passes over the signs.
func (l *lexer) literal() bool {
	at, dollars, verbatim := l.pos, 0, false
	for ; at < len(l.text) && (l.text[at] == '@' || l.text[at] == '$'); at++ {
		if l.text[at] == '@' {
			verbatim = true
		} else {
			dollars++
		}
	}
	if at >= len(l.text) || l.text[at] != '"' {
		l.pos = at
		return false // @name
	}
	quotes := 1
	for at+quotes < len(l.text) && l.text[at+quotes] == '"' {
		quotes++
	}
	switch {
	case quotes >= 3 && !verbatim:
		l.raw(at+quotes, quotes, dollars)
	case quotes == 2 && !verbatim:
		l.pos = at + 2
	default:
		l.quoted(at+1, dollars > 0, verbatim)
	}
	return true
}

// quoted passes over the rest of a string of one quote, from after it.
func (l *lexer) quoted(at int, holes, verbatim bool) {
	from := at
	for at < len(l.text) {
		switch c := l.text[at]; {
		case c == '"' && verbatim && at+1 < len(l.text) && l.text[at+1] == '"':
			at += 2
		case c == '"':
			l.inString(from, at)
			l.pos = at + 1
			return
		case c == '\\' && !verbatim:
			at += 2
		case (c == '\n' || c == '\r') && !verbatim:
			l.inString(from, at)
			l.pos = at // not closed: the line ends it
			return
		case c == '{' && holes && at+1 < len(l.text) && l.text[at+1] == '{':
			at += 2
		case c == '{' && holes:
			l.inString(from, at)
			at = l.hole(at+1, 1)
			from = at
		default:
			at++
		}
	}
	l.pos = len(l.text)
	l.inString(min(from, l.pos), l.pos)
}

// raw passes over the rest of a raw string, which as many quotes end as began it.
func (l *lexer) raw(at, quotes, dollars int) {
	from := at
	for at < len(l.text) {
		switch c := l.text[at]; {
		case c == '"':
			n := run(l.text, at)
			if n >= quotes {
				l.inString(from, at)
				l.pos = at + n
				return
			}
			at += n
		case c == '{' && dollars > 0:
			n := run(l.text, at)
			l.inString(from, at)
			at += n
			if n >= dollars {
				at = l.hole(at, dollars)
			}
			from = at
		default:
			at++
		}
	}
	l.pos = len(l.text)
	l.inString(min(from, l.pos), l.pos)
}

// maxHoles is how deep strings lie in holes of others at most.
const maxHoles = 100

// hole passes over the code in a string, from after its opening braces, and returns the place after the
// closing ones. What a format says after a colon is read as code too, which does no harm.
func (l *lexer) hole(at, braces int) int {
	if l.open == maxHoles {
		l.deep = true
		return len(l.text)
	}
	l.open++
	defer func() { l.open-- }()
	depth := 0
	save := l.pos
	l.pos = at
	for {
		if !l.next() {
			break
		}
		t := &l.tok
		if t.kind == 'w' {
			l.inHole(t)
		}
		if t.kind == '{' {
			depth++
		}
		if t.kind == '}' {
			if depth == 0 {
				end := l.pos + braces - 1
				l.pos = save
				return min(end, len(l.text))
			}
			depth--
		}
		if t.kind == 'D' {
			break
		}
	}
	l.pos = save
	return len(l.text)
}

func run(text []byte, at int) int {
	n := 1
	for at+n < len(text) && text[at+n] == text[at] {
		n++
	}
	return n
}

func lineEnd(text []byte, at int) int {
	n := bytes.IndexByte(text[at:], '\n')
	if n < 0 {
		n = len(text) - at
	}
	if m := bytes.IndexByte(text[at:at+n], '\r'); m >= 0 {
		n = m
	}
	return at + n
}

func commentEnd(text []byte, at int) int {
	if n := bytes.Index(text[at+2:], []byte("*/")); n >= 0 {
		return at + 2 + n + 2
	}
	return len(text)
}

// charEnd passes over a character literal; an apostrophe that begins none is passed over alone.
func charEnd(text []byte, at int) int {
	for i := at + 1; i < len(text) && i < at+12; i++ {
		switch text[i] {
		case '\\':
			i++
		case '\'':
			return i + 1
		case '\n', '\r':
			return at + 1
		}
	}
	return at + 1
}
