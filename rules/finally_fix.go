package rules

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
)

// MendFinally moves the one release of a local object into a finally clause, with what stands between
// its acquisition and the release in the try block. Nothing but exceptions behaves otherwise then; where
// the block can be left in another way, the fix is unsafe.
func (p *Pass) MendFinally(r *Raw, ev *lifetime.Event) {
	f, o := ev.Func, ev.Obj
	c := p.Code(f.File)
	if c == nil || f.File.Lang != ir.CSharp || o.Func != f || o.Implicit || ev.How == lifetime.AtOverwrite || !isLocal(f, o.Var) {
		return
	}
	release := p.ReleaseOf(c, o)
	from, to, ok := c.Statement(c.At(o.Span.Start))
	if release == "" || !ok || !c.declares(from, to, o.Var) {
		return
	}
	end := c.releaseIn(to, release, f.Span)
	first := to
	if o.Kind == lifetime.Handle || o.Kind == lifetime.Memory {
		first = c.behindGuard(to, o.Var)
	}
	if end < 0 || first < 0 || first >= end {
		return
	}
	after := end // behind the last token of the try block, with the release
	if !c.movable(f, first, end) {
		if after = c.returnBehind(end, o.Var); after < 0 || !c.movable(f, first, after) {
			return
		}
	}
	safety := SafeFix
	for i := first; i < end; i++ {
		if c.Is(i, "return", "goto", "break", "continue", "yield") {
			safety = UnsafeFix
		}
	}
	if edits := c.tryFinally(first, end, after, release); edits != nil {
		r.Mend(safety, "release it in a finally clause", edits...)
	}
}

// declares tells whether a statement declares a variable: "T v = ...", not "using T v".
func (c *Code) declares(from, to int, name string) bool {
	for i := from; i+1 < to && !c.Is(i, "=", "(", "using", "const"); i++ {
		if c.Is(i+1, name) && c.Is(i+2, "=") && (c.Tokens[i].Kind == Word || c.Is(i, ">", "?", "*", "]")) {
			return true
		}
	}
	return false
}

// releaseIn is the index of the first token of the only statement of that text in the function, if it
// stands in the block whose statements begin with token i; else -1.
func (c *Code) releaseIn(i int, release string, f ir.Span) int {
	release = strings.ReplaceAll(release, " ", "")
	want := func(i int) bool {
		got := ""
		for ; i < len(c.Tokens) && len(got) < len(release); i++ {
			got += c.Tokens[i].Text
		}
		return got == release
	}
	n := 0
	for j, to := c.Within(f); j < to; j++ {
		if want(j) && !c.Is(j-1, ".") {
			n++
		}
	}
	for ; n == 1 && i < len(c.Tokens) && !c.Is(i, "}"); i++ {
		if want(i) && c.Is(i-1, ";", "}") {
			return i
		}
		if c.Is(i, "{", "(", "[") {
			if i = c.Match(i); i < 0 {
				return -1
			}
		}
	}
	return -1
}

// behindGuard is the first token from i on that is not of an "if" that asks for the variable and leaves.
func (c *Code) behindGuard(i int, name string) int {
	if !c.Is(i, "if") {
		return i
	}
	shut := c.Match(i + 1)
	if shut < 0 {
		return -1
	}
	if !slices.ContainsFunc(c.Tokens[i:shut], func(t Token) bool { return t.Text == name }) {
		return i
	}
	for j := i + 2; j < shut; j++ {
		if c.Is(j, "(") && c.Tokens[j-1].Kind == Word && !c.Is(j-1, "IntPtr") {
			return i // it does more than ask
		}
	}
	end := shut + 1
	if c.Is(end, "{") {
		if end = c.Match(end); end < 0 || !slices.ContainsFunc(c.Tokens[shut:end], func(t Token) bool { return t.Text == "return" || t.Text == "throw" }) {
			return -1
		}
		end++
	} else {
		var ok bool
		if _, end, ok = c.Statement(end); !ok || !c.Is(shut+1, "return", "throw") {
			return -1
		}
	}
	if c.Is(end, "else") {
		return -1
	}
	return end
}

// returnBehind is the index behind the return statement that follows the release at token i and ends its
// block, if its value depends on nothing that the release ends; else -1.
func (c *Code) returnBehind(i int, name string) int {
	for ; i < len(c.Tokens) && !c.Is(i, ";"); i++ {
	}
	if !c.Is(i+1, "return") {
		return -1
	}
	for i += 2; i < len(c.Tokens) && !c.Is(i, ";"); i++ {
		if c.Is(i, "(", "[", "*", "->", name) || c.Tokens[i].Kind == Directive {
			return -1
		}
	}
	if !c.Is(i+1, "}") {
		return -1
	}
	return i + 1
}

// movable tells whether statements can go into a block of their own: nothing that is declared in them is
// used behind it or has its end there, and no line of theirs must stay where it is.
func (c *Code) movable(f *ir.Func, first, end int) bool {
	for i := first; i < end; i++ {
		if t := c.Tokens[i]; t.Kind == Directive || t.Kind == Literal && strings.Contains(t.Text, "\n") || c.Is(i, "using") && !c.Is(i+1, "(") {
			return false
		}
	}
	inside := c.Span(first, end)
	_, last := c.Within(f.Span)
	for i := range f.NumVars() {
		v := f.Var(ir.VarID(i))
		if !inside.Contains(v.Span) || v.Span == (ir.Span{}) {
			continue
		}
		if slices.ContainsFunc(c.Tokens[end:last], func(t Token) bool { return t.Text == v.Name }) {
			return false
		}
	}
	return true
}

// mostMoved is the largest number of lines that a fix indents: nobody reads a longer change.
const mostMoved = 60

// tryFinally indents the lines of tokens first up to after, takes the release, which stands at token end,
// out of them, and puts try and finally round them; nil if they share lines with others.
func (c *Code) tryFinally(first, end, after int, release string) (edits []Edit) {
	at := c.Tokens[first-1].Span.End
	at += uint32(strings.IndexByte(c.Text[at:], '\n')) + 1 // comments before the first statement go with it
	indent := c.Indent(c.Tokens[first].Span.Start)
	semicolon := end
	for !c.Is(semicolon, ";") {
		semicolon++
	}
	gone, alone := c.Line(end, semicolon+1)
	if !alone || at > c.lineStart(c.Tokens[first].Span.Start) || strings.TrimSpace(c.Text[c.lineStart(c.Tokens[first].Span.Start):c.Tokens[first].Span.Start]) != "" || c.Indent(c.Tokens[end].Span.Start) != indent {
		return nil
	}
	if strings.Count(c.Text[at:gone.Start], "\n") > mostMoved {
		return nil
	}
	unit := c.unit(indent)
	head := indent + "try\n" + indent + "{\n"
	tail := indent + "}\n" + indent + "finally\n" + indent + "{\n" + indent + unit + release + "\n" + indent + "}"
	stop := gone.Start
	if after > end {
		stop = c.Tokens[after-1].Span.End
	}
	for after == end && strings.TrimSpace(c.Text[c.lineStart(stop-1):stop]) == "" {
		stop = c.lineStart(stop - 1)
	}
	for at < stop {
		next := at + uint32(strings.IndexByte(c.Text[at:], '\n')) + 1
		switch {
		case next == at:
			return nil // the last line of a file
		case at == gone.Start:
			edits = append(edits, Edit{Loc{c.File, gone}, ""})
			next = gone.End
		case strings.TrimSpace(c.Text[at:next]) != "":
			edits = append(edits, c.InsertAt(at, head+unit))
			head = ""
		}
		at = next
	}
	if after > end {
		return append(edits, c.InsertAt(stop, "\n"+tail))
	}
	return append(edits, Edit{Loc{c.File, ir.Span{Start: stop, End: c.Tokens[semicolon].Span.End}}, tail})
}

// unit is one step of indentation, as the indentation of a line shows.
func (c *Code) unit(indent string) string {
	switch {
	case strings.HasSuffix(indent, "\t"):
		return "\t"
	case len(indent)%4 != 0 && len(indent)%2 == 0:
		return "  "
	}
	return "    "
}
