package models

import (
	_ "embed"
	"strings"
)

//go:embed curated/verbs.tsv
var curatedVerbs string

// NamedOpener tells whether the name of a function of which nothing else is known says that its
// result is the caller's: it holds one of the verbs of the table as a word of its own.
func NamedOpener(name string) bool {
	found := false
	eachRow(curatedVerbs, func(f []string) { found = found || hasWord(name, field(f, 0)) })
	return found
}

//go:embed curated/countwords.tsv
var curatedCountWords string

// NamedCounter tells whether the name of a function says that it counts one more reference to what
// it is given, which then has to be released once more.
func NamedCounter(name string) bool {
	found := false
	eachRow(curatedCountWords, func(f []string) { found = found || hasWord(name, field(f, 0)) })
	return found
}

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
