package syntax

import (
	"fmt"
	"strings"
)

// Dump writes the named nodes as nested lists with their fields, tokens that
// have a field in quotes and the text of leaves. It is meant for tests.
func (t *Tree) Dump() string {
	var b strings.Builder
	if root := t.Root(); root != None {
		t.dump(&b, root, 0)
	}
	return b.String()
}

// maxDumpDepth keeps Dump from running out of stack.
const maxDumpDepth = 1000

func (t *Tree) dump(b *strings.Builder, n NodeID, depth int) {
	node := &t.Nodes[n]
	if !t.IsNamed(n) && node.Field == 0 && node.Flags&Missing == 0 {
		return
	}
	if depth > 0 {
		b.WriteString("\n" + strings.Repeat("  ", depth))
	}
	if node.Field != 0 {
		b.WriteString(FieldName(t.Lang, node.Field) + ": ")
	}
	if node.Flags&Missing != 0 {
		b.WriteString("MISSING ")
	}
	if !t.IsNamed(n) {
		fmt.Fprintf(b, "%q", t.KindName(n))
		return
	}
	b.WriteString("(" + t.KindName(n))
	if t.FirstChild(n) == None {
		fmt.Fprintf(b, " %q", t.Text(n))
	}
	for c := t.FirstChild(n); c != None && depth < maxDumpDepth; c = t.NextSibling(c) {
		t.dump(b, c, depth+1)
	}
	b.WriteString(")")
}
