package clower

import (
	"strconv"
	"strings"
)

// token is a preprocessing token of a macro's body or argument.
type token struct {
	text  string
	kind  tokenKind
	space bool // white space comes before it
}

type tokenKind uint8

const (
	tokPunct tokenKind = iota
	tokIdent
	tokNumber
	tokString
	tokChar
)

func isIdent(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// tokens splits C text; comments are white space.
func tokens(s string) []token {
	out := make([]token, 0, len(s)/3+1)
	space := false
	for i := 0; i < len(s); {
		c := s[i]
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == '\\' {
			i++
			space = true
			continue
		}
		if n := commentLen(s[i:]); n > 0 {
			i += n
			space = true
			continue
		}
		t := token{space: space}
		n := 1
		switch {
		case c == '"' || c == '\'':
			n, t.kind = quotedLen(s[i:]), quotedKind(c)
		case isDigit(c) || c == '.' && i+1 < len(s) && isDigit(s[i+1]):
			n, t.kind = numberLen(s[i:]), tokNumber
		case isIdent(c):
			for i+n < len(s) && isIdent(s[i+n]) {
				n++
			}
			t.kind = tokIdent
			if q := s[i+n:]; n <= 2 && q != "" && (q[0] == '"' || q[0] == '\'') && isPrefix(s[i:i+n]) {
				n, t.kind = n+quotedLen(q), quotedKind(q[0])
			}
		default:
			n = punctLen(s[i:])
		}
		t.text = s[i : i+n]
		out = append(out, t)
		i += n
		space = false
	}
	return out
}

func isPrefix(s string) bool { return s == "L" || s == "u" || s == "U" || s == "u8" }

func quotedKind(c byte) tokenKind {
	if c == '"' {
		return tokString
	}
	return tokChar
}

func commentLen(s string) int {
	if strings.HasPrefix(s, "//") {
		if i := strings.IndexByte(s, '\n'); i >= 0 {
			return i
		}
		return len(s)
	}
	if strings.HasPrefix(s, "/*") {
		if i := strings.Index(s[2:], "*/"); i >= 0 {
			return i + 4
		}
		return len(s)
	}
	return 0
}

func quotedLen(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '\n':
			return i
		case s[0]:
			return i + 1
		}
	}
	return len(s)
}

func numberLen(s string) int {
	i := 1
	for i < len(s) {
		c := s[i]
		if isIdent(c) || c == '.' || c == '\'' && i+1 < len(s) && isIdent(s[i+1]) {
			i++
			continue
		}
		if (c == '+' || c == '-') && (s[i-1]|0x20 == 'p' || s[i-1]|0x20 == 'e' && !isHex(s)) {
			i++
			continue
		}
		break
	}
	return i
}

func isHex(s string) bool { return len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' }

func punctLen(s string) int {
	for _, p := range [...]string{"...", "<<=", ">>=", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
		"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "##"} {
		if strings.HasPrefix(s, p) {
			return len(p)
		}
	}
	return 1
}

// parseNumber reads a number literal: integers of any base with suffixes, wrapped to 64 bits;
// isInt is false for what has a fraction or exponent.
func parseNumber(s string) (v int64, isInt bool) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		v, isInt = parseNumber(s[1:])
		if s[0] == '-' {
			v = -v
		}
		return v, isInt
	}
	if strings.IndexByte(s, '\'') >= 0 {
		s = strings.ReplaceAll(s, "'", "")
	}
	if strings.HasSuffix(s, "i64") || strings.HasSuffix(s, "I64") {
		s = s[:len(s)-3] // Microsoft: 10i64, 10ui64
	}
	base := 10
	digits := s
	switch {
	case isHex(s):
		base, digits = 16, s[2:]
	case len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'b':
		base, digits = 2, s[2:]
	case len(s) > 1 && s[0] == '0':
		base, digits = 8, s[1:]
	}
	end := len(digits)
	for end > 0 && strings.IndexByte("uUlLzZ", digits[end-1]) >= 0 {
		end--
	}
	if digits = digits[:end]; digits == "" {
		return 0, base == 8
	}
	u, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		if n, ok := err.(*strconv.NumError); ok && n.Err == strconv.ErrRange {
			return -1, true
		}
		return 0, false
	}
	return int64(u), true
}

// charValue is the value of a character literal with its quotes.
func charValue(s string) int64 {
	s = string(unquote([]byte(s)))
	v := int64(0)
	for i := 0; i < len(s); {
		if s[i] != '\\' || i+1 >= len(s) {
			v = v<<8 | int64(s[i])
			i++
			continue
		}
		n, c := escape(s[i:])
		v = v<<8 | c
		i += n
	}
	return v
}

// escape reads an escape sequence and gives its length and value.
func escape(s string) (n int, v int64) {
	switch c := s[1]; c {
	case 'n':
		return 2, '\n'
	case 't':
		return 2, '\t'
	case 'r':
		return 2, '\r'
	case 'a':
		return 2, 7
	case 'b':
		return 2, 8
	case 'f':
		return 2, 12
	case 'v':
		return 2, 11
	case 'e':
		return 2, 27
	case 'x', 'u', 'U':
		n = 2
		for n < len(s) && n < 10 && isHexDigit(s[n]) {
			n++
		}
		v, _ = strconv.ParseInt(s[2:n], 16, 64)
		return n, v
	case '0', '1', '2', '3', '4', '5', '6', '7':
		n = 1
		for n < len(s) && n < 4 && s[n] >= '0' && s[n] <= '7' {
			n++
		}
		v, _ = strconv.ParseInt(s[1:n], 8, 64)
		return n, v
	default:
		return 2, int64(c)
	}
}

func isHexDigit(c byte) bool {
	return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
}
