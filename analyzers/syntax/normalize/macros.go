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
	system  bool // tells one system from another
	value   int64
}

var knownMacros = sync.OnceValue(func() map[source.Lang]map[string]macro {
	cs, c := map[string]macro{}, map[string]macro{}
	table, system := c, false
	for line := range strings.Lines(macrosText) {
		f := strings.Fields(line)
		switch {
		case len(f) == 1 && f[0] == "[C#]":
			table = cs
		case len(f) == 1 && f[0] == "[C]":
			table, system = c, false
		case line == "[C systems]\n":
			table, system = c, true
		}
		if len(f) != 2 || f[0] == "#" || f[0] == "[C" {
			continue
		}
		switch f[1] {
		case "undef":
			table[f[0]] = macro{system: system}
		case "never":
			table[f[0]] = macro{never: true}
		default:
			v, _ := strconv.ParseInt(f[1], 0, 64)
			table[f[0]] = macro{defined: true, value: v, system: system}
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
