package skim

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// typedBy follows a word that may be a part of a type, or the name after one.
func (s *skimmer) typedBy(t *token) {
	if t.key.which() == kOut {
		s.out = true
	}
	if t.key&kModifier != 0 {
		return
	}
	word := t.word
	if t.key.which() == kThis {
		s.indexed = append(s.indexed, s.run...)
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
		s.pairs.add(PairOf(t, name))
		if s.out && s.taker != 0 {
			s.pairs.add(PairOf(t, s.taker))
		}
	}
}

// maxRun is how many words a type has at most.
const maxRun = 64

// endOfType follows what may end a type.
func (s *skimmer) endOfType(t *token) {
	if t.kind == '(' && s.last.kind != '>' && (s.last.kind != 'w' || s.last.key&kModifier != 0) {
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
		s.taker = ir.NoWord
		if s.named.kind != 0 {
			s.taker = s.named.word
		}
		s.out = false
		s.run = s.run[:0]
	case ';', '{', '}':
		s.held = s.held[:0]
		fallthrough
	case ')', '=':
		s.taker, s.out, s.tuple = 0, false, 0
		s.run = s.run[:0]
	case ',':
		if s.angle == 0 && s.last.kind != '[' && s.last.kind != ',' {
			s.out = false
			s.run = s.run[:0]
		}
	case '.', '<', '>', '?', '[', ']', '*', ':':
	default:
		s.run = s.run[:0]
	}
}

// maxHeirs is of how many pairs indexers may make a type.
const maxHeirs = 1 << 14

// indexers pairs the types of indexers with all types of the file: one of them has it. Where that is too much, the
// file is read.
func (s *skimmer) indexers() {
	slices.Sort(s.indexed)
	s.indexed = slices.Compact(s.indexed)
	if len(s.indexed)*len(s.types) > maxHeirs {
		s.wide = true
		return
	}
	for _, t := range s.indexed {
		for _, name := range s.types {
			s.heirs.add(PairOf(t, ir.WordOf(name)))
		}
	}
}
