package lifetime

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// C code may look at the same bytes in more than one way: by the members of a union, by an address that is cast to that of
// another struct, by a pointer that goes from one element to the next. Places are told apart by their names here, so that what
// lies in them is not known then.

// overlaid: what lies at r is looked at in another way as well. What a helper put there may be released that way.
func (a *fnRun) overlaid(st *state, r regID, in *ir.Instr) {
	if r == 0 {
		return
	}
	a.filledLater(st, r, in)
	for _, b := range st.bindings() {
		if id := a.objectOf(b.v); id != 0 && a.objects[id].ViaCall != nil && b.reg != r && a.t.within(b.reg, r) {
			a.escapeObject(st, id, in, "")
		}
	}
	a.exposes(st, a.t.root(r))
}

// ofUnion tells whether in computes the address of a member of a union.
func (a *fnRun) ofUnion(in *ir.Instr) bool {
	if a.f.File.Lang != ir.C {
		return false
	}
	d := a.prog.TypeDecl(a.f, a.prog.TypeOfPlace(a.f, in.A))
	return d != nil && d.Kind == ir.TypeUnion
}

// unionMember: in computes the address of a member of the union at r. What lies in a local one under another name may be meant.
func (a *fnRun) unionMember(st *state, r regID, in *ir.Instr) {
	a.overlaid(st, a.t.root(r), in)
	if _, bound := st.binding(a.t.field(r, in.Name)); !bound && a.isLocal(st, r) {
		a.escapeRegion(st, r, in, 0)
	}
}

// castsToOther tells whether in makes the address of a struct that of something else than bytes, or that of something else the address of a struct.
func (a *fnRun) castsToOther(st *state, in *ir.Instr) bool {
	v := st.temp(in.A)
	if a.f.File.Lang != ir.C || in.Op != ir.OpCast || v.k != vAddr && v.k != vSym {
		return false
	}
	from := a.prog.TypeOf(a.f, in.A)
	if v.k == vAddr {
		if g := a.t.regions[v.reg]; g.kind == rVar {
			from = a.f.Var(g.v).Type
		}
	}
	was, is := a.prog.TypeDecl(a.f, from), a.prog.TypeDecl(a.f, in.Type)
	switch {
	case was != nil && is != nil:
		return was != is
	case v.k == vSym:
		return false
	case is != nil:
		return true
	}
	return was != nil && strings.HasSuffix(string(in.Type), "*") && in.Type != "void*" && in.Type != "char*"
}

// goesBack: something is subtracted from the address x, as on the way from a member to the struct around it.
func (a *fnRun) goesBack(st *state, x value, in *ir.Instr) {
	root := a.t.root(a.pointeeOf(x))
	a.overlaid(st, root, in)
	if x.k == vAddr && a.t.regions[x.reg].kind == rField {
		a.escapeRegion(st, root, in, 0)
	}
}

// further is the address x of a block with what in adds to it. It leads to the same block, but not to what lies
// at x. Whoever goes through a block of structs or handles finds those that lie in it.
func (a *fnRun) further(st *state, x value, in *ir.Instr) value {
	id := a.symObj.of(x.sym)
	if a.f.File.Lang != ir.C || in.Sub != ir.Add || id == 0 {
		return x
	}
	at := a.t.pointee(x.sym)
	if v, ok := st.binding(at); ok {
		a.escape(st, v, in, a.regionName(at), at)
	}
	if a.prog.TypeDecl(a.f, a.prog.TypeOf(a.f, in.A)) != nil {
		a.escapeRegion(st, at, in, 0)
	}
	if a.somewhere == nil {
		a.somewhere = map[symID]bool{}
	}
	s := a.furtherBy(st, x.sym, in)
	a.symObj.set(s, id)
	st.assume(s, ir.Ne, 0)
	return symVal(s)
}

// furtherBy is the address that in computes of that in s: with the same number added to an address that was not computed so itself, the
// same one each time, else one of which nothing is known.
func (a *fnRun) furtherBy(st *state, s symID, in *ir.Instr) symID {
	n, known := st.number(st.temp(in.B))
	if !known || int64(int32(n)) != n || a.t.symbols[s].kind == sFurther || a.somewhere[s] {
		to := a.fresh(st, in, 0)
		a.somewhere[to] = true
		return to
	}
	return a.t.symbol(symbol{kind: sFurther, of: s, site: int32(n)})
}

// inFurther tells whether r lies in a block behind an address that was computed of s.
func (a *fnRun) inFurther(r regID, s symID) bool {
	g := &a.t.regions[a.t.root(r)]
	return g.kind == rPointee && a.t.symbols[g.sym].kind == sFurther && a.t.symbols[g.sym].of == s
}
