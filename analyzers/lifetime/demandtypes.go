package lifetime

import (
	"context"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/skim"
)

// Many names of members that matter are those of others as well: Dispose, Close, Write. A body that has such a
// name is of interest only where a value of the right type can be at hand, and link knows the type of a value from
// few things: a type that the code names, a member that it names and that has or gives such a value, and the type
// around the code. All of them leave words in the body, or in those of the functions around it. So a class of types is told by the names of the types, of those that
// derive from them or hold them (collections, delegates that give them, aliases), and of members, of the unit or the
// library, whose type mentions one of these.

// typeClasses tells from the words of a body, or of a file, of what types values in it can be.
type typeClasses struct {
	prog    *link.Program
	ids     map[string]int32
	static  []bool                // by class: its members are called by its name alone
	named   map[ir.Word][]int32   // names of types
	told    map[ir.Word][]int32   // those, and names of members
	memo    map[ir.Type][]int32   // what a type mentions
	statics map[*ir.File]classSet // those whose members using directives bring into a file
	global  classSet              // those whose members global ones bring into any
	givers  []giver
	made    []int32 // classes of types whose constructors matter
}

// classSet is a set of classes, as bits.
type classSet []uint64

func (s classSet) has(i int32) bool { return s[i/64]>>(i%64)&1 != 0 }
func (s classSet) hasAll(is []int32) bool {
	return !slices.ContainsFunc(is, func(i int32) bool { return !s.has(i) })
}
func (s classSet) hasAny(is []int32) bool { return slices.ContainsFunc(is, s.has) }
func (s classSet) add(is []int32) {
	for _, i := range is {
		s[i/64] |= 1 << (i % 64)
	}
}

func newTypeClasses(prog *link.Program) *typeClasses {
	return &typeClasses{prog: prog, ids: map[string]int32{}, named: map[ir.Word][]int32{}, told: map[ir.Word][]int32{}, memo: map[ir.Type][]int32{}, statics: map[*ir.File]classSet{}}
}

// class is that of the types with a short name; static if its members are called by the name of a type alone.
func (c *typeClasses) class(short string, static bool) int32 {
	key := short
	if static {
		key = "static " + short
	}
	id, ok := c.ids[key]
	if !ok {
		id = c.fresh(key, static)
		w := ir.WordOf(short)
		c.named[w] = append(c.named[w], id)
	}
	return id
}

func (c *typeClasses) fresh(key string, static bool) int32 {
	id := int32(len(c.static))
	c.ids[key] = id
	c.static = append(c.static, static)
	return id
}

// word is the class of all that names a word.
func (c *typeClasses) word(name string) int32 {
	key := "word " + name
	id, ok := c.ids[key]
	if !ok {
		id = c.fresh(key, true)
		include(c.told, ir.WordOf(name), []int32{id})
	}
	return id
}

// giver is a member of a library type that gives values of some classes.
type giver struct {
	name, owner int32 // the classes of its name and of the type
	to          []int32
}

// holder is a type whose values are, or hold, values of others.
type holder struct {
	name  ir.Word
	words []ir.Word // of its bases
}

// close completes the words by what holders says, when all classes that somebody asks for are there.
func (c *typeClasses) close(hs []holder) {
	c.prog.EachLibraryMember(func(member string, _ ir.Type) {
		typ, _ := models.SplitMember(member)
		c.class(typ, false)
	})
	for more := true; more; {
		more = false
		for i := range hs {
			for _, w := range hs[i].words {
				more = include(c.named, hs[i].name, c.named[w]) || more
			}
		}
	}
	for w, ids := range c.named {
		include(c.told, w, ids)
	}
	c.members()
	c.global = make(classSet, len(c.static)/64+1)
	c.prog.EachGlobal(func(u ir.Using) {
		if u.Static {
			ir.EachWord(u.Name, func(w string) { c.global.add(c.named[ir.WordOf(w)]) })
		}
	})
	c.prog.EachUsing(func(f *ir.File, u ir.Using) {
		if !u.Static {
			return
		}
		if c.statics[f] == nil {
			c.statics[f] = make(classSet, len(c.static)/64+1)
		}
		ir.EachWord(u.Name, func(w string) { c.statics[f].add(c.named[ir.WordOf(w)]) })
	})
}

// include adds classes to those of a word.
func include(m map[ir.Word][]int32, w ir.Word, ids []int32) (more bool) {
	for _, id := range ids {
		if !slices.Contains(m[w], id) {
			m[w] = append(m[w], id)
			more = true
		}
	}
	return more
}

// holders are the types of the unit and of the library that hold others.
func (c *typeClasses) holders() (hs []holder) {
	add := func(name string, of ...string) {
		h := holder{name: ir.WordOf(name)}
		for _, t := range of {
			ir.EachWord(t, func(w string) { h.words = append(h.words, ir.WordOf(w)) })
		}
		if len(h.words) > 0 {
			hs = append(hs, h)
		}
	}
	c.prog.EachLibraryType(func(name, keyword string, bases []string) {
		add(name, strings.Join(bases, ","))
		if keyword != "" {
			add(keyword, name)
			add(name, keyword)
		}
	})
	for _, t := range c.prog.DB.HandleTypes() {
		add(t, "SafeHandle")
	}
	for _, f := range c.prog.Files {
		if f.Lang != ir.CSharp {
			continue
		}
		for _, d := range f.Types {
			for _, b := range d.Bases {
				add(lastDot(d.Name), string(b))
			}
			if d.Kind == ir.TypeDelegate {
				add(lastDot(d.Name), string(d.Ret))
			}
		}
		for _, d := range f.Props {
			if d.Name == "Item" {
				add(lastDot(d.Owner), string(d.Type))
			}
		}
	}
	c.prog.Unread.Each(func(t *skim.Text) {
		t.EachHeir(func(p skim.Pair) { hs = append(hs, holder{p.Name(), []ir.Word{p.Type()}}) })
	})
	alias := func(u ir.Using) {
		if u.Alias != "" {
			add(u.Alias, u.Name)
		}
	}
	c.prog.EachUsing(func(_ *ir.File, u ir.Using) { alias(u) })
	c.prog.EachGlobal(alias)
	return hs
}

// members adds the members that have or give values of the classes.
func (c *typeClasses) members() {
	add := func(name string, t ir.Type) {
		if ids := c.mentioned(t); len(ids) > 0 {
			include(c.told, ir.WordOf(name), ids)
		}
	}
	c.prog.EachLibraryMember(func(member string, result ir.Type) {
		if to := c.mentioned(result); len(to) > 0 {
			typ, name := models.SplitMember(member)
			c.givers = append(c.givers, giver{name: c.word(name), owner: c.class(typ, false), to: to})
		}
	})
	for _, key := range c.prog.DB.DotNetMembers() {
		for _, m := range c.prog.DB.DotNet(key) {
			for i := range m.Params {
				if out, ok := strings.CutPrefix(m.Params[i].Type, "out "); ok {
					add(m.Name, ir.Type(out))
				}
			}
		}
	}
	c.prog.Unread.Each(func(t *skim.Text) {
		for _, p := range t.Typed {
			for _, id := range c.named[p.Type()] {
				if !c.static[id] {
					include(c.told, p.Name(), []int32{id})
				}
			}
		}
	})
	in := make([][]mention, len(c.prog.Files))
	panics := parallel.Do(context.Background(), 0, len(in), func(i int) { in[i] = c.mentionsIn(c.prog.Files[i]) })
	if len(panics) > 0 {
		panic(panics[0].Value) // as if one had looked: no name may be left out
	}
	for _, list := range in {
		for _, m := range list {
			include(c.told, m.name, m.ids)
		}
	}
}

// mention is a member whose type mentions classes.
type mention struct {
	name ir.Word
	ids  []int32
}

// mentionsIn are the members of a file that do.
func (c *typeClasses) mentionsIn(f *ir.File) (out []mention) {
	if f.Lang != ir.CSharp {
		return nil
	}
	add := func(name string, t ir.Type) {
		if ids := c.classesOf(t); len(ids) > 0 {
			out = append(out, mention{ir.WordOf(name), ids})
		}
	}
	for _, d := range f.Fields {
		add(d.Name, d.Type)
	}
	for _, d := range f.Props {
		add(d.Name, d.Type)
	}
	for _, d := range f.Consts {
		add(d.Name, d.Type)
	}
	for _, fn := range f.Funcs {
		add(lastDot(fn.Name), fn.Ret)
		for _, p := range fn.Params {
			if v := fn.Var(p); v.Ref == ir.ByOut {
				add(lastDot(fn.Name), v.Type)
			}
		}
	}
	for _, imp := range f.Imports {
		add(imp.Name, imp.Ret)
		for i := range imp.Params {
			if imp.Params[i].Ref == ir.ByOut {
				add(imp.Name, imp.Params[i].Type)
			}
		}
	}
	return out
}

// mentioned is classesOf, remembered.
func (c *typeClasses) mentioned(t ir.Type) []int32 {
	ids, ok := c.memo[t]
	if !ok {
		ids = c.classesOf(t)
		c.memo[t] = ids
	}
	return ids
}

// classesOf are the classes, those of which members are called by name apart, that a type mentions.
func (c *typeClasses) classesOf(t ir.Type) (ids []int32) {
	if t == "" {
		return nil
	}
	ir.EachWord(string(t), func(w string) {
		for _, id := range c.named[ir.WordOf(w)] {
			if !c.static[id] && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	})
	return ids
}

// fileClasses are the classes that a file tells of, and what the library's members that it names give of them.
type fileClasses struct {
	all    classSet
	givers []giver
}

// in are the classes that the words of a file tell of, and those of the types that it declares.
func (c *typeClasses) in(f *ir.File) *fileClasses {
	s := make(classSet, len(c.static)/64+1)
	copy(s, c.statics[f])
	names := func(text string) {
		ir.EachWord(text, func(w string) { s.add(c.named[ir.WordOf(w)]) })
	}
	for _, d := range f.Types {
		names(d.Name)
		for _, b := range d.Bases {
			names(string(b))
		}
	}
	owner := ""
	for _, fn := range f.Funcs {
		if fn.Owner != owner {
			owner = fn.Owner
			names(owner)
		}
		ws, _ := fn.Words()
		for _, w := range ws {
			s.add(c.told[w])
		}
	}
	give(s, c.givers)
	out := &fileClasses{all: s}
	for _, g := range c.givers {
		if s.has(g.name) && s.has(g.owner) {
			out.givers = append(out.givers, g)
		}
	}
	return out
}

// inBody are the classes that a body tells of, in a file: its words, those of the functions around, and the types around.
func (c *typeClasses) inBody(f *ir.Func, file *fileClasses) classSet {
	s := make(classSet, len(c.static)/64+1)
	copy(s, c.statics[f.File])
	ir.EachWord(f.Owner, func(w string) { s.add(c.named[ir.WordOf(w)]) })
	for i := f.Index; i >= 0 && i < len(f.File.Funcs); i = f.File.Funcs[i].Parent {
		ws, _ := f.File.Funcs[i].Words()
		for _, w := range ws {
			s.add(c.told[w])
		}
	}
	give(s, file.givers)
	return s
}

// give adds what the library's members named give of the types at hand.
func give(s classSet, givers []giver) {
	for more := true; more; {
		more = false
		for i := range givers {
			if g := &givers[i]; s.has(g.name) && s.has(g.owner) && !s.hasAll(g.to) {
				s.add(g.to)
				more = true
			}
		}
	}
}

// inText is in for a file of which the words alone are known.
func (c *typeClasses) inText(t *skim.Text) classSet {
	s := make(classSet, len(c.static)/64+1)
	copy(s, c.global)
	for _, w := range t.Words {
		s.add(c.told[w])
	}
	for _, w := range t.Bases {
		s.add(c.named[w])
	}
	for _, name := range t.Types {
		s.add(c.named[ir.WordOf(name)])
	}
	give(s, c.givers)
	return s
}

// chainsIn is chains for any constructor of such a file.
func (c *typeClasses) chainsIn(t *skim.Text) bool {
	return slices.ContainsFunc(t.Bases, func(w ir.Word) bool {
		return slices.ContainsFunc(c.named[w], func(id int32) bool { return slices.Contains(c.made, id) })
	})
}

// chains tells whether a constructor runs one of a base type that matters.
func (c *typeClasses) chains(f *ir.Func) bool {
	if f.Kind != ir.FuncCtor || !f.Names(chainWords) {
		return false
	}
	t := c.prog.OwnerType(f)
	return t != nil && slices.ContainsFunc(t.Bases, func(b string) bool {
		return slices.ContainsFunc(c.named[ir.WordOf(lastDot(b))], func(id int32) bool { return slices.Contains(c.made, id) })
	})
}

// wordTest tells by the words of a body, or of a file, whether they can be of interest.
type wordTest struct {
	plain []ir.Word // sorted
	with  guarded
}

func (t *wordTest) in(ws []ir.Word, told toldOf) bool {
	return meet(ws, t.plain) || t.with.holds(ws, told)
}

// has tells whether w alone, or with a type at hand, is of interest.
func (t *wordTest) has(w ir.Word) bool {
	_, plain := slices.BinarySearch(t.plain, w)
	return plain || len(t.with[w]) > 0
}

// meet tells whether a word of ws is among others, sorted.
func meet(ws, sorted []ir.Word) bool {
	return slices.ContainsFunc(ws, func(w ir.Word) bool {
		_, ok := slices.BinarySearch(sorted, w)
		return ok
	})
}

// toldOf tells whether a body, or a file, tells of a value of one of some classes.
type toldOf func(ids []int32) bool

// guarded are words that tell something only where the file tells of one of some classes.
type guarded map[ir.Word][]int32

func (g guarded) add(word string, class int32) { include(g, ir.WordOf(word), []int32{class}) }

// holds tells whether one of the words is among ws, and a value of one of its classes is told of.
func (g guarded) holds(ws []ir.Word, told toldOf) bool {
	for _, w := range ws {
		if ids := g[w]; len(ids) > 0 && told(ids) {
			return true
		}
	}
	return false
}

// addMembers adds the members of the library that matter: those that anybody may have, or that are told by their name alone,
// to plain, and the types of constructors that do to made.
func (g guarded) addMembers(c *typeClasses, db *models.DB, plain, made wordSet) {
	for _, key := range db.MemberKeys() {
		switch typ, name := models.SplitMember(key); {
		case name == ".ctor":
			made.add(lastDot(typ))
			c.made = append(c.made, c.class(lastDot(typ), false))
		case typ == "*" || link.Telling(name):
			plain.add(name)
		default:
			g.add(name, c.class(lastDot(typ), false))
		}
	}
}
