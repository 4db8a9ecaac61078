package rules

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// TokenKind tells tokens apart.
type TokenKind uint8

// Kinds of tokens.
const (
	Word      TokenKind = iota // identifier or keyword
	Number                     // number
	Literal                    // string or character
	Operator                   // operator or bracket: the longest that both languages have
	Directive                  // a whole line of the preprocessor, with its continuations
)

// Token is a token of C or C#; comments and white space lie between tokens.
type Token struct {
	Span ir.Span
	Kind TokenKind
	Text string
}

// Code is a file as tokens: what a fix needs to find the places of its edits. Rules decide nothing by it.
type Code struct {
	File   *ir.File
	Text   string
	Tokens []Token
}

// operators of more than one character, longest first.
var operators = []string{
	">>>=", "<<=", ">>=", "...", "??=", "==", "!=", "&&", "||", "->", "=>", "<=", ">=", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "::", "??", "..",
}

// Lex reads a file. Text that is no token of either language becomes operators of one character.
func Lex(f *ir.File, text string) *Code {
	c := &Code{File: f, Text: text, Tokens: make([]Token, 0, len(text)/5)}
	newLine := true
	for i := 0; i < len(text); {
		n, kind := 0, Operator
		switch ch := text[i]; {
		case ch == '\n' || ch == '\r':
			newLine = true
			i++
			continue
		case ch <= ' ':
			i++
			continue
		case ch == '/' && strings.HasPrefix(text[i:], "//"):
			i += lineLength(text[i:], f.Lang == ir.C)
			continue
		case ch == '/' && strings.HasPrefix(text[i:], "/*"):
			i += blockLength(text[i:])
			continue
		case ch == '#' && newLine:
			n, kind = lineLength(text[i:], f.Lang == ir.C), Directive
		default:
			n, kind = scan(text[i:], f.Lang)
		}
		newLine = false
		c.Tokens = append(c.Tokens, Token{ir.Span{Start: uint32(i), End: uint32(i + n)}, kind, text[i : i+n]})
		i += n
	}
	return c
}

// lineLength is the length of a line without its end; in C a backslash before the end goes on.
func lineLength(s string, continued bool) int {
	for i := 0; i < len(s); i++ {
		if s[i] == '\n' || s[i] == '\r' {
			body := s[:i]
			if !continued || !strings.HasSuffix(body, "\\") {
				return i
			}
			if s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
		}
	}
	return len(s)
}

func blockLength(s string) int {
	if end := strings.Index(s[2:], "*/"); end >= 0 {
		return end + 4
	}
	return len(s)
}

// scan measures the token at the start of s.
func scan(s string, lang ir.Lang) (int, TokenKind) {
	if ch := s[0]; lang == ir.CSharp && (ch == '"' || ch == '$' || ch == '@') {
		if n := stringCS(s); n > 0 {
			return n, Literal
		}
	}
	switch ch := s[0]; {
	case ch == '"' || ch == '\'':
		return QuotedLength(s), Literal
	case isWordStart(ch) || ch == '@' && len(s) > 1 && isWordStart(s[1]):
		n := 1
		for n < len(s) && (isWordStart(s[n]) || isDigit(s[n])) {
			n++
		}
		return n, Word
	case isDigit(ch):
		n := 1
		for n < len(s) && (isWordStart(s[n]) || isDigit(s[n]) || s[n] == '.' && n+1 < len(s) && isDigit(s[n+1])) {
			n++
		}
		return n, Number
	}
	if len(s) < 2 || strings.IndexByte("=<>.?&|+-:", s[1]) < 0 {
		return 1, Operator
	}
	for _, op := range operators {
		if strings.HasPrefix(s, op) {
			return len(op), Operator
		}
	}
	return 1, Operator
}

func isWordStart(c byte) bool {
	return c == '_' || c >= utf8.RuneSelf || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// QuotedLength is the length in bytes of the literal with backslash escapes at the start of s, a string or a
// character; an open one ends with its line.
func QuotedLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i + 1
		case '\n':
			return i
		}
	}
	return len(s)
}

// stringCS measures verbatim, interpolated and raw strings of C#; 0 if s begins with none.
func stringCS(s string) int {
	i := 0
	for i < len(s) && (s[i] == '$' || s[i] == '@') {
		i++
	}
	if i == len(s) || s[i] != '"' {
		return 0
	}
	prefix := s[:i]
	if strings.HasPrefix(s[i:], `"""`) {
		n := i
		for n < len(s) && s[n] == '"' {
			n++
		}
		if end := strings.Index(s[n:], strings.Repeat(`"`, n-i)); end >= 0 {
			n += end
			for n < len(s) && s[n] == '"' {
				n++
			}
			return n
		}
		return len(s)
	}
	if prefix == "" {
		return QuotedLength(s)
	}
	return interpolated(s, i+1, strings.Contains(prefix, "@"), strings.Contains(prefix, "$"))
}

// interpolated measures a string from behind its opening quote.
func interpolated(s string, i int, verbatim, holes bool) int {
	depth := 0
	for i < len(s) {
		switch c := s[i]; {
		case holes && c == '{':
			if depth == 0 && strings.HasPrefix(s[i:], "{{") {
				i++
			} else {
				depth++
			}
		case holes && c == '}' && depth > 0:
			depth--
		case depth > 0 && (c == '"' || c == '$' || c == '@' || c == '\''):
			if n := stringCS(s[i:]); n > 0 {
				i += n - 1
			} else if c == '\'' {
				i += QuotedLength(s[i:]) - 1
			}
		case depth == 0 && c == '\\' && !verbatim:
			i++
		case depth == 0 && c == '"':
			if !verbatim || i+1 >= len(s) || s[i+1] != '"' {
				return i + 1
			}
			i++
		case c == '\n' && !verbatim && depth == 0:
			return i
		}
		i++
	}
	return len(s)
}

// At is the index of the first token that ends behind an offset; len(Tokens) if there is none.
func (c *Code) At(offset uint32) int {
	return sort.Search(len(c.Tokens), func(i int) bool { return c.Tokens[i].Span.End > offset })
}

// Within returns the indices of the tokens that lie in a span: from, and one behind the last.
func (c *Code) Within(s ir.Span) (from, to int) {
	from = sort.Search(len(c.Tokens), func(i int) bool { return c.Tokens[i].Span.Start >= s.Start })
	to = from
	for to < len(c.Tokens) && c.Tokens[to].Span.End <= s.End {
		to++
	}
	return from, to
}

// Is tells whether token i has one of these texts. Indices outside of the file have none.
func (c *Code) Is(i int, texts ...string) bool {
	if i < 0 || i >= len(c.Tokens) {
		return false
	}
	for _, t := range texts {
		if c.Tokens[i].Text == t {
			return true
		}
	}
	return false
}

// Match is the index of the bracket that closes the one at i, or opens it; -1 if there is none or a
// directive lies between them.
func (c *Code) Match(i int) int {
	step := 1
	if c.Is(i, ")", "]", "}") {
		step = -1
	} else if !c.Is(i, "(", "[", "{") {
		return -1
	}
	depth := 0
	for ; i >= 0 && i < len(c.Tokens); i += step {
		switch {
		case c.Tokens[i].Kind == Directive:
			return -1
		case c.Is(i, "(", "[", "{"):
			depth += step
		case c.Is(i, ")", "]", "}"):
			depth -= step
		}
		if depth == 0 {
			return i
		}
	}
	return -1
}

// Join is the text of tokens from up to, but not with, to, as it stands in the file.
func (c *Code) Join(from, to int) string {
	if from >= to {
		return ""
	}
	return c.Text[c.Tokens[from].Span.Start:c.Tokens[to-1].Span.End]
}

// Span covers tokens from up to, but not with, to.
func (c *Code) Span(from, to int) ir.Span {
	return ir.Span{Start: c.Tokens[from].Span.Start, End: c.Tokens[to-1].Span.End}
}
