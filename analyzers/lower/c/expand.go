package clower

import (
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// Bounds on the expansion of macros in one file: how many, how deep within each other, how long.
const (
	maxExpansions    = 5000
	maxNesting       = 12
	maxExpandedLen   = 1 << 16
	maxExpandedBytes = 4 << 20
)

// expansion is the text of a macro's use after replacement, parsed.
type expansion struct {
	tree *syntax.Tree
	in   nodeID // the block that holds it
	name string
	site ir.Span
}

// expand parses text, which replaces a use of the macro name at site. It gives nil when the text
// does not parse or there was too much already.
func (l *lowerer) expand(name, text string, site ir.Span) *expansion {
	switch {
	case l.budget <= 0, l.bytesLeft < len(text):
		l.tooMuch(site, "more macros than are expanded; from here on they are calls of unknown functions")
		return nil
	case len(l.expanding) >= maxNesting, len(text) > maxExpandedLen:
		l.tooMuch(site, "a macro that grows larger than is followed")
		return nil
	}
	for _, x := range l.expanding {
		if x == name && name != "" {
			return nil
		}
	}
	l.budget--
	l.bytesLeft -= len(text)
	t := l.parsed[text]
	if t == nil {
		t = syntax.Fragment(source.C, []byte("void m(void) {"+text+";}"))
		l.parsed[text] = t
	}
	def := t.FirstChild(t.Root())
	if def == none || !t.Is(def, syntax.CFunctionDefinition) || t.HasError(def) || t.NextSibling(def) != none {
		return nil
	}
	in := t.Child(def, syntax.FieldCBody)
	if in == none {
		return nil
	}
	return &expansion{t, in, name, site}
}

// within lowers by f something of the expansion: its expression, or its block if it is none.
func (b *body) within(e *expansion, f func(nodeID)) {
	tree, useSpan, useSite := b.t, b.useSpan, b.useSite
	b.t, b.useSpan, b.useSite = e.tree, true, e.site
	b.expanding = append(b.expanding, e.name)
	x := soleExpr(e.tree, e.in)
	if x == none {
		x = e.in
	}
	f(x)
	b.expanding = b.expanding[:len(b.expanding)-1]
	b.t, b.useSpan, b.useSite = tree, useSpan, useSite
}

// inline lowers the expansion as statements in the present scope.
func (b *body) inline(e *expansion) {
	b.within(e, func(x nodeID) {
		if x != e.in {
			b.effect(x)
			return
		}
		b.findLabels(x)
		b.openList(x)
		b.list(x)
		b.closeList()
	})
}

// macroOf is the function-like macro of this file that a callee names, or nil.
func (b *body) macroOf(callee nodeID) *macro {
	if len(b.macros) == 0 || !b.is(callee, syntax.CIdentifier) {
		return nil
	}
	name := b.name(callee)
	m := b.macroNamed(name, true)
	if m == nil || b.localVar(name) != ir.NoVar {
		return nil
	}
	return m
}

// expandCall expands the call n of m.
func (b *body) expandCall(m *macro, n nodeID) (*expansion, bool) {
	e := b.expandWith(m, n, "")
	return e, e != nil && soleExpr(e.tree, e.in) != none
}

// expandWith expands the call n of m with text put behind it.
func (b *body) expandWith(m *macro, n nodeID, behind string) *expansion {
	text, ok := m.substitute(b.argTexts(n))
	if !ok {
		return nil
	}
	e := b.expand(m.name, text+behind, b.span(n))
	if e != nil {
		b.f.Problems -= b.countErrors(n) // arguments that are no expressions: understood now
	}
	return e
}

// expandName expands the object-like macro m where n names it, if that is an expression.
func (b *body) expandName(m *macro, n nodeID) (*expansion, bool) {
	e := b.expand(m.name, m.body, b.span(n))
	return e, e != nil && soleExpr(e.tree, e.in) != none
}

// packed are the arguments that one written argument stands for when it is a macro of several: #define SHARED FILE_SHARE_READ, NULL.
// It gives nil for any other.
func (b *body) packed(n nodeID) (out []*expansion) {
	var m *macro
	var text string
	switch {
	case b.is(n, syntax.CIdentifier) && b.lookup(b.name(n)) < 0:
		if m = b.objectMacro(b.name(n)); m != nil {
			text = m.body
		}
	case b.is(n, syntax.CCallExpression):
		if m = b.macroOf(b.child(n, syntax.FieldCFunction)); m != nil && strings.Contains(m.body, ",") {
			text, _ = m.substitute(b.argTexts(n))
		}
	}
	if !strings.Contains(text, ",") {
		return nil
	}
	parts := splitArgs(text)
	if len(parts) < 2 {
		return nil
	}
	for _, part := range parts {
		e := b.expand(m.name, part, b.span(n))
		if e == nil || soleExpr(e.tree, e.in) == none {
			return nil
		}
		out = append(out, e)
	}
	return out
}

// argTexts are the texts of a call's arguments, split as the preprocessor does.
func (b *body) argTexts(n nodeID) []string {
	list := b.child(n, syntax.FieldCArguments)
	if list == none {
		return nil
	}
	// The file's own text: the normaliser blanks arguments that are no expressions. But lines of the
	// preprocessor are in it too.
	node := &b.t.Nodes[list]
	text := string(b.t.Src[node.Start:node.End])
	if strings.Contains(text, "\n") && strings.Contains(text, "#") {
		text = string(b.t.Norm[node.Start:node.End])
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "("), ")")
	return splitArgs(text)
}

// splitArgs splits at the commas that no bracket encloses.
func splitArgs(text string) []string {
	toks := tokens(text)
	if len(toks) == 0 {
		return nil
	}
	var out []string
	depth, from := 0, 0
	for i, t := range toks {
		if t.kind != tokPunct {
			continue
		}
		switch t.text {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case ",":
			if depth == 0 {
				out = append(out, joinTokens(toks[from:i]))
				from = i + 1
			}
		}
	}
	return append(out, joinTokens(toks[from:]))
}

func joinTokens(toks []token) string {
	var sb strings.Builder
	for i, t := range toks {
		if t.space && i > 0 {
			sb.WriteByte(' ')
		}
		sb.WriteString(t.text)
	}
	return sb.String()
}

// substitute replaces the parameters in the body by args.
func (m *macro) substitute(args []string) (string, bool) {
	m.analyse()
	if len(m.params) == 1 && len(args) == 0 {
		args = []string{""}
	}
	if len(args) < len(m.params) || len(args) > len(m.params) && !m.variadic {
		return "", false
	}
	rest := strings.Join(args[len(m.params):], ", ")
	arg := func(name string) (string, bool) {
		for i, p := range m.params {
			if p == name {
				return args[i], true
			}
		}
		if m.variadic && name == restName {
			return rest, true
		}
		return "", false
	}
	var sb strings.Builder
	for i := 0; i < len(m.toks); i++ {
		t := m.toks[i]
		if t.text == "##" && t.kind == tokPunct {
			trimSpace(&sb)
			if i+1 < len(m.toks) {
				m.toks[i+1].space = false
			}
			continue
		}
		if t.space {
			sb.WriteByte(' ')
		}
		if t.text == "#" && i+1 < len(m.toks) {
			if a, ok := arg(m.toks[i+1].text); ok {
				sb.WriteString(strconv.Quote(a))
				i++
				continue
			}
		}
		if t.kind == tokIdent {
			if a, ok := arg(t.text); ok {
				sb.WriteString(a)
				continue
			}
		}
		sb.WriteString(t.text)
		if sb.Len() > maxExpandedLen {
			return "", false
		}
	}
	return sb.String(), true
}

// trimSpace drops white space at the end, for ##.
func trimSpace(sb *strings.Builder) {
	s := sb.String()
	if t := strings.TrimRight(s, " "); len(t) < len(s) {
		sb.Reset()
		sb.WriteString(t)
	}
}

// marker stands in an expanded text for a statement of the text around it.
type marker struct {
	name    string
	tree    *syntax.Tree
	node    nodeID
	useSpan bool
	useSite ir.Span
	opened  int // len(expanding) outside
}

// expandAround expands the call n of m, a macro without a semicolon, together with the statement
// that follows it: the body of a macro loop, or just the next statement.
func (b *body) expandAround(m *macro, n, follow nodeID) bool {
	return b.expandFollowed(m, b.argTexts(n), follow, b.span(n))
}

func (b *body) expandFollowed(m *macro, args []string, follow nodeID, site ir.Span) bool {
	text, ok := m.substitute(args)
	if !ok {
		return false
	}
	mk := &marker{"__statement_" + strconv.Itoa(len(b.markers)) + "__", b.t, follow, b.useSpan, b.useSite, len(b.expanding)}
	e := b.expand(m.name, text+" "+mk.name, site)
	if e == nil {
		return false
	}
	b.markers = append(b.markers, mk)
	b.inline(e)
	b.markers = b.markers[:len(b.markers)-1]
	return true
}

// markerStmt lowers the statement that a marker stands for.
func (b *body) markerStmt(name string) bool {
	for i := len(b.markers) - 1; i >= 0; i-- {
		mk := b.markers[i]
		if mk.name != name {
			continue
		}
		tree, useSpan, useSite, expanding := b.t, b.useSpan, b.useSite, b.expanding
		b.t, b.useSpan, b.useSite, b.expanding = mk.tree, mk.useSpan, mk.useSite, b.expanding[:mk.opened:mk.opened]
		b.stmt(mk.node)
		b.t, b.useSpan, b.useSite, b.expanding = tree, useSpan, useSite, expanding
		return true
	}
	return false
}
