package link

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// IsDelegate tells whether a type written in f is a delegate type, as far as that is known.
func (p *Program) IsDelegate(f *ir.Func, t ir.Type) bool { return p.callable(scopeOf(f), t) }

// MayHoldDelegate tells whether a value of a type, as Ref has it, can be a delegate, or be made of one without a call that
// says so. Of a type that nothing is known of it can.
func (p *Program) MayHoldDelegate(f *ir.Func, t ir.Type) bool {
	return p.mayHoldDelegate(scopeOf(f), t, 0)
}

// TakesDelegate tells whether a parameter (0-based) of an import that a file declares can be a delegate; one past the
// last can. So can one passed by "in", whose callers need not say so, and elements of an array.
func (p *Program) TakesDelegate(imp *ir.Import, file *ir.File, param int) bool {
	if param >= len(imp.Params) {
		return true
	}
	v := &imp.Params[param]
	return (v.Ref == ir.ByValue || v.Ref == ir.ByIn) && p.mayHoldDelegate(scope{file, imp.Owner}, v.Type, 0)
}

func (p *Program) mayHoldDelegate(sc scope, t ir.Type, depth int) bool {
	base, _, suffix := splitType(t)
	switch {
	case strings.Contains(suffix, "*"):
		return false
	case strings.Contains(suffix, "["):
		return p.mayHoldDelegate(sc, t[:len(t)-len(suffix)], depth)
	case base == "" || base[0] == '(' || depth > 1 || p.callable(sc, t) || p.namesDelegate(base):
		return true
	}
	if k, ok := p.lib.keyword(base); ok {
		return k == "object" || k == "dynamic"
	}
	if ut := p.unitType(sc, t); ut != nil {
		short := lastDot(ut.Name)
		return short == "Object" || short == "Delegate" || short == "MulticastDelegate" || p.takesDelegate(ut, depth)
	}
	ext, _ := p.libraryName(t)
	return ext == "Object" || !p.lib.hasType(ext)
}

// namesDelegate tells whether some delegate type of the unit has that short name: a tree of several programs may have others
// of that name, one of which is taken for it.
func (p *Program) namesDelegate(name string) bool {
	return slices.ContainsFunc(p.cs.tails[lastDot(name)], func(full string) bool {
		return slices.ContainsFunc(p.cs.types[full], func(t *Type) bool { return t.Kind == ir.TypeDelegate })
	})
}

// takesDelegate tells whether a type of the unit has a conversion that may take a delegate.
func (p *Program) takesDelegate(t *Type, depth int) bool {
	return slices.ContainsFunc(t.Methods, func(fn *ir.Func) bool {
		if fn.Name != "op_Implicit" && fn.Name != "op_Explicit" || len(fn.Params) != 1 {
			return false
		}
		from := fn.Var(fn.Params[0]).Type
		return lastDot(string(from)) != lastDot(t.Name) && p.mayHoldDelegate(scopeOf(fn), from, depth+1)
	})
}

// CachesMethodGroups tells whether the compiler of a C# file is known to keep the delegate of a
// static method group: it does so from C# 11 on.
func (p *Program) CachesMethodGroups(f *ir.File) bool {
	return p.Projects != nil && p.Projects.Of(f.Path).Language(11)
}

// File is the file with a path, nil if it is not of the unit.
func (p *Program) File(path string) *ir.File {
	if i, ok := p.fileIndex(path); ok {
		return p.Files[i]
	}
	return nil
}

func (p *Program) fileIndex(path string) (int, bool) {
	return slices.BinarySearchFunc(p.Files, path, func(f *ir.File, path string) int { return strings.Compare(f.Path, path) })
}

// FileOfImport is the file that declares an import, nil if it is not of the unit.
func (p *Program) FileOfImport(imp *ir.Import) *ir.File {
	p.importFilesOnce.Do(func() {
		p.importFiles = map[*ir.Import]*ir.File{}
		for _, f := range p.Files {
			for _, i := range f.Imports {
				p.importFiles[i] = f
			}
		}
	})
	return p.importFiles[imp]
}

// DelegateParam is the delegate type of the unit that a parameter (0-based) of an import has, nil if it has none.
func (p *Program) DelegateParam(imp *ir.Import, file *ir.File, param int) *Type {
	if t := p.unitType(scope{file, imp.Owner}, imp.Params[param].Type); t != nil && t.Kind == ir.TypeDelegate && len(t.Parts) > 0 {
		return t
	}
	return nil
}
