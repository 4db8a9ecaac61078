// Package report writes the outcome of a run: as text for people, as JSON for
// scripts, as SARIF 2.1.0 for code scanning.
//
// In: a [Report], complete and in its final order. Out: bytes.
//
// Invariants:
//   - Equal reports give equal bytes: no times, no absolute paths, no map order.
//   - Text of analysed files reaches a terminal only with its control
//     characters replaced.
//   - A writer knows its format only; what is shown was decided before.
package report
