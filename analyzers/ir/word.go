package ir

import "github.com/pinvet/pinvet/analyzers/internal/wordhash"

// Word stands for a word that bodies name things by (see package wordhash).
type Word = wordhash.Word

// NoWord is what words begin with, for those who find them byte by byte (see Word.And).
const NoWord = wordhash.None

// WordOf is the value of one word: what stands between dots, brackets and blanks in names and types.
func WordOf(name string) Word { return wordhash.Of(name) }
