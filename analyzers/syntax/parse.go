package syntax

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// The parts of a Result that describe preprocessing; see package normalize.
type (
	Arm         = normalize.Arm
	Define      = normalize.Define
	Include     = normalize.Include
	Mark        = normalize.Mark
	Rewrite     = normalize.Rewrite
	RewriteKind = normalize.RewriteKind
)

// Problem is a region that is not, or not fully, represented in a tree.
type Problem struct {
	Start, End int // byte offsets into the file's text
	View       int // index into Result.Views
	Reason     string
}

// Result is what is known about a file's syntax.
type Result struct {
	File     *source.File
	Views    []*Tree // at least one; the first is the one to read first
	Arms     []Arm   // of conditional compilation; Arm.Taken says in which views
	Defines  []Define
	Includes []Include
	Problems []Problem // by Start

	// CPlusPlus: a file taken for C is C++ (a header); its trees are of little use.
	CPlusPlus bool

	// Hasty: a view was cut off by the clock or by a lack of memory, not by its own cost or by ctx.
	Hasty bool
}

// Parse parses a file. It never fails: what could not be read is in Problems.
// A file of no language, or one whose parsing was cut off by ctx, has a view
// with an empty tree.
func Parse(ctx context.Context, f *source.File) *Result {
	s := similar{g: grammarOf(f.Lang), reuse: true}
	defer s.close()
	return parseBy(ctx, f, normalize.Normalize(f.Lang, f.Text()), func(_ int, text []byte, last bool) ([]Node, error) {
		nodes, _, err := s.measure(text, last)
		return nodes, err
	})
}

// parser is a way to get the nodes of the text of a view, of which the last is told.
type parser func(view int, text []byte, last bool) ([]Node, error)

// parseBy parses a file view by view.
func parseBy(ctx context.Context, f *source.File, out *normalize.Output, nodes parser) *Result {
	r := &Result{File: f, Arms: out.Arms, Defines: out.Defines, Includes: out.Includes, CPlusPlus: out.CPlusPlus}
	for v := range out.Views {
		r.Views = append(r.Views, r.parseView(ctx, &out.Views[v], v, func(text []byte) ([]Node, error) {
			return nodes(v, text, v == len(out.Views)-1)
		}))
	}
	slices.SortStableFunc(r.Problems, func(a, b Problem) int { return a.Start - b.Start })
	return r
}

func (r *Result) parseView(ctx context.Context, view *normalize.View, v int, nodes func(text []byte) ([]Node, error)) *Tree {
	t := &Tree{Lang: r.File.Lang, Src: r.File.Text(), Norm: view.Text, Marks: view.Marks, Rewrites: view.Rewrites}
	for _, p := range view.Problems {
		r.Problems = append(r.Problems, Problem{p.Start, p.End, v, p.Reason})
	}
	err := ctx.Err()
	if err == nil {
		t.Nodes, err = nodes(t.Norm)
	}
	if err != nil {
		r.Hasty = r.Hasty || errors.Is(err, errNoTree) || errors.Is(err, errNoMemory) || errors.Is(err, errSlow)
		r.Problems = append(r.Problems, Problem{0, len(t.Src), v, err.Error()})
		return t
	}
	if t.Lang == source.CSharp {
		t.repair()
	}
	for _, p := range t.problems() {
		p.View = v
		r.Problems = append(r.Problems, p)
	}
	return t
}

// Free gives the memory of the trees to those that are parsed next. Nobody may look at them any more.
func (r *Result) Free() {
	for _, t := range r.Views {
		t.free()
	}
}

func (t *Tree) free() {
	if cap(t.Nodes) > 0 {
		nodes := t.Nodes[:0]
		t.Nodes = nil
		freeNodes.Put(&nodes)
	}
}

// freeNodes holds lists of nodes, *[]Node, that nobody uses.
var freeNodes sync.Pool

// takeNodes is a list of n nodes of any content.
func takeNodes(n int) []Node {
	if old, ok := freeNodes.Get().(*[]Node); ok && cap(*old) >= n {
		return (*old)[:n]
	}
	return make([]Node, n)
}

// Fragment parses a piece of text without directives, such as a macro's body
// put into a function. Offsets are offsets into text.
func Fragment(lang source.Lang, text []byte) *Tree {
	view := normalize.Fragment(lang, text)
	t := &Tree{Lang: lang, Src: text, Norm: view.Text, Marks: view.Marks, Rewrites: view.Rewrites}
	t.Nodes, _ = grammarOf(lang).parse(t.Norm)
	if lang == source.CSharp {
		t.repair()
	}
	return t
}

// problems lists the outermost ERROR nodes, the made-up tokens and what was cut off.
func (t *Tree) problems() []Problem {
	var out []Problem
	for i := 0; i < len(t.Nodes); {
		n := &t.Nodes[i]
		switch {
		case n.Flags&Error != 0:
			out = append(out, Problem{Start: int(n.Start), End: int(n.End), Reason: "syntax error"})
			i = int(n.Next)
		case n.Flags&Missing != 0:
			out = append(out, Problem{Start: int(n.Start), End: int(n.End), Reason: "missing " + KindName(t.Lang, n.Kind)})
			i = int(n.Next)
		case n.Flags&cut != 0:
			out = append(out, Problem{Start: int(n.Start), End: int(n.End), Reason: "nested too deeply"})
			i = int(n.Next)
		default:
			i++
		}
	}
	return out
}
