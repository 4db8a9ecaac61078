package models

import (
	_ "embed"
	"slices"
)

//go:embed curated/neverclosed.tsv
var curatedNeverClosed string

// NotToClose tells whether the handle that a function gives must not be given to some closer.
func (db *DB) NotToClose(function string) bool { return find(curatedNeverClosed, function) != "" }

// NeverClosed says why the handle that a function gives must not be given to a closer (families of both), "" if that does no
// harm. used: only of a handle that was used otherwise.
func (db *DB) NeverClosed(function, closer string) (whose string, used bool) {
	eachRow(find(curatedNeverClosed, function), func(f []string) {
		if slices.Contains(list(field(f, 1)), closer) {
			whose, used = field(f, 3), field(f, 2) == "used"
		}
	})
	return whose, used
}
