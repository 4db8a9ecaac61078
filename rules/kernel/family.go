// Package kernel holds the rules on C code that runs in kernel mode: handles and counted references
// that leak or are dropped once too often, and calls that locks and interrupt levels forbid.
//
// In: events of analyzers/lifetime for functions in kernel mode (Event.Kernel). Out: findings of
// PIN801 to PIN804.
//
// Invariants: a handle that kernel-mode code loses is reported here, and by no rule of
// rules/handles; which functions count, lock and raise is known from analyzers/models only.
package kernel

import (
	"slices"
)

// Family lists the rules of this folder, by code.
var Family = slices.Concat(kernelHandleLeak, referenceImbalance, finalDereference, closeAbovePassive)
