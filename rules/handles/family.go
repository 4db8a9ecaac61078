// Package handles holds the rules on handles and other native resources:
// leaks, wrong failure values, wrong and repeated releases.
//
// In: events of analyzers/lifetime. Out: findings of PIN401 to PIN414.
//
// Invariants: a leaked object is reported by exactly one rule, see [leaks]; what
// an API acquires and what releases it is known from analyzers/models only.
package handles

import (
	"slices"
)

// Family lists the rules of this folder, by code.
var Family = slices.Concat(
	handleLeak, wrongSentinel, useAfterClose, wrongCloser, processHandleForgotten,
	handleOverwritten, ownerWithoutRelease, nativeMemoryLeak, closeOfNothing,
	dangerousHandle, twoOwners, safeHandleNotDisposed, ownerCollected,
)
