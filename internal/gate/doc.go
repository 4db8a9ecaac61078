// Package gate keeps what is known already from failing a run: by a baseline file, by comparison with an earlier revision,
// or by what is staged for a commit.
//
// In: what to check, and against what. Out: the result of the check with the findings that count, those that are
// known, and how many were left out for which reason.
//
// How it works:
//
//   - A revision or the index is analysed in place: a [View] says which texts stand in for the disk's and which files are not
//     there. Only files that differ are read from git, and nothing is written.
//   - A finding counts when its line or a step of its trace lies on changed lines, or when it has no
//     partner at the base. Partners are found by ranks of ever weaker likeness, each finding once, see [pair].
//   - Lines change by their tokens: other indentation, other line breaks and comments are no change.
//   - The base is analysed only if some finding is left that touches nothing changed.
//
// Invariants:
//   - What was left out is counted, with the reason.
//   - A file of which the text at the base is not to be had (Git LFS, encryption) is new: it is
//     shown rather than hidden, and a problem says so.
package gate
