package syntax

import "bytes"

// An item of a C file (a function, a declaration) that reads the same in a further view as in the first is of no more use
// there. What is left is mostly little: the items around arms of #if.

// maxFurther is up to what part of a view, in fourths, only what differs is parsed: beyond that, the tree before helps more.
const maxFurther = 3

// differing are the pieces of the text of a further view, now, that lie between the items of the first that read the same in both;
// nil if all is to be parsed. Of the first, it takes the text and the nodes.
func differing(nodes []Node, first, now []byte) [][2]int {
	if len(nodes) == 0 || nodes[0].errorBelow != 0 || nodes[0].Flags&Error != 0 || len(first) != len(now) {
		return nil
	}
	var kept [][2]int
	size, from, at := 0, -1, 0 // from: where a piece that is not complete begins
	begin := func() {
		if from < 0 {
			from = at
		}
	}
	end := func(to int) {
		if from >= 0 {
			kept = append(kept, [2]int{from, to})
			size += inked(now[from:to])
			from = -1
		}
	}
	same := func(from, to int) bool { return bytes.Equal(first[from:to], now[from:to]) }
	for i := int32(1); i < int32(len(nodes)); {
		start, next, ok := item(nodes, i)
		if !ok {
			return nil
		}
		if next == i { // a comment
			i = nodes[i].Next
			continue
		}
		to := int(nodes[next-1].End)
		if !same(at, start) {
			begin()
		}
		if same(start, to) {
			end(start)
		} else {
			begin()
		}
		i, at = next, to
	}
	if !same(at, len(now)) {
		begin()
	}
	end(len(now))
	if size > inked(now)*maxFurther/4 {
		return nil
	}
	if kept == nil {
		kept = [][2]int{{len(now), len(now)}}
	}
	return kept
}

// inked is how many bytes are no blanks: dead arms are.
func inked(text []byte) (n int) {
	for _, c := range text {
		if c > ' ' {
			n++
		}
	}
	return n
}

// item is where the item that begins with child i of the root starts, and the node behind it: i itself for a comment. ok is false for
// what is no item of its own.
func item(nodes []Node, i int32) (start int, next int32, ok bool) {
	n := &nodes[i]
	if n.Flags&Extra != 0 {
		return 0, i, true
	}
	semicolon := false
	switch n.Kind {
	case CFunctionDefinition, CDeclaration, CTypeDefinition, CLinkageSpecification, CExpressionStatement:
	case CStructSpecifier, CUnionSpecifier, CEnumSpecifier:
		semicolon = true
	default:
		return 0, 0, false
	}
	next = n.Next
	for next < int32(len(nodes)) { // what belongs to it
		switch m := &nodes[next]; {
		case m.Kind == CTokSemi:
			semicolon = false
		case m.Kind == CCompoundStatement:
		default:
			return int(n.Start), next, !semicolon
		}
		next = nodes[next].Next
	}
	return int(n.Start), next, !semicolon
}

// apart tells whether no item begins in one piece and ends in another.
func apart(nodes []Node, pieces [][2]int) bool {
	piece := 0
	for i := int32(1); i < int32(len(nodes)); {
		n := &nodes[i]
		for piece+1 < len(pieces) && pieces[piece+1][0] <= int(n.Start) {
			piece++
		}
		switch {
		case int(n.End) <= pieces[piece][1]:
			i = n.Next
		case n.Kind == CLinkageSpecification || n.Kind == CDeclarationList:
			i++
		default:
			return false
		}
	}
	return true
}
