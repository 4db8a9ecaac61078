package models

import (
	_ "embed"
	"strings"
)

//go:embed curated/extents.tsv
var curatedExtents string

// Extent is how much a function reads or writes through a pointer parameter.
type Extent struct {
	Write bool
	Param int // the pointer (0-based)
	// Count and Times are the parameters whose product says how many units, Times -1 when there is
	// but one. Count is -1 when nothing bounds it: text up to its end.
	Count, Times int
	Unit         int // bytes
}

// Extents returns what is known of a function of the C runtime or of Windows, nil if nothing.
func (db *DB) Extents(name string) (out []Extent) {
	eachRow(find(curatedExtents, name), func(f []string) {
		for _, word := range strings.Fields(field(f, 1)) {
			out = append(out, decodeExtent(word))
		}
	})
	return out
}

// decodeExtent reads "w0:1*2x2".
func decodeExtent(word string) Extent {
	e := Extent{Write: word[0] == 'w', Count: -1, Times: -1, Unit: 1}
	where, count, _ := strings.Cut(word[1:], ":")
	e.Param = atoi(where, -1)
	count, unit, wide := strings.Cut(count, "x")
	if wide {
		e.Unit = atoi(unit, 1)
	}
	first, second, product := strings.Cut(count, "*")
	e.Count = atoi(first, -1)
	if product {
		e.Times = atoi(second, -1)
	}
	return e
}
