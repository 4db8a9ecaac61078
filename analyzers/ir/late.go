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

// lateBody is what is known of the body of a function before it is lowered.
type lateBody struct {
	LateAt
	once     sync.Once
	vars     []Var     // all of them, once lowered
	problems []Problem // in it
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
	f.packed = &packedBody{words: words, late: &lateBody{LateAt: at}}
}

// LowerLate says how bodies that are late are lowered.
func (f *File) LowerLate(lower Lowerer) { f.lower = lower }

// LateNames says what bodies that are late name: their words, a 0 behind each.
func (f *File) LateNames(names []byte) { f.names = string(names) }

// IsLate tells whether the body is or was late: it is not kept with the file.
func (f *Func) IsLate() bool { return f.packed != nil && f.packed.late != nil }

// lowered is the body, lowered now if it was not yet.
func (p *packedBody) lowered(f *Func) *lateBody {
	p.late.once.Do(func() {
		room := lateRooms.Get().(*Room)
		g, problems := f.File.lower(f, p.late.LateAt, room)
		k := packers.Get().(*packer)
		k.add(g)
		p.data, p.strings = slices.Clone(k.buf), slices.Clone(k.strings)
		k.giveBack()
		p.late.vars, p.late.problems = slices.Clip(g.Vars), problems
		f.NumTemps, f.Problems = g.NumTemps, g.Problems
		room.Clear()
		lateRooms.Put(room)
	})
	return p.late
}

// AllProblems are Problems, and those in late bodies that somebody looked at. Nobody may look at the file meanwhile.
func (f *File) AllProblems() []Problem {
	all := f.Problems
	for _, fn := range f.Funcs {
		if fn.IsLate() {
			all = append(all[:len(all):len(all)], fn.packed.late.problems...)
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
	if p := f.packed; p != nil && p.late != nil {
		late := p.lowered(f)
		f.Vars, f.File.Problems = late.vars, append(f.File.Problems, late.problems...)
		p.late = nil
	}
}

// Var is the variable v; it does not change.
func (f *Func) Var(v VarID) *Var {
	if int(v) >= len(f.Vars) && f.IsLate() {
		return &f.packed.lowered(f).vars[v]
	}
	return &f.Vars[v]
}

// AllVars are the variables, by their ids. Nobody may change them.
func (f *Func) AllVars() []Var {
	if f.IsLate() {
		return f.packed.lowered(f).vars
	}
	return f.Vars
}

// NumVars is how many variables there are.
func (f *Func) NumVars() int { return len(f.AllVars()) }

// Temps is how many temps there are: they are 1..Temps.
func (f *Func) Temps() int {
	if f.IsLate() {
		f.packed.lowered(f)
	}
	return f.NumTemps
}
