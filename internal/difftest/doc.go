// Package difftest holds two ways of a run to the same findings: one worker and many, a filter on and
// off, a cache that is empty, full or absent, the parts of a split run and the whole.
//
// In: two sets of options. Out: a failed test that lists what only one of them finds.
//
// Invariants:
//   - Findings are compared in all that they have: place, message, steps, fixes, fingerprint, suppression.
//   - It runs over the sample projects, over all cases of the rules (each archive as one tree), and over
//     the folders that PINVET_CORPUS names (separated like PATH); with PINVET_CORPUS_EACH set, each folder
//     in one of those is a tree of its own.
package difftest
