// Package wordhash is how names are compared without keeping them: by a number.
//
// In:  an identifier, without its @.
// Out: its Word.
//
// Invariant: equal identifiers have equal words. Different ones can have, too, so that a word serves to leave out
// what does not name something, and never to prove that something is named.
package wordhash

// Word stands for an identifier.
type Word uint32

// None is the value of the word without letters: what words begin with.
const None Word = 2166136261

// And is the value of the word that goes on with c, for those who find words byte by byte: FNV-1a, 32 bits.
func (w Word) And(c byte) Word { return (w ^ Word(c)) * 16777619 }

// Made stands for the identifier behind "new", in the type of what is made; no identifier is equal to it by more than chance.
func (w Word) Made() Word { return w.And(0) }

// Of is the word of an identifier.
func Of[T string | []byte](name T) Word {
	w := None
	for i := 0; i < len(name); i++ {
		w = w.And(name[i])
	}
	return w
}
