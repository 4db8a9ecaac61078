package normalize

import "github.com/pinvet/pinvet/analyzers/source"

// tokKind is what a token is, as far as the rewriting needs to know.
type tokKind uint8

const (
	tIdent tokKind = iota // identifiers and keywords
	tNumber
	tString // also character literals and whole interpolated strings
	tPunct
)

// tok is one token; comments and white space are the gaps between tokens.
type tok struct {
	start, end uint32
	kind       tokKind
}

// lexer splits a file into tokens and directive lines. It is forgiving: what
// is not closed ends at the end of its line (or of the file, for the forms
// that span lines), and every byte sequence is accepted.
type lexer struct {
	src       []byte
	cs        bool
	pos       int
	lineStart bool // only white space and comments so far on this line
	toks      []tok
	dirs      []directive
	skipFrom  int // number of open #if inside a region that is certainly inactive
	stack     []bool

	keepComments bool
	comments     [][2]int // those outside directives
}

// lex puts the tokens into s.
func (s *scratch) lex(src []byte, lang source.Lang) ([]tok, []directive) {
	l := &lexer{src: src, cs: lang == source.CSharp, lineStart: true, toks: s.lexed}
	l.run()
	s.lexed = l.toks
	return l.toks, l.dirs
}

func (l *lexer) run() {
	l.toks = room(&l.toks, len(l.src)/5+8)[:0]
	for l.pos < len(l.src) {
		l.step()
	}
}

func (l *lexer) at(i int) byte {
	if i < len(l.src) {
		return l.src[i]
	}
	return 0
}

func (l *lexer) add(kind tokKind, start int) {
	l.toks = append(l.toks, tok{uint32(start), uint32(l.pos), kind})
}

// step reads one token, comment, directive or run of white space.
func (l *lexer) step() {
	c := l.src[l.pos]
	switch {
	case c == '\n' || c == '\r':
		l.pos++
		l.lineStart = true
		return
	case c <= ' ':
		l.pos++
		return
	case c == '/' && l.comment():
		return
	case c == '#' && l.lineStart:
		l.directive()
		return
	case !l.cs && c == '\\' && (l.at(l.pos+1) == '\n' || l.at(l.pos+1) == '\r'):
		l.pos += 2
		return
	}
	l.lineStart = false
	start := l.pos
	switch {
	case isIdentByte(c) && !isDigit(c), c == '@' && isIdentByte(l.at(l.pos+1)):
		for l.pos++; isIdentByte(l.at(l.pos)); l.pos++ {
		}
		if q := l.at(l.pos); !l.cs && (q == '"' || q == '\'') && isStringPrefix(l.src[start:l.pos]) {
			l.pos = skipQuoted(l.src, l.pos)
			l.add(tString, start)
			return
		}
		l.add(tIdent, start)
	case isDigit(c), c == '.' && isDigit(l.at(l.pos+1)):
		l.number()
		l.add(tNumber, start)
	case c == '"', c == '\'':
		l.stringOrChar()
		l.add(tString, start)
	case l.cs && (c == '@' || c == '$') && l.prefixedString():
		l.add(tString, start)
	default:
		l.pos += punctLen(l.src[l.pos:])
		l.add(tPunct, start)
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isStringPrefix: L"..." and its like are one token.
func isStringPrefix(b []byte) bool {
	switch string(b) {
	case "L", "u", "U", "u8":
		return true
	}
	return false
}

// identBytes are the bytes of identifiers; all of a multi-byte character counts.
var identBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 0x80 || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	return t
}()

func isIdentByte(c byte) bool { return identBytes[c] }

// comment skips a comment, if one starts here.
func (l *lexer) comment() bool {
	start := l.pos
	switch l.at(l.pos + 1) {
	case '/':
		for l.pos < len(l.src) && l.src[l.pos] != '\n' && l.src[l.pos] != '\r' {
			if !l.cs && l.src[l.pos] == '\\' {
				l.pos += continuation(l.src[l.pos:])
			}
			l.pos++
		}
	case '*':
		for l.pos += 2; l.pos < len(l.src); l.pos++ {
			if l.src[l.pos] == '*' && l.at(l.pos+1) == '/' {
				l.pos += 2
				break
			}
		}
	default:
		return false
	}
	l.pos = min(l.pos, len(l.src))
	if l.keepComments {
		l.comments = append(l.comments, [2]int{start, l.pos})
	}
	return true
}

// continuation is the number of bytes, beyond the first, of a backslash that
// joins two lines; 0 if b does not start with one.
func continuation(b []byte) int {
	switch {
	case len(b) > 2 && b[1] == '\r' && b[2] == '\n':
		return 2
	case len(b) > 1 && (b[1] == '\n' || b[1] == '\r'):
		return 1
	}
	return 0
}

func (l *lexer) number() {
	for l.pos++; l.pos < len(l.src); l.pos++ {
		c := l.src[l.pos]
		switch {
		case isIdentByte(c):
		case c == '.' && isDigit(l.at(l.pos+1)) && l.src[l.pos-1] != '.':
		case c == '.' && !l.cs:
		case (c == '+' || c == '-') && (l.src[l.pos-1]|0x20 == 'e' || l.src[l.pos-1]|0x20 == 'p') && l.exponent():
		default:
			return
		}
	}
}

// exponent reports whether the sign at pos can belong to an exponent: 0xE+1 is a sum.
func (l *lexer) exponent() bool {
	t := l.pos - 1
	for t > 0 && isIdentByte(l.src[t-1]) {
		t--
	}
	hex := l.src[t] == '0' && l.at(t+1)|0x20 == 'x'
	return isDigit(l.at(l.pos+1)) && hex == (l.src[l.pos-1]|0x20 == 'p')
}

func (l *lexer) stringOrChar() {
	quote := l.src[l.pos]
	if l.cs && quote == '"' && l.at(l.pos+1) == '"' && l.at(l.pos+2) == '"' {
		l.rawString()
		return
	}
	l.pos = skipQuoted(l.src, l.pos)
}

// skipQuoted returns the offset after the literal that starts at i; it ends at
// its quote or before the end of the line.
func skipQuoted(src []byte, i int) int {
	quote := src[i]
	for i++; i < len(src); i++ {
		switch src[i] {
		case '\\':
			if n := continuation(src[i:]); n > 0 {
				i += n
			} else {
				i++
			}
		case '\n', '\r':
			return i
		case quote:
			return i + 1
		}
	}
	return len(src)
}

// rawString skips a literal that starts with three or more quotes.
func (l *lexer) rawString() {
	n := 0
	for l.at(l.pos+n) == '"' {
		n++
	}
	for l.pos += n; l.pos < len(l.src); l.pos++ {
		run := 0
		for l.at(l.pos+run) == '"' {
			run++
		}
		if run >= n {
			l.pos += run
			return
		}
		l.pos += run
	}
	l.pos = len(l.src)
}

// maxPrefix bounds the '@' and '$' in front of a string.
const maxPrefix = 8

// prefixedString skips a literal with @ or $ before it, if there is one here.
func (l *lexer) prefixedString() bool {
	i, verbatim, holes := l.pos, false, 0
	for ; (l.at(i) == '@' || l.at(i) == '$') && i < l.pos+maxPrefix; i++ {
		if l.src[i] == '@' {
			verbatim = true
		} else {
			holes++
		}
	}
	if l.at(i) != '"' {
		return false
	}
	l.pos = i
	switch {
	case l.at(i+1) == '"' && l.at(i+2) == '"' && !verbatim:
		l.rawString()
	case holes > 0:
		l.pos = l.skipInterpolated(i+1, verbatim, 0)
	default:
		l.pos = skipVerbatim(l.src, i+1)
	}
	return true
}

func skipVerbatim(src []byte, i int) int {
	for ; i < len(src); i++ {
		if src[i] == '"' {
			if i+1 < len(src) && src[i+1] == '"' {
				i++
				continue
			}
			return i + 1
		}
	}
	return len(src)
}

// maxHoleDepth bounds how deep strings in holes in strings are followed.
const maxHoleDepth = 16

// skipInterpolated returns the offset after an interpolated string whose text starts at i.
func (l *lexer) skipInterpolated(i int, verbatim bool, depth int) int {
	for i < len(l.src) {
		switch c := l.src[i]; {
		case c == '"' && verbatim && l.at(i+1) == '"':
			i += 2
		case c == '"':
			return i + 1
		case c == '\\' && !verbatim:
			i += 2
		case (c == '\n' || c == '\r') && !verbatim:
			return i
		case c == '{' && l.at(i+1) == '{':
			i += 2
		case c == '{':
			i = l.skipHole(i+1, verbatim, depth)
		default:
			i++
		}
	}
	return len(l.src)
}

// skipHole returns the offset after the brace that closes a hole, or the end
// of the line if the hole is not closed in a string of one line.
func (l *lexer) skipHole(i int, verbatim bool, depth int) int {
	open := 1
	for i < len(l.src) {
		switch c := l.src[i]; {
		case c == '{':
			open++
			i++
		case c == '}':
			if open--; open == 0 {
				return i + 1
			}
			i++
		case c == '\'':
			i = skipQuoted(l.src, i)
		case c == '"':
			i = l.stringInHole(i, depth)
		case (c == '\n' || c == '\r') && !verbatim && open > 8:
			return i
		default:
			i++
		}
	}
	return len(l.src)
}

func (l *lexer) stringInHole(i, depth int) int {
	verbatim, holes := false, false
	for k := i - 1; k >= 0 && k >= i-maxPrefix && (l.src[k] == '@' || l.src[k] == '$'); k-- {
		verbatim = verbatim || l.src[k] == '@'
		holes = holes || l.src[k] == '$'
	}
	switch {
	case holes && depth < maxHoleDepth:
		return l.skipInterpolated(i+1, verbatim, depth+1)
	case verbatim:
		return skipVerbatim(l.src, i+1)
	}
	return skipQuoted(l.src, i)
}

// punctLen is the length of the operator at the start of b. A '>' stands
// alone (but for ">=" ) because two of them may close two type argument lists.
func punctLen(b []byte) int {
	if len(b) < 2 {
		return 1
	}
	c, d := b[0], b[1]
	switch c {
	case '+', '-', '&', '|':
		if d == c || d == '=' || c == '-' && d == '>' {
			return 2
		}
	case '*', '/', '%', '^', '!', '>':
		if d == '=' {
			return 2
		}
	case '=':
		if d == '=' || d == '>' {
			return 2
		}
	case '<':
		if d == '=' {
			return 2
		}
		if d == '<' {
			if len(b) > 2 && b[2] == '=' {
				return 3
			}
			return 2
		}
	case '?':
		if d == '?' {
			if len(b) > 2 && b[2] == '=' {
				return 3
			}
			return 2
		}
		if d == '.' && (len(b) < 3 || !isDigit(b[2])) {
			return 2
		}
	case ':':
		if d == ':' {
			return 2
		}
	case '.':
		if d == '.' {
			if len(b) > 2 && b[2] == '.' {
				return 3
			}
			return 2
		}
	case '#':
		if d == '#' {
			return 2
		}
	}
	return 1
}
