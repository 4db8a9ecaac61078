// Package report writes the outcome of a run: as text for people, as JSON for
// scripts, as SARIF 2.1.0 for code scanning, and in the forms that GitHub, GitLab,
// reviewdog, MSBuild and readers of test results know.
//
// In: a [Report], complete and in its final order. Out: bytes.
//
// Invariants:
//   - Equal reports give equal bytes: no times, no absolute paths, no map order.
//   - Text of analysed files reaches a terminal only with its control
//     characters replaced.
//   - Each format counts columns in its own unit and escapes what it gives a meaning
//     to; arrays of findings are written one by one.
//   - A writer knows its format only; what is shown was decided before.
package report
