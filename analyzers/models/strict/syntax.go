package strict

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// unreadable finds what is no text; nil where there is none of it. UTF-16 with a byte order mark is text.
func unreadable(text []byte) *Error {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return &Error{Place: placeAt(text, i), Msg: "this is not UTF-8"}
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
			return &Error{Place: placeAt(text, i), Msg: "a control character: this is no text"}
		}
		i += n
	}
	return nil
}

func placeAt(text []byte, offset int) Place {
	line := bytes.Count(text[:offset], []byte{'\n'}) + 1
	start := bytes.LastIndexByte(text[:offset], '\n') + 1
	return Place{line, utf8.RuneCount(text[start:offset]) + 1}
}

// The longest text of which the line of an error is sought, in lines and bytes.
const (
	maxLines = 1000
	maxBytes = 64 << 10
)

// failing is the line (from 1) with which lines stop to be YAML: those before it are. The parser
// tells where the context of an error begins, counts from 0 or from 1, and nothing for the first line.
func failing(lines []string, told int) int {
	size := 0
	for _, l := range lines {
		size += len(l)
	}
	if len(lines) > maxLines || size > maxBytes {
		return max(told, 1)
	}
	for n := len(lines) - 1; n > 0; n-- {
		var doc yaml.Node
		if yaml.Unmarshal([]byte(strings.Join(lines[:n], "\n")), &doc) == nil {
			return n + 1
		}
	}
	return 1
}

// syntax finds the place of an error of the YAML parser and puts its message into our words.
func syntax(text []byte, err error) (Place, string) {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	at := Place{}
	if _, tail, ok := strings.Cut(msg, "line "); ok {
		digits, rest, _ := strings.Cut(tail, ": ")
		if n, err := strconv.Atoi(digits); err == nil {
			at, msg = Place{Line: n}, rest
		}
	}
	lines := strings.Split(string(text), "\n")
	if tab, ok := tabNear(lines, at.Line); ok && (strings.Contains(msg, "cannot start any token") || strings.Contains(msg, "tab character")) {
		return tab, "a tab: YAML is indented with spaces"
	}
	at.Line = failing(lines, at.Line)
	if at.Line <= len(lines) {
		l := lines[at.Line-1]
		at.Column = len(l) - len(strings.TrimLeft(l, " ")) + 1
	}
	return at, msg
}

// tabNear finds the tab that indents a line at or beside the one that the parser names.
func tabNear(lines []string, near int) (Place, bool) {
	for _, n := range []int{near, near + 1, near - 1} {
		if n < 1 || n > len(lines) {
			continue
		}
		l := lines[n-1]
		if i := strings.IndexByte(l, '\t'); i >= 0 && strings.Trim(l[:i], " ") == "" {
			return Place{n, i + 1}, true
		}
	}
	return Place{}, false
}
