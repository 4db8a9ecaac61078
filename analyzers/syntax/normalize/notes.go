package normalize

import (
	"bytes"
	"sort"

	"github.com/pinvet/pinvet/analyzers/source"
)

// Note is a comment or a #pragma line, which may speak to a linter.
type Note struct {
	Start, End int
	Pragma     bool // a #pragma line; else a comment

	// About is the code that a comment speaks of, as offsets: the line that it stands on; for one that
	// stands alone the head of the statement or declaration below it (at least a whole line), or the
	// whole of a #define.
	About [2]int
}

// Notes lists the comments that hold mark, and the #pragma lines, in order. What is in a string is no
// comment; what lies in an arm that is certainly inactive is not listed.
func Notes(lang source.Lang, text []byte, mark string) []Note {
	m := newCodeMap(lang, text)
	var out []Note
	for _, d := range m.dirs {
		if d.name == "pragma" {
			out = append(out, Note{Start: d.start, End: d.end, Pragma: true})
		}
	}
	for _, c := range m.comments {
		if bytes.Contains(text[c[0]:c[1]], []byte(mark)) {
			out = append(out, Note{Start: c[0], End: c[1], About: m.about(c)})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Start < out[j].Start })
	return out
}

// NotePlace is the start of the line above which a comment that stands alone speaks of the code at
// offset; false where there is no such line.
func NotePlace(lang source.Lang, text []byte, offset int) (int, bool) {
	if offset < 0 || offset > len(text) {
		return 0, false
	}
	m := newCodeMap(lang, text)
	if d, ok := m.directiveAt(offset); ok {
		return m.lineStart(d.start), d.name == "define"
	}
	k := sort.Search(len(m.toks), func(i int) bool { return int(m.toks[i].start) > offset }) - 1
	if k < 0 {
		return 0, false
	}
	from := m.lineStart(int(m.toks[m.headStart(k)].start))
	if bytes.Count(text[from:max(from, offset)], []byte{'\n'}) > maxHeadLines {
		from = m.lineStart(offset)
	}
	for at := from; at <= offset && at < len(text); at = nextLine(text, at) { // nothing follows the end
		if about := m.below(at); m.between(at) && about[0] <= offset && offset < about[1] {
			return at, true
		}
	}
	return 0, false
}

// maxHeadLines bounds how far above a place its comment may stand.
const maxHeadLines = 100

// codeMap is the text with the places of its tokens, comments and directives.
type codeMap struct {
	src      []byte
	toks     []tok
	dirs     []directive
	comments [][2]int // in order
}

func newCodeMap(lang source.Lang, text []byte) *codeMap {
	l := &lexer{src: text, cs: lang == source.CSharp, lineStart: true, keepComments: true}
	l.run()
	m := &codeMap{src: text, toks: l.toks, dirs: l.dirs, comments: l.comments}
	for _, d := range m.dirs {
		m.comments = append(m.comments, commentsIn(text, d)...)
	}
	sort.Slice(m.comments, func(i, j int) bool { return m.comments[i][0] < m.comments[j][0] })
	return m
}

// commentsIn lists the comments of a directive line.
func commentsIn(src []byte, d directive) (out [][2]int) {
	for i := d.arg; i < d.end; {
		switch rest := src[i:d.end]; {
		case rest[0] == '"' || rest[0] == '\'':
			i = skipQuoted(src, i)
		case bytes.HasPrefix(rest, []byte("//")):
			return append(out, [2]int{i, d.end})
		case bytes.HasPrefix(rest, []byte("/*")):
			end := d.end
			if n := bytes.Index(rest[2:], []byte("*/")); n >= 0 {
				end = i + n + 4
			}
			out = append(out, [2]int{i, end})
			i = end
		default:
			i++
		}
	}
	return out
}

func (m *codeMap) lineStart(i int) int { return bytes.LastIndexByte(m.src[:i], '\n') + 1 }

// lineStop is the end of the line that holds i, its line end included.
func (m *codeMap) lineStop(i int) int { return nextLine(m.src, min(i, len(m.src))) }

// about is what a comment speaks of.
func (m *codeMap) about(c [2]int) [2]int {
	i, d := m.codeAfter(c[1])
	after := min(i, d)
	alone := after >= m.lineStop(c[1]-1) && m.codeBefore(c[0]) <= m.lineStart(c[0])
	if _, within := m.directiveAt(c[0]); within || !alone {
		return [2]int{m.lineStart(c[0]), m.lineStop(c[1] - 1)}
	}
	return m.below(c[1])
}

// codeAfter is where the first token and the first directive at or behind i begin.
func (m *codeMap) codeAfter(i int) (tok, dir int) {
	tok, dir = len(m.src), len(m.src)
	if k := m.tokenAfter(i); k < len(m.toks) {
		tok = int(m.toks[k].start)
	}
	if k := sort.Search(len(m.dirs), func(k int) bool { return m.dirs[k].start >= i }); k < len(m.dirs) {
		dir = m.dirs[k].start
	}
	return tok, dir
}

func (m *codeMap) tokenAfter(i int) int {
	return sort.Search(len(m.toks), func(k int) bool { return int(m.toks[k].start) >= i })
}

// codeBefore is the end of the last token that begins before i.
func (m *codeMap) codeBefore(i int) int {
	if k := m.tokenAfter(i) - 1; k >= 0 {
		return int(m.toks[k].end)
	}
	return 0
}

func (m *codeMap) directiveAt(i int) (directive, bool) {
	k := sort.Search(len(m.dirs), func(k int) bool { return m.dirs[k].start > i }) - 1
	if k >= 0 && i < m.dirs[k].end {
		return m.dirs[k], true
	}
	return directive{}, false
}

// between tells whether a line that starts at i splits nothing.
func (m *codeMap) between(i int) bool {
	k := sort.Search(len(m.comments), func(k int) bool { return m.comments[k][0] >= i }) - 1
	_, within := m.directiveAt(i)
	return m.codeBefore(i) <= i && !within && (k < 0 || m.comments[k][1] <= i)
}

// below is what a comment speaks of that ends at i and stands alone.
func (m *codeMap) below(i int) [2]int {
	k := m.tokenAfter(i)
	for _, d := range m.dirs[sort.Search(len(m.dirs), func(k int) bool { return m.dirs[k].start >= i }):] {
		if k < len(m.toks) && d.start > int(m.toks[k].start) {
			break
		}
		if d.name == "define" {
			return [2]int{m.lineStart(d.start), d.end}
		}
	}
	if k == len(m.toks) {
		return [2]int{len(m.src), len(m.src)}
	}
	at := int(m.toks[k].start)
	return [2]int{m.lineStart(at), max(m.lineStop(at), m.headEnd(k))}
}

// headEnd is the end of the head that begins with token i: behind its ; { or }, or the parenthesis that
// closes a condition.
func (m *codeMap) headEnd(i int) int {
	for introWords[m.text(i)] {
		i++
	}
	if c := m.condition(i); c >= 0 {
		return int(m.toks[c].end)
	}
	for ; i < len(m.toks); i++ {
		if m.ends(i) {
			return int(m.toks[i].end)
		}
	}
	return len(m.src)
}

// headStart is the first token of the head that token k is part of.
func (m *codeMap) headStart(k int) int {
	s := k
	for s > 0 && !m.ends(s-1) {
		s--
	}
	for s < k {
		c := m.condition(s)
		switch {
		case introWords[m.text(s)]:
			s++
		case c >= 0 && c < k:
			s = c + 1
		default:
			return s
		}
	}
	return s
}

func (m *codeMap) ends(i int) bool {
	t := m.toks[i]
	return t.kind == tPunct && (m.src[t.start] == ';' || m.src[t.start] == '{' || m.src[t.start] == '}')
}

func (m *codeMap) text(i int) string {
	if i < 0 || i >= len(m.toks) || m.toks[i].kind != tIdent {
		return ""
	}
	return string(m.src[m.toks[i].start:m.toks[i].end])
}

// condition is the token that closes the parenthesis behind a word such as if; -1 where i is none.
func (m *codeMap) condition(i int) int {
	if !conditionWords[m.text(i)] {
		return -1
	}
	depth := 0
	for i++; i < len(m.toks); i++ {
		switch m.src[m.toks[i].start] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	if i >= len(m.toks) || m.src[m.toks[i].start] != ')' {
		return -1
	}
	return i
}

var (
	introWords     = map[string]bool{"else": true, "do": true, "await": true, "try": true}
	conditionWords = map[string]bool{
		"if": true, "while": true, "for": true, "foreach": true, "switch": true, "lock": true, "using": true, "fixed": true, "catch": true,
	}
)
