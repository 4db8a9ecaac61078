package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/models"
)

// blockOfHandle tells whether what is freed is the block in which a handle lay that was closed before,
// as that of FreeCredentialsHandle: of a block that came from elsewhere, nothing says what is in it.
func (a *fnRun) blockOfHandle(obj *Object, o ostate, by releaseBy) bool {
	if obj.Kind != Unknown {
		return false
	}
	first := a.lastCloser(o)
	return first != nil && takesAddress(first) && !a.freesBlock(first) && slices.ContainsFunc(a.closersOf(by), a.freesBlock)
}

// closersOf are the native functions that by releases with.
func (a *fnRun) closersOf(by releaseBy) (fns []*models.Func) {
	if by.fn != nil {
		return []*models.Func{by.fn}
	}
	if by.member == nil {
		return nil
	}
	for _, name := range a.prog.DB.StandsFor(by.member.Type + "." + by.member.Name) {
		if fn := a.prog.DB.Func(name); fn != nil {
			fns = append(fns, fn)
		}
	}
	return fns
}

func (a *fnRun) freesBlock(fn *models.Func) bool {
	return slices.ContainsFunc(fn.Releases, func(r models.Release) bool { return a.freesMemory(releaseBy{fn: fn, types: r.Types}) })
}

// takesAddress tells whether a function releases what lies at the address that it is given.
func takesAddress(fn *models.Func) bool {
	return fn.Sig != nil && slices.ContainsFunc(fn.Releases, func(r models.Release) bool {
		return r.Param >= 0 && r.Param < len(fn.Sig.Params) && fn.Sig.Params[r.Param].Type.PtrDepth > 0
	})
}
