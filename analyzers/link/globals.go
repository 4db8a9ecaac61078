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
func (p *Program) globalsOf(f *ir.File) []ir.Using { return p.cs.globalsIn[p.Projects.Of(f.Path)] }

// findGlobals finds the global usings of the unit, and which of them hold in the files of the same projects.
func (p *Program) findGlobals() {
	c := &p.cs
	for _, f := range p.Files {
		for _, u := range f.Usings {
			if u.Global && f.Lang == ir.CSharp {
				c.globals = append(c.globals, globalUsing{u, p.Projects.Of(f.Path)})
			}
		}
	}
	c.globalsIn = map[*project.CS][]ir.Using{}
	for _, f := range p.Files {
		own := p.Projects.Of(f.Path)
		if _, known := c.globalsIn[own]; !known {
			c.globalsIn[own] = p.globalsFor(own)
		}
	}
}

func (p *Program) globalsFor(own *project.CS) (out []ir.Using) {
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
			out = append(out, projectUsing(u))
		}
	}
	return out
}

// EachGlobal calls do for the global usings of all files and projects, whatever files they hold in.
func (p *Program) EachGlobal(do func(ir.Using)) {
	for _, g := range p.cs.globals {
		do(g.Using)
	}
	if p.Projects == nil {
		return
	}
	for _, pr := range p.Projects.Projects {
		for _, u := range pr.Usings {
			do(projectUsing(u))
		}
	}
}

func projectUsing(u project.Using) ir.Using {
	return ir.Using{Name: u.Name, Alias: u.Alias, Static: u.Static, Global: true}
}

// tellGlobals tells the index of files that are not read what names global usings make.
func (p *Program) tellGlobals() {
	if p.Unread == nil {
		return
	}
	p.EachGlobal(func(u ir.Using) {
		if u.Static {
			p.Unread.Everywhere(u.Name)
		}
		if u.Alias != "" {
			p.Unread.Alias(u.Alias, u.Name)
		}
	})
}

func together(a, b *project.CS) bool {
	return slices.ContainsFunc(a.Projects, func(p *project.Project) bool { return slices.Contains(b.Projects, p) })
}
