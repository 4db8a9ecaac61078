package clower

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// jump, branch and at wrap the builder's so that a block nobody jumps to is never continued in:
// Reachable then tells the truth.
func (b *body) jump(to ir.BlockID, s ir.Span) {
	if b.b.Reachable() {
		b.mark(to)
		b.b.Jump(to, s)
	}
}

func (b *body) branch(cond ir.Temp, yes, no ir.BlockID, s ir.Span) {
	if b.b.Reachable() {
		b.mark(yes)
		b.mark(no)
		b.b.Branch(cond, yes, no, s)
	}
}

// at continues in a block if something jumps there.
func (b *body) at(id ir.BlockID) {
	if int(id) < len(b.reached) && b.reached[id] {
		b.b.SetBlock(id)
	}
}

func (b *body) mark(id ir.BlockID) {
	for int(id) >= len(b.reached) {
		b.reached = append(b.reached, false)
	}
	b.reached[id] = true
}

// openList is a statement list that is being lowered: where jumps to labels in it unwind to.
type openList struct {
	tree  *syntax.Tree
	node  nodeID
	depth int
}

// labelPos is a label of the function.
type labelPos struct {
	tree    *syntax.Tree
	node    nodeID
	used    bool // some goto names it
	defined bool
}

func (b *body) openList(n nodeID) {
	b.lists = append(b.lists, openList{b.t, n, b.b.Depth()})
}

func (b *body) closeList() { b.lists = b.lists[:len(b.lists)-1] }

// findLabels records the labels below n and which of them a goto names.
func (b *body) findLabels(n nodeID) {
	end := nodeID(b.t.Nodes[n].Next)
	found := false
	for i := n; i < end; i++ {
		if b.t.Nodes[i].Kind == syntax.CLabeledStatement {
			name := b.name(b.child(i, syntax.FieldCLabel))
			if b.labels == nil {
				b.labels = map[string]*labelPos{}
			}
			if b.labels[name] == nil {
				b.labels[name] = &labelPos{tree: b.t, node: i}
				found = true
			}
		}
	}
	if !found {
		return
	}
	for i := n; i < end; i++ {
		// An identifier counts as well: a label may be the argument of a macro that jumps.
		switch b.t.Nodes[i].Kind {
		case syntax.CStatementIdentifier:
			if b.is(b.t.Parent(i), syntax.CLabeledStatement) {
				continue
			}
		case syntax.CIdentifier:
		default:
			continue
		}
		if p := b.labels[string(b.bytes(i))]; p != nil {
			p.used = true
		}
	}
}

func (b *body) gotoStmt(n nodeID) {
	s := b.span(n)
	name := b.name(b.child(n, syntax.FieldCLabel))
	p := b.labels[name]
	if p == nil || b.t.HasError(n) {
		b.unknown(n, "goto of an unknown label")
		b.b.Unreachable(s)
		return
	}
	from := b.b.Cur()
	target := b.b.Label(name)
	depth := 0
	for i := len(b.lists) - 1; i >= 0; i-- {
		o := b.lists[i]
		if o.tree == p.tree && o.node <= p.node && p.node < nodeID(o.tree.Nodes[o.node].Next) {
			depth = o.depth
			break
		}
	}
	b.mark(target)
	b.b.ExitTo(depth, target, s)
	if t := &b.f.Blocks()[from].Term; p.defined && t.Kind == ir.TermJump && t.Succs[0] == target {
		t.Loop = true
	}
}

func (b *body) labeled(n nodeID) {
	name := b.name(b.child(n, syntax.FieldCLabel))
	s := b.span(b.child(n, syntax.FieldCLabel))
	p := b.labels[name]
	if p == nil {
		p = &labelPos{tree: b.t, node: n}
		if b.labels == nil {
			b.labels = map[string]*labelPos{}
		}
		b.labels[name] = p
	}
	// A label that occurs twice (in two arms of a conditional) is the first of them.
	if !p.defined {
		p.defined = true
		if b.b.Reachable() || p.used {
			b.b.DefineLabel(name, s)
			b.mark(b.b.Label(name))
		}
	}
	b.list(n)
}

// loopCtx is an open loop or switch.
type loopCtx struct {
	breakTo, continueTo ir.BlockID // continueTo is NoBlock in a switch
}

func (b *body) pushLoop(breakTo, continueTo ir.BlockID) {
	b.loops = append(b.loops, loopCtx{breakTo, continueTo})
	b.b.PushLoop(breakTo, continueTo)
}

func (b *body) popLoop() {
	b.loops = b.loops[:len(b.loops)-1]
	b.b.PopLoop()
}

func (b *body) breakStmt(n nodeID) {
	if len(b.loops) == 0 {
		b.unknown(n, "break outside of a loop")
		return
	}
	b.mark(b.loops[len(b.loops)-1].breakTo)
	b.b.Break(b.span(n))
}

func (b *body) continueStmt(n nodeID) {
	for i := len(b.loops) - 1; i >= 0; i-- {
		if to := b.loops[i].continueTo; to != ir.NoBlock {
			b.mark(to)
			b.b.Continue(b.span(n))
			return
		}
	}
	b.unknown(n, "continue outside of a loop")
}
