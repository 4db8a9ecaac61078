package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// A GCHandle that is freed through a copy: what holds it still says that it is allocated.

// copied tells whether the release works on a copy of the struct in place, and reports it: a
// readonly field outside of the constructor, a property, the Value of a nullable.
func (a *fnRun) copied(st *state, x *callCtx, by releaseBy, id objID, place regID) bool {
	what, name, owner := a.copyKind(x, place)
	if what == "" || a.runsOnce() || by.steps != nil && !a.givenFrom(st, x, place) || a.asksAndSets(x.b.ID, name) {
		return false
	}
	o, _ := st.obj(id)
	a.emit(Event{Kind: CopyReleased, How: what, Span: x.in.Span, Obj: a.objects[id], API: by.api, Field: name, Owner: owner,
		Steps: a.step(o.steps, x.in, StepEnd, "frees a copy: "+name+" still holds the handle").List()})
	return true
}

// givenFrom tells whether an argument of the call is what lies in place. What a method frees of its own
// object, that method is asked about.
func (a *fnRun) givenFrom(st *state, x *callCtx, place regID) bool {
	return slices.ContainsFunc(x.c.Args, func(arg ir.Arg) bool {
		at := arg.Addr
		if arg.Ref != ir.ByValue {
			at = arg.Val // in
		}
		return at != 0 && a.placeOf(st.temp(at)) == place
	})
}

// runsOnce tells whether the function is one that the runtime runs once, as the last of all.
func (a *fnRun) runsOnce() bool {
	return a.f.Kind == ir.FuncFinalizer || a.f.Name == "ReleaseHandle" && len(a.f.Params) == 0 && a.f.Flags&ir.Override != 0
}

// asksAndSets tells whether the function comes to the release in block at only by something that it sets itself, so that
// another call does not come there: a flag that says that the object is disposed, or another handle that is closed and
// cleared. The member name itself may be filled anew as well.
func (a *fnRun) asksAndSets(at ir.BlockID, name string) bool {
	asked, set := map[string]bool{}, map[string]bool{}
	blocks := a.f.Blocks()
	for i := range blocks {
		for j := range blocks[i].Instrs {
			switch in := &blocks[i].Instrs[j]; in.Op {
			case ir.OpStore:
				set[a.heldName(in.A)] = true
			case ir.OpCall:
				for k := range in.Call.Args {
					if arg := &in.Call.Args[k]; arg.Ref == ir.ByRef || arg.Ref == ir.ByOut {
						set[a.heldName(arg.Val)] = true
					}
				}
			}
		}
		if t := &blocks[i].Term; t.Kind == ir.TermBranch && a.leadsTo(t.Succs[0], at) != a.leadsTo(t.Succs[1], at) {
			a.asksFor(t.Cond, asked, 0)
		}
	}
	asked[lastDot(name)] = true
	delete(set, "")
	for n := range set {
		if asked[n] {
			return true
		}
	}
	return false
}

// leadsTo tells whether a path without exceptions goes from block from to block to.
func (a *fnRun) leadsTo(from, to ir.BlockID) bool {
	seen, stack := make([]bool, len(a.f.Blocks())), []ir.BlockID{from}
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if b == to {
			return true
		}
		if !seen[b] {
			seen[b] = true
			stack = append(stack, a.f.Blocks()[b].Term.Succs...)
		}
	}
	return false
}

// asksFor adds the members that temp t is computed from: by operators, or by a call that is given one by reference.
func (a *fnRun) asksFor(t ir.Temp, into map[string]bool, depth int) {
	d := a.f.Def(t)
	if d == nil || depth > 6 {
		return
	}
	switch d.Op {
	case ir.OpLoad:
		into[a.heldName(d.A)] = true
	case ir.OpUnary, ir.OpCast, ir.OpIs:
		a.asksFor(d.A, into, depth+1)
	case ir.OpBin:
		a.asksFor(d.A, into, depth+1)
		a.asksFor(d.B, into, depth+1)
	case ir.OpCall:
		for k := range d.Call.Args {
			if d.Call.Args[k].Ref == ir.ByRef {
				into[a.heldName(d.Call.Args[k].Val)] = true
			}
		}
	}
}

// heldName is the last part of the name of the member at address temp t, "" for a local.
func (a *fnRun) heldName(t ir.Temp) string {
	if d := a.f.Def(t); d != nil && d.Op == ir.OpVarAddr {
		return ""
	}
	return a.placeName(t)
}

// storedNext tells whether the block of the call goes on to store to the variable or field named.
func (a *fnRun) storedNext(x *callCtx, name string) bool {
	after := false
	for i := range x.b.Instrs {
		in := &x.b.Instrs[i]
		if after && in.Op == ir.OpStore && a.placeName(in.A) == lastDot(name) {
			return true
		}
		after = after || in == x.in
	}
	return false
}

// placeName is the last part of the name of the variable or member at address temp t, "" if it has none.
func (a *fnRun) placeName(t ir.Temp) string {
	switch d := a.f.Def(t); {
	case d == nil:
	case d.Op == ir.OpVarAddr:
		return a.f.Var(d.Var).Name
	case d.Op == ir.OpName || d.Op == ir.OpMember || d.Op == ir.OpField:
		return lastDot(d.Name)
	}
	return ""
}

// copyKind tells how the place of a receiver is copied for the call, "" if it is not.
func (a *fnRun) copyKind(x *callCtx, place regID) (what How, name, owner string) {
	g := a.t.regions[place]
	if g.kind != rField && g.kind != rGlobal {
		return "", "", ""
	}
	if g.kind == rField && g.name == "Value" && a.nullableReceiver(x) {
		if a.storedNext(x, a.regionName(g.parent)) || a.t.regions[g.parent].kind == rVar {
			return "", "", "" // nobody sees the old value again, but this function
		}
		return OfNullable, a.regionName(g.parent), ""
	}
	name, owner, _ = a.fieldOf(place)
	if name == "" || owner == "" {
		return "", "", ""
	}
	ref := a.prog.Member(a.f, ir.Type(owner), name)
	inside := a.f.Kind == ir.FuncCtor || a.f.Kind == ir.FuncInit
	switch {
	case ref.Kind == link.Prop, ref.Field != nil && ref.Field.Flags&ir.Property != 0:
		return OfProperty, name, owner
	case ref.Field != nil && ref.Field.Flags&ir.ReadOnly != 0 && !inside:
		return OfReadonly, name, owner
	}
	return "", "", ""
}

// nullableReceiver tells whether the receiver of the call is written as the Value of a nullable.
func (a *fnRun) nullableReceiver(x *callCtx) bool {
	d := a.f.Def(x.c.RecvAddr)
	if d == nil || d.Op != ir.OpMember {
		return x.c.RecvAddr == 0
	}
	t := a.prog.TypeOfOwner(a.f, d)
	return len(t) > 0 && t[len(t)-1] == '?' || shortName(t) == "Nullable"
}
