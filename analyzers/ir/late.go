package ir

import (
	"slices"
	"sync"
)

// Most bodies are never looked at. One whose words are known without it is late: it is lowered when somebody first asks
// for its blocks or its variables. Till then Vars holds the parameters and the receiver only, which is all that
// its callers ask for.

// LateAt is where a late body is.
type LateAt struct {
	Span         // its block, braces included
	Plain  bool  // it is parsed as it stands in the text of the file
	Fields int32 // how many of File.Fields stand before it
}

// isLate tells whether it is a place: a block has an end.
func (at LateAt) isLate() bool { return at.End > 0 }

// lateCode is what lowering a late body gives besides its code.
type lateCode struct {
	vars     []Var // all of them
	problems []Problem
	known    bool // it was lowered in an earlier run
}

// Lowerer lowers the body of a late function of a file: the variables that f has come first, and none of its fields are written. It
// gives what was not understood, too. What it gives is packed at once, so it may be built in room. It may be asked by many
// goroutines at once.
type Lowerer func(f *Func, at LateAt, room *Room) (*Func, []Problem)

// lateRooms holds those that no body is built in. One that a panic took is lost.
var lateRooms = sync.Pool{New: func() any { return &Room{} }}

// Late says where the body of f is, and that all that it names is among words, which are sorted. The
// file needs a Lowerer.
func (f *Func) Late(at LateAt, words []Word) {
	f.Code, f.defs = nil, nil
	f.Exit, f.Unwind = exitBlock, unwindBlock
	f.Vars = slices.Clip(f.Vars)
	f.packed = &packedBody{words: words, late: at}
}

// LowerLate says how bodies that are late are lowered.
func (f *File) LowerLate(lower Lowerer) { f.lower = lower }

// LateNames says what bodies that are late name: their words, a 0 behind each.
func (f *File) LateNames(names []byte) { f.names = string(names) }

// IsLate tells whether the body is or was late: it is not kept with the file.
func (f *Func) IsLate() bool { return f.packed != nil && f.packed.late.isLate() }

// lowered is the code of f, lowered now if it was not yet. A panic that this ends in leaves it empty.
func (p *packedBody) lowered(f *Func) *packedCode {
	if c := p.code.Load(); c != nil {
		return c
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.code.Load(); c != nil {
		return c
	}
	if c := f.File.knownLate(f); c != nil {
		p.code.Store(c)
		return c
	}
	c := &packedCode{lateCode: &lateCode{}}
	defer p.code.Store(c)
	room := lateRooms.Get().(*Room)
	g, problems := f.File.lower(f, p.late, room)
	k := packers.Get().(*packer)
	k.add(g)
	c.data, c.strings = slices.Clone(k.buf), slices.Clone(k.strings)
	k.giveBack()
	c.vars, c.problems = slices.Clip(g.Vars), problems
	f.NumTemps, f.Problems = g.NumTemps, g.Problems
	room.Clear()
	lateRooms.Put(room)
	return c
}

// AllProblems are Problems, and those in late bodies that somebody looked at. Nobody may look at the file meanwhile.
func (f *File) AllProblems() []Problem {
	all := f.Problems
	for _, fn := range f.Funcs {
		if !fn.IsLate() {
			continue
		}
		if c := fn.packed.code.Load(); c != nil {
			all = append(all[:len(all):len(all)], c.problems...)
		}
	}
	return all
}

// Understood tells whether all of the file was, bodies that are late included: they are lowered now.
func (f *File) Understood() bool {
	return len(f.Problems) == 0 && !slices.ContainsFunc(f.Funcs, func(fn *Func) bool {
		return fn.IsLate() && len(fn.packed.lowered(fn).problems) > 0
	})
}

// Settle makes late bodies of the file ordinary ones. Nobody else may look at the file meanwhile.
func (f *File) Settle() {
	for _, fn := range f.Funcs {
		fn.settle()
	}
}

func (f *Func) settle() {
	if f.IsLate() {
		c := f.packed.lowered(f)
		f.Vars, f.File.Problems = c.vars, append(f.File.Problems, c.problems...)
		f.packed.late, c.lateCode = LateAt{}, nil
	}
}

// Var is the variable v; it does not change.
func (f *Func) Var(v VarID) *Var {
	if f.packed != nil && f.packed.body.Load() == nil && !f.inHead(v) {
		f.look()
	}
	if int(v) >= len(f.Vars) && f.IsLate() {
		return &f.packed.lowered(f).vars[v]
	}
	return &f.Vars[v]
}

// AllVars are the variables, by their ids. Nobody may change them.
func (f *Func) AllVars() []Var {
	f.look()
	if f.IsLate() {
		return f.packed.lowered(f).vars
	}
	return f.Vars
}

// NumVars is how many variables there are.
func (f *Func) NumVars() int { return len(f.AllVars()) }

// Temps is how many temps there are: they are 1..Temps.
func (f *Func) Temps() int {
	f.look()
	if f.IsLate() {
		f.packed.lowered(f)
	}
	return f.NumTemps
}
