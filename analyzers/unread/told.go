package unread

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/skim"
)

// A member of a type is used where a value of the type can be at hand, or where the type is named. A file
// tells so by the name of the type, of one that derives from it or holds it, or by the name of a member that has
// or gives such a value: all of them are words that skimming sees (see package lifetime, demandtypes.go).

// kin is what types are to each other, over all files.
type kin struct {
	heirs map[ir.Word][]ir.Word // by name of a type: those that derive from it or hold it
	typed []skim.Pair           // sorted
	alias map[ir.Word][]ir.Word // by name of a type: those that global usings give it
}

func kinOf(files []*file, aliases map[ir.Word][]ir.Word) *kin {
	k := &kin{heirs: map[ir.Word][]ir.Word{}, alias: aliases}
	for _, f := range files {
		f.text.EachHeir(func(p skim.Pair) { k.heirs[p.Type()] = append(k.heirs[p.Type()], p.Name()) })
		k.typed = append(k.typed, f.text.Typed...)
	}
	slices.Sort(k.typed)
	k.typed = slices.Clip(slices.Compact(k.typed))
	return k
}

// derived are the types that derive from one or hold it, directly or not, and itself.
func (k *kin) derived(name ir.Word) []ir.Word { return Derived(name, k.heirs, k.alias) }

// Derived are a type and its heirs, directly or not, where each map gives heirs by the name of a type.
func Derived(name ir.Word, heirs ...map[ir.Word][]ir.Word) []ir.Word {
	set := map[ir.Word]bool{name: true}
	all := []ir.Word{name}
	for i := 0; i < len(all); i++ {
		for _, of := range heirs {
			for _, h := range of[all[i]] {
				if !set[h] {
					set[h] = true
					all = append(all, h)
				}
			}
		}
	}
	return all
}

// tells are the words of which a file has one where a value of a type can be at hand, or the type is named; sorted.
func (k *kin) tells(name ir.Word) []ir.Word {
	var out []ir.Word
	for _, t := range k.derived(name) {
		out = append(out, t)
		at, _ := slices.BinarySearch(k.typed, skim.Pair(t)<<32)
		for ; at < len(k.typed) && k.typed[at].Type() == t; at++ {
			out = append(out, k.typed[at].Name())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Uses asks for the files that name one of some words, and where a value of one of some types (short names) can be
// at hand or one of the types is named.
func (x *Index) Uses(words []ir.Word, types ...string) {
	if x == nil || len(words) == 0 {
		return
	}
	x.Note(words...)
	x.Where(func(t *skim.Text) bool { return slices.ContainsFunc(words, t.Has) && x.tellsOf(t, types) })
}

func (x *Index) tellsOf(t *skim.Text, types []string) bool {
	return slices.ContainsFunc(types, func(name string) bool { return x.inAny(name) || t.HasAny(x.tells(ir.WordOf(name))) })
}

// Everywhere says that a global using directive brings the members of a type, one of the words of a name, into files:
// these need not name it.
func (x *Index) Everywhere(name string) {
	if x != nil {
		ir.EachWord(name, func(w string) { x.everywhere[ir.WordOf(w)] = true })
	}
}

// Alias says that a global using directive gives a type, one of the words of a name, another one. To be called before
// anything is asked.
func (x *Index) Alias(alias, name string) {
	if x == nil {
		return
	}
	ir.EachWord(name, func(w string) {
		if t, a := ir.WordOf(w), ir.WordOf(alias); !slices.Contains(x.aliases[t], a) {
			x.aliases[t] = append(x.aliases[t], a)
		}
	})
}

// inAny tells whether members of a type (short name) are in any file without a word that tells so.
func (x *Index) inAny(name string) bool {
	return len(x.everywhere) > 0 && x.InAny(x.derived(ir.WordOf(name)))
}

// InAny tells whether members of one of some types are in any file, though it does not name the type.
func (x *Index) InAny(types []ir.Word) bool {
	return slices.ContainsFunc(types, func(w ir.Word) bool { return x.everywhere[w] })
}

// tells is that of kin, remembered.
func (x *Index) tells(name ir.Word) []ir.Word {
	k := x.kinOnce()
	x.mu.Lock()
	defer x.mu.Unlock()
	out, ok := x.told[name]
	if !ok {
		out = k.tells(name)
		x.Note(out...)
		x.told[name] = out
	}
	return out
}

func (x *Index) derived(name ir.Word) []ir.Word { return x.kinOnce().derived(name) }
