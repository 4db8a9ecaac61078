package models

import _ "embed"

//go:embed curated/opscopes.tsv
var curatedOpScopes string

// OperationScope describes a call that must stand before each start of an operation on an object.
// The completion of the operation balances it; Undo must when nothing was started.
type OperationScope struct {
	Param     int // 0-based: the object
	Undo      string
	UndoParam int
}

// OperationScope returns what a native function announces, nil when it announces nothing.
func (db *DB) OperationScope(name string) (s *OperationScope) {
	eachRow(findCurated(curatedOpScopes, name), func(f []string) {
		s = &OperationScope{Param: atoi(field(f, 1), 0), Undo: field(f, 2), UndoParam: atoi(field(f, 3), 0)}
	})
	return s
}
