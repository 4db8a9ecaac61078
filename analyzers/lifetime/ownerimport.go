package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// OwnedWrongly is an import that gives its handle an owner which closes it by a function for other handles, or which
// closes what is not the caller's.
type OwnedWrongly struct {
	Import  *ir.Import
	File    *ir.File
	Fn      *models.Func
	Acquire *models.Acquire
	Owner   string        // short name of the owner's type
	Closer  *models.Func  // by which it closes
	At      link.FieldUse // where, for a type of the unit
	Whose   string        // whose the handle is, for one that is not the caller's
}

// OwnedWrongly compares the owners that the imports of the unit declare with the handles that they get.
func (r *Result) OwnedWrongly(p *link.Program) (out []OwnedWrongly) {
	e := &engine{prog: p}
	for _, f := range p.Files {
		for _, imp := range f.Imports {
			if f.Lang != ir.CSharp || imp.OfRuntime() {
				continue
			}
			name, fn := p.Export(imp, f)
			if fn == nil || p.NativeOf(imp, f) != nil || !p.OfLibrary(imp, f, fn.DLL) || fn.Sig == nil || len(fn.Sig.Params) != len(imp.Params) || name == "" {
				continue
			}
			for i := range fn.Acquires {
				if w, ok := e.ownedWrongly(imp, f, fn, &fn.Acquires[i]); ok {
					out = append(out, w)
				}
			}
		}
	}
	return out
}

func (e *engine) ownedWrongly(imp *ir.Import, f *ir.File, fn *models.Func, q *models.Acquire) (w OwnedWrongly, ok bool) {
	t := imp.Ret
	if !q.IsReturn() {
		if q.Array || q.Param < 0 || q.Param >= len(imp.Params) || imp.Params[q.Param].Ref != ir.ByOut {
			return w, false
		}
		t = imp.Params[q.Param].Type
	}
	w = OwnedWrongly{Import: imp, File: f, Fn: fn, Acquire: q, Owner: shortName(t)}
	if w.At, w.Closer = e.closerOf(imp, f, t); w.Closer == nil || len(w.Closer.Releases) == 0 {
		return w, false
	}
	if q.Borrowed {
		w.Whose, _ = e.prog.DB.NeverClosed(fn.Family, w.Closer.Family)
		return w, w.Whose != ""
	}
	right := len(q.Release) == 0 || q.Confidence == models.Unverified || q.ReleasedBy(w.Closer) ||
		slices.ContainsFunc(w.Closer.Releases[0].Types, func(t string) bool { return models.KindMatches(q.Kind, t) })
	return w, !right
}

// closerOf is the native function by which an owner that the marshaller makes closes its handle, nil if that is not known.
func (e *engine) closerOf(imp *ir.Import, f *ir.File, t ir.Type) (at link.FieldUse, fn *models.Func) {
	d := e.prog.TypeDecl(&ir.Func{File: f, Owner: imp.Owner}, t)
	if d == nil {
		if known := e.prog.DB.DotNetType(shortName(t)); known != nil && known.SafeHandle && known.Release != "" && strings.HasPrefix(known.FullName, "Microsoft.Win32.") {
			fn = e.prog.DB.Func(known.Release)
		}
		return at, fn
	}
	i := slices.IndexFunc(d.Ctors, func(c *ir.Func) bool { return len(c.Params) == 0 })
	if !d.IsSafeHandle || i < 0 || e.ctorWraps(d.Ctors[i], 0).owns != ownsAlways {
		return at, nil
	}
	return e.soleCloser(d, 0)
}
