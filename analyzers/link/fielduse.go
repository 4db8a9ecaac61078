package link

import (
	"slices"
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
	p.askFieldUses(owner, name)
	var out []FieldUse
	list, mine := p.naming(name), p.ownersOf(name)[owner]
	for i := 0; i < len(mine); {
		f := list[mine[i]].f
		addrs := map[ir.Temp]*ir.Instr{}
		first := len(out)
		for ; i < len(mine) && list[mine[i]].f == f; i++ {
			if in := list[mine[i]].in; in.Op == ir.OpCall {
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
	p.uses.memo.Store(key, out)
	return out
}

// askFieldUses asks for the files that may use a field and are not read: of a private one, none.
func (p *Program) askFieldUses(owner, name string) {
	if p.Unread == nil {
		return
	}
	for _, t := range p.cs.types[owner] {
		if m := t.member(name); m != nil && !slices.ContainsFunc(m.fields, func(f in[*ir.Field]) bool { return f.decl.Flags&ir.Private == 0 }) && len(m.fields) > 0 {
			return
		}
	}
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

// naming are the instructions that name a member, in order of file and position; bodies that were packed
// are looked at only if they have the word.
func (p *Program) naming(name string) []namedAt {
	if l, ok := p.uses.lists.Load(name); ok {
		return l.([]namedAt)
	}
	list := p.uses.byName[name]
	var packed []namedAt
	for _, f := range p.namingPacked(ir.WordOf(name)) {
		m := map[string][]namedAt{}
		indexFunc(f, m)
		packed = append(packed, m[name]...)
	}
	if len(packed) == 0 {
		return list
	}
	list = append(packed, list...)
	slices.SortStableFunc(list, func(x, y namedAt) int {
		if x.f.File != y.f.File {
			return p.info[x.f.File].index - p.info[y.f.File].index
		}
		return x.f.Index - y.f.Index
	})
	p.uses.lists.Store(name, list)
	return list
}

// ForgetUses drops what is known of uses of fields, whose instructions belong to bodies that are dropped.
func (p *Program) ForgetUses() {
	p.uses.memo.Clear()
	p.uses.owners.Clear()
	p.uses.lists.Clear()
}

func indexFunc(f *ir.Func, m map[string][]namedAt) {
	for bi := range f.Blocks() {
		for ii := range f.Blocks()[bi].Instrs {
			in := &f.Blocks()[bi].Instrs[ii]
			switch in.Op {
			case ir.OpField, ir.OpMember:
				m[in.Name] = append(m[in.Name], namedAt{f, in})
			case ir.OpName:
				if f.File.Lang == ir.C {
					continue
				}
				indexPath(f, in, in.Name, m)
			case ir.OpCall:
				// The receiver may be written as a path: field.Free().
				if f.File.Lang == ir.CSharp && in.Call.Path != "" {
					indexPath(f, in, in.Call.Path, m)
				}
			}
		}
	}
}

// indexPath indexes a dotted name: any segment may be the field.
func indexPath(f *ir.Func, in *ir.Instr, path string, m map[string][]namedAt) {
	for start := 0; start <= len(path); {
		end := nextDot(path, start)
		m[path[start:end]] = append(m[path[start:end]], namedAt{f, in})
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
	case ir.OpField:
		r = p.Member(f, p.TypeOfPlace(f, in.A), in.Name)
	case ir.OpMember:
		t := ir.Type("")
		if in.Flags&ir.AddrOperand != 0 {
			t = p.TypeOfPlace(f, in.A)
		} else {
			t = p.TypeOf(f, in.A)
		}
		r = p.Member(f, t, in.Name)
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
	for t := ir.Temp(1); int(t) <= f.NumTemps && len(used) < len(addrs); t++ {
		if a := addrs[t]; a != nil && !used[t] {
			out = append(out, FieldUse{Func: f, Addr: a, At: a, Kind: UseAddr})
		}
	}
	return out
}
