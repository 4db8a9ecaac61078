package normalize

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/source"
)

//go:embed macros.txt
var macrosText string

// macro is what is taken for granted about a predefined macro.
type macro struct {
	defined bool
	never   bool // in no view
	value   int64
}

var knownMacros = sync.OnceValue(func() map[source.Lang]map[string]macro {
	cs, c := map[string]macro{}, map[string]macro{}
	table := c
	for line := range strings.Lines(macrosText) {
		f := strings.Fields(line)
		switch {
		case len(f) == 1 && f[0] == "[C#]":
			table = cs
		case len(f) == 1 && f[0] == "[C]":
			table = c
		}
		if len(f) != 2 || f[0] == "#" {
			continue
		}
		switch f[1] {
		case "undef":
			table[f[0]] = macro{}
		case "never":
			table[f[0]] = macro{never: true}
		default:
			v, _ := strconv.ParseInt(f[1], 0, 64)
			table[f[0]] = macro{defined: true, value: v}
		}
	}
	return map[source.Lang]map[string]macro{source.CSharp: cs, source.C: c}
})

// known returns the value of an atom that the macro table decides.
func known(lang source.Lang, c comparison) (value, ok bool) {
	m, ok := knownMacros()[lang][c.name]
	if !ok {
		return false, false
	}
	if c.op == "" {
		return m.defined, true
	}
	return compare(m.value, c.op, c.value), true
}
