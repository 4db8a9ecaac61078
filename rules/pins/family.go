// Package pins holds the rules on pins, GC handles and the pinned object heap.
//
// In: events of analyzers/lifetime. Out: findings of PIN301 to PIN310.
//
// Invariants: a leaked pin or GC handle is reported by exactly one rule, see [leaks]; one address
// that is used after its pin is gone is PIN304 for fixed statements and PIN309 for handles; what
// pins and what releases is known from analyzers/models only.
package pins

import (
	"slices"
)

// Family lists the rules of this folder, by code.
var Family = slices.Concat(
	pinLeak, invertedFreeTest, pinFreedTwice, fixedPointerEscapes, addressWithoutPin,
	longLivedPin, shortLivedPOH, needlessPin, pinCopyFreed, gcHandleLeak,
)
