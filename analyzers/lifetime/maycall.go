package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// mayCall are the functions that may call one of some others, in the order of the program: their bodies have a word
// that calls it, and their files tell that a value of its type can be at hand. Files that are not read and may hold
// such functions are asked for.
func (e *engine) mayCall(called []*ir.Func) []*ir.Func {
	if len(called) > 0 && e.need != nil && e.need.every {
		return slices.DeleteFunc(slices.Clone(e.prog.Funcs()), func(f *ir.Func) bool { return !f.HasBody() })
	}
	type group struct {
		words wordSet
		types []string
	}
	groups := map[string]*group{}
	for _, f := range called {
		types, key := e.receivers(f), ""
		for _, t := range types {
			key += t + " "
		}
		g := groups[key]
		if g == nil {
			g = &group{wordSet{}, types}
			groups[key] = g
		}
		g.words.addCalls(f)
	}
	in := map[*ir.Func]bool{}
	for _, g := range groups {
		e.aliasesOf(g.words)
		words := g.words.sorted()
		anywhere := len(g.types) == 0
		if anywhere {
			e.prog.Unread.Naming(words...)
		} else {
			e.prog.Unread.Uses(words, g.types...)
		}
		for _, f := range e.prog.Naming(words) {
			if !in[f] && (anywhere || e.prog.Unread.Tells(f.File.Path, g.types...)) {
				in[f] = true
			}
		}
	}
	var out []*ir.Func
	for _, f := range e.prog.Funcs() {
		if in[f] {
			out = append(out, f)
		}
	}
	return out
}

// receivers are short names of the types one of which code names, or has a value of, that calls f; none: any code may.
func (e *engine) receivers(f *ir.Func) []string {
	if f.File.Lang != ir.CSharp || f.Owner == "" {
		return nil
	}
	out := []string{lastDot(f.Owner)}
	add := func(name string) {
		if name = lastDot(name); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if t := e.prog.OwnerType(f); t != nil {
		link.EachBase(t, func(b *link.Type) { add(b.Name) })
	}
	if f.Flags&ir.Static != 0 && len(f.Params) > 0 {
		// An extension method is called on a value of its first parameter.
		typ := string(f.Vars[f.Params[0]].Type)
		if typ == "T" || len(typ) > 1 && typ[0] == 'T' && typ[1] >= 'A' && typ[1] <= 'Z' {
			return nil
		}
		ir.EachWord(typ, add)
	}
	return out
}
