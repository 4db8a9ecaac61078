// Package contracts holds the rules on what C# and C promise each other where imports bind C
// functions of the same tree.
//
// In: imports and structs as analyzers/abi compares them; events of analyzers/lifetime, which follows
// calls through imports into C. Out: findings of PIN701 to PIN705, all of them in the C# file.
//
// Invariants: nothing is reported of an import whose C side is not in the tree, or only guessed; what
// is wrong with an overlapped operation whose OVERLAPPED comes from C# is reported by PIN1xx, what is
// wrong with a handle that C opened and C# closes by PIN4xx.
package contracts

import (
	"slices"
)

// Family lists the rules of this folder, by code.
var Family = slices.Concat(
	importMismatch, structLayout, nativeRetainsPointer, lengthContract, allocatorMismatch,
)
