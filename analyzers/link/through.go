package link

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// MayExtend tells whether a method is called on a value of the type of its first parameter, of which no type need be known.
func (p *Program) MayExtend(fn *ir.Func) bool { return slices.Contains(p.cs.ext[fn.Name], fn) }

// Extends tells whether the extension method fn is in scope in a type, by its full name, of a file: its namespace is around the type,
// or a using directive brings it in, or the members of its class.
func (p *Program) Extends(fn *ir.Func, file *ir.File, owner string) bool {
	space := parentName(fn.Owner)
	if space == "" || strings.HasPrefix(owner, space+".") {
		return true
	}
	us := p.cs.usings[file]
	// A name may begin in a namespace around the directive.
	means := func(name, full string) bool { return full == name || strings.HasSuffix(full, "."+name) }
	return us != nil && (slices.ContainsFunc(us.namespaces, func(n string) bool { return means(n, space) }) ||
		slices.ContainsFunc(us.statics, func(n string) bool { return means(n, fn.Owner) }))
}

// Through are the short names of the types on whose values a call of a method may be resolved to f: its own, and those of
// which it overrides a method or implements one, unless so many others do that calls are resolved to none. Of a property or a
// static method it is its own type alone; no call on the value of another one is resolved to it. Types that derive from these are left out.
func (p *Program) Through(f *ir.Func) []string {
	out := []string{lastDot(f.Owner)}
	if f.Kind != ir.FuncPlain || f.Flags&ir.Static != 0 {
		return out
	}
	own := p.cs.types[f.Owner] // parts may belong to several programs, each with a type of that name
	seen := map[*Type]bool{}
	for _, t := range own {
		seen[t] = true
	}
	key := paramKey(funcCandidate(f).params)
	add := func(t *Type) bool {
		if !seen[t] {
			seen[t] = true
			if t.Lang == ir.CSharp && !p.crowded(t, f.Name, key) {
				out = append(out, lastDot(t.Name))
			}
		}
		return false
	}
	for _, t := range own {
		eachBase(t, 0, add, nil)
		eachDerived(t, func(d *Type) bool { // an interface of one of these may be implemented by f
			eachBase(d, 0, func(t *Type) bool { return t.Kind == ir.TypeInterface && add(t) }, nil)
			return true
		})
	}
	return out
}

// crowded tells whether more than MaxTargets types that derive from t have a method of that name and parameters.
func (p *Program) crowded(t *Type, name, key string) bool {
	n := 0
	eachDerived(t, func(d *Type) bool {
		if m := d.member(name); m != nil {
			for _, fn := range m.methods {
				if fn.Flags&ir.Static == 0 && paramKey(funcCandidate(fn).params) == key {
					n++
					break
				}
			}
		}
		return n <= MaxTargets
	})
	return n > MaxTargets
}
