package normalize

import (
	"sort"

	"github.com/pinvet/pinvet/analyzers/source"
)

// Output is a file made ready for the parser, once for each view.
type Output struct {
	Views    []View
	Arms     []Arm // of all conditional chains, in the order of their text
	Defines  []Define
	Includes []Include

	// CPlusPlus: a file taken for C is C++ (a header); its trees are of little use.
	CPlusPlus bool
}

// View is the text with one choice of conditional arms.
type View struct {
	Text     []byte // as long as the file; every line end is at its place
	Marks    []Mark // by Start
	Rewrites []Rewrite
	Problems []Problem

	// Of a C# view that need not be parsed as a whole.
	Kept   [][2]int // what is left to be parsed: first bytes, and those after the last; nil if that is all
	Bodies []Body   // blocks that are left out
	Names  []byte   // the words in them, once each, a 0 behind each
}

// Problem is a region that was blanked because it cannot be parsed safely.
type Problem struct {
	Start, End int
	Reason     string
}

// Mark is a token that was blanked but says something: an annotation, a
// calling convention. Its text, with arguments, is the file's text there.
type Mark struct {
	Start, End int
	Class      Class
}

// Class says what kind of token a Mark is.
type Class uint8

// The classes of marks.
const (
	Annotation Class = iota // SAL and its forerunners: _In_, _Out_writes_(n), IN, OUT
	Convention              // WINAPI, CALLBACK, NTAPI
	Linkage                 // dllexport, EXTERN_C, __declspec(...), unknown export macros
	Attribute               // __attribute__((...)), inline and warning control macros
)

// Rewrite is a place where the parsed text differs from the file's text in more
// than blanks.
type Rewrite struct {
	Start, End int // the bytes that were changed lie in here
	Kind       RewriteKind
}

// RewriteKind says what a rewrite did; see the package comment.
type RewriteKind uint8

// The kinds of rewrites.
const (
	DerefValue       RewriteKind = iota // C#: unary * reads ~
	DerefStore                          // C#: *e = v reads [e] = v
	LostCast                            // C#: *(T*)p = v reads *p = v; the span is the cast's
	LostStep                            // C#: *p++ = v reads *p = v; the span is the operator's
	NullAssign                          // C#: x?.y = v reads x!.y = v
	ExtensionBlock                      // C#: extension(T x) {...} reads struct E (T x) {...}
	LambdaModifier                      // C#: (ref x) => reads (x) =>
	RefStruct                           // C#: allows ref struct reads struct, or nothing
	CompoundOperator                    // C#: operator += reads operator +
	SlicePattern                        // C#: .. var x reads var x
	OtherRewrite                        // no change in meaning
	MacroCall                           // C: a macro call that is no declaration or statement was blanked
	MacroSemicolon                      // C: a semicolon was put after a macro call
	TypeArgument                        // C: a type among a macro's arguments reads as a name
	BraceArgument                       // C: {a, b} among a macro's arguments reads (a, b), or 0
	MacroLoop                           // C: FOREACH(x) {...} reads while (x) {...}
	SEH                                 // C: try/except/finally read __try/__except/__finally
	SEHBlanked                          // C: the same, without room for it: only the blocks are left
)

// Define is one #define or #undef.
type Define struct {
	Name     string
	Params   []string // of a function-like macro
	Function bool
	Undef    bool
	Variadic bool
	Body     string // comments and line joins removed
	Start    int    // of the line's '#'
	End      int    // before the line end
	NameAt   int
	Views    uint8 // bit v: it is part of view v
}

// Include is one #include.
type Include struct {
	Path   string // as written, between the quotes or brackets
	System bool   // in brackets
	Start  int
	End    int
	Views  uint8
}

// Normalize prepares a file. The text is not changed.
func Normalize(lang source.Lang, text []byte) *Output { return normalized(lang, text, false) }

// Outline is Normalize, and says which bodies can be left out (View.Bodies, Names, Kept).
func Outline(lang source.Lang, text []byte) *Output { return normalized(lang, text, true) }

func normalized(lang source.Lang, text []byte, outline bool) *Output {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	toks, dirs := s.lex(text, lang)
	out := &Output{Arms: arms(text, dirs)}
	views := choose(text, lang, toks, out.Arms, dirs)
	out.record(text, lang, dirs, views)
	open := openComment(text, toks, dirs)
	for v := range views {
		e := s.editor(text, toks, dirs, out.Arms, v)
		e.guardComment(open)
		if len(out.Arms) > maxArms {
			e.out.Problems = append(e.out.Problems, Problem{out.Arms[maxArms].Start, out.Arms[maxArms].Start, "more arms of #if than are read in more than one way"})
		}
		if lang == source.C && v == 0 {
			out.CPlusPlus = e.looksCPlusPlus()
		}
		e.rewrite(lang)
		if outline && lang == source.CSharp {
			e.outline(v, out.Arms)
		}
		out.Views = append(out.Views, e.view())
	}
	return out
}

// Fragment prepares a piece of text that holds no directives, such as the body of a macro.
func Fragment(lang source.Lang, text []byte) View {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	toks, _ := s.lex(text, lang)
	e := s.editor(text, toks, nil, nil, 0)
	e.rewrite(lang)
	return e.view()
}

func (e *editor) rewrite(lang source.Lang) {
	e.guard()
	switch lang {
	case source.C:
		e.rewriteC()
	case source.CSharp:
		e.rewriteCSharp()
	}
}

// editor changes the text of one view.
type editor struct {
	src   []byte // the file
	buf   []byte // what the parser will see
	lists *scratch
	toks  []tok // of buf
	pair  []int32
	out   View

	dirty     bool // guard blanked something
	unaryStar int  // C#: the last token that is a unary star

	// C: of each token.
	scope       []scope
	depth       []int32
	rewritten   map[int]bool // names of macros that were made heads of loops
	handlersFit map[int]bool // heads of exception handling that have room for their underscores
	ended       map[int]bool // tokens that end a statement without a semicolon
}

// editor is one for view v, of which s holds the lists until the next one.
func (s *scratch) editor(src []byte, toks []tok, dirs []directive, list []Arm, v int) *editor {
	e := &editor{src: src, buf: append([]byte(nil), src...), lists: s, unaryStar: -1}
	for _, d := range dirs {
		e.wipe(d.start, d.end)
	}
	dead := deadRegions(list, v)
	for _, r := range dead {
		e.wipe(r[0], r[1])
	}
	e.toks = room(&s.toks, len(toks))[:0]
	for _, t := range toks {
		for len(dead) > 0 && int(t.start) >= dead[0][1] {
			dead = dead[1:]
		}
		if len(dead) == 0 || int(t.start) < dead[0][0] {
			e.toks = append(e.toks, t)
		}
	}
	e.match()
	return e
}

// deadRegions are the outermost arms that view v does not take, in order.
func deadRegions(list []Arm, v int) [][2]int {
	var out [][2]int
	end := 0
	for i := range list {
		a := &list[i]
		if a.Taken>>v&1 == 0 && a.Start >= end && a.End > a.Start {
			out = append(out, [2]int{a.Start, a.End})
			end = a.End
		}
	}
	return out
}

// wipe blanks bytes but for line ends and tabs.
func (e *editor) wipe(start, end int) {
	b := e.buf[start:min(end, len(e.buf))]
	for i, c := range b {
		if c != '\n' && c != '\r' && c != '\t' {
			b[i] = ' '
		}
	}
}

// match fills pair: the index of each bracket's partner, or -1. A closing
// bracket that fits no open one is left alone; a brace closes what is open
// within it.
func (e *editor) match() {
	e.pair = room(&e.lists.pair, len(e.toks))
	var open []int32
	for i := range e.toks {
		e.pair[i] = -1
		if e.toks[i].kind != tPunct {
			continue
		}
		switch c := e.src[e.toks[i].start]; c {
		case '(', '[', '{':
			open = append(open, int32(i))
		case ')', ']', '}':
			open = e.closeBracket(open, int32(i), c)
		}
	}
}

func (e *editor) closeBracket(open []int32, i int32, c byte) []int32 {
	for n := len(open) - 1; n >= 0; n-- {
		o := e.src[e.toks[open[n]].start]
		if o == '(' && c == ')' || o == '[' && c == ']' || o == '{' && c == '}' {
			e.pair[i], e.pair[open[n]] = open[n], i
			return open[:n]
		}
		if o == '{' || c != '}' {
			return open
		}
	}
	return open
}

// text is a token's text; the empty string beyond the ends.
func (e *editor) text(i int) string {
	if i < 0 || i >= len(e.toks) {
		return ""
	}
	return string(e.src[e.toks[i].start:e.toks[i].end])
}

// is reports whether token i reads s.
func (e *editor) is(i int, s string) bool {
	if i < 0 || i >= len(e.toks) {
		return false
	}
	t := e.toks[i]
	return int(t.end-t.start) == len(s) && string(e.src[t.start:t.end]) == s
}

func (e *editor) kind(i int) tokKind {
	if i < 0 || i >= len(e.toks) {
		return tPunct
	}
	return e.toks[i].kind
}

func (e *editor) isIdent(i int) bool { return i >= 0 && i < len(e.toks) && e.toks[i].kind == tIdent }

// blank removes the tokens i..j from the parser's sight, comments between them too.
func (e *editor) blank(i, j int) {
	e.wipe(int(e.toks[i].start), int(e.toks[j].end))
}

// put overwrites bytes from offset at with s.
func (e *editor) put(at int, s string) { copy(e.buf[at:], s) }

func (e *editor) rewrote(start, end int, kind RewriteKind) {
	e.out.Rewrites = append(e.out.Rewrites, Rewrite{start, end, kind})
}

// room is the number of blanks that can be written over directly before offset at.
func (e *editor) room(at int) int {
	n := 0
	for at-n > 0 && (e.buf[at-n-1] == ' ' || e.buf[at-n-1] == '\t') {
		n++
	}
	return n
}

// compact drops the tokens that were wiped.
func (e *editor) compact() {
	kept := e.toks[:0]
	for _, t := range e.toks {
		if e.buf[t.start] != ' ' {
			kept = append(kept, t)
		}
	}
	if len(kept) == len(e.toks) {
		return
	}
	e.toks = kept
	e.match()
}

func (e *editor) view() View {
	e.out.Text = e.buf
	sort.SliceStable(e.out.Marks, func(i, j int) bool { return e.out.Marks[i].Start < e.out.Marks[j].Start })
	sort.SliceStable(e.out.Rewrites, func(i, j int) bool { return e.out.Rewrites[i].Start < e.out.Rewrites[j].Start })
	return e.out
}
