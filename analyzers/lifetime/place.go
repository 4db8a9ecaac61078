package lifetime

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// name resolves an OpName to the address of what it means.
func (a *fnRun) name(st *state, dotted string) value {
	ref := a.prog.Name(a.f, dotted)
	return a.nameBy(st, &ref, dotted)
}

func (a *fnRun) nameBy(st *state, ref *link.Ref, dotted string) value {
	var v value
	switch ref.Kind {
	case link.Const, link.EnumMember:
		if ref.Known {
			// A constant has no address: its value stands for the place, and loads give it back.
			return value{k: vInt, n: intVal(ref.Value).n, sub: constPlace}
		}
		return value{}
	case link.Field, link.Prop:
		if ref.Static && ref.Known && ref.Rest == "" && a.f.Kind != ir.FuncInit && a.f.Kind != ir.FuncStaticCtor {
			// A static read-only field is a constant to all but the initialiser of its type.
			return value{k: vInt, n: intVal(ref.Value).n, sub: constPlace}
		}
		if ref.Static {
			place := a.t.global(ref.Path)
			if ref.Rest == "" && ref.Kind == link.Field && ref.Field != nil && strings.ToUpper(ref.Field.Name) == ref.Field.Name {
				a.assumeErrorName(st, place, ref.Field.Name) // public static uint STATUS_SUCCESS = 0;
			}
			v = addrVal(place)
		} else {
			v = addrVal(a.t.field(a.this(st), a.memberName(ref, dotted)))
		}
	case link.Global:
		place := a.t.global(ref.Path)
		if ref.Field != nil && ref.Field.Flags&ir.Const != 0 && !strings.HasSuffix(string(ref.Field.Type), "*") {
			a.neverSet[place] = true // extern const HANDLE NONE;
		}
		v = addrVal(place)
	case link.Function, link.TypeName, link.Namespace:
		return value{k: vName, n: 1}
	default:
		if n, ok := models.ConstantName(lastDot(dotted)); ok && a.f.File.Lang == ir.CSharp {
			return value{k: vInt, n: n, sub: constPlace}
		}
		place := a.t.global("?" + dotted)
		a.assumeErrorName(st, place, dotted)
		return addrVal(place)
	}
	return a.follow(st, v, ref.Rest)
}

// assumeErrorName narrows the content of a constant that is defined nowhere by what its name says.
func (a *fnRun) assumeErrorName(st *state, place regID, name string) {
	if a.f.File.Lang == ir.CSharp {
		name = lastDot(name)
	}
	switch means := models.ErrorName(name); means {
	case "zero":
		if v := a.load(st, place); v.k == vSym {
			st.assume(v.sym, ir.Eq, 0)
		}
	case "negative", "nonzero":
		v := a.load(st, place)
		if v.k != vSym {
			return
		}
		st.assume(v.sym, ir.Ne, 0)
		if means == "negative" {
			st.assume(v.sym, ir.Lt, 0)
		}
	}
}

// constPlace marks a number that stands for the place of a constant.
const constPlace = ir.Sub(255)

func (a *fnRun) memberName(ref *link.Ref, dotted string) string {
	switch {
	case ref.Field != nil:
		return ref.Field.Name
	case ref.Prop != nil:
		return ref.Prop.Name
	}
	return dotted
}

// follow goes through the members in rest ("a.b.c") from the place v.
func (a *fnRun) follow(st *state, v value, rest string) value {
	for rest != "" {
		m := rest
		rest = ""
		for i := range m {
			if m[i] == '.' {
				m, rest = m[:i], m[i+1:]
				break
			}
		}
		v = addrVal(a.t.field(a.object(st, v.reg), m))
	}
	return v
}

// this is the region of the receiver.
func (a *fnRun) this(st *state) regID {
	if a.f.This == ir.NoVar {
		return a.t.global("this")
	}
	return a.object(st, a.t.varRegion(a.f.This))
}

// object is the region in which members of the content of r lie: what a reference refers to.
func (a *fnRun) object(st *state, r regID) regID {
	switch v := a.load(st, r); v.k {
	case vAddr:
		return v.reg
	case vSym:
		return a.t.pointee(v.sym)
	}
	return r
}

// structPlace tells whether the place at address temp t holds a struct, so that its members lie
// in the place itself.
func (a *fnRun) structPlace(t ir.Temp) bool {
	return a.prog.IsStruct(a.f, a.prog.TypeOfPlace(a.f, t))
}

// unknownElem tells whether the way from p down to r goes through an element of which the index is
// not a number.
func (a *fnRun) unknownElem(r, p regID) bool {
	for ; r != p && r != 0; r = a.t.regions[r].parent {
		if g := a.t.regions[r]; g.anyElem() || g.symElem() {
			return true
		}
	}
	return false
}

// index is a value as it names an element: a number, a symbol, or nothing that can be told.
func (a *fnRun) index(st *state, v value) value {
	if n, ok := st.number(v); ok {
		return intVal(n)
	}
	if v.k == vSym && a.t.symbols[v.sym].iter >= maxIter {
		return value{} // later rounds of loops are not told apart
	}
	return v
}

// otherElements: the index of an element varies in a loop, so its rounds go through the others too,
// whatever the index is in this one.
func (a *fnRun) otherElements(st *state, b *ir.Block, in *ir.Instr) {
	d := a.f.Def(in.B)
	base := st.temp(in.A)
	if !a.flow.inLoop[b.ID] || d == nil || d.Op == ir.OpConst || base.k != vAddr {
		return
	}
	cur := st.temp(in.Dst).reg
	for _, bd := range st.bindings() {
		if bd.reg != base.reg && bd.reg != cur && a.t.regions[bd.reg].kind == rElem && a.t.regions[bd.reg].parent == base.reg {
			a.escape(st, bd.v, in, "", 0)
		}
	}
}

func (a *fnRun) elemAddr(st *state, in *ir.Instr) value {
	idx := a.index(st, st.temp(in.B))
	switch base := st.temp(in.A); base.k {
	case vAddr:
		return addrVal(a.t.elem(base.reg, idx))
	case vSym:
		return addrVal(a.t.elem(a.t.pointee(base.sym), idx))
	}
	return value{}
}

// load is the content of r. What was never written is a symbol of its own, which stays the same
// until something may change it; parts of a zeroed or unwritten whole follow the whole.
func (a *fnRun) load(st *state, r regID) value {
	if v, ok := st.binding(r); ok {
		return v
	}
	for p := a.t.regions[r].parent; p != 0; p = a.t.regions[p].parent {
		if v, ok := st.binding(p); ok {
			if a.unknownElem(r, p) {
				return value{} // some element: another one at the next look, perhaps written under another name
			}
			switch v.k {
			case vInt, vUninit:
				return v
			case vUnknown:
				return symVal(a.initial(st, r))
			case vSym:
				if g := a.t.regions[r]; g.kind == rField && g.parent == p && (a.handleInside(v.sym) || g.name == "Value" && a.isGCHandle(v.sym)) {
					return v
				}
				// A member of a struct that was copied here as a whole belongs to that copy.
				return symVal(a.t.symbol(symbol{kind: sInit, reg: r, of: v.sym}))
			}
			break
		}
	}
	for p := r; p != 0; p = a.t.regions[p].parent {
		if g := a.t.regions[p]; g.anyElem() {
			return value{} // of some element: another one at the next look
		}
	}
	return symVal(a.initial(st, r))
}

// handleInside tells whether s is a handle that is one number, so that the struct that it was stored to
// as a whole holds nothing else: struct HDEVINFO { IntPtr value; }.
func (a *fnRun) handleInside(s symID) bool {
	id := a.symObj.of(s)
	if id == 0 || a.f.File.Lang != ir.CSharp {
		return false
	}
	o := a.objects[id]
	q := o.Acquire
	if q == nil || o.Kind != Handle || o.Native == nil {
		return false
	}
	if q.IsReturn() {
		return true
	}
	sig := o.Native.Sig
	return q.Field == "" && sig != nil && q.Param < len(sig.Params) && sig.Params[q.Param].Type.IsHandle()
}

// isGCHandle tells whether s is a GC handle: a variable that holds one and has a Value is a nullable.
func (a *fnRun) isGCHandle(s symID) bool {
	id := a.symObj.of(s)
	return id != 0 && (a.objects[id].Kind == GCHandle || a.objects[id].Kind == Pin)
}

// initial is the symbol for what r held before anything in this function changed it.
func (a *fnRun) initial(st *state, r regID) symID {
	epoch := st.epoch
	if root := a.t.regions[a.t.root(r)]; root.kind == rVar {
		epoch = 0
	} else if root.kind == rGlobal && isConstantName(root.name) {
		epoch = 0
	}
	return a.t.symbol(symbol{kind: sInit, reg: r, epoch: epoch})
}

// isConstantName tells whether a global is a name that nothing defines and that is spelt like a constant.
func isConstantName(place string) bool {
	name, undefined := strings.CutPrefix(place, "?")
	return undefined && name == strings.ToUpper(name)
}

// weakRead: an element that was not written under this index is read, or a member of it; it may
// be any of those that were.
func (a *fnRun) weakRead(st *state, r regID, in *ir.Instr) {
	elem := r
	for elem != 0 && a.t.regions[elem].kind == rField {
		elem = a.t.regions[elem].parent
	}
	g := a.t.regions[elem]
	if g.kind != rElem {
		return
	}
	if _, bound := st.binding(r); bound {
		return
	}
	for _, bd := range st.bindings() {
		if bd.reg == g.parent || bd.reg != elem && a.t.within(bd.reg, g.parent) {
			if bd.v.k == vSym && !a.sameElement(elem, bd.reg, g.parent) {
				a.escape(st, bd.v, in, "", 0)
			}
		}
	}
}

// sameElement tells whether two places inside an array are certainly not different elements, or
// certainly different ones: elements with known numbers do not overlap.
func (a *fnRun) sameElement(elem, other, array regID) bool {
	if a.t.regions[elem].anyElem() || a.t.regions[elem].symElem() {
		return false
	}
	for other != 0 && other != array && a.t.regions[other].parent != array {
		other = a.t.regions[other].parent
	}
	if other == array {
		return true // element 0, or the whole
	}
	o := a.t.regions[other]
	return o.kind == rElem && !o.anyElem() && !o.symElem()
}

// isLocal tells whether nobody outside of the function can see r.
func (a *fnRun) isLocal(st *state, r regID) bool {
	g := a.t.regions[a.t.root(r)]
	switch g.kind {
	case rVar:
		v := a.f.Var(g.v)
		if v.Flags&ir.Static != 0 || v.Kind == ir.VarCaptured || v.Kind == ir.VarThis {
			return false
		}
		return !(v.Kind == ir.VarParam && v.Ref != ir.ByValue) && !byNameParam(a.f, g.v)
	case rStack, rObject:
		return true
	case rPointee:
		if id := a.symObj.of(g.sym); id != 0 && a.objects[id].Kind == Memory {
			o, ok := st.obj(id)
			return ok && o.st == stOwned && o.stored == 0
		}
		if id := a.addrOf.of(g.sym); id != 0 {
			return true
		}
	}
	return false
}
