package lifetime

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// noSuchMember tells whether the throw at a place is the arm of a switch over an argument for what is no member of its
// enumeration: that its caller is wrong, not that something may fail there.
func (a *fnRun) noSuchMember(at ir.Span) bool {
	if a.f.File.Lang != ir.CSharp {
		return false
	}
	for i := range a.f.Blocks() {
		if b := &a.f.Blocks()[i]; b.Term.Kind == ir.TermThrow && b.Term.Span == at {
			return a.otherMembers(b) > 1
		}
	}
	return false
}

// otherMembers is how many members of an enumeration an argument is compared with in a row before b, which is reached
// in no other way than by being none of them.
func (a *fnRun) otherMembers(b *ir.Block) (n int) {
	preds := predecessors(a.f)
	for subject := ir.Temp(0); ; n++ {
		from := a.onlyWayTo(b.ID, preds)
		if from != nil && from.Term.Kind == ir.TermJump {
			from, b = a.onlyWayTo(from.ID, preds), from
		}
		if from == nil || from.Term.Kind != ir.TermBranch || from.Term.Succs[1] != b.ID {
			return n
		}
		cmp := a.f.Def(from.Term.Cond)
		if cmp == nil || cmp.Op != ir.OpBin || cmp.Sub != ir.Eq || n > 0 && cmp.A != subject || !a.isMember(cmp.B) {
			return n
		}
		if _, ok := paramAt(a.f, cmp.A); !ok {
			return n
		}
		b, subject = from, cmp.A
	}
}

// isMember tells whether temp t is a constant that is named as a member of another type: Kind.List.
func (a *fnRun) isMember(t ir.Temp) bool {
	d := a.f.Def(t)
	if d != nil && d.Op == ir.OpLoad {
		d = a.f.Def(d.A)
	}
	return d != nil && d.Op == ir.OpName && strings.Contains(d.Name, ".")
}

// onlyWayTo is the one block that goes on to block id; nil if there are more, or none.
func (a *fnRun) onlyWayTo(id ir.BlockID, preds [][]ir.BlockID) *ir.Block {
	if len(preds[id]) != 1 {
		return nil
	}
	return &a.f.Blocks()[preds[id][0]]
}
