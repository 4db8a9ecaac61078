// Package inventory lists every place at which C# code pins managed memory, and for how long.
//
// In:  the linked program, and what the interpreter saw of each pin (lifetime.PinSite).
// Out: Sites, ordered by path and place. Nothing here is a finding: most pins are right. It is
// what people look through when fragmentation of the GC heap is traced to pins: the collector
// has to plan round each object that stays where it is.
//
// Invariants:
//   - Every site has one class, the longest of what its paths show, and one advice with a reason.
//   - A pin that a helper makes is listed once, in the helper.
//   - The pinned object heap is advised only for arrays, and not where a target framework of the
//     project is known to lack it (it came with .NET 5).
package inventory
