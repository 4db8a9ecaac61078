package normalize

import (
	"bytes"
	"strings"
)

// directive is one preprocessor line.
type directive struct {
	start, end int    // from '#' to before the line end; a continued line ends later
	name       string // "if", "define", ...
	arg        int    // offset of the first byte after the name and white space
}

// directive reads the line that starts with '#' at pos, and skips the arm that
// follows it when its condition is constantly false: such an arm holds prose
// as often as code, and must not be split into tokens.
func (l *lexer) directive() {
	d := readDirective(l.src, l.pos, l.cs)
	l.dirs = append(l.dirs, d)
	l.pos = d.end
	for l.deadArm(d) && l.pos < len(l.src) {
		d = l.skipArm()
	}
}

// deadArm keeps the stack of open conditionals and reports whether the arm
// after d is certainly inactive.
func (l *lexer) deadArm(d directive) bool {
	top := len(l.stack) - 1
	switch d.name {
	case "if":
		c := constCondition(stripComments(l.src[d.arg:d.end]))
		l.stack = append(l.stack, c == constTrue)
		return c == constFalse
	case "ifdef", "ifndef":
		l.stack = append(l.stack, false)
	case "elif":
		if top >= 0 {
			c := constCondition(stripComments(l.src[d.arg:d.end]))
			dead := l.stack[top] || c == constFalse
			l.stack[top] = l.stack[top] || c == constTrue
			return dead
		}
	case "else":
		return top >= 0 && l.stack[top]
	case "endif":
		if top >= 0 {
			l.stack = l.stack[:top]
		}
	}
	return false
}

// skipArm goes to the directive that ends the inactive arm at pos and returns
// it; the ones of nested conditionals are recorded on the way.
func (l *lexer) skipArm() directive {
	depth := 0
	for l.pos < len(l.src) {
		i := nextLine(l.src, l.pos)
		l.pos = i
		for i < len(l.src) && (l.src[i] == ' ' || l.src[i] == '\t') {
			i++
		}
		if l.at(i) != '#' {
			continue
		}
		d := readDirective(l.src, i, l.cs)
		switch d.name {
		case "if", "ifdef", "ifndef":
			depth++
		case "elif", "else":
			if depth > 0 {
				break
			}
			fallthrough
		case "endif":
			if depth == 0 {
				l.dirs = append(l.dirs, d)
				l.pos = d.end
				return d
			}
			if d.name == "endif" {
				depth--
			}
		}
	}
	return directive{start: len(l.src), end: len(l.src)}
}

func nextLine(src []byte, i int) int {
	n := bytes.IndexByte(src[i:], '\n')
	if n < 0 {
		return len(src)
	}
	return i + n + 1
}

func readDirective(src []byte, start int, cs bool) directive {
	i := start + 1
	for i < len(src) && (src[i] == ' ' || src[i] == '\t') {
		i++
	}
	word := i
	for i < len(src) && isIdentByte(src[i]) {
		i++
	}
	d := directive{start: start, name: string(src[word:i])}
	if d.name == "elifdef" || d.name == "elifndef" {
		d.name = "elif" // C23; the condition reads as a bare name
	}
	for i < len(src) && (src[i] == ' ' || src[i] == '\t') {
		i++
	}
	d.arg = i
	if cs || d.name == "error" || d.name == "warning" {
		d.end = lineEnd(src, i, !cs)
	} else {
		d.end = directiveEnd(src, i)
	}
	return d
}

func lineEnd(src []byte, i int, joined bool) int {
	for ; i < len(src) && src[i] != '\n' && src[i] != '\r'; i++ {
		if joined && src[i] == '\\' {
			i += continuation(src[i:])
		}
	}
	return min(i, len(src))
}

// directiveEnd finds the end of a C directive: joined lines and comments that
// span lines belong to it.
func directiveEnd(src []byte, i int) int {
	for i < len(src) {
		switch c := src[i]; {
		case c == '\n' || c == '\r':
			return i
		case c == '\\':
			i += 1 + continuation(src[i:])
		case c == '"' || c == '\'':
			i = skipQuoted(src, i)
		case c == '/' && i+1 < len(src) && src[i+1] == '/':
			return lineEnd(src, i, true)
		case c == '/' && i+1 < len(src) && src[i+1] == '*':
			n := bytes.Index(src[i+2:], []byte("*/"))
			if n < 0 {
				return len(src)
			}
			i += n + 4
		default:
			i++
		}
	}
	return min(i, len(src))
}

// stripComments removes comments and line joins from the rest of a directive.
func stripComments(b []byte) string {
	if !bytes.ContainsAny(b, "/\\") {
		return strings.TrimSpace(string(b))
	}
	var out strings.Builder
	for i := 0; i < len(b); {
		switch {
		case b[i] == '"' || b[i] == '\'':
			end := skipQuoted(b, i)
			out.Write(b[i:end])
			i = end
		case b[i] == '/' && i+1 < len(b) && b[i+1] == '/':
			i = len(b)
		case b[i] == '/' && i+1 < len(b) && b[i+1] == '*':
			n := bytes.Index(b[i+2:], []byte("*/"))
			if n < 0 {
				i = len(b)
				break
			}
			out.WriteByte(' ')
			i += n + 4
		case b[i] == '\\' && continuation(b[i:]) > 0:
			out.WriteByte(' ')
			i += 1 + continuation(b[i:])
		default:
			out.WriteByte(b[i])
			i++
		}
	}
	return strings.TrimSpace(out.String())
}

// Arm is one branch of a conditional chain.
type Arm struct {
	Condition  string // without comments; "" for #else; #ifdef X reads "defined(X)"
	Start, End int    // the lines between the directives, byte offsets
	Taken      uint8  // bit v: the arm is part of view v

	cond   *cond // nil for #else
	parent int   // index of the arm around this chain, -1 at the top
	chain  int
	index  int // within the chain

	tags    []string   // macros that it decides: see tags.go
	windows constValue // whether Windows compiles it, as far as the macros that tell systems apart decide
}

// arms pairs the directives up. Stray ones are ignored; what is not closed
// reaches to the end of the file.
func arms(src []byte, dirs []directive) []Arm {
	var out []Arm
	var open []int // the current arm of each open chain
	chains := 0
	for _, d := range dirs {
		top := len(open) - 1
		a := Arm{Start: d.end, End: len(src), parent: -1}
		switch d.name {
		case "if", "ifdef", "ifndef":
			if top >= 0 {
				a.parent = open[top]
			}
			a.chain = chains
			chains++
			a.setCondition(src, d)
			open = append(open, len(out))
			out = append(out, a)
		case "elif", "else":
			if top < 0 {
				continue
			}
			prev := &out[open[top]]
			prev.End = d.start
			a.parent, a.chain, a.index = prev.parent, prev.chain, prev.index+1
			if d.name == "elif" {
				a.setCondition(src, d)
			}
			open[top] = len(out)
			out = append(out, a)
		case "endif":
			if top < 0 {
				continue
			}
			out[open[top]].End = d.start
			open = open[:top]
		}
	}
	return out
}

func (a *Arm) setCondition(src []byte, d directive) {
	text := stripComments(src[d.arg:d.end])
	switch d.name {
	case "ifdef":
		text = "defined(" + firstWord(text) + ")"
	case "ifndef":
		text = "!defined(" + firstWord(text) + ")"
	}
	a.Condition = text
	a.cond = parseCondition(text)
}

func firstWord(s string) string {
	for i := 0; i < len(s); i++ {
		if !isIdentByte(s[i]) {
			return s[:i]
		}
	}
	return s
}
