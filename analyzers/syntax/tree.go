package syntax

import (
	"iter"
	"sort"

	"github.com/pinvet/pinvet/analyzers/source"
)

// Kind is a node's kind: a number of the language's grammar. The constants are
// in kinds_cs.go (Cs...) and kinds_c.go (C...).
type Kind uint16

// KindError is the kind of a node that stands for text the grammar did not fit.
const KindError Kind = 0xFFFF

// Field is the role of a node in its parent (FieldCs..., FieldC...); 0 is none.
type Field uint8

// Flags of a node.
const (
	Named   uint8 = 1 << iota // the grammar has a name for it; others are tokens
	Error                     // an ERROR node
	Missing                   // the parser made it up, it has no text
	Extra                     // a comment or the like, that may stand anywhere
	cut                       // its children were left out: the tree is too deep
)

// Node is one node of a Tree. Its children follow it in the array.
type Node struct {
	Start, End uint32 // byte offsets into Tree.Src
	Next       int32  // index just past this node's subtree
	Parent     int32  // -1 for the root
	Kind       Kind
	Field      Field
	Flags      uint8
	errorBelow uint32
}

// NodeID is an index into Tree.Nodes; None is no node.
type NodeID int32

// None stands for a node that is not there.
const None NodeID = -1

// Tree is the syntax tree of one view of a file.
type Tree struct {
	Lang  source.Lang
	Src   []byte // the file's text, unchanged
	Norm  []byte // what was parsed: as long as Src
	Nodes []Node // preorder; Nodes[0] is the root

	Marks    []Mark    // blanked tokens that say something, by Start
	Rewrites []Rewrite // by Start

	Bodies []Body // blocks whose statements are not in the tree, by Start (see Outline)
	Names  []byte // the words in them, once each, a 0 behind each

	pieces [][2]int // of a further view of a C file: what was parsed; nil if all was
}

// LeftOut is where what was left out of the tree before a place ends (see Outline); 0 if nothing was.
func (t *Tree) LeftOut(at uint32) uint32 {
	i := sort.Search(len(t.pieces), func(i int) bool { return t.pieces[i][0] > int(at) })
	if i == 0 {
		return 0
	}
	return uint32(t.pieces[i-1][0])
}

// Root is the root node, or None for a tree without nodes.
func (t *Tree) Root() NodeID {
	if len(t.Nodes) == 0 {
		return None
	}
	return 0
}

// Kind is the node's kind; KindError also for None.
func (t *Tree) Kind(n NodeID) Kind {
	if n < 0 {
		return KindError
	}
	return t.Nodes[n].Kind
}

// Is reports whether n is a node of that kind.
func (t *Tree) Is(n NodeID, k Kind) bool { return n >= 0 && t.Nodes[n].Kind == k }

// KindName is the grammar's name of the node's kind.
func (t *Tree) KindName(n NodeID) string {
	if n < 0 {
		return ""
	}
	return KindName(t.Lang, t.Nodes[n].Kind)
}

// KindName is the grammar's name of a kind.
func KindName(lang source.Lang, k Kind) string {
	if g := grammarOf(lang); g != nil && int(k) < len(g.names) {
		return g.names[k]
	}
	return "ERROR"
}

// FieldName is the grammar's name of a field.
func FieldName(lang source.Lang, f Field) string {
	if g := grammarOf(lang); g != nil && int(f) < len(g.field) {
		return g.field[f]
	}
	return ""
}

// Field is the node's role in its parent; 0 for none.
func (t *Tree) Field(n NodeID) Field {
	if n < 0 {
		return 0
	}
	return t.Nodes[n].Field
}

// Text is the node's text as it stands in the file.
func (t *Tree) Text(n NodeID) string {
	if n < 0 {
		return ""
	}
	return string(t.Src[t.Nodes[n].Start:t.Nodes[n].End])
}

// Span is the node's first byte and the one after its last, in Src.
func (t *Tree) Span(n NodeID) (start, end int) {
	if n < 0 {
		return 0, 0
	}
	return int(t.Nodes[n].Start), int(t.Nodes[n].End)
}

// IsNamed reports whether the grammar has a name for the node.
func (t *Tree) IsNamed(n NodeID) bool { return n >= 0 && t.Nodes[n].Flags&Named != 0 }

// IsExtra reports whether the node is a comment or the like.
func (t *Tree) IsExtra(n NodeID) bool { return n >= 0 && t.Nodes[n].Flags&Extra != 0 }

// IsError reports whether the node is an ERROR or a made-up token.
func (t *Tree) IsError(n NodeID) bool { return n >= 0 && t.Nodes[n].Flags&(Error|Missing) != 0 }

// HasError reports whether the node or one below it is an ERROR or made up.
func (t *Tree) HasError(n NodeID) bool { return n >= 0 && t.Nodes[n].errorBelow != 0 }

// Parent is the node's parent, or None.
func (t *Tree) Parent(n NodeID) NodeID {
	if n < 0 {
		return None
	}
	return NodeID(t.Nodes[n].Parent)
}

// FirstChild is the node's first child, tokens and comments included, or None.
func (t *Tree) FirstChild(n NodeID) NodeID {
	if n < 0 || n+1 >= NodeID(t.Nodes[n].Next) {
		return None
	}
	return n + 1
}

// NextSibling is the sibling after n, tokens and comments included, or None.
func (t *Tree) NextSibling(n NodeID) NodeID {
	if n <= 0 {
		return None
	}
	next := t.Nodes[n].Next
	if next >= t.Nodes[t.Nodes[n].Parent].Next {
		return None
	}
	return NodeID(next)
}

// Child is the first child in that field, or None.
func (t *Tree) Child(n NodeID, f Field) NodeID {
	for c := t.FirstChild(n); c != None; c = t.NextSibling(c) {
		if t.Nodes[c].Field == f {
			return c
		}
	}
	return None
}

// ChildOfKind is the first child of that kind, or None.
func (t *Tree) ChildOfKind(n NodeID, k Kind) NodeID {
	for c := t.FirstChild(n); c != None; c = t.NextSibling(c) {
		if t.Nodes[c].Kind == k {
			return c
		}
	}
	return None
}

// Children are all children in order, tokens and comments included.
func (t *Tree) Children(n NodeID) iter.Seq[NodeID] {
	return func(yield func(NodeID) bool) {
		for c := t.FirstChild(n); c != None; c = t.NextSibling(c) {
			if !yield(c) {
				return
			}
		}
	}
}

// NamedChildren are the children that have a name, without comments.
func (t *Tree) NamedChildren(n NodeID) iter.Seq[NodeID] {
	return func(yield func(NodeID) bool) {
		for c := t.FirstChild(n); c != None; c = t.NextSibling(c) {
			if t.Nodes[c].Flags&(Named|Extra) == Named && !yield(c) {
				return
			}
		}
	}
}

// ChildrenIn are the children in that field, in order.
func (t *Tree) ChildrenIn(n NodeID, f Field) iter.Seq[NodeID] {
	return func(yield func(NodeID) bool) {
		for c := t.FirstChild(n); c != None; c = t.NextSibling(c) {
			if t.Nodes[c].Field == f && !yield(c) {
				return
			}
		}
	}
}

// Subtree are n and all nodes below it, in preorder.
func (t *Tree) Subtree(n NodeID) iter.Seq[NodeID] {
	return func(yield func(NodeID) bool) {
		if n < 0 {
			return
		}
		for c := n; c < NodeID(t.Nodes[n].Next); c++ {
			if !yield(c) {
				return
			}
		}
	}
}
