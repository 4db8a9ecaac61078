// Package imports holds the rules on imports of native functions: what is declared, and how the
// result of a call is used.
//
// In: declarations, events of analyzers/lifetime. Out: findings of PIN501 to PIN510.
//
// Invariants: one defect has one code; what an API does is known from analyzers/models only.
package imports

import (
	"slices"
)

// Family lists the rules of this folder, by code.
var Family = slices.Concat(stringReturn)
