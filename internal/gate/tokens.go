package gate

import (
	"strings"
	"unicode"
)

// token is a word, a literal or a character of C# or C; comments and white space are none.
type token struct {
	text string
	line int // from 0
}

// tokensOf splits a text, and says how many lines it has. Lines end as they do for package source: LF, CRLF, CR.
func tokensOf(text []byte) (list []token, count int) {
	s := string(text)
	line := 0
	for i := 0; i < len(s); {
		n := 1
		switch c := s[i]; {
		case c == '\n', c == '\r':
			if strings.HasPrefix(s[i:], "\r\n") {
				n = 2
			}
			line++
		case c == ' ' || c == '\t' || c == '\f' || c == '\v':
		case strings.HasPrefix(s[i:], "//"):
			n = lineLength(s[i:])
		case strings.HasPrefix(s[i:], "/*"):
			n = len(s) - i
			if end := strings.Index(s[i+2:], "*/"); end >= 0 {
				n = end + 4
			}
			line += lineEnds(s[i : i+n])
		default:
			switch {
			case c == '"' || c == '\'':
				n = literalLength(s[i:])
			case isWord(c):
				for i+n < len(s) && isWord(s[i+n]) {
					n++
				}
			}
			list = append(list, token{s[i : i+n], line})
		}
		i += n
	}
	return list, line + 1
}

func lineLength(s string) int {
	if n := strings.IndexAny(s, "\r\n"); n >= 0 {
		return n
	}
	return len(s)
}

func lineEnds(s string) int {
	return strings.Count(s, "\n") + strings.Count(s, "\r") - strings.Count(s, "\r\n")
}

// literalLength is the length of the quoted literal at the start of s. It ends with its line at the latest.
func literalLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			if i+1 < len(s) && s[i+1] != '\n' && s[i+1] != '\r' {
				i++
			}
		case s[0]:
			return i + 1
		case '\n', '\r':
			return i
		}
	}
	return len(s)
}

func isWord(c byte) bool {
	return c == '_' || c >= 0x80 || unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c))
}
