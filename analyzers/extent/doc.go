// Package extent compares how much memory C functions read or write through their pointer
// parameters with how much C# gives them.
//
// In:  a linked program. Out: Mismatch: calls of imports whose C side takes the number that it gets
// for another unit than the one in which C# counts, or goes past a buffer whose size is known.
//
// It follows no paths. A count is understood when it is a parameter that the function never changes,
// times constants; on the C# side, when it is the length of the very array that is passed, times
// constants, or a constant. All else is unknown, and silent.
//
// Files: expr (values as products), access (what C functions do), give (what C# passes), compare.
//
// Invariants: functions are analysed on demand and once; the result does not depend on the order.
package extent
