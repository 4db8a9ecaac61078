package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// lostWithThis tells whether the object lies in a field of an object whose constructor leaves by an exception: nobody gets to
// see that, so that nobody disposes it. Behind an exception that was caught, a call that is not seen may have released it.
func (a *fnRun) lostWithThis(st *state, o ostate) bool {
	return a.f.Kind == ir.FuncCtor && a.f.File.Lang == ir.CSharp && (!o.viaThrow || o.storedAt == st.epoch) && a.fieldOfThis(o.stored) && a.unborn()
}

// unborn tells whether nothing but Dispose releases what an object of the type at hand holds, and its constructor gives the
// object to nobody.
func (a *fnRun) unborn() bool {
	d := a.prog.OwnerType(a.f)
	return d != nil && !d.IsSafeHandle && !a.eng.finalized(d, 0) && !a.eng.keepsThis(a.f)
}

// finalized tells whether objects of class d may have a finalizer.
func (e *engine) finalized(d *link.Type, depth int) bool {
	if d.Finalizer != nil || depth > 4 || len(d.Methods) == 0 {
		return true
	}
	return slices.ContainsFunc(d.Bases, func(b string) bool {
		bd := e.prog.TypeDecl(d.Methods[0], ir.Type(b))
		if bd == nil {
			return !interfaceName(b) || lastDot(b) == "CriticalFinalizerObject"
		}
		return bd != d && bd.Kind == ir.TypeClass && e.finalized(bd, depth+1)
	})
}
