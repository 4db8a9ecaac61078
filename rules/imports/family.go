// Package imports holds the rules on imports of native functions: what is declared, and how the
// result of a call is used.
//
// In: declarations, compared by analyzers/abi with the prototypes and structures of Windows; events
// of analyzers/lifetime. Out: findings of PIN501 to PIN510.
//
// Invariants: one defect has one code (for differences of declarations see [claims]); what an API
// does is known from analyzers/models only; a struct that is laid out wrongly is PIN510 alone and
// nothing at the imports that use it; functions whose C source is in the same unit belong to
// rules/contracts.
package imports

import (
	"slices"
)

// Family lists the rules of this folder, by code.
var Family = slices.Concat(
	lastErrorNotCaptured, lastErrorLate, pointerSize, boolWidth, callbackCollected, exceptionCrossesNative, callingConvention, knownPrototype, stringReturn, knownStruct,
)
