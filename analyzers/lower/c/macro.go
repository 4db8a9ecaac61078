package clower

import (
	"math"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// macro is a #define of this file.
type macro struct {
	name     string
	params   []string
	function bool
	variadic bool
	body     string
	span     ir.Span
	views    uint8

	analysed bool
	toks     []token
	jumps    bool // return, goto, break, continue, case
	through  bool // it uses a macro that jumps; set once asked
	asked    bool
	textual  bool // only its text says what it does: see analyse
	constant bool // object-like: a constant expression
	free     []string
}

// collectMacros records the file's definitions by name.
func (l *lowerer) collectMacros() {
	for i := range l.res.Defines {
		d := &l.res.Defines[i]
		if d.Undef || d.Name == "" {
			continue
		}
		m := &macro{name: d.Name, params: d.Params, function: d.Function, variadic: d.Variadic, body: strings.TrimSpace(d.Body),
			span: ir.Span{Start: uint32(d.Start), End: uint32(d.End)}, views: d.Views}
		if n := len(m.params); m.variadic && n > 0 && m.params[n-1] == "..." {
			m.params = m.params[:n-1]
		}
		l.macros[d.Name] = append(l.macros[d.Name], m)
	}
}

// macroNamed is the definition of name in force in the item that is being lowered, or nil: one of the
// present view if there is, and of these the last one before the item's end.
func (l *lowerer) macroNamed(name string, function bool) *macro {
	var best *macro
	rank := -1
	for _, m := range l.macros[name] {
		if m.function != function {
			continue
		}
		r := int(m.views>>l.view&1) * 2
		if m.span.Start < l.itemEnd {
			r++
		}
		if r > rank || r == rank && r&1 == 1 {
			best, rank = m, r
		}
	}
	return best
}

// analyse finds out what kind of text the body is.
func (m *macro) analyse() {
	if m.analysed {
		return
	}
	m.analysed = true
	m.toks = tokens(m.body)
	depth := 0
	for i, t := range m.toks {
		prev, next := m.tok(i-1), m.tok(i+1)
		switch {
		case t.kind == tokPunct:
			switch t.text {
			case "#", "##":
				m.textual = true
			case "{", "(", "[":
				depth++
			case "}", ")", "]":
				depth--
			}
		case t.kind != tokIdent:
		case t.text == "return" || t.text == "goto" || t.text == "break" || t.text == "continue" || t.text == "case" || t.text == "default":
			m.jumps = true
		case t.text == restName || t.text == "__VA_OPT__":
		case m.isParam(t.text):
			m.paramUse(i, prev, next)
		case prev != "." && prev != "->" && next != ":" && !notNames[t.text]:
			m.free = append(m.free, t.text)
		}
	}
	if depth != 0 {
		m.textual = true
	}
	if n := len(m.toks); n > 0 {
		switch m.toks[0].text {
		case "for", "while", "switch", "else":
			m.textual = true // perhaps the head of a loop
		case "if":
			m.textual = true
		}
		if m.toks[n-1].text == "else" {
			m.textual = true
		}
	}
}

// joinsRest tells whether token i is the ## of ", ## __VA_ARGS__", which drops the comma where there are no more arguments.
func (m *macro) joinsRest(i int) bool {
	return m.tok(i) == "##" && m.tok(i-1) == "," && m.tok(i+1) == restName
}

func (m *macro) tok(i int) string {
	if i < 0 || i >= len(m.toks) {
		return ""
	}
	return m.toks[i].text
}

func (m *macro) isParam(s string) bool {
	for _, p := range m.params {
		if p == s {
			return true
		}
	}
	return false
}

// paramUse looks at one use of a parameter: as an lvalue, a type, a member's or function's name, it is text.
func (m *macro) paramUse(i int, prev, next string) {
	lo, hi := i, i
	for m.tok(lo-1) == "(" && m.tok(hi+1) == ")" {
		lo, hi = lo-1, hi+1
	}
	before, after := m.tok(lo-1), m.tok(hi+1)
	switch after {
	case "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "++", "--":
		m.textual = true
	}
	switch before {
	case "++", "--", ".", "->":
		m.textual = true
	case "&":
		if b := m.tok(lo - 2); b == "" || b == "(" || b == "," || b == "=" || b == "return" || b == ";" || b == "{" {
			m.textual = true
		}
	case "struct", "union", "enum", "sizeof":
		m.textual = true
	}
	switch {
	case next == "*" && (prev == "(" || prev == ";" || prev == "{" || prev == ""), next == "(" && prev != "(":
		m.textual = true // a type, or a function
	case lo < i && after != "" && (isIdent(after[0]) || after == "(" || after == "&" || after == "*"):
		m.textual = true // a cast, or a function
	case lo == i && next != "" && isIdent(next[0]):
		m.textual = true
	}
}

// mustExpand tells whether a use of the macro has to be replaced by its text.
func (b *body) mustExpand(m *macro) bool {
	m.analyse()
	if m.jumps || m.textual || b.jumpsThrough(m) {
		return true
	}
	for _, name := range m.free {
		if b.localVar(name) != ir.NoVar {
			return true
		}
	}
	return false
}

// jumpsThrough tells whether the macro uses one of the file that jumps: #define DONE() RETURN(0).
func (l *lowerer) jumpsThrough(m *macro) bool {
	if m.asked {
		return m.through
	}
	m.asked = true // one that uses itself does not jump by that
	for _, name := range m.free {
		for _, u := range l.macros[name] {
			if u.analyse(); u.jumps || l.jumpsThrough(u) {
				m.through = true
				return true
			}
		}
	}
	return false
}

// objectMacro is the object-like macro of that name when a use of it has to be replaced by its text:
// its body is no constant expression.
func (b *body) objectMacro(name string) *macro {
	if len(b.macros) == 0 {
		return nil
	}
	m := b.macroNamed(name, false)
	if m == nil {
		return nil
	}
	if !m.analysed {
		m.analyse()
		m.constant = len(m.toks) == 0 || b.constExpr(m.body) != nil
	}
	if !m.constant {
		return m
	}
	for _, f := range m.free {
		if b.localVar(f) != ir.NoVar {
			return m
		}
	}
	return nil
}

// macroDecls emits the constants and function-like macros of the file.
func (l *lowerer) macroDecls() {
	l.itemEnd = math.MaxUint32
	var lowered []*macro
	var decls []*ir.Macro
	for i := range l.res.Defines {
		d := &l.res.Defines[i]
		if d.Undef {
			continue
		}
		m := l.definition(d)
		if m == nil {
			continue
		}
		if !m.function && m.words() {
			l.out.Heads = append(l.out.Heads, &ir.Macro{Name: m.name, Body: m.body, Func: -1, Span: m.span})
		}
		if m.body == "" {
			continue
		}
		if m.function {
			out := &ir.Macro{Name: m.name, Params: m.params, Body: m.body, Func: -1, Span: m.span}
			l.out.Macros = append(l.out.Macros, out)
			m.analyse()
			out.Leaves, out.Guard = l.leaves(m, 0), m.guard()
			if len(m.toks) > 0 && !l.jumpsAway(m, 0) {
				lowered, decls = append(lowered, m), append(decls, out)
			}
			continue
		}
		if m.analyse(); l.leaves(m, 0) && !slices.ContainsFunc(m.toks, func(t token) bool { return t.text == "goto" }) {
			l.out.Exits = append(l.out.Exits, &ir.Macro{Name: m.name, Func: -1, Leaves: true, Span: m.span})
			continue
		}
		if e := l.constExpr(m.body); e != nil {
			l.out.Consts = append(l.out.Consts, &ir.Constant{Name: m.name, Value: e, Prev: -1, Span: m.span})
		}
	}
	l.macroFuncs(lowered, decls)
}

// words tells whether the body is made of words alone, some with arguments: __declspec(dllexport) X [[noreturn]].
func (m *macro) words() bool {
	m.analyse()
	depth := 0
	for i, t := range m.toks {
		switch {
		case t.text == "(" && (depth > 0 || m.tok(i-1) != ""), t.text == "[" && (depth > 0 || m.tok(i+1) == "["):
			depth++
		case (t.text == ")" || t.text == "]") && depth > 0:
			depth--
		case depth == 0 && t.kind != tokIdent && t.text != "*" && t.kind != tokString:
			return false
		}
	}
	return depth == 0
}

// jumpsAway tells whether the macro, or one that it uses, jumps out of its text: then it is no function.
func (l *lowerer) jumpsAway(m *macro, depth int) bool {
	m.analyse()
	if m.jumps || depth > 8 {
		return m.jumps
	}
	for _, name := range m.free {
		for _, u := range l.macros[name] {
			if u != m && l.jumpsAway(u, depth+1) {
				return true
			}
		}
	}
	return false
}

func (l *lowerer) definition(d *syntax.Define) *macro {
	for _, m := range l.macros[d.Name] {
		if m.span.Start == uint32(d.Start) {
			return m
		}
	}
	return nil
}

// macroFuncs lowers macros as functions. All bodies are parsed as one text; one that spoils what
// follows is tried on its own.
func (l *lowerer) macroFuncs(list []*macro, decls []*ir.Macro) {
	const head, tail = "void m(void) {", ";}\n"
	var text []byte
	starts := make([]int, len(list))
	bodies := make([]string, len(list))
	for i, m := range list {
		starts[i], bodies[i] = len(text), m.quoted()
		text = append(append(append(text, head...), bodies[i]...), tail...)
	}
	if len(list) == 0 {
		return
	}
	t := syntax.Fragment(source.C, text)
	at := t.FirstChild(t.Root())
	for i, m := range list {
		for at != none && int(t.Nodes[at].Start) < starts[i] {
			at = t.NextSibling(at)
		}
		end := starts[i] + len(head) + len(bodies[i]) + len(tail) - 1
		if at != none && int(t.Nodes[at].Start) == starts[i] && int(t.Nodes[at].End) == end && t.Is(at, syntax.CFunctionDefinition) {
			l.macroFunc(m, decls[i], t, at)
			continue
		}
		one := syntax.Fragment(source.C, []byte(head+bodies[i]+tail))
		if c := one.FirstChild(one.Root()); c != none && one.Is(c, syntax.CFunctionDefinition) && one.NextSibling(c) == none {
			l.macroFunc(m, decls[i], one, c)
		}
	}
}

// quoted is the body with a string for each "#param": what the text says matters to nobody.
func (m *macro) quoted() string {
	var out strings.Builder
	found := false
	for i := 0; i < len(m.toks); i++ {
		text := m.toks[i].text
		if text == "#" && m.isParam(m.tok(i+1)) {
			found, text = true, `""`
			i++
		}
		if m.joinsRest(i) {
			found, text = true, ""
		}
		out.WriteString(text + " ")
	}
	if !found {
		return m.body
	}
	return out.String()
}

// macroFunc lowers the function definition def as the body of m. A body that is one expression is
// what the function returns.
func (l *lowerer) macroFunc(m *macro, decl *ir.Macro, t *syntax.Tree, def nodeID) {
	in := t.Child(def, syntax.FieldCBody)
	if in == none || t.HasError(def) {
		return
	}
	saved := *l
	l.t, l.useSpan, l.useSite, l.view = t, true, m.span, 0
	if m.views != 0 && m.views&1 == 0 {
		l.view = 1
	}
	defer func() {
		l.t, l.useSpan, l.useSite, l.view = saved.t, saved.useSpan, saved.useSite, saved.view
	}()
	l.guard(none, func() {
		f := &ir.Func{Name: m.name, Flags: ir.Generated, File: l.out, Parent: -1, This: ir.NoVar, Span: m.span, NameSpan: m.span, View: l.view}
		if m.variadic {
			f.Flags |= ir.Params
		}
		b := newBody(l, f)
		for _, p := range m.params {
			b.addParam(ir.Param{Name: p}, none)
		}
		if m.variadic && m.handsOnRest() {
			b.addParam(ir.Param{Name: restName}, none) // the first of them: those behind it belong to no parameter here
		}
		l.expanding = append(l.expanding[:len(l.expanding):len(l.expanding)], m.name)
		if e := soleExpr(t, in); e != none {
			v, typ := b.value(e)
			f.Ret = typ
			b.b.Return(v, m.span)
			b.b.Finish(m.span)
			prune(f)
		} else {
			b.lower(in)
		}
		l.expanding = l.expanding[:len(l.expanding)-1]
		l.addFunc(f)
		decl.Func = f.Index
	})
}

// restName is what the body of a macro calls the arguments that belong to its "...".
const restName = "__VA_ARGS__"

// handsOnRest tells whether the body uses them.
func (m *macro) handsOnRest() bool {
	return slices.ContainsFunc(m.toks, func(t token) bool { return t.text == restName })
}

// soleExpr is the expression when the block in holds one expression statement and nothing else.
func soleExpr(t *syntax.Tree, in nodeID) nodeID {
	e := none
	for c := range t.NamedChildren(in) {
		if !t.Is(c, syntax.CExpressionStatement) {
			return none
		}
		x := none
		for y := range t.NamedChildren(c) {
			x = y
		}
		if x == none {
			continue // the semicolon put after the body
		}
		if e != none {
			return none
		}
		e = x
	}
	return e
}
