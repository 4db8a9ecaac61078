package clower

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// maxOperands is the number of operators up to which the left end of an expression is looked at.
const maxOperands = 8

// instead is a node of a tree that is lowered as if another stood in its place.
type instead struct {
	tree  *syntax.Tree
	n, as nodeID
}

// hiddenAnd finds the "&&" in "(a) && b == c", which the grammar takes for a cast: it reads ((a) &(&b)) == c.
// No address has an address. whole is the left operand of the comparison, with a "!" before the parenthesis
// if there is one, cast the part of it behind that; none when there is no such thing.
func (b *body) hiddenAnd(n nodeID) (whole, cast nodeID) {
	for range maxOperands {
		if op := b.op(n); !b.is(n, syntax.CBinaryExpression) || op == syntax.CTokAmpAmp || op == syntax.CTokPipePipe {
			break
		}
		n = b.child(n, syntax.FieldCLeft)
	}
	whole = n
	for range maxOperands {
		if !b.is(n, syntax.CUnaryExpression) {
			break
		}
		n = b.child(n, syntax.FieldCArgument)
	}
	if !b.is(n, syntax.CCastExpression) || b.replaced(n) != n || b.replaced(whole) != whole {
		return none, none
	}
	outer := b.child(n, syntax.FieldCValue)
	inner := b.child(outer, syntax.FieldCArgument)
	for _, p := range [...]nodeID{outer, inner} {
		if !b.is(p, syntax.CPointerExpression) || b.op(p) != syntax.CTokAmp {
			return none, none
		}
	}
	typ := b.child(n, syntax.FieldCType)
	if b.t.Nodes[outer].Start+1 != b.t.Nodes[inner].Start || b.child(typ, syntax.FieldCDeclarator) != none || !b.is(b.child(typ, syntax.FieldCType), syntax.CTypeIdentifier) {
		return none, none
	}
	return whole, n
}

// replaced is the node that stands in the place of n now, n itself as a rule.
func (b *body) replaced(n nodeID) nodeID {
	for i := len(b.insteads) - 1; i >= 0; i-- {
		if x := b.insteads[i]; x.tree == b.t && x.n == n {
			return x.as
		}
	}
	return n
}

// condAnd lowers the condition n with such an "&&": first what stands before it, then n with what stands
// behind it in the place of both.
func (b *body) condAnd(n, whole, cast nodeID, yes, no ir.BlockID) {
	typ := b.child(cast, syntax.FieldCType)
	behind := b.child(b.child(b.child(cast, syntax.FieldCValue), syntax.FieldCArgument), syntax.FieldCArgument)
	mid := b.b.NewBlock()
	b.condInstead(whole, cast, b.child(typ, syntax.FieldCType), mid, no)
	b.at(mid)
	b.condInstead(n, whole, behind, yes, no)
}

// condInstead lowers the condition n with as in the place of old.
func (b *body) condInstead(n, old, as nodeID, yes, no ir.BlockID) {
	at := len(b.insteads)
	b.insteads = append(b.insteads, instead{b.t, old, as})
	b.condDeep(n, yes, no)
	b.insteads = b.insteads[:at]
}
