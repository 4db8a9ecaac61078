package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Told tells without the run what types values in its bodies could have had, as far as it asked for that: two bodies for which that is
// the same, and the words are that were asked for by themselves (unread.Index.Note), were told apart by nothing.
type Told struct {
	Classes int                 // how many there are
	Asked   []uint64            // bits: those that somebody asked for
	Named   map[ir.Word][]int32 // by word of a type
	Words   map[ir.Word][]int32 // those, and by the names of members
	Givers  []Giver             // what values of a class give
	Statics map[string][]uint64 // by path: what using directives bring into a file, as bits
}

// Giver is a member of a library type: a body with its name and a value of the type can have values of others.
type Giver struct {
	Name, Owner int32
	To          []int32
}

// told sums up what t asks bodies for besides words.
func (t *triggers) told() *Told {
	c := t.classes
	asked := t.askedClasses()
	useful := slices.Clone(asked)
	c.leadTo(useful)
	only := func(ids []int32) []int32 {
		return slices.DeleteFunc(slices.Clone(ids), func(id int32) bool { return !useful.has(id) })
	}
	out := &Told{Classes: len(c.static), Asked: asked, Named: map[ir.Word][]int32{}, Words: map[ir.Word][]int32{}, Statics: map[string][]uint64{}}
	for _, m := range []struct{ from, to map[ir.Word][]int32 }{{c.named, out.Named}, {c.told, out.Words}} {
		for w, ids := range m.from {
			if ids = only(ids); len(ids) > 0 {
				m.to[w] = ids
			}
		}
	}
	for _, g := range c.givers {
		if to := only(g.to); len(to) > 0 {
			out.Givers = append(out.Givers, Giver{g.name, g.owner, to})
		}
	}
	for f, s := range c.statics {
		out.Statics[f.Path] = s
	}
	return out
}

// askedClasses are those that guard words, or are asked for by themselves.
func (t *triggers) askedClasses() classSet {
	s := make(classSet, len(t.classes.static)/64+1)
	s.add(t.classes.made)
	for _, with := range []guarded{t.direct.with, t.native.with, t.takers} {
		for _, ids := range with {
			s.add(ids)
		}
	}
	return s
}

// leadTo adds to some classes those of which values give values of them: what else a body tells of changes nothing.
func (c *typeClasses) leadTo(s classSet) {
	for more := true; more; {
		more = false
		for i := range c.givers {
			if g := &c.givers[i]; s.hasAny(g.to) && !(s.has(g.name) && s.has(g.owner)) {
				s.add([]int32{g.name, g.owner})
				more = true
			}
		}
	}
}

// Of are the classes asked for that a body tells of, as bits.
func (t *Told) Of(f *ir.Func) []uint64 {
	c := &typeClasses{static: make([]bool, t.Classes), named: t.Named, told: t.Words, statics: map[*ir.File]classSet{f.File: t.Statics[f.File.Path]}}
	all := &fileClasses{}
	for _, g := range t.Givers {
		all.givers = append(all.givers, giver{name: g.Name, owner: g.Owner, to: g.To})
	}
	s := c.inBody(f, all)
	for i := range s {
		s[i] &= t.Asked[i]
	}
	return s
}
