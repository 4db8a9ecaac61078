// Package pinlist writes the inventory of pins: as a table for a terminal, as JSON for scripts and
// as one HTML page that needs nothing else.
//
// In: sites with resolved positions. Out: text. Equal inputs give equal bytes; no text of an
// analysed file reaches a terminal or a page unescaped.
package pinlist

import (
	"cmp"
	"slices"

	"github.com/pinvet/pinvet/analyzers/inventory"
	"github.com/pinvet/pinvet/internal/outcome"
)

// Formats lists the output formats.
var Formats = []string{"table", "json", "html"}

// Site is one place that pins, as it is shown.
type Site struct {
	Path     string           `json:"path"`
	Line     int              `json:"line"`   // 1-based
	Column   int              `json:"column"` // 1-based, in UTF-16 code units
	Class    inventory.Class  `json:"class"`
	Kind     inventory.Kind   `json:"kind"`
	Function string           `json:"function"`
	Target   string           `json:"target"`           // what is pinned, as written; may be ""
	Type     string           `json:"type,omitempty"`   // of the target
	Holder   string           `json:"holder,omitempty"` // where the pin is kept
	InLoop   bool             `json:"inLoop"`
	Advice   inventory.Advice `json:"advice"`
	Reason   string           `json:"reason"`
	Source   string           `json:"source"` // the line
}

// List is a whole inventory.
type List struct {
	Version  string // of pinvet
	Sites    []Site // by path and place
	Problems []outcome.Problem
	Stats    outcome.Stats
}

// byWeight orders sites by class, longest first, then by place.
func (l *List) byWeight() []Site {
	out := slices.Clone(l.Sites)
	slices.SortStableFunc(out, func(a, b Site) int {
		return cmp.Compare(slices.Index(inventory.Classes, a.Class), slices.Index(inventory.Classes, b.Class))
	})
	return out
}

// count is the number of sites of a class and kind; "" stands for any.
func (l *List) count(c inventory.Class, k inventory.Kind) (n int) {
	for i := range l.Sites {
		if s := &l.Sites[i]; (c == "" || s.Class == c) && (k == "" || s.Kind == k) {
			n++
		}
	}
	return n
}

// kinds are those that occur, in their order.
func (l *List) kinds() []inventory.Kind {
	return slices.DeleteFunc(slices.Clone(inventory.Kinds), func(k inventory.Kind) bool { return l.count("", k) == 0 })
}

// advised is the number of sites with a piece of advice.
func (l *List) advised(a inventory.Advice) (n int) {
	for i := range l.Sites {
		if l.Sites[i].Advice == a {
			n++
		}
	}
	return n
}
