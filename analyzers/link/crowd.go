package link

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/project"
)

// Crowds says, for names of libraries in imports, which library of the build files holds most of what
// is imported from there: scripts that are not read build it once more under that name.
type Crowds map[string]*project.Library

// Imports below which their number says nothing, and the part of them that must be found.
const (
	crowdLeast = 6
	crowdTenth = 8 // of ten
)

// Crowds finds the crowds. It looks at names alone.
func (p *Program) Crowds() Crowds {
	p.crowdOnce.Do(func() {
		p.crowds = Crowds{}
		if p.Projects == nil || len(p.c.funcs) == 0 {
			return
		}
		wanted := map[string]map[string]bool{} // library -> names
		for _, f := range p.Files {
			for _, imp := range f.Imports {
				p.eachForeign(imp, f, func(lib, name string) {
					if wanted[lib] == nil {
						wanted[lib] = map[string]bool{}
					}
					wanted[lib][name] = true
				})
			}
		}
		for lib, names := range wanted {
			if home := p.homeOf(names); home != nil {
				p.crowds[lib] = home
			}
		}
	})
	return p.crowds
}

// Moved are the names of imports, as C# code calls them, whose library has another crowd than it had before an edit: they may bind
// other functions now, or none.
func (p *Program) Moved(before Crowds) (names []string) {
	for _, f := range p.Files {
		for _, imp := range f.Imports {
			p.eachForeign(imp, f, func(lib, _ string) {
				if p.Crowds()[lib] != before[lib] {
					names = append(names, imp.Name)
				}
			})
		}
	}
	return names
}

// eachForeign calls do for the libraries of an import that no build file makes, and the function that
// it names there.
func (p *Program) eachForeign(imp *ir.Import, f *ir.File, do func(lib, name string)) {
	if f.Lang != ir.CSharp || imp.OfRuntime() {
		return
	}
	names, ordinal := exportNames(imp)
	if ordinal > 0 {
		return
	}
	for _, lib := range p.libraryFiles(imp, f) {
		if !p.isSystem(lib) && len(p.Projects.Library(lib)) == 0 {
			do(lib, names[0])
		}
	}
}

// homeOf is the one library that holds most functions of these names, nil if there is none.
func (p *Program) homeOf(names map[string]bool) *project.Library {
	if len(names) < crowdLeast {
		return nil
	}
	votes := map[*project.Library]int{}
	for name := range names {
		var seen []*project.Library
		for _, fn := range p.exported(name) {
			for _, l := range p.Projects.LibrariesOf(fn.File.Path) {
				if !slices.Contains(seen, l) {
					seen = append(seen, l)
					votes[l]++
				}
			}
		}
	}
	var best *project.Library
	for _, l := range p.Projects.Libraries {
		if n := votes[l]; n*10 >= len(names)*crowdTenth && (best == nil || n > votes[best]) {
			best = l
		}
	}
	return best
}

// inCrowd tells whether a function that was found by name lies where most imports from that library
// are found.
func (p *Program) inCrowd(b *NativeBinding, libs []string) bool {
	if p.Projects == nil || b.Func == nil {
		return false
	}
	return slices.ContainsFunc(libs, func(lib string) bool {
		home := p.Crowds()[lib]
		return home != nil && slices.Contains(p.Projects.LibrariesOf(b.File.Path), home)
	})
}
