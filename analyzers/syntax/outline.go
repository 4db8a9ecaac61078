package syntax

import (
	"context"
	"sync"
	"weak"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// Most of a C# text are bodies of methods and comments, and few of the bodies are looked at: they are parsed when they are. Most of
// a further view of a C file reads as the first one does, and nobody looks at that again.

// Body is a block that was left out of a tree.
type Body = normalize.Body

// Outline is like Parse, but trees lack what is not asked of them: comments, the statements of the blocks that are
// their Bodies, arguments of SuppressMessage attributes that are not about pinvet, and in views but the first members that read as they do there. The tree of a view that has
// errors, or in which something else was taken for a body, is that of Parse. Of C, views but the first lack what reads as in that.
func Outline(ctx context.Context, f *source.File) *Result {
	s := similar{g: grammarOf(f.Lang), reuse: true}
	defer s.close()
	out := normalize.Outline(f.Lang, f.Text())
	var first []Node
	r := parseBy(ctx, f, out, func(v int, text []byte, last bool) ([]Node, error) {
		view := &out.Views[v]
		if f.Lang == source.C && v > 0 {
			view.Kept = differing(first, out.Views[0].Text, text)
		}
		if view.Kept != nil {
			short, at := shortened(view)
			if nodes, _, err := s.measure(short, last); err == nil && lengthen(nodes, at, view) && (f.Lang != source.C || apart(nodes, view.Kept)) {
				return nodes, nil
			}
			view.Kept, view.Bodies, view.Names = nil, nil, nil
		}
		nodes, _, err := s.measure(text, last)
		if v == 0 {
			first = nodes
		}
		return nodes, err
	})
	for v, t := range r.Views {
		t.Bodies, t.Names = out.Views[v].Bodies, out.Views[v].Names
		if f.Lang == source.C {
			t.pieces = out.Views[v].Kept
		}
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

// Rest is what was left out of the trees of a file.
type Rest struct {
	f     *source.File
	mu    sync.Mutex
	views weak.Pointer[normalize.Output] // while somebody uses it: bodies of one file are asked for one after the other
}

// NewRest is that of f.
func NewRest(f *source.File) *Rest { return &Rest{f: f} }

func (r *Rest) output() *normalize.Output {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.views.Value()
	if out == nil {
		out = normalize.Normalize(r.f.Lang, r.f.Text())
		r.views = weak.Make(out)
	}
	return out
}

// Body is the tree of a block of one view, as Body tells of it: its root is around the block. It is nil where there are errors
// in it. The second result gives back the memory of the tree.
func (r *Rest) Body(view, start, end int, plain bool) (*Tree, func()) {
	t := &Tree{Lang: r.f.Lang, Src: r.f.Text()}
	if start < 0 || end > len(t.Src) || start >= end {
		return nil, nil
	}
	if t.Norm = t.Src; !plain {
		out := r.output()
		if view >= len(out.Views) {
			return nil, nil
		}
		v := &out.Views[view]
		t.Norm, t.Marks, t.Rewrites = v.Text, v.Marks, v.Rewrites
	}
	s := similar{g: grammarOf(t.Lang), reuse: true}
	defer s.close()
	nodes, _, err := s.measure(t.Norm[start:end], true)
	if err != nil || len(nodes) == 0 || nodes[0].errorBelow != 0 {
		return nil, nil
	}
	for i := range nodes {
		if nodes[i].Flags&cut != 0 {
			return nil, nil
		}
		nodes[i].Start += uint32(start)
		nodes[i].End += uint32(start)
	}
	t.Nodes = nodes
	t.repair()
	return t, t.free
}
