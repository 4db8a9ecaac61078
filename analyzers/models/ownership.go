package models

import (
	_ "embed"
	"strconv"
)

//go:embed curated/ownership.tsv
var curatedOwnership string

// Ownership is what a member does to the ownership of a native handle.
type Ownership string

// The effects on ownership. The operand is the argument or receiver that goes with it.
const (
	OwnNone    Ownership = ""
	OwnRaw     Ownership = "raw"     // the raw handle of the operand, which goes on to own it
	OwnInner   Ownership = "inner"   // an owner that belongs to the operand
	OwnAddRef  Ownership = "addref"  // the operand keeps its handle open until it is released as often
	OwnDropRef Ownership = "dropref" // undoes one OwnAddRef
	OwnDisown  Ownership = "disown"  // the operand releases nothing any more
	OwnWrap    Ownership = "wrap"    // the receiver, or new object, owns the operand from now on
)

// Ownership returns what "Type.Member" does to the ownership of a handle, and its operand: the
// 0-based index of an argument or RoleOperandRecv. OwnNone when nothing is known of it.
func (db *DB) Ownership(member string) (o Ownership, operand int) {
	eachRow(findCurated(curatedOwnership, member), func(f []string) {
		o, operand = Ownership(field(f, 1)), RoleOperandRecv
		if n, err := strconv.Atoi(field(f, 2)); err == nil {
			operand = n
		}
	})
	return o, operand
}
