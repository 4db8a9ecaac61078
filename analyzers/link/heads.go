package link

import "github.com/pinvet/pinvet/analyzers/ir"

// HeadMacros are the texts of the object-like macros of that name that are made of words alone, as
// they stand in heads of declarations (export macros, calling conventions): those that from can see,
// or else those of the nearest files. Macros whose text is an expression are not among them.
func (p *Program) HeadMacros(from *ir.File, name string) []string {
	var out []string
	for _, m := range prefer(p, from, p.c.heads[name], fileIn) {
		out = append(out, m.decl.Body)
	}
	return out
}
