package link

import "github.com/pinvet/pinvet/analyzers/ir"

// EachUsing calls do for the using directives that hold in each C# file: its own, other names of types that it
// declares (Alias set), and those of the unit and its projects that are global.
func (p *Program) EachUsing(do func(f *ir.File, u ir.Using)) {
	for _, f := range p.Files {
		if f.Lang != ir.CSharp {
			continue
		}
		for _, u := range f.Usings {
			do(f, u)
		}
		for _, t := range f.Typedefs {
			do(f, ir.Using{Name: string(t.Type), Alias: t.Name})
		}
		for _, u := range p.globalsOf(f) {
			do(f, u)
		}
	}
}

// EachLibraryType calls do for the library types of which base types are known, in no order. keyword is the type's
// in C#, "" if it has none.
func (p *Program) EachLibraryType(do func(name, keyword string, bases []string)) {
	for name := range p.lib.types {
		do(name, p.lib.keywords[name], p.lib.bases[name])
	}
}

// EachLibraryMember calls do for the members of library types whose types are known, in no order. result may hold
// type parameters as $1.
func (p *Program) EachLibraryMember(do func(member string, result ir.Type)) {
	for member, m := range p.lib.members {
		do(member, m.typ)
	}
}
