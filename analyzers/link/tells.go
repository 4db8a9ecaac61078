package link

import (
	"slices"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/skim"
	"github.com/pinvet/pinvet/analyzers/unread"
)

// tells finds the words of which a body has one where a value of a type can be at hand, or the type is named: names of the
// type, of those that derive from it or hold it, and of members that have or give such values. Names of variables
// are none of them: where one is in scope, so is what it is made of.
type tells struct {
	once  sync.Once
	heirs map[ir.Word][]ir.Word // by name of a type: those that derive from it or hold it, and its aliases
	typed []skim.Pair           // of types and the names of members; sorted
	memo  sync.Map              // name of a type -> told
}

type told struct {
	words []ir.Word
	types map[ir.Word]bool // names of the types
	by    map[ir.Word]int  // by name of a member: how many declarations make it tell
	any   bool
}

// Telling are the words of which a C# body, one around it, or the name of the type that it is written in has one where values
// of some types (short names) can be at hand, or one of the types is named; sorted. It is false where any body may, or that is not
// known. Who calls one of some methods has such a word beside its name: what it alone gives tells nobody of its first call.
func (p *Program) Telling(types []string, called ...*ir.Func) (words []ir.Word, ok bool) {
	if p.Unread == nil {
		return nil, false
	}
	p.tells.once.Do(p.indexTells)
	for _, name := range types {
		x, known := p.tells.memo.Load(name)
		if !known {
			x, _ = p.tells.memo.LoadOrStore(name, p.tellsOf(ir.WordOf(name)))
		}
		t := x.(*told)
		if t.any {
			return nil, false
		}
		words = append(words, t.without(called)...)
	}
	slices.Sort(words)
	return slices.Compact(words), true
}

func (p *Program) tellsOf(name ir.Word) *told {
	all := unread.Derived(name, p.tells.heirs)
	if p.Unread.InAny(all) {
		return &told{any: true}
	}
	out := &told{words: all, types: map[ir.Word]bool{}, by: map[ir.Word]int{}}
	for _, t := range all {
		out.types[t] = true
		at, _ := slices.BinarySearch(p.tells.typed, skim.PairOf(t, 0))
		for ; at < len(p.tells.typed) && p.tells.typed[at].Type() == t; at++ {
			name := p.tells.typed[at].Name()
			out.words = append(out.words, name)
			out.by[name]++
		}
	}
	slices.Sort(out.words)
	out.words = slices.Compact(out.words)
	return out
}

// without are the words but for the names of methods that tell by what they give themselves, and nobody else of that name does.
func (t *told) without(called []*ir.Func) []ir.Word {
	given := map[ir.Word]int{}
	for _, f := range called {
		for _, h := range givenBy(f) {
			if t.types[h.Type()] {
				given[h.Name()]++
			}
		}
	}
	var own []ir.Word
	for name, n := range given {
		if n == t.by[name] && !t.types[name] {
			own = append(own, name)
		}
	}
	if own == nil {
		return t.words
	}
	return slices.DeleteFunc(slices.Clone(t.words), func(w ir.Word) bool { return slices.Contains(own, w) })
}

func (p *Program) indexTells() {
	x := &p.tells
	per := make([]tellsOfFile, len(p.Files))
	parallel(len(p.Files), func(i int) {
		if p.Files[i].Lang == ir.CSharp {
			per[i].add(p.Files[i])
		}
	})
	alias := func(u ir.Using) {
		if u.Alias != "" {
			per = append(per, tellsOfFile{heirs: pairsOf(ir.Type(u.Name), u.Alias)})
		}
	}
	p.EachGlobal(alias)
	p.Unread.Each(func(t *skim.Text) {
		f := tellsOfFile{typed: t.Typed}
		t.EachHeir(func(h skim.Pair) { f.heirs = append(f.heirs, h) })
		per = append(per, f)
	})
	var heirs []skim.Pair
	for i := range per {
		heirs, x.typed = append(heirs, per[i].heirs...), append(x.typed, per[i].typed...)
	}
	slices.Sort(x.typed)
	x.typed = slices.Clip(x.typed)
	x.heirs = map[ir.Word][]ir.Word{}
	for _, h := range heirs {
		x.heirs[h.Type()] = append(x.heirs[h.Type()], h.Name())
	}
}

// tellsOfFile is what one file says.
type tellsOfFile struct{ heirs, typed []skim.Pair }

func pairsOf(t ir.Type, name string) (out []skim.Pair) {
	n := ir.WordOf(name)
	ir.EachWord(string(t), func(w string) { out = append(out, skim.PairOf(ir.WordOf(w), n)) })
	return out
}

func (x *tellsOfFile) add(f *ir.File) {
	heir := func(t ir.Type, name string) { x.heirs = append(x.heirs, pairsOf(t, name)...) }
	typed := func(t ir.Type, name string) { x.typed = append(x.typed, pairsOf(t, name)...) }
	for _, d := range f.Types {
		for _, b := range d.Bases {
			heir(b, lastDot(d.Name))
		}
		if d.Kind == ir.TypeDelegate {
			heir(d.Ret, lastDot(d.Name))
		}
	}
	for _, u := range f.Usings {
		if u.Alias != "" {
			heir(ir.Type(u.Name), u.Alias)
		}
	}
	for _, d := range f.Typedefs {
		heir(d.Type, d.Name)
	}
	for _, d := range f.Props {
		if d.Name == "Item" { // nobody writes it
			heir(d.Type, lastDot(d.Owner))
			continue
		}
		typed(d.Type, lastDot(d.Name))
	}
	for _, d := range f.Fields {
		typed(d.Type, d.Name)
	}
	for _, d := range f.Consts {
		typed(d.Type, d.Name)
	}
	for _, fn := range f.Funcs {
		x.typed = append(x.typed, givenBy(fn)...)
	}
	for _, imp := range f.Imports {
		typed(imp.Ret, imp.Name)
		for i := range imp.Params {
			if imp.Params[i].Ref == ir.ByOut {
				typed(imp.Params[i].Type, imp.Name)
			}
		}
	}
	slices.Sort(x.heirs)
	x.heirs = slices.Compact(x.heirs)
}

// givenBy are the types that a function gives values of, with its name.
func givenBy(f *ir.Func) []skim.Pair {
	out := pairsOf(f.Ret, lastDot(f.Name))
	for _, v := range f.Params {
		if p := f.Var(v); p.Ref == ir.ByOut {
			out = append(out, pairsOf(p.Type, lastDot(f.Name))...)
		}
	}
	return out
}
