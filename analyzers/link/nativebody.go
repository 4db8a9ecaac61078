package link

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// NativeBodies are the C functions of the unit that a call of an import may run: one, or one for
// each platform. None when the marshaller adds or drops parameters, when there is more than one
// opinion of what they are, when there are more than MaxTargets, or when a delegate stands for the function.
func (t *Target) NativeBodies() []*ir.Func {
	if t.CFunc == nil || t.Native != nil || t.Import == nil || len(t.Bound.Funcs) > MaxTargets {
		return nil
	}
	differs := func(f *ir.Func) bool { return len(f.Params) != len(t.Import.Params) }
	if slices.ContainsFunc(t.Bound.Funcs, differs) {
		return nil
	}
	return t.Bound.Funcs
}
