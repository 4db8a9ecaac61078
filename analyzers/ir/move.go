package ir

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/source"
)

// Move says how places in a text moved by an edit: what stood between Start and OldEnd, byte offsets,
// is replaced by what stands between Start and NewEnd.
type Move struct{ Start, OldEnd, NewEnd uint32 }

// MoveOf is the smallest edit that makes one text of another.
func MoveOf(old, now []byte) Move {
	start, oldEnd, newEnd := source.Difference(old, now)
	return Move{uint32(start), uint32(oldEnd), uint32(newEnd)}
}

// Touches tells whether the edit changes or adjoins what stands in s.
func (m Move) Touches(s Span) bool { return s.Start <= m.OldEnd && m.Start <= s.End }

// Delta is by how many bytes what stands behind the edit moved, modulo 2^32.
func (m Move) Delta() uint32 { return m.NewEnd - m.OldEnd }

// Span is where s is after the edit, if the edit does not touch it.
func (m Move) Span(s Span) Span {
	if s == (Span{}) || s.Start < m.OldEnd {
		return s
	}
	return Span{s.Start + m.Delta(), s.End + m.Delta()}
}

// Moved tells whether now is the same function as f, but for places, all of which have moved by delta
// bytes. What the shape of a file holds is not compared.
func (f *Func) Moved(now *Func, delta uint32) bool {
	at := func(a, b Span) bool {
		if a == (Span{}) || b == (Span{}) {
			return a == b
		}
		return a.Start+delta == b.Start && a.End+delta == b.End
	}
	f.settle()
	now.settle()
	return f.This == now.This && at(f.Span, now.Span) && at(f.NameSpan, now.NameSpan) && slices.Equal(f.Params, now.Params) && sameBody(f, now, at)
}

// sameBody tells whether two functions have the same body but for places, as far as at holds for these.
func sameBody(f, now *Func, at func(a, b Span) bool) bool {
	return f.Exit == now.Exit && f.Unwind == now.Unwind && f.Temps() == now.Temps() && f.Problems == now.Problems &&
		slices.EqualFunc(f.AllVars(), now.AllVars(), func(a, b Var) bool { return sameVar(a, b, at) }) &&
		slices.EqualFunc(f.Blocks(), now.Blocks(), func(a, b Block) bool {
			return a.ID == b.ID && a.Handler == b.Handler && sameTerm(&a.Term, &b.Term, at) &&
				slices.EqualFunc(a.Instrs, b.Instrs, func(x, y Instr) bool { return sameInstr(&x, &y, at) })
		})
}

func sameVar(a, b Var, at func(a, b Span) bool) bool {
	a.Span, b.Span = Span{}, placed(at(a.Span, b.Span))
	return a == b
}

// placed is the span that an equal value is compared with: one that no value has where places differ.
func placed(ok bool) Span {
	if ok {
		return Span{}
	}
	return Span{1, 0}
}

func sameTerm(a, b *Term, at func(a, b Span) bool) bool {
	return a.Kind == b.Kind && a.Cond == b.Cond && a.Var == b.Var && a.Loop == b.Loop && at(a.Span, b.Span) && slices.Equal(a.Succs, b.Succs)
}

func sameInstr(a, b *Instr, at func(a, b Span) bool) bool {
	if a.Op != b.Op || a.Sub != b.Sub || a.Const != b.Const || a.Flags != b.Flags || a.Dst != b.Dst || a.A != b.A || a.B != b.B ||
		a.Var != b.Var || a.Int != b.Int || a.Name != b.Name || a.Type != b.Type || !at(a.Span, b.Span) || !slices.Equal(a.Vars, b.Vars) {
		return false
	}
	x, y := a.Call, b.Call
	if x == nil || y == nil {
		return x == y
	}
	return x.Name == y.Name && x.Path == y.Path && x.Recv == y.Recv && x.RecvAddr == y.RecvAddr && x.Fn == y.Fn && x.New == y.New &&
		x.Type == y.Type && at(x.NameSpan, y.NameSpan) && slices.Equal(x.TypeArgs, y.TypeArgs) &&
		slices.EqualFunc(x.Args, y.Args, func(p, q Arg) bool {
			p.Span, q.Span = Span{}, placed(at(p.Span, q.Span))
			return p == q
		})
}

// Shares tells whether two functions have one body.
func (f *Func) Shares(now *Func) bool {
	a, b := f.Blocks(), now.Blocks()
	return len(a) > 0 && len(b) > 0 && &a[0] == &b[0]
}

// KeepBody gives now, which is f moved by delta bytes, the body of f, at its new place: whoever holds
// instructions of f goes on holding those of the function.
func (f *Func) KeepBody(now *Func, delta uint32) {
	f.settle()
	now.Vars, now.Code, now.defs, now.packed = f.Vars, f.Code, f.defs, f.packed
	if delta == 0 {
		return
	}
	move := func(s *Span) {
		if *s != (Span{}) {
			s.Start, s.End = s.Start+delta, s.End+delta
		}
	}
	for i := range f.Vars {
		move(&f.Vars[i].Span)
	}
	bs := f.Blocks()
	for i := range bs {
		b := &bs[i]
		move(&b.Term.Span)
		for j := range b.Instrs {
			in := &b.Instrs[j]
			move(&in.Span)
			if in.Call != nil {
				move(&in.Call.NameSpan)
				for k := range in.Call.Args {
					move(&in.Call.Args[k].Span)
				}
			}
		}
	}
}
