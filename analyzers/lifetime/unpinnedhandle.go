package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// heldUnpinned reports the address of an array that a GC handle in force holds and does not pin:
// who made that handle here meant it to pin the array.
func (a *fnRun) heldUnpinned(st *state, x *callCtx, array value) bool {
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind != GCHandle || o.st == stReleased || !slices.ContainsFunc(obj.targets, func(t value) bool { return sameStorage(t, array) }) {
			continue
		}
		a.emit(Event{Kind: UnpinnedAddress, How: NormalHandle, Span: x.in.Span, Obj: obj, API: x.tgt.MemberName,
			Steps: a.step(o.steps, x.in, StepEnd, "the address of its target is taken, but the handle does not pin").List()})
		return true
	}
	return false
}

// addressInField reports the address that a handle in a field is asked for, if no handle that is ever
// stored there pins.
func (a *fnRun) addressInField(x *callCtx) {
	name, owner, _ := a.fieldOf(a.placeOf(x.recvPlace))
	if name == "" || owner == "" {
		return
	}
	made := a.eng.unpinnedIn(a.prog.FieldUses(owner, name))
	if made == nil {
		return
	}
	first := &Step{File: made.Func.File, Span: made.At.Span, Kind: StepPin, Text: "a GC handle that does not pin is stored in " + name}
	a.emit(Event{Kind: UnpinnedAddress, How: NormalHandle, Span: x.in.Span, Field: name, API: x.tgt.MemberName,
		Steps: a.step(first, x.in, StepEnd, "its address is taken, but the handle does not pin").List()})
}

// unpinnedIn is a use of a field that stores a GC handle that does not pin, if none stores anything else.
func (e *engine) unpinnedIn(uses []link.FieldUse) (made *link.FieldUse) {
	for i, u := range uses {
		switch u.Kind {
		case link.UseAddr:
			return nil
		case link.UseStore:
			if d := u.Func.Def(u.At.B); d != nil && d.Op == ir.OpConst {
				continue
			}
			if !e.makes(u.Func, u.At.B, models.KindGCHandle) {
				return nil
			}
			made = &uses[i]
		}
	}
	return made
}
