package link

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/project"
)

// globalUsing is a "global using" with the projects of the file that it stands in.
type globalUsing struct {
	ir.Using
	in *project.CS // nil unknown
}

// globalsOf are the global usings that hold in f: those of files that are compiled together with it,
// or of which that is not known, and those of its project files.
func (p *Program) globalsOf(f *ir.File) []ir.Using {
	own := p.Projects.Of(f.Path)
	var out []ir.Using
	for _, g := range p.cs.globals {
		if own == nil || g.in == nil || own == g.in || together(own, g.in) {
			out = append(out, g.Using)
		}
	}
	if own == nil {
		return out
	}
	for _, pr := range own.Projects {
		for _, u := range pr.Usings {
			out = append(out, ir.Using{Name: u.Name, Alias: u.Alias, Static: u.Static, Global: true})
		}
	}
	return out
}

func together(a, b *project.CS) bool {
	return slices.ContainsFunc(a.Projects, func(p *project.Project) bool { return slices.Contains(b.Projects, p) })
}
