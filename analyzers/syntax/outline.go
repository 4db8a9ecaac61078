package syntax

import (
	"context"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// Most of a C# text are bodies of methods and comments, and few of the bodies are looked at: they are parsed when they are.

// Body is a block that was left out of a tree.
type Body = normalize.Body

// Outline is like Parse, but trees lack the comments, and what is in the blocks that are their Bodies. The tree of a view that has
// errors, or in which something else was taken for a body, is that of Parse.
func Outline(ctx context.Context, f *source.File) *Result {
	s := similar{g: grammars()[f.Lang], reuse: true}
	defer s.close()
	out := normalize.Outline(f.Lang, f.Text())
	r := parseBy(ctx, f, out, func(v int, text []byte, last bool) ([]Node, error) {
		view := &out.Views[v]
		if len(view.Bodies) > 0 {
			short, at := shortened(view)
			if nodes, _, err := s.measure(short, last); err == nil && lengthen(nodes, at, view) {
				return nodes, nil
			}
			view.Bodies, view.Names = nil, nil
		}
		nodes, _, err := s.measure(text, last)
		return nodes, err
	})
	for v, t := range r.Views {
		t.Bodies, t.Names = out.Views[v].Bodies, out.Views[v].Names
	}
	return r
}

// shortened is the text that is kept of a view, a line end between the pieces, and where in it each piece begins.
func shortened(view *normalize.View) (text []byte, at []int) {
	n := len(view.Kept)
	for _, k := range view.Kept {
		n += k[1] - k[0]
	}
	text, at = make([]byte, 0, n), make([]int, 0, len(view.Kept))
	for _, k := range view.Kept {
		at = append(at, len(text))
		text = append(append(text, view.Text[k[0]:k[1]]...), '\n')
	}
	return text, at
}

// lengthen gives nodes of the shortened text of a view their places in the whole one. It tells whether there are no errors, and
// whether all bodies are bodies.
func lengthen(nodes []Node, at []int, view *normalize.View) bool {
	if len(nodes) == 0 || nodes[0].errorBelow != 0 || nodes[0].Flags&Error != 0 {
		return false
	}
	bodies := view.Bodies
	piece := 0 // the last that begins at or before the start of the node, which comes after that of the last node
	for i := range nodes {
		n := &nodes[i]
		if n.Flags&cut != 0 {
			return false
		}
		for piece+1 < len(at) && at[piece+1] <= int(n.Start) {
			piece++
		}
		end := piece // that of its last byte
		for end+1 < len(at) && at[end+1] < int(n.End) {
			end++
		}
		n.Start += uint32(view.Kept[piece][0] - at[piece])
		n.End += uint32(view.Kept[end][0] - at[end])
		if n.Kind == CsBlock && len(bodies) > 0 && int(n.Start) == bodies[0].Start {
			if int(n.End) != bodies[0].End || n.Field != FieldCsBody || !hasBody[nodes[n.Parent].Kind] {
				return false
			}
			bodies = bodies[1:]
		}
	}
	return len(bodies) == 0
}

// hasBody are the declarations whose bodies can be left out.
var hasBody = map[Kind]bool{
	CsMethodDeclaration: true, CsConstructorDeclaration: true, CsDestructorDeclaration: true,
	CsOperatorDeclaration: true, CsConversionOperatorDeclaration: true, CsAccessorDeclaration: true,
}

// ParseBody is the tree of a block of one view of a file, as Body tells of it: its root is around the block. It is nil where there are errors
// in it. The second result gives back the memory of the tree.
func ParseBody(f *source.File, view, start, end int, plain bool) (*Tree, func()) {
	t := &Tree{Lang: f.Lang, Src: f.Text()}
	if start < 0 || end > len(t.Src) || start >= end {
		return nil, func() {}
	}
	if t.Norm = t.Src; !plain {
		views := normalize.Normalize(f.Lang, t.Src).Views
		if view >= len(views) {
			return nil, func() {}
		}
		t.Norm, t.Marks, t.Rewrites = views[view].Text, views[view].Marks, views[view].Rewrites
	}
	s := similar{g: grammars()[f.Lang], reuse: true}
	defer s.close()
	nodes, _, err := s.measure(t.Norm[start:end], true)
	if err != nil || len(nodes) == 0 || nodes[0].errorBelow != 0 {
		return nil, func() {}
	}
	for i := range nodes {
		nodes[i].Start += uint32(start)
		nodes[i].End += uint32(start)
	}
	t.Nodes = nodes
	t.repair()
	return t, t.free
}
