package clower

import (
	"bytes"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

func (l *lowerer) kind(n nodeID) syntax.Kind { return l.t.Kind(n) }

func (l *lowerer) is(n nodeID, k syntax.Kind) bool { return n >= 0 && l.t.Nodes[n].Kind == k }

func (l *lowerer) child(n nodeID, f syntax.Field) nodeID { return l.t.Child(n, f) }

// span is n's place in the file; within an expanded macro that of the macro's use.
func (l *lowerer) span(n nodeID) ir.Span {
	if l.useSpan {
		return l.useSite
	}
	if n < 0 {
		return ir.Span{}
	}
	return ir.Span{Start: l.t.Nodes[n].Start, End: l.t.Nodes[n].End}
}

// closing is the span of the brace that closes n.
func (l *lowerer) closing(n nodeID) ir.Span {
	s := l.span(n)
	if !l.useSpan && s.End > s.Start {
		s.Start = s.End - 1
	}
	return s
}

// bytes is n's text as it was parsed; it must not be kept.
func (l *lowerer) bytes(n nodeID) []byte {
	if n < 0 {
		return nil
	}
	return l.t.Norm[l.t.Nodes[n].Start:l.t.Nodes[n].End]
}

// name is n's text, the same string for the same text.
func (l *lowerer) name(n nodeID) string { return l.intern(l.bytes(n)) }

func (l *lowerer) intern(b []byte) string {
	if s, ok := l.names[string(b)]; ok {
		return s
	}
	s := string(b)
	l.names[s] = s
	return s
}

// op is the kind of the operator token of n.
func (l *lowerer) op(n nodeID) syntax.Kind {
	return l.kind(l.child(n, syntax.FieldCOperator))
}

// inner is the first child with a name that is no comment.
func (l *lowerer) inner(n nodeID) nodeID {
	for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
		if l.t.Nodes[c].Flags&(syntax.Named|syntax.Extra) == syntax.Named {
			return c
		}
	}
	return none
}

// unparen strips parentheses and __extension__.
func (l *lowerer) unparen(n nodeID) nodeID {
	for l.is(n, syntax.CParenthesizedExpression) || l.is(n, syntax.CExtensionExpression) {
		c := l.inner(n)
		if c == none || l.is(c, syntax.CCompoundStatement) {
			return n
		}
		n = c
	}
	return n
}

// hasToken tells whether n has a child token of kind k.
func (l *lowerer) hasToken(n nodeID, k syntax.Kind) bool { return l.t.ChildOfKind(n, k) != none }

// compact is text without white space, for sizes and conditions.
func compact(b []byte) []byte {
	if bytes.IndexAny(b, " \t\r\n\\") < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for _, c := range b {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\\' {
			out = append(out, c)
		}
	}
	return out
}

// countErrors is the number of outermost errors and made-up tokens, other than a semicolon, below n.
func (l *lowerer) countErrors(n nodeID) int {
	if !l.t.HasError(n) {
		return 0
	}
	count := 0
	for i := n; i < nodeID(l.t.Nodes[n].Next); {
		node := &l.t.Nodes[i]
		switch {
		case node.Flags&syntax.Error != 0:
			count++
			i = nodeID(node.Next)
		case !l.t.HasError(i):
			i = nodeID(node.Next)
		default:
			if node.Flags&syntax.Missing != 0 && node.Kind != syntax.CTokSemi {
				count++
			}
			i++
		}
	}
	return count
}
