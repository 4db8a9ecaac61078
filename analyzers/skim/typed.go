package skim

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// modifiers are words before a type, or between words that are none.
var modifiers = map[string]bool{
	"public": true, "private": true, "protected": true, "internal": true, "static": true, "readonly": true, "const": true, "new": true,
	"override": true, "virtual": true, "abstract": true, "sealed": true, "extern": true, "unsafe": true, "async": true, "partial": true,
	"volatile": true, "event": true, "required": true, "return": true, "await": true, "throw": true, "case": true, "in": true, "is": true,
	"as": true, "params": true, "scoped": true, "using": true, "fixed": true, "void": true, "else": true, "var": true, "out": true, "ref": true,
}

// byRefs are the words before parameters that are passed by reference.
var byRefs = map[string]bool{"out": true, "ref": true, "in": true}

// typedBy follows a word that may be a part of a type, or the name after one; key is the word if it may be a keyword.
func (s *skimmer) typedBy(w, key string) {
	if byRefs[key] {
		s.byRef = true
	}
	if modifiers[key] {
		return
	}
	word := ir.WordOf(w)
	if key == "this" {
		for _, t := range s.run {
			s.indexed[t] = struct{}{}
		}
	}
	switch s.last.kind {
	case 'w', '>', '?', ']', '*', ')':
		s.pair(s.run, word)
		if s.angle == 0 && s.tuple == 0 {
			s.held, s.declares = append(s.held[:0], s.run...), true
			s.run = s.run[:0]
		}
	case ',':
		if s.taker == 0 {
			s.pair(s.held, word) // "T a, b"
		}
	case '.':
		if s.declares {
			s.pair(s.held, word) // "T I.a"
		}
	}
	s.run = append(s.run, word)
	if len(s.run) > maxRun {
		s.run = s.run[:0]
	}
}

// pair notes that name may be declared with the types.
func (s *skimmer) pair(types []ir.Word, name ir.Word) {
	for _, t := range types {
		s.pairs[PairOf(t, name)] = struct{}{}
		if s.byRef && s.taker != 0 {
			s.pairs[PairOf(t, s.taker)] = struct{}{}
		}
	}
}

// maxRun is how many words a type has at most.
const maxRun = 64

// endOfType follows what may end a type.
func (s *skimmer) endOfType(t token) {
	if t.kind == '(' && s.last.kind != '>' && (s.last.kind != 'w' || modifiers[s.keyword(s.last)]) {
		s.tuple++
		return
	}
	if s.tuple > 0 && (t.kind == ',' || t.kind == ')') {
		if t.kind == ')' {
			s.tuple--
		}
		return
	}
	switch t.kind {
	case '[':
		s.bracket++
		switch s.last.kind {
		case 'w', '>', '?', ']', '*', ')':
		default:
			s.attribute = s.bracket
		}
	case ']':
		if s.attribute == s.bracket {
			s.run, s.attribute = s.run[:0], 0
		}
		s.bracket--
	case '(', ')':
		if s.bracket > 0 {
			s.run = s.run[:0] // the arguments of an attribute
			return
		}
	case ';', '{', '}':
		s.bracket, s.attribute = 0, 0
	}
	switch t.kind {
	case '.', '<', '>', ',', '?', '[', ']':
	default:
		s.declares = false
	}
	switch t.kind {
	case '(':
		s.taker = ir.WordOf(s.named)
		s.byRef = false
		s.run = s.run[:0]
	case ';', '{', '}':
		s.held = s.held[:0]
		fallthrough
	case ')', '=':
		s.taker, s.byRef, s.tuple = 0, false, 0
		s.run = s.run[:0]
	case ',':
		if s.angle == 0 && s.last.kind != '[' && s.last.kind != ',' {
			s.byRef = false
			s.run = s.run[:0]
		}
	case '.', '<', '>', '?', '[', ']', '*', ':':
	default:
		s.run = s.run[:0]
	}
}

// pairs lists a set, sorted.
func pairs(set map[Pair]struct{}) []Pair {
	out := make([]Pair, 0, len(set))
	for p := range set {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// maxHeirs is of how many pairs indexers may make a type.
const maxHeirs = 1 << 14

// indexers pairs the types of indexers with all types of the file: one of them has it. Where that is too much, the
// file is read.
func (s *skimmer) indexers() {
	if len(s.indexed)*len(s.types) > maxHeirs {
		s.wide = true
		return
	}
	for t := range s.indexed {
		for _, name := range s.types {
			s.heirs[PairOf(t, ir.WordOf(name))] = struct{}{}
		}
	}
}
