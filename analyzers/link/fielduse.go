package link

import (
	"slices"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// useIndex finds the instructions that name a member, without knowing yet of which type.
type useIndex struct {
	once   sync.Once
	byName map[string][]namedAt

	perFile []map[string][]namedAt // the same, by index of the file
	memo    sync.Map               // fieldKey -> []FieldUse
	owners  sync.Map               // name -> map[string][]int32: by owner, which of naming(name) its member
	lists   sync.Map               // name -> []namedAt: naming, where packed bodies name it
}

type namedAt struct {
	f  *ir.Func
	in *ir.Instr
}

type fieldKey struct{ owner, name string }

// FieldUses returns every use of a field (C#: owner is the full type name; C: struct name) in the
// unit, in order of file and position. The first call indexes all functions.
func (p *Program) FieldUses(owner, name string) []FieldUse {
	key := fieldKey{owner, name}
	if u, ok := p.uses.memo.Load(key); ok {
		return u.([]FieldUse)
	}
	p.uses.once.Do(p.indexUses)
	var at []namedAt
	switch {
	case p.private(owner, name): // no file that is not read has any
		at = p.owned(p.namingIn(p.packedInside(owner, ir.WordOf(name)), name, inside(owner)), owner, name)
	case p.Unread != nil:
		p.askFieldUses(owner, name)
		at = p.owned(p.namingIn(p.packedNear(owner, ir.WordOf(name)), name, func(*ir.Func) bool { return true }), owner, name)
	default:
		list := p.naming(name)
		for _, i := range p.ownersOf(name)[owner] {
			at = append(at, list[i])
		}
	}
	out := usesAt(at)
	p.uses.memo.Store(key, out)
	return out
}

// Among looks for uses of fields in those functions only that may name one of some words (see ir.Func.Names).
type Among struct {
	p      *Program
	words  []ir.Word
	byWord map[ir.Word][]*ir.Func // those of them that are packed, by all words that they name
}

// Among finds these functions; words are sorted.
func (p *Program) Among(words []ir.Word) *Among {
	a := &Among{p: p, words: words, byWord: map[ir.Word][]*ir.Func{}}
	for _, f := range p.Naming(words) {
		if f.Packed() {
			ws, _ := f.Words()
			for _, w := range ws {
				a.byWord[w] = append(a.byWord[w], f)
			}
		}
	}
	return a
}

// FieldUses is Program.FieldUses, as far as they lie in these functions.
func (a *Among) FieldUses(owner, name string) []FieldUse {
	a.p.uses.once.Do(a.p.indexUses)
	where := func(f *ir.Func) bool { return f.Names(a.words) }
	if a.p.private(owner, name) {
		in := inside(owner)
		where = func(f *ir.Func) bool { return in(f) && f.Names(a.words) }
	} else {
		a.p.askFieldUses(owner, name)
	}
	a.p.Unread.Note(ir.WordOf(name))
	return usesAt(a.p.owned(a.p.namingIn(a.byWord[ir.WordOf(name)], name, where), owner, name))
}

// usesAt are the uses of a field whose addresses some instructions compute, which are in order of their functions.
func usesAt(list []namedAt) (out []FieldUse) {
	for i := 0; i < len(list); {
		f := list[i].f
		addrs := map[ir.Temp]*ir.Instr{}
		first := len(out)
		for ; i < len(list) && list[i].f == f; i++ {
			if in := list[i].in; in.Op == ir.OpCall {
				out = append(out, FieldUse{Func: f, Addr: in, At: in, Kind: UseInner})
			} else {
				addrs[in.Dst] = in
			}
		}
		if len(addrs) > 0 {
			called := len(out) > first
			out = append(out, usesIn(f, addrs)...)
			if called {
				slices.SortStableFunc(out[first:], func(x, y FieldUse) int { return int(x.At.Span.Start) - int(y.At.Span.Start) })
			}
		}
	}
	return out
}

// private tells whether a C# field is named only inside the type that declares it.
func (p *Program) private(owner, name string) bool {
	some := false
	for _, t := range p.cs.types[owner] {
		if m := t.member(name); m != nil {
			if slices.ContainsFunc(m.fields, func(f in[*ir.Field]) bool { return f.decl.Flags&ir.Private == 0 }) {
				return false
			}
			some = some || len(m.fields) > 0
		}
	}
	return some
}

// inside tells whether a function is written in a C# type, or in one nested in it.
func inside(owner string) func(*ir.Func) bool {
	return func(f *ir.Func) bool {
		return f.File.Lang == ir.CSharp && strings.HasPrefix(f.Owner, owner) && (len(f.Owner) == len(owner) || f.Owner[len(owner)] == '.')
	}
}

// packedInside are the functions with packed bodies that may name a word and are written in the files of a C# type, in
// the order of the program.
func (p *Program) packedInside(owner string, word ir.Word) (out []*ir.Func) {
	var files []*ir.File
	for _, t := range p.cs.types[owner] {
		for _, pt := range t.state.parts {
			if !slices.Contains(files, pt.file) {
				files = append(files, pt.file)
			}
		}
	}
	slices.SortFunc(files, func(x, y *ir.File) int { return p.info[x].index - p.info[y].index })
	named := []ir.Word{word}
	for _, file := range files {
		for _, f := range file.Funcs {
			if f.Packed() && f.Names(named) {
				out = append(out, f)
			}
		}
	}
	return out
}

// packedNear are the functions with packed bodies that may name a word and tell of a value of a type, in the order of the
// program.
func (p *Program) packedNear(owner string, word ir.Word) []*ir.Func {
	out := p.namingPacked(word)
	told, ok := p.Telling([]string{lastDot(owner)})
	if !ok {
		return out
	}
	near := p.Near(told)
	return slices.DeleteFunc(out, func(f *ir.Func) bool { return f.File.Lang == ir.CSharp && !near(f) })
}

// askFieldUses asks for the files that may use a field that is not private, and are not read.
func (p *Program) askFieldUses(owner, name string) {
	p.Unread.Uses([]ir.Word{ir.WordOf(name)}, lastDot(owner))
}

func (p *Program) indexUses() {
	per := make([]map[string][]namedAt, len(p.Files))
	parallel(len(p.Files), func(i int) {
		m := map[string][]namedAt{}
		for _, f := range p.Files[i].Funcs {
			if !f.Packed() {
				indexFunc(f, m)
			}
		}
		per[i] = m
	})
	p.uses.byName, p.uses.perFile = map[string][]namedAt{}, per
	for _, m := range per {
		for name, list := range m {
			p.uses.byName[name] = append(p.uses.byName[name], list...)
		}
	}
}

// naming are the instructions that name a member, in order of file and position.
func (p *Program) naming(name string) []namedAt {
	if l, ok := p.uses.lists.Load(name); ok {
		return l.([]namedAt)
	}
	list := p.namingIn(p.namingPacked(ir.WordOf(name)), name, func(*ir.Func) bool { return true })
	p.uses.lists.Store(name, list)
	return list
}

// namingIn is naming for those functions that something holds for, of which some, in order, have packed bodies with the
// word.
func (p *Program) namingIn(packed []*ir.Func, name string, where func(*ir.Func) bool) (list []namedAt) {
	for _, at := range p.uses.byName[name] {
		if where(at.f) {
			list = append(list, at)
		}
	}
	loose := len(list)
	for _, f := range packed {
		if where(f) {
			eachNamed(f, func(n string, in *ir.Instr) {
				if n == name {
					list = append(list, namedAt{f, in})
				}
			})
		}
	}
	if loose > 0 && len(list) > loose {
		slices.SortStableFunc(list, func(x, y namedAt) int {
			if x.f.File != y.f.File {
				return p.info[x.f.File].index - p.info[y.f.File].index
			}
			return x.f.Index - y.f.Index
		})
	}
	return list
}

// owned are those of some instructions that name the field of a type.
func (p *Program) owned(list []namedAt, owner, name string) []namedAt {
	return slices.DeleteFunc(list, func(at namedAt) bool {
		mine := false
		p.eachOwner(at.f, at.in, name, func(o string) { mine = mine || o == owner })
		return !mine
	})
}

// ForgetUses drops what is known of uses of fields, whose instructions belong to bodies that are dropped.
func (p *Program) ForgetUses() {
	p.uses.memo.Clear()
	p.uses.owners.Clear()
	p.uses.lists.Clear()
}

func indexFunc(f *ir.Func, m map[string][]namedAt) {
	eachNamed(f, func(name string, in *ir.Instr) { m[name] = append(m[name], namedAt{f, in}) })
}

// eachNamed calls do for each member that instructions of f may name.
func eachNamed(f *ir.Func, do func(name string, in *ir.Instr)) {
	for bi := range f.Blocks() {
		for ii := range f.Blocks()[bi].Instrs {
			in := &f.Blocks()[bi].Instrs[ii]
			switch in.Op {
			case ir.OpField, ir.OpMember:
				do(in.Name, in)
			case ir.OpName:
				if f.File.Lang != ir.C {
					eachStep(in.Name, in, do)
				}
			case ir.OpCall:
				// The receiver may be written as a path: field.Free().
				if f.File.Lang == ir.CSharp && in.Call.Path != "" {
					eachStep(in.Call.Path, in, do)
				}
			}
		}
	}
}

// eachStep walks a dotted name: any segment may be the field.
func eachStep(path string, in *ir.Instr, do func(name string, in *ir.Instr)) {
	for start := 0; start <= len(path); {
		end := nextDot(path, start)
		do(path[start:end], in)
		start = end + 1
	}
}

// ownersOf resolves all that name a member of that name, once for all types that have one: in a large tree
// each owner of a handle calls it the same.
func (p *Program) ownersOf(name string) map[string][]int32 {
	if m, ok := p.uses.owners.Load(name); ok {
		return m.(map[string][]int32)
	}
	m := map[string][]int32{}
	for i, at := range p.naming(name) {
		p.eachOwner(at.f, at.in, name, func(owner string) {
			if l := m[owner]; len(l) == 0 || l[len(l)-1] != int32(i) {
				m[owner] = append(l, int32(i))
			}
		})
	}
	p.uses.owners.Store(name, m)
	return m
}

// eachOwner calls do for the types of which in computes the address of the field name, or of a member of it.
func (p *Program) eachOwner(f *ir.Func, in *ir.Instr, name string, do func(owner string)) {
	var r Ref
	switch in.Op {
	case ir.OpName:
		p.eachOnPath(f, in.Name, name, do)
	case ir.OpCall:
		p.eachOnPath(f, in.Call.Path, name, do)
	case ir.OpField, ir.OpMember:
		r = p.Member(f, p.TypeOfOwner(f, in), in.Name)
	}
	if r.Kind == Field {
		do(r.Owner)
	}
}

// eachOnPath walks a dotted name and calls do for the owners of its steps that are fields of that name.
func (p *Program) eachOnPath(f *ir.Func, path, name string, do func(owner string)) {
	r := p.Name(f, path)
	for step := 0; step < maxDepth; step++ {
		if r.Kind == Field && r.Field != nil && r.Field.Name == name {
			do(r.Owner)
		}
		if r.Rest == "" || r.Type == "" {
			return
		}
		next, tail := r.Rest, ""
		if end := nextDot(r.Rest, 0); end < len(r.Rest) {
			next, tail = r.Rest[:end], r.Rest[end+1:]
		}
		r = p.Member(f, r.Type, next)
		r.Rest = tail
	}
}

// usesIn lists what a function does with the addresses.
func usesIn(f *ir.Func, addrs map[ir.Temp]*ir.Instr) []FieldUse {
	var out []FieldUse
	used := map[ir.Temp]bool{}
	for bi := range f.Blocks() {
		for ii := range f.Blocks()[bi].Instrs {
			in := &f.Blocks()[bi].Instrs[ii]
			use := func(t ir.Temp, k UseKind) {
				if a := addrs[t]; a != nil && t != 0 {
					out = append(out, FieldUse{Func: f, Addr: a, At: in, Kind: k})
					used[t] = true
				}
			}
			switch in.Op {
			case ir.OpLoad:
				use(in.A, UseLoad)
			case ir.OpStore:
				use(in.A, UseStore)
				use(in.B, UseAddr)
			case ir.OpZero:
				use(in.A, UseStore)
			case ir.OpField, ir.OpMember, ir.OpElem:
				use(in.A, UseInner)
				use(in.B, UseAddr)
			default:
				use(in.A, UseAddr)
				use(in.B, UseAddr)
			}
			if in.Call == nil {
				continue
			}
			for i := range in.Call.Args {
				a := &in.Call.Args[i]
				use(a.Val, UseAddr)
			}
			if in.Call.Recv == 0 || addrs[in.Call.Recv] == nil {
				use(in.Call.RecvAddr, UseInner)
			}
			use(in.Call.Recv, UseAddr)
		}
	}
	return append(out, unused(f, addrs, used)...)
}

// unused are the addresses that nothing in the function uses, in order of their instructions.
func unused(f *ir.Func, addrs map[ir.Temp]*ir.Instr, used map[ir.Temp]bool) []FieldUse {
	var out []FieldUse
	for t := ir.Temp(1); int(t) <= f.Temps() && len(used) < len(addrs); t++ {
		if a := addrs[t]; a != nil && !used[t] {
			out = append(out, FieldUse{Func: f, Addr: a, At: a, Kind: UseAddr})
		}
	}
	return out
}
