package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// pattern tests v against pattern n; like cond it ends the block and tells which ways are possible.
func (x *fn) pattern(n syntax.NodeID, v ir.Temp, yes, no ir.BlockID) (mayYes, mayNo bool) {
	s := x.span(n)
	if n == syntax.None || !x.enter() {
		x.Branch(x.Choice("", s), yes, no, s)
		return true, true
	}
	defer x.leave()
	switch x.kind(n) {
	case syntax.CsDiscard:
		x.Jump(yes, s)
		return true, false
	case syntax.CsVarPattern:
		x.designate(n, v)
		x.Jump(yes, s)
		return true, false
	case syntax.CsDeclarationPattern:
		return x.declarationPattern(n, v, yes, no)
	case syntax.CsTypePattern:
		t := x.child(n, syntax.FieldCsType)
		if x.kind(t) == syntax.CsImplicitType {
			x.Jump(yes, s)
			return true, false
		}
		x.Branch(x.isType(v, t, s), yes, no, s)
	case syntax.CsConstantPattern:
		e := x.operandOf(n)
		if x.isDiscard(e) {
			x.Jump(yes, s)
			return true, false
		}
		x.compare(ir.Eq, v, e, yes, no, s)
	case syntax.CsRelationalPattern:
		x.compare(binarySub(x.kind(x.first(n))), v, x.operandOf(n), yes, no, s)
	case syntax.CsNegatedPattern, syntax.CsAndPattern, syntax.CsOrPattern:
		return x.orPatterns(x.patternTerms(n, nil), v, yes, no)
	case syntax.CsParenthesizedPattern:
		return x.pattern(x.operandOf(n), v, yes, no)
	case syntax.CsRecursivePattern:
		return x.recursivePattern(n, v, yes, no)
	case syntax.CsListPattern:
		return x.listPattern(n, v, yes, no)
	case syntax.KindError:
		x.unknown(n)
		x.Branch(x.Choice("", s), yes, no, s)
	default:
		x.compare(ir.Eq, v, n, yes, no, s) // case with an expression
	}
	return true, true
}

func (x *fn) isType(v ir.Temp, t syntax.NodeID, s ir.Span) ir.Temp {
	return x.Value(ir.Instr{Op: ir.OpIs, A: v, Type: x.typeOf(t), Var: ir.NoVar, Span: s})
}

func (x *fn) compare(sub ir.Sub, v ir.Temp, e syntax.NodeID, yes, no ir.BlockID, s ir.Span) {
	c := x.expr(e)
	x.Branch(x.Value(ir.Instr{Op: ir.OpBin, Sub: sub, A: v, B: c, Var: ir.NoVar, Span: s}), yes, no, s)
}

func (x *fn) notNull(v ir.Temp, yes, no ir.BlockID, s ir.Span) {
	c := x.Value(ir.Instr{Op: ir.OpBin, Sub: ir.Ne, A: v, B: x.Null(s), Var: ir.NoVar, Span: s})
	x.Branch(c, yes, no, s)
}

// patternTerm is one of the patterns that not, and, or join, and the word in front of it.
type patternTerm struct {
	n   syntax.NodeID
	not bool
	or  bool
}

// patternTerms are the terms of a pattern from left to right. The tree says nothing of how they belong together: its grammar
// takes "not 0 and not 1" for "not (0 and not 1)".
func (x *fn) patternTerms(n syntax.NodeID, terms []patternTerm) []patternTerm {
	if !x.enter() {
		return append(terms, patternTerm{n: n})
	}
	defer x.leave()
	at := len(terms)
	switch x.kind(n) {
	case syntax.CsNegatedPattern:
		terms = x.patternTerms(x.operandOf(n), terms)
		terms[at].not = !terms[at].not
	case syntax.CsAndPattern, syntax.CsOrPattern:
		terms = x.patternTerms(x.child(n, syntax.FieldCsLeft), terms)
		at = len(terms)
		terms = x.patternTerms(x.child(n, syntax.FieldCsRight), terms)
		terms[at].or = x.kind(n) == syntax.CsOrPattern
	default:
		terms = append(terms, patternTerm{n: n})
	}
	return terms
}

// orPatterns tests terms of which or joins groups, and and the terms of a group.
func (x *fn) orPatterns(terms []patternTerm, v ir.Temp, yes, no ir.BlockID) (mayYes, mayNo bool) {
	end := 1
	for end < len(terms) && !terms[end].or {
		end++
	}
	if end == len(terms) {
		return x.andPatterns(terms, v, yes, no)
	}
	mid := x.NewBlock()
	stop, goOn := x.andPatterns(terms[:end], v, yes, mid)
	if !goOn {
		return stop, false
	}
	x.SetBlock(mid)
	mayYes, mayNo = x.orPatterns(terms[end:], v, yes, no)
	return mayYes || stop, mayNo
}

func (x *fn) andPatterns(terms []patternTerm, v ir.Temp, yes, no ir.BlockID) (mayYes, mayNo bool) {
	if len(terms) == 1 {
		if terms[0].not {
			mayNo, mayYes = x.pattern(terms[0].n, v, no, yes)
			return mayYes, mayNo
		}
		return x.pattern(terms[0].n, v, yes, no)
	}
	mid := x.NewBlock()
	goOn, stop := x.andPatterns(terms[:1], v, mid, no)
	if !goOn {
		return false, stop
	}
	x.SetBlock(mid)
	mayYes, mayNo = x.andPatterns(terms[1:], v, yes, no)
	return mayYes, mayNo || stop
}

func (x *fn) declarationPattern(n syntax.NodeID, v ir.Temp, yes, no ir.BlockID) (mayYes, mayNo bool) {
	s := x.span(n)
	t := x.child(n, syntax.FieldCsType)
	if x.kind(t) == syntax.CsImplicitType {
		x.designate(n, v)
		x.Jump(yes, s)
		return true, false
	}
	match := x.NewBlock()
	x.Branch(x.isType(v, t, s), match, no, s)
	x.SetBlock(match)
	x.designate(n, v)
	x.Jump(yes, s)
	return true, true
}

// designate declares the variables that pattern n names for the value v.
func (x *fn) designate(n syntax.NodeID, v ir.Temp) {
	typ := ir.Type("var")
	if t := x.child(n, syntax.FieldCsType); t != syntax.None {
		typ = x.typeOf(t)
	}
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		s := x.span(c)
		switch {
		case x.kind(c) == syntax.CsParenthesizedVariableDesignation:
			x.fill(x.slots(c), v, s)
		case x.field(c) == syntax.FieldCsName:
			id := x.declare(ir.Var{Name: x.ident(c), Type: typ, Span: s})
			x.begins(id, s)
			x.StoreVar(id, v, ir.Init, s)
		}
	}
}

// recursivePattern tests T(a, b) { P: c } name, of which each part may be missing.
func (x *fn) recursivePattern(n syntax.NodeID, v ir.Temp, yes, no ir.BlockID) (mayYes, mayNo bool) {
	s := x.span(n)
	next := x.NewBlock()
	props := x.t.ChildOfKind(n, syntax.CsPropertyPatternClause)
	switch t := x.child(n, syntax.FieldCsType); {
	case t != syntax.None && x.kind(t) != syntax.CsImplicitType:
		x.Branch(x.isType(v, t, s), next, no, s)
		mayNo = true
	case props != syntax.None:
		x.notNull(v, next, no, s)
		mayNo = true
	default:
		x.Jump(next, s)
	}
	x.SetBlock(next)
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		var goOn, stop bool
		switch x.kind(c) {
		case syntax.CsPositionalPatternClause, syntax.CsPropertyPatternClause:
			goOn, stop = x.subpatterns(c, v, no)
		case syntax.CsConstantPattern, syntax.CsDeclarationPattern, syntax.CsOrPattern, syntax.CsAndPattern, syntax.CsNegatedPattern,
			syntax.CsRelationalPattern, syntax.CsTypePattern, syntax.CsRecursivePattern, syntax.CsListPattern, syntax.CsParenthesizedPattern:
			if x.field(c) != 0 {
				continue
			}
			mid := x.NewBlock() // "(pattern) name"
			goOn, stop = x.pattern(c, v, mid, no)
			if goOn {
				x.SetBlock(mid)
			}
		default:
			continue
		}
		mayNo = mayNo || stop
		if !goOn {
			return false, mayNo
		}
	}
	x.designate(n, v)
	x.Jump(yes, s)
	return true, mayNo
}

// subpatterns tests the members of v that a clause names, and goes on where all match.
func (x *fn) subpatterns(clause syntax.NodeID, v ir.Temp, no ir.BlockID) (goOn, mayNo bool) {
	i := 0
	for c := x.first(clause); c != syntax.None; c = x.next(c) {
		if x.kind(c) != syntax.CsSubpattern {
			continue
		}
		name, pat := syntax.None, syntax.None
		for d := x.first(c); d != syntax.None; d = x.next(d) {
			switch {
			case x.kind(d) == syntax.CsTokColon:
				name, pat = pat, syntax.None
			case x.isExpr(d):
				pat = d
			}
		}
		s := x.span(c)
		m := v
		if name == syntax.None {
			m = x.memberOf(v, x.itemName(i), s)
		} else {
			m = x.memberChain(name, v, s)
		}
		i++
		next := x.NewBlock()
		y, n := x.pattern(pat, m, next, no)
		mayNo = mayNo || n
		if !y {
			return false, mayNo
		}
		x.SetBlock(next)
	}
	return true, mayNo
}

func (x *fn) memberOf(v ir.Temp, name string, s ir.Span) ir.Temp {
	return x.Load(x.Value(ir.Instr{Op: ir.OpMember, A: v, Name: name, Var: ir.NoVar, Span: s}), s)
}

// memberChain is the value of A.B of v.
func (x *fn) memberChain(n syntax.NodeID, v ir.Temp, s ir.Span) ir.Temp {
	if x.kind(n) == syntax.CsMemberAccessExpression {
		v = x.memberChain(x.child(n, syntax.FieldCsExpression), v, s)
		n = x.child(n, syntax.FieldCsName)
	}
	return x.memberOf(v, x.nameOf(n), s)
}

// listElement is what pattern n of a list pattern is tested against.
func (x *fn) listElement(n syntax.NodeID, v, idx ir.Temp) ir.Temp {
	s := x.span(n)
	if x.afterSlice(n) {
		return x.slice(v, 0, s, s, 0)
	}
	return x.Load(x.Value(ir.Instr{Op: ir.OpElem, A: v, B: idx, Var: ir.NoVar, Span: s}), s)
}

// afterSlice tells the x of ".. var x", which reads "var x" to the parser.
func (x *fn) afterSlice(n syntax.NodeID) bool {
	at := x.nodes[n].Start
	for at > 0 && x.src[at-1] <= ' ' {
		at--
	}
	return at >= 2 && x.src[at-1] == '.' && x.src[at-2] == '.'
}

// listPattern tests the elements of v; whether the length fits is not known.
func (x *fn) listPattern(n syntax.NodeID, v ir.Temp, yes, no ir.BlockID) (mayYes, mayNo bool) {
	s := x.span(n)
	next := x.NewBlock()
	x.notNull(v, next, no, s)
	x.SetBlock(next)
	next = x.NewBlock()
	x.Branch(x.Choice("", s), next, no, s)
	x.SetBlock(next)
	i, sliced := int64(0), false
	for c := x.first(n); c != syntax.None; c = x.next(c) {
		if x.kind(c) == syntax.CsTokDotDot {
			sliced = true
		}
		if !x.isExpr(c) || x.field(c) != 0 || x.kind(c) == syntax.CsParenthesizedVariableDesignation {
			continue
		}
		idx := ir.Temp(0)
		sliced = sliced || x.afterSlice(c)
		if !sliced {
			idx = x.Int(i, x.span(c))
		}
		next = x.NewBlock()
		y, _ := x.pattern(c, x.listElement(c, v, idx), next, no)
		if !y {
			return false, true
		}
		x.SetBlock(next)
		i++
	}
	x.designate(n, v)
	x.Jump(yes, s)
	return true, true
}
