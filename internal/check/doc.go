// Package check is the whole way of one run, for whoever starts one: the
// command line, the tests of rules and the language server.
//
// In: paths and options. Out: findings in their final order, problems, counts,
// and the source lines to show with them.
//
// Invariants:
//   - The same tree and options give the same result, whatever the number of
//     workers.
//   - It prints nothing and ends no process.
package check
