// Package overlappedcs holds the rules on overlapped I/O in C#: storage that ends, or moves, while
// an operation still uses it.
//
// In: events of analyzers/lifetime. Out: findings of PIN101 to PIN115, and of PIN202 and PIN207,
// which are the same defects in C.
//
// Invariants: one operation gives one finding about the end of its storage; which, is decided by
// [code] in the order: cancelled without a wait, then what ended.
package overlappedcs

import (
	"slices"
)

// Family lists the rules of this folder, by code.
var Family = slices.Concat(
	fixedEndsPending, scopedPinEndsPending, pinFreedPending, marshallerPinOnly, overlappedByRef,
	overlappedStorageEnds, pinDataMismatch, overlappedFreedPending, overlappedNotFreedOnce,
	pooledBufferReturned, cancelWithoutDrain, stackBufferPending, unpinnedGCHandle, asyncHandleUsedSync,
	resultAfterFailedStart,
)
