package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// ownerCloses reports an owner of the unit that closes the raw handle it is given by a function for other handles.
func (a *fnRun) ownerCloses(st *state, x *callCtx, raw value) {
	id := a.objectOf(raw)
	if id == 0 || a.objects[id].Kind != Handle || a.objects[id].Acquire == nil {
		return
	}
	obj, d := a.objects[id], a.prog.TypeDecl(a.f, x.c.Type)
	if d == nil || slices.ContainsFunc(callsOf(a.f), func(in *ir.Instr) bool { return lastDot(in.Call.Name) == "SetHandleAsInvalid" }) {
		return
	}
	at, fn := a.eng.soleCloser(d, 0)
	if fn == nil || len(fn.Releases) == 0 || a.rightCloser(obj, releaseBy{api: fn.Name, fn: fn, types: fn.Releases[0].Types}) {
		return
	}
	o, _ := st.obj(id)
	first := o.steps
	for first != nil && first.Prev != nil {
		first = first.Prev
	}
	kept := a.step(first, x.in, StepNote, "gets an owner here: "+wrapName(x))
	end := &Step{Prev: kept, File: at.Func.File, Span: at.At.Span, Kind: StepEnd, Text: "which closes it by " + fn.Name}
	a.emit(Event{Kind: WrongRelease, Span: x.in.Span, Obj: obj, API: fn.Name, Steps: end.List(), block: x.b.ID})
}

// soleCloser is the native function by which the ReleaseHandle of a handle type, or of the nearest base that has one,
// closes its handle, nil if it closes by several, on a condition, or in a way that is not seen.
func (e *engine) soleCloser(d *link.Type, depth int) (at link.FieldUse, fn *models.Func) {
	i := slices.IndexFunc(d.Methods, func(m *ir.Func) bool { return m.Name == "ReleaseHandle" && len(m.Params) == 0 })
	if i < 0 {
		if b := e.handleBase(d); b != nil && depth < 4 {
			return e.soleCloser(b, depth+1)
		}
		return at, nil
	}
	f := d.Methods[i]
	for i := range f.Blocks() {
		if f.Blocks()[i].Term.Kind == ir.TermBranch {
			return at, nil
		}
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall || !slices.ContainsFunc(in.Call.Args, func(x ir.Arg) bool { return ownHandle(f, x.Val) }) {
				continue
			}
			t := e.prog.Callee(f, in)
			if fn != nil || t.Native == nil || len(t.Funcs) > 0 || len(in.Call.Args) != 1 || !isReleased(t.Native, t.Param(0)) {
				return at, nil
			}
			at, fn = link.FieldUse{Func: f, At: in}, t.Native
		}
	}
	return at, fn
}

// handleBase is the handle type of the unit that d derives from, nil if none.
func (e *engine) handleBase(d *link.Type) *link.Type {
	if len(d.Methods) == 0 {
		return nil
	}
	for _, b := range d.Bases {
		if bd := e.prog.TypeDecl(d.Methods[0], ir.Type(b)); bd != nil && bd != d && bd.IsSafeHandle {
			return bd
		}
	}
	return nil
}

// ownHandle tells whether temp t of a handle type is the field of the library's base that holds the handle.
func ownHandle(f *ir.Func, t ir.Temp) bool {
	d := f.Def(t)
	for d != nil && (d.Op == ir.OpCast || d.Op == ir.OpLoad) {
		d = f.Def(d.A)
	}
	return isHandleField(d)
}

// isHandleField tells whether d names the field of SafeHandle that holds the handle.
func isHandleField(d *ir.Instr) bool {
	return d != nil && (d.Op == ir.OpName || d.Op == ir.OpMember) && lastDot(d.Name) == "handle"
}
