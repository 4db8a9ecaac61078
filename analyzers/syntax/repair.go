package syntax

import "github.com/pinvet/pinvet/analyzers/syntax/normalize"

// repair puts back into a C# tree what was rewritten for the grammar's sake:
// the star of dereferences. [e] = v becomes *e = v, with the nodes that *e has.
func (t *Tree) repair() {
	stores := map[uint32]uint32{} // offset of the bracket -> offset of the star
	values := false
	for _, r := range t.Rewrites {
		switch r.Kind {
		case normalize.DerefValue:
			values = true
		case normalize.DerefStore:
			stores[uint32(bracket(t.Norm, r.Start, r.End))] = uint32(r.Start)
		}
	}
	if values {
		for i := range t.Nodes {
			n := &t.Nodes[i]
			if n.Kind == CsTokTilde && t.Src[n.Start] == '*' {
				n.Kind = CsTokStar
			}
		}
	}
	if len(stores) > 0 {
		t.repairStores(stores)
	}
}

// bracket finds the '[' that a DerefStore wrote.
func bracket(norm []byte, start, end int) int {
	for i := start; i < end; i++ {
		if norm[i] == '[' {
			return i
		}
	}
	return start
}

// repairStores turns element_binding_expression ( "[" argument ( e ) "]" ) into
// prefix_unary_expression ( "*" e ) and closes the gaps in the array.
func (t *Tree) repairStores(stores map[uint32]uint32) {
	drop := make([]bool, len(t.Nodes))
	for i := range t.Nodes {
		n := &t.Nodes[i]
		if n.Kind != CsElementBindingExpression {
			continue
		}
		star, ok := stores[n.Start]
		open := i + 1
		arg := int32(i + 2)
		if !ok || int(arg) >= len(t.Nodes) || t.Nodes[open].Kind != CsTokLBrack || t.Nodes[arg].Kind != CsArgument {
			continue
		}
		closing := t.Nodes[arg].Next
		if closing >= n.Next || t.Nodes[closing].Kind != CsTokRBrack || t.Nodes[closing].Next != n.Next {
			continue
		}
		n.Kind, n.Start = CsPrefixUnaryExpression, star
		t.Nodes[open].Kind, t.Nodes[open].Start, t.Nodes[open].End = CsTokStar, star, star+1
		n.End = t.Nodes[arg].End
		drop[arg], drop[closing] = true, true
		t.widen(i, star)
	}
	t.compact(drop)
}

// widen moves the start of the ancestors of n that start after offset at.
func (t *Tree) widen(n int, at uint32) {
	for p := t.Nodes[n].Parent; p >= 0 && t.Nodes[p].Start > at; p = t.Nodes[p].Parent {
		t.Nodes[p].Start = at
	}
}

// compact removes the marked nodes; their children move up to their parent.
func (t *Tree) compact(drop []bool) {
	index := make([]int32, len(t.Nodes)+1) // new index of the node, or of what follows it
	var kept int32
	for i := range t.Nodes {
		index[i] = kept
		if !drop[i] {
			kept++
		}
	}
	index[len(t.Nodes)] = kept
	for i := range t.Nodes {
		if drop[i] {
			continue
		}
		n := t.Nodes[i]
		for n.Parent >= 0 && drop[n.Parent] {
			n.Parent = t.Nodes[n.Parent].Parent
		}
		if n.Parent >= 0 {
			n.Parent = index[n.Parent]
		}
		n.Next = index[n.Next]
		t.Nodes[index[i]] = n
	}
	t.Nodes = t.Nodes[:kept]
}
