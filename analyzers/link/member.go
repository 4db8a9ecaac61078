package link

import (
	"cmp"
	"slices"
	"sync/atomic"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Types have many members, and code asks for few of them: a type knows the words of their names only, and what a name means
// is put together when somebody asks.

// memberSet is what one name means inside one type.
type memberSet struct {
	methods []*ir.Func
	imports []in[*ir.Import]
	fields  []in[*ir.Field]
	props   []in[*ir.Prop]
	consts  []in[*ir.Constant]
	ref     atomic.Pointer[Ref] // see memberRef
}

// in is a declaration with its file.
type in[T any] struct {
	decl T
	file *ir.File
}

func fileIn[T any](x in[T]) *ir.File { return x.file }

// memberAt is a member of a type: the word of its name, and where it is. No pointers: there are millions.
type memberAt struct {
	word ir.Word
	part uint32
	kind memberKind
	at   uint32 // in the list of that kind in the part
}

type memberKind uint32

const (
	aMethod memberKind = iota
	anImport
	aField
	aProp
	aConst
)

func compareMembers(a, b memberAt) int {
	return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(a.part, b.part), cmp.Compare(a.kind, b.kind), cmp.Compare(a.at, b.at))
}

// member returns what name means in t itself, nil if nothing.
func (t *Type) member(name string) *memberSet {
	s := &t.state
	s.once.Do(t.indexMembers)
	i, ok := slices.BinarySearchFunc(s.members, ir.WordOf(name), func(m memberAt, w ir.Word) int { return cmp.Compare(m.word, w) })
	if !ok {
		return nil
	}
	s.setsMu.Lock()
	defer s.setsMu.Unlock()
	m, known := s.sets[name]
	if !known {
		m = t.membersFrom(i, name)
		if s.sets == nil {
			s.sets = map[string]*memberSet{}
		}
		s.sets[name] = m
	}
	return m
}

// indexMembers finds the words of all members.
func (t *Type) indexMembers() {
	n := 0
	for _, pt := range t.state.parts {
		n += len(pt.funcs) + len(pt.imports) + len(pt.fields) + len(pt.props) + len(pt.consts)
	}
	all := make([]memberAt, 0, n)
	for i, pt := range t.state.parts {
		add := func(kind memberKind, at int, name string) {
			all = append(all, memberAt{ir.WordOf(name), uint32(i), kind, uint32(at)})
		}
		for k, fn := range pt.funcs {
			if fn.Kind == ir.FuncPlain || fn.Kind == ir.FuncOperator {
				add(aMethod, k, lastDot(fn.Name))
			}
		}
		for k, x := range pt.imports {
			add(anImport, k, x.Name)
		}
		for k, x := range pt.fields {
			add(aField, k, x.Name)
		}
		for k, x := range pt.props {
			add(aProp, k, lastDot(x.Name))
		}
		for k, x := range pt.consts {
			add(aConst, k, x.Name)
		}
	}
	slices.SortFunc(all, compareMembers)
	t.state.members = all
}

// membersFrom are those of a name, the first of whose word is number i; nil where another name has that word.
func (t *Type) membersFrom(i int, name string) *memberSet {
	m, some := &memberSet{}, false
	for w := t.state.members[i].word; i < len(t.state.members) && t.state.members[i].word == w; i++ {
		at := t.state.members[i]
		pt := t.state.parts[at.part]
		is := func(own string) bool {
			some = some || own == name
			return own == name
		}
		switch at.kind {
		case aMethod:
			if fn := pt.funcs[at.at]; is(lastDot(fn.Name)) {
				m.methods = append(m.methods, fn)
			}
		case anImport:
			if x := pt.imports[at.at]; is(x.Name) {
				m.imports = append(m.imports, in[*ir.Import]{x, pt.file})
			}
		case aField:
			if x := pt.fields[at.at]; is(x.Name) {
				m.fields = append(m.fields, in[*ir.Field]{x, pt.file})
			}
		case aProp:
			if x := pt.props[at.at]; is(lastDot(x.Name)) {
				m.props = append(m.props, in[*ir.Prop]{x, pt.file})
			}
		case aConst:
			if x := pt.consts[at.at]; is(x.Name) {
				m.consts = append(m.consts, in[*ir.Constant]{x, pt.file})
			}
		}
	}
	if !some {
		return nil
	}
	return m
}
