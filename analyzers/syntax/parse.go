package syntax

import (
	"context"
	"time"

	"github.com/pinvet/pinvet/analyzers/source"
)

// parseLimit is how long one view may take before its parser gives up.
const parseLimit = 20 * time.Second

// Problem is a region that is not (fully) represented in the trees.
type Problem struct {
	Start, End int // byte offsets into the file's text
	Reason     string
}

// Result is what is known about a file's syntax.
type Result struct {
	File     *source.File
	Views    []*Tree // at least one; the first is the one to read first
	Problems []Problem
}

// Parse parses a file. It never fails: what could not be read is in Problems.
func Parse(ctx context.Context, f *source.File) *Result {
	r := &Result{File: f}
	tree := &Tree{Lang: f.Lang, Src: f.Text, Norm: f.Text}
	r.Views = []*Tree{tree}
	if err := ctx.Err(); err != nil {
		r.Problems = append(r.Problems, Problem{0, len(f.Text), err.Error()})
		return r
	}
	nodes, err := grammars()[f.Lang].parse(tree.Norm, parseLimit)
	if err != nil {
		r.Problems = append(r.Problems, Problem{0, len(f.Text), err.Error()})
		return r
	}
	tree.Nodes = nodes
	r.Problems = append(r.Problems, tree.problems()...)
	return r
}

// problems lists the outermost ERROR nodes and the made-up tokens.
func (t *Tree) problems() []Problem {
	var out []Problem
	for i := 0; i < len(t.Nodes); {
		n := &t.Nodes[i]
		switch {
		case n.Flags&Error != 0:
			out = append(out, Problem{int(n.Start), int(n.End), "syntax error"})
			i = int(n.Next)
		case n.Flags&Missing != 0:
			out = append(out, Problem{int(n.Start), int(n.End), "missing " + KindName(t.Lang, n.Kind)})
			i = int(n.Next)
		case n.errorBelow == 0:
			i = int(n.Next)
		default:
			i++
		}
	}
	return out
}
