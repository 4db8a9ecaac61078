package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Managed memory that stays where it is without a pin in sight.

// pinnedField tells whether v is what lies in a field that only ever holds arrays of the pinned
// object heap, or whose content some function of the unit pins: the owner sees to it.
func (a *fnRun) pinnedField(v value) bool {
	if v.k != vSym || a.t.symbols[v.sym].kind != sInit {
		return false
	}
	field, owner, _ := a.fieldOf(a.t.symbols[v.sym].reg)
	if field == "" || owner == "" || a.eng.need != nil && !a.eng.need.mayPin(field) {
		return false
	}
	if a.eng.need == nil || a.eng.need.every {
		pinned, _ := a.eng.pinnedBy(a.prog.FieldUses(owner, field))
		return pinned
	}
	return a.eng.need.pinsField(a.eng, fieldOf{owner, field})
}

// fieldOf names a field with the full name of its type.
type fieldOf struct{ owner, name string }

// pinsField is pinnedBy for all uses of a field, once.
func (d *demand) pinsField(e *engine, f fieldOf) bool {
	if known, ok := d.pinned.Load(f); ok {
		return known.(bool)
	}
	// Only those that name what pins, or makes what is pinned, can decide; others may only deny.
	pinned, made := e.pinnedBy(d.pinning().FieldUses(f.owner, f.name))
	if pinned && made {
		pinned, _ = e.pinnedBy(e.prog.FieldUses(f.owner, f.name))
	}
	d.pinned.Store(f, pinned)
	return pinned
}

// pinnedBy tells whether uses of a field pin what is in it, or store nothing but arrays of the pinned object heap: made
// then.
func (e *engine) pinnedBy(uses []link.FieldUse) (pinned, made bool) {
	stores, poh := 0, true
	for _, u := range uses {
		switch u.Kind {
		case link.UseStore:
			stores++
			poh = poh && e.makes(u.Func, u.At.B, models.KindPinnedAlloc)
		case link.UseLoad:
			if e.pins(u.Func, u.At.Dst) {
				return true, false
			}
		}
	}
	made = stores > 0 && poh
	return made, made
}

// mayPin tells whether some function that names a field may pin something, or make what is pinned.
func (d *demand) mayPin(field string) bool {
	if may, ok := d.pinned.Load(field); ok {
		return may.(bool)
	}
	named := d.u.e.prog.Naming([]ir.Word{ir.WordOf(field)})
	may := slices.ContainsFunc(named, func(f *ir.Func) bool { return f.Names(d.words.pins) })
	d.pinned.Store(field, may)
	return may
}

// makes tells whether temp t of f is the result of a .NET member of the kind.
func (e *engine) makes(f *ir.Func, t ir.Temp, kind models.MemberKind) bool {
	d := f.DefBehindCasts(t)
	if d == nil || d.Op != ir.OpCall {
		return false
	}
	a := &fnRun{f: f, prog: e.prog, eng: e}
	x := &callCtx{in: d, c: d.Call, tgt: e.prog.Callee(f, d)}
	m := models.Overload(x.tgt.Members, a.memberArgs(x))
	return m != nil && m.Kind == kind
}

// pins tells whether f makes a pin of temp t.
func (e *engine) pins(f *ir.Func, t ir.Temp) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			given := in.Call.Recv == t || slices.ContainsFunc(in.Call.Args, func(x ir.Arg) bool { return x.Val == t })
			if given && e.makes(f, in.Dst, models.KindPin) {
				return true
			}
		}
	}
	return false
}

// staticData tells whether temp t is read from a property that returns a span of constants: those
// lie in the image of the program.
func (a *fnRun) staticData(t ir.Temp) bool {
	d := a.f.Def(t)
	if d == nil || d.Op != ir.OpLoad {
		return false
	}
	if d = a.f.Def(d.A); d == nil || d.Op != ir.OpName && d.Op != ir.OpMember {
		return false
	}
	ref, _ := a.memberRef(d)
	g := ref.Getter
	if ref.Kind != link.Prop || g == nil || shortName(g.Ret) != "ReadOnlySpan" {
		return false
	}
	for i := range g.Blocks() {
		for j := range g.Blocks()[i].Instrs {
			if in := &g.Blocks()[i].Instrs[j]; in.Op == ir.OpRet {
				made := g.DefBehindCasts(in.A)
				return made != nil && (made.Op == ir.OpNewArray || made.Op == ir.OpConst && made.Const == ir.ConstString)
			}
		}
	}
	return false
}
