package csharp

import (
	"sort"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// differ notes where the present view takes other arms of #if than the first one.
func (u *unit) differ(arms []syntax.Arm) {
	u.diffs = u.diffs[:0]
	if u.view == 0 {
		return
	}
	bit := uint8(1) << u.view
	for i := range arms {
		if a := &arms[i]; (a.Taken&bit != 0) != (a.Taken&1 != 0) && a.Start < a.End {
			u.diffs = append(u.diffs, ir.Span{Start: uint32(a.Start), End: uint32(a.End)})
		}
	}
	sort.Slice(u.diffs, func(i, j int) bool { return u.diffs[i].Start < u.diffs[j].Start })
	// Arms nest: from here on End is the furthest end so far.
	for i := 1; i < len(u.diffs); i++ {
		u.diffs[i].End = max(u.diffs[i].End, u.diffs[i-1].End)
	}
}

// wanted tells whether what n declares is to be lowered from the present view: in the first view
// all is, in others what they show differently.
func (u *unit) wanted(n syntax.NodeID) bool { return u.view == 0 || u.differs(u.span(n)) }

// wantedHead is wanted for a declaration without its body.
func (u *unit) wantedHead(n, body syntax.NodeID) bool {
	s := u.span(n)
	if body != syntax.None {
		s.End = u.nodes[body].Start
	}
	return u.view == 0 || u.differs(s)
}

func (u *unit) differs(s ir.Span) bool {
	n := sort.Search(len(u.diffs), func(i int) bool { return u.diffs[i].Start >= s.End })
	return n > 0 && u.diffs[n-1].End > s.Start
}

// rewrite is the first rewrite of that kind that starts at an offset in [from, to).
func (u *unit) rewrite(kind syntax.RewriteKind, from, to uint32) (syntax.Rewrite, bool) {
	list := u.t.Rewrites
	i := sort.Search(len(list), func(i int) bool { return uint32(list[i].Start) >= from })
	for ; i < len(list) && uint32(list[i].Start) < to; i++ {
		if list[i].Kind == kind {
			return list[i], true
		}
	}
	return syntax.Rewrite{}, false
}

// isExtension tells an extension block, which reads "struct E (T x)" to the parser.
func (u *unit) isExtension(n syntax.NodeID) bool {
	if u.kind(n) != syntax.CsStructDeclaration {
		return false
	}
	s := u.span(n)
	_, ok := u.rewrite(normalize.ExtensionBlock, s.Start, s.Start+1)
	return ok
}

// isNullLink tells the x? of x?.y = v, which reads x!.y = v to the parser.
func (u *unit) isNullLink(n syntax.NodeID) bool {
	bang := u.t.ChildOfKind(n, syntax.CsTokBang)
	return bang != syntax.None && u.src[u.nodes[bang].Start] == '?'
}

// lostStep is the ++ or -- of *p++ = v and *--p = v, which read *p = v to the parser: its token and
// whether it stands in front.
func (u *unit) lostStep(n, operand syntax.NodeID) (op syntax.Kind, front, ok bool) {
	s := u.span(n)
	r, ok := u.rewrite(normalize.LostStep, s.Start, s.End+2)
	if !ok {
		return 0, false, false
	}
	op = syntax.CsTokPlusPlus
	for i := r.Start; i < r.End; i++ {
		if u.src[i] == '-' {
			op = syntax.CsTokMinusMinus
		}
	}
	return op, uint32(r.Start) < u.nodes[operand].Start, true
}

// lostModifier is how a lambda parameter passes of which the parser did not see the modifiers.
func (u *unit) lostModifier(n syntax.NodeID) (ref ir.RefKind) {
	at := u.nodes[n].Start
	from := uint32(0)
	if at > 64 {
		from = at - 64
	}
	for {
		r, ok := u.rewrite(normalize.LambdaModifier, from, at)
		if !ok {
			return ref
		}
		from = uint32(r.Start) + 1
		if !blank(u.t.Norm[r.Start:at]) {
			continue
		}
		switch string(u.src[r.Start:r.End]) {
		case "ref":
			ref = ir.ByRef
		case "out":
			ref = ir.ByOut
		case "in", "readonly":
			ref = ir.ByIn
		}
	}
}

func blank(b []byte) bool {
	for _, c := range b {
		if c > ' ' {
			return false
		}
	}
	return true
}
