// Package unread knows the files of a unit that a run has only skimmed, by the names in them: most
// files have nothing to do with handles, pins or native code, and nothing that does needs them.
//
// In:  the C# files of a unit, and then questions: who declares a type of this name, who derives from
// one, who names this word?
// Out: the files that an answer needs. The run starts again with these too; where nothing more is
// needed, it has found what a run over all files finds.
//
// Invariants:
//   - Whoever looks a name up over all files of the unit asks here as well: package link for types,
//     overrides and extension methods, package lifetime for the words of bodies.
//   - A question names too many files rather than too few (package skim).
//   - A nil Index has no files, and needs none.
//   - Answers do not depend on the order of questions, nor on the goroutine that asks.
package unread
