// Package driver runs analyzers of golang.org/x/tools/go/analysis over one unit
// of C# and C files. The drivers that come with that module want Go packages;
// this one wants none.
//
// In: analyzers, and seeds: results that are known beforehand, such as which
// files there are. Out: the result and the diagnostics of each analyzer, and
// what failed.
//
// Invariants:
//   - An analyzer runs once, after all that it requires, in an order that
//     depends on the analyzers alone. Parallel work happens inside analyzers,
//     file by file or function by function.
//   - A panic or an error of an analyzer costs its own result and those that
//     require it, and is reported; the rest runs.
//   - The driver reads no file and knows no rule.
package driver
