package models

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed curated/verbs.tsv
var curatedVerbs string

// NamedOpener tells whether the name of a function of which nothing else is known says that its
// result is the caller's: it holds one of the verbs of the table as a word of its own.
func NamedOpener(name string) bool {
	return slices.ContainsFunc(openVerbs(), func(word string) bool { return hasWord(name, word) })
}

var openVerbs = sync.OnceValue(func() (out []string) {
	eachKey(curatedVerbs, func(word string) { out = append(out, word) })
	return out
})

//go:embed curated/countwords.tsv
var curatedCountWords string

// NamedCounter tells whether the name of a function says that it counts one more reference to what
// it is given, which then has to be released once more.
func NamedCounter(name string) bool {
	return slices.ContainsFunc(countWords(), func(word string) bool { return hasWord(name, word) })
}

var countWords = sync.OnceValue(CountWords)

// CountWords are what such names have in them.
func CountWords() (out []string) {
	eachRow(curatedCountWords, func(f []string) { out = append(out, field(f, 0)) })
	return out
}

// hasWord tells whether word stands in a CamelCase name, not followed by a small letter.
func hasWord(name, word string) bool {
	for at := 0; ; {
		i := strings.Index(name[at:], word)
		if i < 0 {
			return false
		}
		end := at + i + len(word)
		if end == len(name) || name[end] < 'a' || name[end] > 'z' {
			return true
		}
		at = end
	}
}
