package models

import (
	_ "embed"
	"strings"
)

//go:embed curated/returnmacros.tsv
var curatedReturnMacros string

// ReturnMacro tells whether a name that nothing in the tree defines is that of a macro which returns from the function
// that uses it.
func ReturnMacro(name string) bool {
	found := false
	eachRow(curatedReturnMacros, func(f []string) {
		if rest, ok := strings.CutPrefix(name, field(f, 0)); ok && !found {
			found = true
			for _, w := range strings.Split(field(f, 1), ",") {
				found = found && (w == "" || !strings.Contains(rest, w))
			}
		}
	})
	return found
}
