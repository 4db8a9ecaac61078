package ir

import "slices"

// Late bodies that somebody looked at can be kept, so that the next run need not lower them again. How they are
// written is the business of whoever keeps them.

// LateBody is a late body that was lowered: a function that has nothing but its Index, Vars, NumTemps, Problems and the body, and what
// was not understood in it.
type LateBody struct {
	Func     *Func
	Problems []Problem
}

// LateFrom says where late bodies of the file are looked for before they are lowered: by the index of the function, packed. known
// is called when the first of them is looked at; key is what LateKey gives.
func (f *File) LateFrom(key [32]byte, known func() map[int]*LateBody) {
	f.lateKey, f.known = key, known
}

// LateKey names the late bodies of the file where they are kept; false where they are not.
func (f *File) LateKey() ([32]byte, bool) { return f.lateKey, f.known != nil }

// knownLate is the code of fn from where LateFrom says, or nil.
func (f *File) knownLate(fn *Func) *packedCode {
	if f.known == nil {
		return nil
	}
	b := f.known()[fn.Index]
	if b == nil || b.Func.packed == nil {
		return nil
	}
	c := b.Func.packed.code.Load()
	if c == nil || c.data == nil {
		return nil
	}
	fn.NumTemps, fn.Problems = b.Func.NumTemps, b.Func.Problems
	return &packedCode{data: c.data, strings: c.strings, lateCode: &lateCode{vars: b.Func.Vars, problems: b.Problems, known: true}}
}

// LateBodies are the late bodies of the file that are lowered, and those that LateFrom gave: nil if it gave them all. Their functions
// are not packed. Nobody may look at the file meanwhile.
func (f *File) LateBodies() (out []LateBody) {
	fresh := func(fn *Func) bool {
		if !fn.IsLate() {
			return false
		}
		c := fn.packed.code.Load()
		return c != nil && !c.known && c.data != nil
	}
	if !slices.ContainsFunc(f.Funcs, fresh) {
		return nil
	}
	for _, fn := range f.Funcs {
		if !fn.IsLate() {
			continue
		}
		c := fn.packed.code.Load()
		if c == nil {
			c = f.knownLate(fn)
		}
		if c != nil && c.data != nil { // else lowering it ended in a panic
			out = append(out, LateBody{fn.withCode(c), c.problems})
		}
	}
	return out
}

// withCode is what a LateBody has of f.
func (f *Func) withCode(c *packedCode) *Func {
	var body unpackedBody
	c.unpack(&body, f.NumTemps, nil)
	return &Func{Index: f.Index, Parent: -1, This: NoVar, Vars: slices.Clone(c.vars), NumTemps: f.NumTemps, Problems: f.Problems, Code: body.blocks}
}

// WithoutWords forgets the words of packed bodies.
func (f *File) WithoutWords() {
	for _, fn := range f.Funcs {
		if fn.packed != nil {
			fn.packed.words = nil
		}
	}
}
