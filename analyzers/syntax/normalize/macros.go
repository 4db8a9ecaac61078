package normalize

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed macros.txt
var macrosText string

// macro is what is taken for granted about a predefined macro.
type macro struct {
	defined bool
	never   bool // in no view
	value   int64
}

var knownMacros = sync.OnceValue(func() map[string]macro {
	table := map[string]macro{}
	for line := range strings.Lines(macrosText) {
		f := strings.Fields(line)
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
	return table
})

// known returns the value of an atom that the macro table decides.
func known(c comparison) (value, ok bool) {
	m, ok := knownMacros()[c.name]
	if !ok {
		return false, false
	}
	if c.op == "" {
		return m.defined, true
	}
	return compare(m.value, c.op, c.value), true
}
