package clower

import (
	"sort"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// What the normaliser blanked out before parsing comes back here: annotations, conventions,
// export macros, and calls of macros that are no C on their own.

// marks are the blanked tokens that begin in [start, end).
func (l *lowerer) marks(start, end uint32) []syntax.Mark {
	all := l.t.Marks
	from := sort.Search(len(all), func(i int) bool { return all[i].Start >= int(start) })
	to := from
	for to < len(all) && all[to].Start < int(end) {
		to++
	}
	return all[from:to]
}

// rewrites are the rewritten places of that kind that begin in [start, end).
func (l *lowerer) rewrites(kind syntax.RewriteKind, start, end uint32) []syntax.Rewrite {
	all := l.t.Rewrites
	from := sort.Search(len(all), func(i int) bool { return all[i].Start >= int(start) })
	var out []syntax.Rewrite
	for ; from < len(all) && all[from].Start < int(end); from++ {
		if all[from].Kind == kind {
			out = append(out, all[from])
		}
	}
	return out
}

// before is where what precedes n ends: blanked tokens between there and n belong to n. In preorder
// the node in front of n is the last token of what precedes it, if that is in the tree.
func (l *lowerer) before(n nodeID) uint32 {
	return max(l.behind(n), l.t.LeftOut(l.t.Nodes[n].Start))
}

func (l *lowerer) behind(n nodeID) uint32 {
	i := n - 1
	for i > 0 && l.t.IsExtra(i) {
		i--
	}
	if i <= 0 {
		return 0
	}
	if i == l.t.Parent(n) {
		return l.t.Nodes[i].Start
	}
	return l.t.Nodes[i].End
}

// paramAttrs are the annotations of a parameter. They stand in front of it, seldom behind its name.
func (l *lowerer) paramAttrs(n nodeID) []ir.Attr {
	if len(l.t.Marks) == 0 {
		return nil
	}
	end := l.t.Nodes[n].End
	if next := l.t.NextSibling(n); next != none {
		end = l.t.Nodes[next].Start
	}
	var out []ir.Attr
	for _, m := range l.marks(l.before(n), end) {
		if m.Class == normalize.Annotation {
			out = append(out, l.attr(m))
		}
	}
	return out
}

// attr makes an attribute of a mark: _Out_writes_(n) has the argument "n".
func (l *lowerer) attr(m syntax.Mark) ir.Attr {
	text := string(l.t.Src[m.Start:m.End])
	a := ir.Attr{Name: text, Span: ir.Span{Start: uint32(m.Start), End: uint32(m.End)}}
	if l.useSpan {
		a.Span = l.useSite
	}
	if i := strings.IndexByte(text, '('); i > 0 && strings.HasSuffix(text, ")") {
		a.Name = strings.TrimSpace(text[:i])
		for _, arg := range splitArgs(text[i+1 : len(text)-1]) {
			a.Args = append(a.Args, ir.AttrArg{Text: arg})
		}
	}
	return a
}

// head is the part of a declaration or definition in which blanked tokens are about what it declares:
// from what precedes it to the parameters.
func (l *lowerer) head(n nodeID, d declared) []syntax.Mark {
	if len(l.t.Marks) == 0 {
		return nil
	}
	end := l.t.Nodes[n].End
	if d.fn != none {
		end = l.t.Nodes[d.fn].End
		if p := l.child(d.fn, syntax.FieldCParameters); p != none {
			end = l.t.Nodes[p].Start
		}
	}
	return l.marks(l.before(n), end)
}

// tokenFlags are the flags that blanked tokens of the declaration n give; those of a definition end
// where its body starts.
func (l *lowerer) tokenFlags(n nodeID) ir.Flags {
	if len(l.t.Marks) == 0 {
		return 0
	}
	end := l.t.Nodes[n].End
	if in := l.child(n, syntax.FieldCBody); in != none {
		end = l.t.Nodes[in].Start
	}
	var fl ir.Flags
	for _, m := range l.marks(l.before(n), end) {
		text := strings.ToLower(string(l.t.Src[m.Start:m.End]))
		switch {
		case strings.Contains(text, "noreturn"):
			fl |= ir.NoReturn
		case m.Class == normalize.Linkage && (strings.Contains(text, "dllexport") || strings.Contains(text, "export")):
			fl |= ir.Exported
		case m.Class == normalize.Linkage && strings.Contains(text, "thread)"):
			fl |= ir.Static
		}
	}
	return fl
}

// tokenConv is the calling convention among the blanked tokens in the head of n.
func (l *lowerer) tokenConv(n nodeID, d declared) string {
	for _, m := range l.head(n, d) {
		if m.Class == normalize.Convention {
			return l.intern(l.t.Src[m.Start:m.End])
		}
	}
	return ""
}

// headWords are the macros in the head of n that may hide a calling convention: those that were
// blanked without being known.
func (l *lowerer) headWords(n nodeID, d declared) []string { return l.unknown(l.head(n, d)) }

// unknown are the names of the macros that were blanked without being known.
func (l *lowerer) unknown(marks []syntax.Mark) []string {
	var out []string
	for _, m := range marks {
		if m.Class != normalize.Linkage {
			continue
		}
		if w := macroName(l.t.Src[m.Start:m.End]); !normalize.Harmless(w) {
			out = append(out, l.intern([]byte(w)))
		}
	}
	return out
}

// macroName is what stands in front of the arguments.
func macroName(text []byte) string {
	name, _, _ := strings.Cut(string(text), "(")
	return strings.TrimSpace(name)
}

// tailWords are the macros behind the parameters of the function that n declares: void die(int) NORETURN;
func (l *lowerer) tailWords(n nodeID, d declared) []string {
	params := l.child(d.fn, syntax.FieldCParameters)
	if params == none {
		return nil
	}
	var out []string
	for c := l.t.NextSibling(params); c != none; c = l.t.NextSibling(c) {
		if k := l.kind(c); k == syntax.CIdentifier || k == syntax.CCallExpression {
			out = append(out, l.intern([]byte(macroName(l.bytes(c)))))
		}
	}
	end := l.t.Nodes[n].End
	if in := l.child(n, syntax.FieldCBody); in != none {
		end = l.t.Nodes[in].Start
	}
	return append(out, l.unknown(l.marks(l.t.Nodes[params].End, end))...)
}

// retAttrs are the annotations of a function itself: of its result and how it is to be called.
func (l *lowerer) retAttrs(n nodeID, d declared) []ir.Attr {
	var out []ir.Attr
	for _, m := range l.head(n, d) {
		if m.Class == normalize.Annotation {
			a := l.attr(m)
			a.Target = "return"
			out = append(out, a)
		}
	}
	return out
}
