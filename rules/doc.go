// Package rules holds what a rule of pinvet is: its card (code, name,
// severity, page), the analysis that finds its defects, and the raw findings
// that this analysis hands over.
//
// In: the events of analyzers/lifetime and the declarations of
// analyzers/link. Out: [Raw] findings, in the order in which the rule saw
// them; internal/finding turns them into what a user reads.
//
// The rules themselves live in one folder per family below this one, each as
// one Go file, one page (PINxxx.md) and one test archive (PINxxx.txtar);
// rules/registry lists them all.
//
// Invariants:
//   - A rule selects events, words the message and offers the fix. It walks no
//     tree, keeps no abstract state and knows no API by name.
//   - A code and a name, once shipped, never change their meaning.
//   - Two codes that are one defect in two languages are one rule file; each
//     finding is reported under the code of the language at hand.
//   - Nothing here or below imports internal, lsp or cmd.
package rules
