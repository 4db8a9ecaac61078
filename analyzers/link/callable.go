package link

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// IsDelegate tells whether a type written in f is a delegate type, as far as that is known.
func (p *Program) IsDelegate(f *ir.Func, t ir.Type) bool { return p.callable(scopeOf(f), t) }

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
