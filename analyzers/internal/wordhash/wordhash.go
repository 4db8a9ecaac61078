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

// Of is the word of an identifier: FNV-1a, 32 bits.
func Of[T string | []byte](name T) Word {
	const offset, prime = 2166136261, 16777619
	h := uint32(offset)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint32(name[i])) * prime
	}
	return Word(h)
}
