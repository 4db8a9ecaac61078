package rules

import (
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Code returns a file as tokens; nil if its text is not at hand.
func (p *Pass) Code(f *ir.File) *Code {
	if f == nil || p.snapshot == nil {
		return nil
	}
	if c, ok := p.codes[f]; ok {
		return c
	}
	var c *Code
	f.AskText()
	if src := p.snapshot.File(f.Path); src != nil {
		c = Lex(f, string(src.Text()))
	}
	if p.codes == nil {
		p.codes = map[*ir.File]*Code{}
	}
	p.codes[f] = c
	return c
}

// Mend offers a fix, if it has edits: text says what it does.
func (r *Raw) Mend(safety FixSafety, text string, edits ...Edit) {
	if len(edits) > 0 {
		r.Fixes = append(r.Fixes, Fix{Text: text, Safety: safety, Edits: edits})
	}
}

// Replace replaces tokens from up to, but not with, to by new text.
func (c *Code) Replace(from, to int, text string) Edit {
	return Edit{Loc{c.File, c.Span(from, to)}, text}
}

// InsertAt puts new text at an offset.
func (c *Code) InsertAt(offset uint32, text string) Edit {
	return Edit{Loc{c.File, ir.Span{Start: offset, End: offset}}, text}
}

// Before puts new text before token i, After behind it.
func (c *Code) Before(i int, text string) Edit { return c.InsertAt(c.Tokens[i].Span.Start, text) }

// After puts new text behind token i.
func (c *Code) After(i int, text string) Edit { return c.InsertAt(c.Tokens[i].Span.End, text) }

// Indent is the white space that begins the line of an offset.
func (c *Code) Indent(offset uint32) string {
	line := c.Text[c.lineStart(offset):]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

func (c *Code) lineStart(offset uint32) uint32 {
	if strings.HasPrefix(c.Text[offset:], "\n") && strings.HasSuffix(c.Text[:offset], "\r") {
		offset-- // between the two characters of a line end
	}
	return uint32(strings.LastIndexAny(c.Text[:offset], "\r\n") + 1)
}

// Statement returns the simple statement with token i: the tokens from its first up to, but not with,
// the one behind its semicolon. Not ok: i is not in a statement of that kind, or a directive is.
func (c *Code) Statement(i int) (from, to int, ok bool) {
	if from = c.statementStart(i); from < 0 {
		return 0, 0, false
	}
	for to = from; to < len(c.Tokens); to++ {
		switch t := c.Tokens[to]; {
		case t.Kind == Directive || c.Is(to, "}", ")", "]"):
			return 0, 0, false
		case c.Is(to, ";"):
			return from, to + 1, i <= to
		case c.Is(to, "(", "[", "{"):
			if to = c.Match(to); to < 0 {
				return 0, 0, false
			}
		}
	}
	return 0, 0, false
}

// headers begin statements with brackets before their body.
var headers = []string{"if", "while", "for", "foreach", "switch", "using", "lock", "fixed"}

// statementStart goes back to the first token of the statement with token i, behind labels; -1 if
// that is an argument, a header or the body of a lambda.
func (c *Code) statementStart(i int) int {
	from := i
	for from > 0 && c.Tokens[from-1].Kind != Directive && !c.Is(from-1, ";", "{", "}", "else", "do") {
		switch {
		case c.Is(from-1, ")", "]"):
			open := c.Match(from - 1)
			if open < 0 {
				return -1
			}
			if c.Is(from-1, ")") && c.Is(open-1, headers...) {
				return from
			}
			from = open
		case c.Is(from-1, "(", "[", "=>"):
			return -1
		default:
			from--
		}
	}
	for from < i && (c.Is(from, "case", "default") || c.Tokens[from].Kind == Word && c.Is(from+1, ":")) {
		colon := from
		for colon < i && !c.Is(colon, ":") {
			colon++
		}
		from = colon + 1
	}
	return from
}

// Call returns the brackets of the call whose tokens begin in a span: the index of "(" and of ")".
func (c *Code) Call(s ir.Span, name string) (open, shut int, ok bool) {
	from, to := c.Within(s)
	for i := from; i < to; i++ {
		if c.Is(i, name) && c.Is(i+1, "(") {
			shut = c.Match(i + 1)
			return i + 1, shut, shut > 0
		}
	}
	return 0, 0, false
}

// Arguments splits what stands between the brackets of a call at its commas: pairs of from and to.
func (c *Code) Arguments(open, shut int) (args [][2]int) {
	from := open + 1
	for i := from; i <= shut; i++ {
		switch {
		case i == shut || c.Is(i, ","):
			if i > from {
				args = append(args, [2]int{from, i})
			}
			from = i + 1
		case c.Is(i, "(", "[", "{"):
			if i = c.Match(i); i < 0 {
				return nil
			}
		}
	}
	return args
}

// Line returns the lines of a statement with their line end, if nothing else stands on them: what a
// fix deletes to take the statement out. Not ok: something does.
func (c *Code) Line(from, to int) (ir.Span, bool) {
	s := c.Span(from, to)
	start := c.lineStart(s.Start)
	if strings.TrimSpace(c.Text[start:s.Start]) != "" {
		return s, false
	}
	rest := c.Text[s.End:]
	n := strings.IndexAny(rest, "\r\n")
	if n < 0 || strings.TrimSpace(rest[:n]) != "" {
		return s, false
	}
	if strings.HasPrefix(rest[n:], "\r\n") {
		n++
	}
	return ir.Span{Start: start, End: s.End + uint32(n) + 1}, true
}

// Word finds a word within a span: its index, -1 if it is not there or not alone.
func (c *Code) Word(s ir.Span, word string) int {
	from, to := c.Within(s)
	at := -1
	for i := from; i < to; i++ {
		if c.Is(i, word) {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

// Fresh is a name that no token within a span has, and none of the others: base, or base with a number behind.
func (c *Code) Fresh(s ir.Span, base string, others ...string) string {
	used := map[string]bool{}
	for _, name := range others {
		used[name] = true
	}
	for from, to := c.Within(s); from < to; from++ {
		used[c.Tokens[from].Text] = true
	}
	name := base
	for n := 2; used[name]; n++ {
		name = base + strconv.Itoa(n)
	}
	return name
}

// Braced tells whether the statement whose first token is i stands in a block, where more statements can
// stand beside it; else it is the body of an if, else, loop or label alone.
func (c *Code) Braced(i int) bool {
	return c.Is(i-1, "{", "}", ";") && !c.Is(i-2, "for") || i > 0 && c.Tokens[i-1].Kind == Directive
}

// Around makes the statement of tokens from up to to, with others before and after it, one of its block:
// in braces where it is a body of its own. The others are whole statements.
func (c *Code) Around(from, to int, before, after []string) (edits []Edit) {
	s := c.Span(from, to)
	indent := c.Indent(s.Start)
	own := strings.TrimSpace(c.Text[c.lineStart(s.Start):s.Start]) == ""
	sep := "\n" + indent
	if !own {
		sep = " "
	}
	head, tail := "", ""
	for _, b := range before {
		head += b + sep
	}
	for _, a := range after {
		tail += sep + a
	}
	if !c.Braced(from) {
		open, shut := "{"+sep, sep+"}"
		if outer := c.outer(from); own && outer != "" {
			// the brace stands where the header does
			return c.body(from, to, outer, before, after)
		}
		head, tail = open+head, tail+shut
	}
	if head != "" {
		edits = append(edits, c.InsertAt(s.Start, head))
	}
	if tail != "" {
		edits = append(edits, c.InsertAt(s.End, tail))
	}
	return edits
}

// outer is the indentation of the header whose body begins with token i, on a line of its own.
func (c *Code) outer(i int) string {
	if i == 0 {
		return ""
	}
	j := i - 1
	if c.Is(j, ")") {
		j = c.Match(j)
	}
	if j < 0 {
		return ""
	}
	at := c.Tokens[j].Span.Start
	if c.Indent(at) == c.Indent(c.Tokens[i].Span.Start) {
		return ""
	}
	return c.Text[c.lineStart(at):][:len(c.Indent(at))] + "\x00"
}

// body puts braces round the body of a header, each on a line of its own.
func (c *Code) body(from, to int, outer string, before, after []string) []Edit {
	outer = strings.TrimSuffix(outer, "\x00")
	s := c.Span(from, to)
	line := c.lineStart(s.Start)
	indent := c.Text[line:s.Start]
	head, tail := outer+"{\n", ""
	for _, b := range before {
		head += indent + b + "\n"
	}
	for _, a := range after {
		tail += "\n" + indent + a
	}
	return []Edit{c.InsertAt(line, head), c.InsertAt(s.End, tail+"\n"+outer+"}")}
}
