package skim

// token is one piece of C# code: a word, or one byte of punctuation.
type token struct {
	kind  byte // 'w' for a word, 'D' for a directive line, else the byte itself
	start int
	end   int  // after the last byte
	name  bool // a word behind "@": no keyword
}

// lexer splits C# text into tokens; comments, strings and numbers are passed over.
type lexer struct {
	text []byte
	pos  int
	line bool // nothing but white space since the line began
	open int  // holes of strings around this
	deep bool // there were too many of them: what was behind is not known

	inHole   func(word []byte)    // told of each word in the holes of strings
	inString func(start, end int) // told what strings hold, piece by piece
}

// next gives the next token; false at the end of the text.
func (l *lexer) next() (token, bool) {
	for l.pos < len(l.text) {
		c := l.text[l.pos]
		switch {
		case c == '\n' || c == '\r':
			l.line = true
			l.pos++
			continue
		case c == ' ' || c == '\t':
			l.pos++
			continue
		case c == '#' && l.line:
			start := l.pos
			l.pos = lineEnd(l.text, l.pos)
			return token{kind: 'D', start: start, end: l.pos}, true
		}
		l.line = false
		switch {
		case c == '/' && l.at(1) == '/':
			l.pos = lineEnd(l.text, l.pos)
		case c == '/' && l.at(1) == '*':
			l.pos = commentEnd(l.text, l.pos)
		case c == '"' || c == '@' || c == '$':
			if !l.literal() && l.text[l.pos-1] == '@' && isLetter(l.at(0)) {
				return l.word(true), true
			}
		case c == '\'':
			l.pos = charEnd(l.text, l.pos)
		case isLetter(c):
			return l.word(false), true
		case c >= '0' && c <= '9':
			for l.pos++; l.pos < len(l.text) && isWord(l.text[l.pos]); l.pos++ {
			}
		default:
			l.pos++
			return token{kind: c, start: l.pos - 1, end: l.pos}, true
		}
	}
	return token{}, false
}

// word is the word that begins here.
func (l *lexer) word(name bool) token {
	start := l.pos
	for l.pos++; l.pos < len(l.text) && isWord(l.text[l.pos]); l.pos++ {
	}
	return token{'w', start, l.pos, name}
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
		t, ok := l.next()
		if !ok {
			break
		}
		if t.kind == 'w' {
			l.inHole(l.text[t.start:t.end])
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
	for at < len(text) && text[at] != '\n' && text[at] != '\r' {
		at++
	}
	return at
}

func commentEnd(text []byte, at int) int {
	for at += 2; at+1 < len(text); at++ {
		if text[at] == '*' && text[at+1] == '/' {
			return at + 2
		}
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

func isLetter(c byte) bool {
	return c == '_' || c >= 0x80 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isWord(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' }
