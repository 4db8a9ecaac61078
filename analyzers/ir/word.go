package ir

// NoWord is the value of the word without letters: what words begin with.
const NoWord Word = 2166136261

// And is the value of the word that goes on with c, for those who find words byte by byte (see WordOf).
func (w Word) And(c byte) Word { return (w ^ Word(c)) * 16777619 }
