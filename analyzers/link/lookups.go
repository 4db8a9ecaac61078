package link

import (
	"slices"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// LookUps are the C# fields, by name, that may hold a C function of the unit which was looked up by its name, and
// the helpers that look up what they are given the name of.
type LookUps struct {
	Fields  map[string]bool
	Helpers []*ir.Func
}

// LookUps finds them among the functions that name what looks up (words, see ir.Func.Names); names are those of the C
// functions, nil for any. It says too much rather than too little: see Program.lookedUp for what is followed.
func (p *Program) LookUps(words []ir.Word, names map[string]bool) *LookUps {
	s := &lookUps{p: p, names: names, helper: map[*ir.Func]bool{}, seen: map[*ir.Func]int{}}
	s.Fields = map[string]bool{}
	words = slices.Clone(words)
	for range maxDepth {
		slices.Sort(words)
		size := s.size()
		for _, f := range p.Naming(words) {
			if f.File.Lang == ir.CSharp && s.seen[f] != size+1 {
				s.seen[f] = size + 1
				s.look(f)
			}
		}
		if s.size() == size {
			break
		}
		for _, h := range s.Helpers {
			words = append(words, ir.WordOf(lastDot(h.Name)))
			p.Unread.Uses(words[len(words)-1:], lastDot(h.Owner))
		}
		for name := range s.Fields {
			words = append(words, ir.WordOf(name))
		}
	}
	return &s.LookUps
}

// foundFields are the names of fields that may hold anything that was looked up.
type foundFields struct {
	once  sync.Once
	names map[string]bool // nil: any may
}

// mayBeLookedUp tells whether a field of that name may hold a native function that was looked up by its name. Where
// files are not read, or bodies change, any may.
func (p *Program) mayBeLookedUp(name string) bool {
	p.found.once.Do(func() {
		p.words.once.Do(p.indexWords)
		if slices.Contains(p.words.loose, true) || p.Unread != nil && len(p.Unread.Rest()) > 0 {
			return
		}
		var words []ir.Word
		for _, w := range p.DB.RoleWords(models.RoleDelegate, models.RoleExport) {
			words = append(words, ir.WordOf(w))
		}
		p.found.names = p.LookUps(words, nil).Fields
	})
	return p.found.names == nil || p.found.names[name]
}

// lookUps is a search for them.
type lookUps struct {
	LookUps
	p      *Program
	names  map[string]bool // nil: any
	helper map[*ir.Func]bool
	seen   map[*ir.Func]int // one more than what was known when the function was looked at
}

func (s *lookUps) size() int { return len(s.Fields) + len(s.Helpers) }

func (s *lookUps) look(f *ir.Func) {
	for bi := range f.Blocks() {
		for ii := range f.Blocks()[bi].Instrs {
			switch in := &f.Blocks()[bi].Instrs[ii]; in.Op {
			case ir.OpCall:
				if !s.helper[f] && s.passesName(f, in.Call) {
					s.helper[f] = true
					s.Helpers = append(s.Helpers, f)
				}
			case ir.OpStore:
				switch a := f.Def(in.A); {
				case a == nil:
				case a.Op == ir.OpName || a.Op == ir.OpMember || a.Op == ir.OpField:
					if s.looked(f, in.B, 0) {
						s.Fields[lastDot(a.Name)] = true
					}
				}
			}
		}
	}
}

// passesName tells whether a call gets a parameter of f as the name of an export, by itself or in a helper.
func (s *lookUps) passesName(f *ir.Func, c *ir.Call) bool {
	role, at := s.p.DB.AnyRole(c.Name)
	for i := range c.Args {
		if role != models.RoleExport || at != i {
			if h := s.p.helper(f, c); h == nil || !s.helper[h] {
				continue
			}
		}
		d := f.Def(c.Args[i].Val)
		if d == nil || d.Op != ir.OpLoad {
			continue
		}
		if v := addressed(f, d.A); v != ir.NoVar && slices.Contains(f.Params, v) {
			return true
		}
	}
	return false
}

// looked tells whether t may be a C function of the unit that was looked up.
func (s *lookUps) looked(f *ir.Func, t ir.Temp, depth int) bool {
	d := f.Def(t)
	if d == nil || depth > maxDepth {
		return false
	}
	switch d.Op {
	case ir.OpCast:
		return s.looked(f, d.A, depth+1)
	case ir.OpCall:
		return s.looksUp(f, d.Call, depth)
	case ir.OpLoad:
		if v := addressed(f, d.A); v != ir.NoVar {
			facts := s.p.varFacts(f)
			if facts.stores[v] != 1 {
				return false
			}
			if out := facts.out[v]; out.call != nil {
				return s.looksUp(f, out.call.Call, depth)
			}
			return len(facts.values[v]) == 1 && s.looked(f, facts.values[v][0], depth+1)
		}
		a := f.Def(d.A)
		return a != nil && a.Op == ir.OpName && slices.ContainsFunc(strings.Split(a.Name, "."), func(w string) bool { return s.Fields[w] })
	}
	return false
}

// looksUp tells whether a call may look up such a function.
func (s *lookUps) looksUp(f *ir.Func, c *ir.Call, depth int) bool {
	if role, i := s.p.DB.AnyRole(c.Name); i >= 0 && i < len(c.Args) {
		switch role {
		case models.RoleExport:
			return s.one(stringOf(f, c.Args[i].Val))
		case models.RoleDelegate:
			return s.looked(f, c.Args[i].Val, depth+1)
		}
	}
	h := s.p.helper(f, c)
	return h != nil && s.helper[h] && slices.ContainsFunc(c.Args, func(a ir.Arg) bool { return s.one(stringOf(f, a.Val)) })
}

// one tells whether a string is one of the names.
func (s *lookUps) one(name string) bool { return name != "" && (s.names == nil || s.names[name]) }
