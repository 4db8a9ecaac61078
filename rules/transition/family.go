// Package transition holds the rules on calls without a GC transition: imports with
// SuppressGCTransition, and function pointers of such a type.
//
// In: declarations, and what analyzers/models, link and summary know of the native functions behind
// them. Out: findings of PIN601 to PIN603.
//
// Invariants: one call or import has one finding. Where the body of the function is in the unit it
// is the body that counts (PIN603), otherwise what the models know (PIN601, PIN602).
package transition

import (
	"slices"
)

// Family lists the rules of this folder, by code.
var Family = slices.Concat(suppressedBlocks, suppressedCallsBack, suppressedBody)
