package abi

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// maxMacros is how deep macros in heads of declarations are followed.
const maxMacros = 8

// head is what a C declaration says on how its function is called.
type head struct {
	text      string   // the convention as it is written, "" none
	words     []string // macros in front of the name that are not known
	ret       ir.Type  // may be a macro too
	byDefault string   // the library's convention for functions that name none, "" is cdecl
}

// callConv is the convention of a C function and whether a source or build file says it. It is
// ConvUnknown where a macro cannot be resolved or means another convention in another build.
func (c *ctypes) callConv(file *ir.File, h head) (conv Conv, spelled bool) {
	if h.text != "" {
		return cConv(h.text), true
	}
	words := h.words
	if ret := strings.TrimRight(string(h.ret), "* "); len(c.p.HeadMacros(file, ret)) > 0 || ret == strings.ToUpper(ret) {
		words = append([]string{ret}, words...)
	}
	for _, w := range words {
		if conv, ok := c.convOfWord(file, w, 0); ok {
			return conv, true
		}
	}
	if h.byDefault != "" {
		return cConv(h.byDefault), true
	}
	return Cdecl, false
}

// convOfWord is the convention that a word in a head stands for; not ok when it stands for none.
func (c *ctypes) convOfWord(file *ir.File, name string, depth int) (conv Conv, ok bool) {
	if conv := cConv(name); conv != ConvUnknown {
		return conv, true
	}
	bodies := c.p.HeadMacros(file, name)
	switch {
	case name == "" || name == "STDAPI":
		return Stdcall, name != ""
	case len(bodies) == 0 && (normalize.Harmless(name) || c.value(file, ir.Type(name)).Kind != Unknown):
		return ConvUnknown, false
	case len(bodies) == 0 || depth > maxMacros:
		return ConvUnknown, true
	}
	for i, body := range bodies {
		now, said := c.convOfText(file, body, name, depth+1)
		if i > 0 && (now != conv || said != ok) {
			return ConvUnknown, true // one build has it, another does not
		}
		conv, ok = now, said
	}
	return conv, ok
}

// convOfText is the convention in the text of the macro self: names and their arguments in brackets.
func (c *ctypes) convOfText(file *ir.File, body, self string, depth int) (conv Conv, ok bool) {
	nesting := 0
	for _, w := range strings.FieldsFunc(strings.NewReplacer("(", " ( ", ")", " ) ", "*", " ").Replace(body), func(r rune) bool { return r <= ' ' }) {
		switch {
		case w == "(":
			nesting++
		case w == ")":
			nesting--
		case nesting > 0 && strings.Trim(w, "_") == "stdcall": // __attribute__((stdcall))
			return Stdcall, true
		case nesting > 0 || w == self || w[0] == '"':
		default:
			if conv, ok := c.convOfWord(file, w, depth); ok {
				return conv, true
			}
		}
	}
	return ConvUnknown, false
}
