package inventory

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// fromPin turns what the interpreter saw of a pin into a site; nil where nothing is pinned.
func fromPin(p *link.Program, s *lifetime.PinSite) *Site {
	o := s.Obj
	kind := kindOf(o)
	if kind == "" || (kind == Packed || kind == PreAllocated) && (o.Target == "" || o.Target == "null") {
		return nil
	}
	out := &Site{File: s.Func.File, Span: o.Span, Func: s.Func, Kind: kind, Target: o.Target, Type: s.Type, InLoop: o.InLoop, Holder: o.Var}
	if o.Kind == lifetime.FixedPin {
		out.Holder = ""
		out.Class, out.Reason = fixedClass(p, s)
		return out
	}
	out.Class, out.Reason = pinClass(s)
	if s.Field != "" {
		out.Holder = strings.TrimPrefix(s.Owner+"."+s.Field, ".")
	}
	return out
}

// kindOf names what pins, by the type whose member ends the pin.
func kindOf(o *lifetime.Object) Kind {
	switch o.Kind {
	case lifetime.FixedPin:
		return Fixed
	case lifetime.NativeOverlapped:
		return Packed
	case lifetime.POHArray:
		return PinnedHeap
	}
	if len(o.Release) == 0 {
		return ""
	}
	typ, _ := models.SplitMember(o.Release[0])
	switch k := Kind(typ); k {
	case GCHandle, PinnedHandle, MemoryHandle, PreAllocated:
		return k
	}
	return ""
}

// pinClass is the longest of what the paths show.
func pinClass(s *lifetime.PinSite) (Class, string) {
	kind := s.Obj.Kind
	switch {
	case s.Static:
		return Process, "kept in a static member"
	case s.Leaked && !s.Released && kind != lifetime.POHArray && kind != lifetime.NativeOverlapped:
		return Process, "nothing frees it"
	case s.Field != "":
		return Owner, "kept in a member"
	case kind == lifetime.NativeOverlapped:
		return Operation, "pinned until the NativeOverlapped is freed"
	case s.Returned:
		return Owner, "the caller gets the pin"
	case s.Operation:
		return Operation, "an overlapped operation uses it"
	case s.HandedOn && !s.Released:
		return Owner, "handed on to code that is not looked at"
	case kind == lifetime.POHArray:
		return Block, "used in this function only"
	}
	return Block, "freed in the same function"
}

// fixedClass looks at what lies between the fixed statement and its end.
func fixedClass(p *link.Program, s *lifetime.PinSite) (Class, string) {
	if s.Operation {
		return Operation, "an overlapped operation uses it"
	}
	b := bodyOf(p, s.Func, s.Obj.Span)
	switch {
	case b.blocks != "":
		return Block, b.blocks + " can block while it is pinned"
	case b.calls == 1 && !b.loops:
		return Call, "round one call"
	}
	return Block, "to the end of the fixed block"
}

// body is what a fixed block does.
type body struct {
	calls  int
	loops  bool
	blocks string // a function called in it that may block, "" if none
}

// bodyOf follows all paths from the fixed statement at span to its end.
func bodyOf(p *link.Program, f *ir.Func, span ir.Span) (out body) {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if in := &f.Blocks()[i].Instrs[j]; in.Op == ir.OpFixed && in.Span == span {
				w := fixedWalk{p: p, f: f, v: in.Var, seen: make([]bool, len(f.Blocks()))}
				w.block(ir.BlockID(i), j+1)
				return w.body
			}
		}
	}
	return out
}

type fixedWalk struct {
	body
	p    *link.Program
	f    *ir.Func
	v    ir.VarID
	seen []bool
}

func (w *fixedWalk) block(b ir.BlockID, from int) {
	blk := &w.f.Blocks()[b]
	for j := from; j < len(blk.Instrs); j++ {
		in := &blk.Instrs[j]
		if in.Op == ir.OpUnfix && in.Var == w.v {
			return
		}
		if in.Op == ir.OpCall {
			w.call(in)
		}
	}
	w.loops = w.loops || blk.Term.Loop
	for _, next := range blk.Term.Succs {
		if !w.seen[next] {
			w.seen[next] = true
			w.block(next, 0)
		}
	}
}

func (w *fixedWalk) call(in *ir.Instr) {
	w.calls++
	t := w.p.Callee(w.f, in)
	if n := t.Native; n != nil && len(t.Funcs) == 0 && n.MayBlock && w.blocks == "" {
		w.blocks = n.Name
	}
}
