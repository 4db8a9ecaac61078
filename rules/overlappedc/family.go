// Package overlappedc holds the rules on overlapped I/O in C: storage that ends while an operation
// still uses it, and signals that do not say what they are taken to say.
//
// In: events of analyzers/lifetime. Out: findings of PIN201 to PIN211; PIN202 and PIN207, which are
// also defects of C#, are in rules/overlappedcs.
//
// Invariants: one operation gives one finding about the end of its storage; which, is decided by
// [code] in the order: callbacks dropped, cancelled, timed out, never told from a failure, then what
// ended.
package overlappedc

import (
	"slices"
)

// Family lists the rules of this folder, by code.
var Family = slices.Concat(
	stackStorageEscapes, freedWhilePending, overlappedReused, eventClosedPending, timeoutTakenAsDone,
	unreliableSignal, overlappedNotZeroed, threadpoolIO, pendingTakenAsFailure,
)
