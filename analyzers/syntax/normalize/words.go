package normalize

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed words_c.txt
var wordsText string

// action is what is done with a C word; see words_c.txt.
type action uint8

const (
	actMark action = iota
	actParameter
	actAs
)

type word struct {
	action action
	class  Class
	args   bool
	as     string
}

// shapes tells of nearly all words that are not in a table, without a search: by first byte, a bit for each length of those that are.
type shapes [256]uint64

func shapesOf[T any](table map[string]T) (s shapes) {
	for w := range table {
		s[w[0]] |= 1 << min(len(w), 63)
	}
	return s
}

// may tells whether a word that is not empty can be in the table.
func (s *shapes) may(w []byte) bool { return s[w[0]]>>min(len(w), 63)&1 != 0 }

// wordTable is words_c.txt in a form that can be asked.
type wordTable struct {
	words map[string]word
	shape shapes // of words
	types map[string]bool
	quote map[string]bool // macros whose arguments are not evaluated
	loops []string        // what a loop macro's name contains
}

var cWords = sync.OnceValue(func() *wordTable {
	t := &wordTable{words: map[string]word{}, types: map[string]bool{}, quote: map[string]bool{}}
	classes := map[string]Class{"annotation": Annotation, "parameter": Annotation, "convention": Convention, "linkage": Linkage, "attribute": Attribute}
	for line := range strings.Lines(wordsText) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] == "#" {
			continue
		}
		switch f[0] {
		case "type":
			t.types[f[1]] = true
		case "quote":
			t.quote[f[1]] = true
		case "loop":
			t.loops = append(t.loops, strings.Trim(f[1], "*"))
		case "as":
			t.words[f[1]] = word{action: actAs, as: strings.Join(f[2:], " ")}
		case "parameter":
			t.words[f[1]] = word{action: actParameter, class: Annotation}
		default:
			t.words[f[1]] = word{class: classes[f[0]], args: len(f) > 2}
		}
	}
	t.shape = shapesOf(t.words)
	return t
})

func (t *wordTable) isLoop(name string) bool {
	for _, l := range t.loops {
		if strings.Contains(name, l) {
			return true
		}
	}
	return false
}

// LoopName tells whether a macro of that name is the head of a loop.
func LoopName(name string) bool { return cWords().isLoop(name) }

// Harmless tells whether a C word in the head of a declaration is known and names no calling
// convention: a keyword, or a macro of the system headers for linkage, annotations or attributes.
func Harmless(name string) bool {
	if _, ok := cKeywords[name]; ok {
		return true
	}
	if w, ok := cWords().words[name]; ok {
		return w.class != Convention
	}
	switch name {
	case "__declspec", "_declspec", "__attribute__", "__attribute", "__extension__":
		return true
	}
	return false
}
