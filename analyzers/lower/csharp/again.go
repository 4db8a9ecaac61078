package csharp

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// Last is how a file was lowered before an edit.
type Last struct {
	Tree     *syntax.Tree // its only view
	File     *ir.File     // what it was lowered to
	Problems int          // how many of File.Problems are the parser's
}

// Again is like Lower. If the edit lies in the body of one method, the other methods are not lowered
// again: they get the bodies that they have in the last file, whose places are still the old ones
// ([ir.Func.Shares]).
func Again(f *source.File, res *syntax.Result, last *Last) *ir.File {
	u := newUnit(f)
	if last != nil && len(res.Views) == 1 && len(res.Arms) == 0 && len(last.File.Arms) == 0 {
		if move, body := insideBody(last.Tree, res.Views[0]); body != syntax.None {
			u.again = &again{last: last, move: move, body: body}
		}
	}
	return u.lower(res)
}

// again is what is known of a file that is lowered once more.
type again struct {
	last *Last
	move ir.Move
	body syntax.NodeID // the body in which the edit lies, in both trees
}

// insideBody finds the edit between two texts, and the body of a method that encloses it in both trees,
// which are the same outside of that. None: there is no such body.
func insideBody(old, now *syntax.Tree) (ir.Move, syntax.NodeID) {
	if old.Root() == syntax.None || now.Root() == syntax.None {
		return ir.Move{}, syntax.None
	}
	move, norm := ir.MoveOf(old.Src, now.Src), ir.MoveOf(old.Norm, now.Norm)
	move.Start = min(move.Start, norm.Start)
	tail := max(move.OldEnd, norm.OldEnd) - move.OldEnd
	move.OldEnd, move.NewEnd = move.OldEnd+tail, move.NewEnd+tail
	body := bodyAround(old, ir.Span{Start: move.Start, End: move.OldEnd})
	if body == syntax.None || int(body) >= len(now.Nodes) || bodyAround(now, ir.Span{Start: move.Start, End: move.NewEnd}) != body ||
		!sameOutside(old, now, body, move.Delta()) || !sameRewrites(old, now, body, move) {
		return move, syntax.None
	}
	return move, body
}

// bodyAround is the block of the outermost method with s between its braces.
func bodyAround(t *syntax.Tree, s ir.Span) syntax.NodeID {
	for n := t.Root(); n != syntax.None; {
		if method(t.Kind(n)) {
			b := t.Child(n, syntax.FieldCsBody)
			if t.Is(b, syntax.CsBlock) && t.Nodes[b].Start < s.Start && s.End < t.Nodes[b].End {
				return b
			}
		}
		c := t.FirstChild(n)
		for c != syntax.None && t.Nodes[c].End < s.End {
			c = t.NextSibling(c)
		}
		if c != syntax.None && t.Nodes[c].Start > s.Start {
			c = syntax.None
		}
		n = c
	}
	return syntax.None
}

func method(k syntax.Kind) bool {
	switch k {
	case syntax.CsMethodDeclaration, syntax.CsConstructorDeclaration, syntax.CsDestructorDeclaration, syntax.CsOperatorDeclaration, syntax.CsConversionOperatorDeclaration:
		return true
	}
	return false
}

// sameOutside tells whether two trees are the same outside of a body, but for what an edit in there
// moves.
func sameOutside(old, now *syntax.Tree, body syntax.NodeID, delta uint32) bool {
	a, b := old.Nodes, now.Nodes
	more := int32(len(b) - len(a))
	around := make(map[syntax.NodeID]bool)
	for n := body; n != syntax.None; n = old.Parent(n) {
		around[n] = true
	}
	for i := syntax.NodeID(0); i <= body; i++ {
		x := a[i]
		if around[i] {
			x.End, x.Next = x.End+delta, x.Next+more
		}
		if x != b[i] {
			return false
		}
	}
	behind := a[body].Next
	if b[body].Next != behind+more {
		return false
	}
	for i := behind; int(i) < len(a); i++ {
		x := a[i]
		x.Start, x.End, x.Next = x.Start+delta, x.End+delta, x.Next+more
		if x.Parent > int32(body) {
			x.Parent += more
		}
		if x != b[i+more] {
			return false
		}
	}
	return true
}

// sameRewrites tells whether the same was rewritten for the parser's sake outside of a body.
func sameRewrites(old, now *syntax.Tree, body syntax.NodeID, move ir.Move) bool {
	outside := func(t *syntax.Tree, delta uint32) (out []syntax.Rewrite) {
		n := &t.Nodes[body]
		for _, r := range t.Rewrites {
			switch {
			case uint32(r.End) <= n.Start:
				out = append(out, r)
			case uint32(r.Start) >= n.End:
				r.Start, r.End = r.Start+int(int32(delta)), r.End+int(int32(delta))
				out = append(out, r)
			}
		}
		return out
	}
	return slices.Equal(outside(old, move.Delta()), outside(now, 0))
}

// reuse gives the method that f heads, whose body the edit left alone, the body that it had, and the
// functions in it; false if it is to be lowered.
func (u *unit) reuse(f *ir.Func, body syntax.NodeID) bool {
	a := u.again
	if a == nil || a.body == body {
		return false
	}
	first, old := len(u.out.Funcs), a.last.File.Funcs
	if first >= len(old) {
		return false
	}
	o := old[first]
	if o.Parent >= 0 || o.Name != f.Name || o.Owner != f.Owner || o.Kind != f.Kind || a.move.Touches(o.Span) || a.move.Span(o.Span) != f.Span || len(o.Blocks()) == 0 {
		return false
	}
	if slices.ContainsFunc(a.last.File.Problems[a.last.Problems:], func(p ir.Problem) bool { return o.Span.Contains(p.Span) }) {
		return false
	}
	end := first + 1
	for ; end < len(old) && old[end].Parent >= first; end++ {
		if len(old[end].Attrs) > 0 || len(old[end].Blocks()) == 0 {
			return false
		}
	}
	for _, o := range old[first:end] {
		g := *o
		g.File, g.Span, g.NameSpan = u.out, a.move.Span(o.Span), a.move.Span(o.NameSpan)
		u.out.Funcs = append(u.out.Funcs, &g)
	}
	u.out.Funcs[first].Attrs, u.out.Funcs[first].NameSpan = f.Attrs, f.NameSpan
	return true
}
