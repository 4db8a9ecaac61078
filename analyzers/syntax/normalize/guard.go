package normalize

import "bytes"

// The parser's time and memory are not linear in some inputs: open brackets,
// "a<a<a<", and long runs of what is no statement. These limits are far above
// what people write; beyond them the text is blanked and a Problem says so.
const (
	maxNesting  = 200   // brackets within brackets
	maxLess     = 20    // '<' that may open type arguments, in one expression
	maxRun      = 40    // of '::', '@', '$', '?' and the like, with names between them at most
	maxSentence = 20000 // tokens without ';', ',' or a brace
)

// guard blanks what the parser could not stand.
func (e *editor) guard() {
	e.guardNesting()
	e.guardRuns()
}

// cut blanks the tokens i..j-1.
func (e *editor) cut(i, j int, reason string) {
	if i >= j {
		return
	}
	e.blank(i, j-1)
	e.out.Problems = append(e.out.Problems, Problem{int(e.toks[i].start), int(e.toks[j-1].end), reason})
	e.dirty = true
}

// guardNesting cuts the regions that lie deeper than maxNesting.
func (e *editor) guardNesting() {
	e.dirty = false
	var open []int32
	from := -1
	for i := range e.toks {
		if e.toks[i].kind != tPunct {
			continue
		}
		switch c := e.src[e.toks[i].start]; c {
		case '(', '[', '{':
			open = append(open, int32(i))
			if len(open) > maxNesting && from < 0 {
				from = i
			}
		case ')', ']', '}':
			open = e.closeBracket(open, int32(i), c)
			if len(open) <= maxNesting && from >= 0 {
				e.cut(from, i+1, "nested too deeply")
				from = -1
			}
		}
	}
	if from >= 0 {
		e.cut(from, len(e.toks), "nested too deeply")
	}
	if e.dirty {
		e.compact()
	}
}

// guardRuns cuts the rest of a sentence (up to a semicolon or brace) in which
// one of the other limits is passed.
func (e *editor) guardRuns() {
	e.dirty = false
	var less, run, length int
	for i := 0; i < len(e.toks); i++ {
		length++
		if e.toks[i].kind != tPunct {
			if e.toks[i].kind != tIdent {
				run = 0
			}
			continue
		}
		switch c := e.src[e.toks[i].start]; c {
		case ';', '{', '}', ',':
			less, run, length = 0, 0, 0
		case '<':
			less++
		case ':', '@', '$', '#', '\\', '`', '?':
			if c != ':' || e.is(i, "::") { // "case A: case B:" may be long
				run++
			}
			less = 0
		case '&', '|', '(', ')':
			less, run = 0, 0
		case '>':
			less = max(less-1, 0)
		default:
			run = 0
		}
		if less > maxLess || run > maxRun || length > maxSentence {
			end := e.sentenceEnd(i)
			e.cut(i, end, "too complex an expression")
			i = end - 1
			less, run, length = 0, 0, 0
		}
	}
	if e.dirty {
		e.compact()
	}
}

func (e *editor) sentenceEnd(i int) int {
	for ; i < len(e.toks); i++ {
		switch e.src[e.toks[i].start] {
		case ';', '{', '}':
			return i
		}
	}
	return i
}

// openComment is where a comment begins that nothing ends, or -1: behind the last token and directive.
func openComment(text []byte, toks []tok, dirs []directive) int {
	at := 0
	if n := len(toks); n > 0 {
		at = int(toks[n-1].end)
	}
	if n := len(dirs); n > 0 {
		at = max(at, dirs[n-1].end)
	}
	for at < len(text) {
		switch rest := text[at:]; {
		case bytes.HasPrefix(rest, []byte("/*")):
			end := bytes.Index(rest[2:], []byte("*/"))
			if end < 0 {
				return at
			}
			at += end + 4
		case bytes.HasPrefix(rest, []byte("//")):
			end := bytes.IndexAny(rest, "\r\n")
			if end < 0 {
				return -1
			}
			at += end
		default:
			at++
		}
	}
	return -1
}

// guardComment blanks it: the parser looks for the end of a comment at each place where one may begin.
func (e *editor) guardComment(at int) {
	if at >= 0 {
		e.wipe(at, len(e.buf))
		e.out.Problems = append(e.out.Problems, Problem{at, at + 2, "a comment without end"})
	}
}
