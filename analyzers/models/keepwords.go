package models

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

//go:embed curated/keepwords.tsv
var curatedKeepWords string

// keepWords are the words of the table, by "function" and "delegate": true where they say that a
// callback is kept.
var keepWords = sync.OnceValue(func() map[string]map[string]bool {
	out := map[string]map[string]bool{"function": {}, "delegate": {}}
	eachRow(curatedKeepWords, func(f []string) { out[field(f, 1)][field(f, 0)] = field(f, 2) == "keeps" })
	return out
})

// NamedKeeper tells whether the name of a native function of which nothing else is known, or that of
// the delegate type that it takes, says that it keeps the callback.
func NamedKeeper(function, delegate string) bool {
	keeps := false
	for _, w := range nameWords(function) {
		k, known := keepWords()["function"][w]
		if known && !k {
			return false
		}
		keeps = keeps || k
	}
	for _, w := range nameWords(delegate) {
		keeps = keeps || keepWords()["delegate"][w]
	}
	return keeps
}

// nameWords are the words of a name, in small letters: of SDL_AddEventWatch sdl, add, event and watch.
func nameWords(name string) (out []string) {
	runes, start := []rune(name), 0
	cut := func(end int) {
		if end > start {
			out = append(out, strings.ToLower(string(runes[start:end])))
		}
		start = end
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r):
			cut(i)
			start = i + 1
		case i == start || !unicode.IsUpper(r):
		case unicode.IsLower(runes[i-1]), i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			cut(i)
		}
	}
	cut(len(runes))
	return out
}
