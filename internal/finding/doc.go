// Package finding turns what rules report into what a user sees.
//
// In: findings with resolved positions, in any order. Out: the findings to
// show, in one total order, each with its identity.
//
// Between the two stands a pipeline of processors in a stated order (see
// [Pipeline]): each names the processors that it must come after, and a test
// holds the pipeline to it. What a baseline holds or lies on no changed line is
// left out after it, by package gate.
//
// Invariants:
//   - The output depends on the set of the input findings only, not on their
//     order, nor on the number of workers that found them.
//   - The identity of a finding (its fingerprint) is made of its code, its
//     enclosing function, its normalised statement and an ordinal. It never
//     holds a path, a line number or an offset.
//   - A processor never edits the findings slice it was given; it returns one.
package finding
