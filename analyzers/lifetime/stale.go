package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// noteFieldRelease records that a method releases what lies in a field of its own object, itself
// and not by a helper. It tells rules which method would release the field once more.
func (a *fnRun) noteFieldRelease(st *state, x *callCtx, by releaseBy, obj *Object, place regID) {
	if by.steps != nil || place == 0 || a.f.File.Lang != ir.CSharp || !a.byNative(by) {
		return
	}
	field, owner, static := a.fieldOf(place)
	if field == "" || owner == "" || a.t.regions[place].kind != rField {
		return
	}
	a.emit(Event{Kind: FieldReleased, How: AtClose, Span: x.in.Span, Obj: obj, API: by.api, Field: field, Owner: owner, Static: static})
}

// staleFields looks, where the function returns, for fields that it gave a handle, then closed
// that handle, and that still hold its value.
func (a *fnRun) staleFields(st *state) {
	if a.f.File.Lang != ir.CSharp || a.f.Kind == ir.FuncCtor || a.f.Kind == ir.FuncFinalizer {
		return
	}
	for _, b := range st.store {
		if b.v.k != vSym || a.t.regions[b.reg].kind != rField || a.isLocal(st, b.reg) {
			continue
		}
		id := a.objectOf(b.v)
		if id == 0 {
			continue
		}
		o, ok := st.obj(id)
		if !ok || o.st != stReleased || o.steps == nil || o.steps.Kind != StepRelease {
			continue
		}
		field, owner, _ := a.fieldOf(b.reg)
		if field != "" && owner != "" {
			a.emit(Event{Kind: FieldStale, Span: o.steps.Span, Obj: a.objects[id], Field: field, Owner: owner, ByNative: true,
				Steps: a.withBranches(o.steps, st.path, 0)})
		}
	}
}

// duplicatedInline: a handle that an import of unknown meaning opens goes straight to a member
// that duplicates it: nobody can close the original. That the import opens it is told by its name.
func (a *fnRun) duplicatedInline(st *state, x *callCtx) {
	for i := range x.c.Args {
		d := a.f.Def(x.c.Args[i].Val)
		if d == nil || d.Op != ir.OpCall {
			continue
		}
		t := a.prog.Callee(a.f, d)
		if t.Import == nil || t.Native != nil || !models.NamedOpener(t.Import.Name) || a.ownerTypeOf(t.Ret) {
			continue
		}
		step := &Step{File: a.f.File, Span: d.Span, Kind: StepAcquire, Text: "opened by " + t.Import.Name}
		o := &Object{Kind: Handle, API: t.Import.Name, Func: a.f, Span: d.Span, NameSpan: d.Call.NameSpan}
		a.emit(Event{Kind: Leak, How: AtDiscard, Span: d.Span, End: x.in.Span, Obj: o, API: o.API, EveryPath: true,
			Steps: a.step(step, x.in, StepEnd, "duplicated here; nobody can close the original").List()})
	}
}
