package link

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// buildNoReturn notes which files say of a C function that it does not return: by an attribute, or by a macro that stands
// for one (FAIL_API void f(...), l_noret f(...), void f(...) NORETURN).
func (p *Program) buildNoReturn() {
	p.c.noReturn = map[string][]*ir.File{}
	known := map[string]bool{}
	all := func(w string) []in[*ir.Macro] { return slices.Concat(p.c.heads[w], p.c.macros[w]) }
	says := func(f *ir.File, name string, flags ir.Flags, ret ir.Type, words []string) {
		words = append(strings.Fields(string(ret)), words...)
		meant := func(w string) []in[*ir.Macro] { return p.meantMacros(f, all(w)) }
		if flags&ir.NoReturn != 0 || saysNoReturn(words, all, known) && saysNoReturn(words, meant, map[string]bool{}) {
			p.c.noReturn[name] = append(p.c.noReturn[name], f)
		}
	}
	for _, f := range p.Files {
		if f.Lang != ir.C {
			continue
		}
		for _, d := range f.Protos {
			says(f, d.Name, d.Flags, d.Ret, slices.Concat(d.Words, d.Behind))
		}
		for _, fn := range f.Funcs {
			var words []string
			for _, a := range fn.Attrs {
				if a.Name == "HeadWord" || a.Name == "TailWord" {
					words = append(words, a.Args[0].Text)
				}
			}
			says(f, fn.Name, fn.Flags, fn.Ret, words)
		}
	}
}

// saysNoReturn tells whether one of the words in the head of a declaration is a macro that says that the function does
// not return. Of several definitions of a macro one is enough: the others are for other compilers.
func saysNoReturn(words []string, macros func(string) []in[*ir.Macro], known map[string]bool) bool {
	for _, w := range words {
		yes, asked := known[w]
		if !asked {
			known[w] = false // a macro that names itself
			yes = strings.Contains(strings.ToLower(w), "noreturn")
			for _, m := range macros(w) {
				yes = yes || saysNoReturn(strings.Fields(m.decl.Body), macros, known)
			}
			known[w] = yes
		}
		if yes {
			return true
		}
	}
	return false
}

// meantMacros are those of all definitions of a macro that a head in f may mean: those that f can see, or else the nearest, as
// a header may count on what is included before it. Projects beside it have export macros of the same name.
func (p *Program) meantMacros(f *ir.File, all []in[*ir.Macro]) []in[*ir.Macro] {
	var seen []in[*ir.Macro]
	for _, m := range all {
		if p.visible(f, m.file) {
			seen = append(seen, m)
		}
	}
	if len(seen) > 0 {
		return seen
	}
	return nearest(f.Path, all, fileIn)
}

// neverReturns tells whether a declaration that the file can see says that the function does not return, or the header that
// has it is known to.
func (p *Program) neverReturns(from *ir.File, name string) bool {
	for _, f := range p.c.noReturn[name] {
		if p.visible(from, f) {
			return true
		}
	}
	if header := models.NoReturnHeader(name); header != "" && len(p.c.funcs[name]) == 0 {
		return slices.ContainsFunc(from.Includes, func(inc string) bool { return strings.Trim(inc, `"<> `) == header })
	}
	return false
}
