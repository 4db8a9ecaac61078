// Package session keeps the analysis of one folder alive between edits.
//
// In: a root folder, texts that stand in for the disk's (unsaved buffers), and word of files that
// changed on the disk. Out: a [Result] after each change: findings by path, with the source files
// that their positions refer to; and answers about imports and the C functions behind them.
//
// What an edit costs follows from what is kept:
//
//   - Source files by path. Only the edited file is read and lowered again, with the help of its last
//     syntax tree (trees.go).
//   - The linked program. If an edit changes bodies only, the new bodies replace the old ones in
//     the program ([link.Program.Replace]); else everything is linked again, from the lowered files.
//   - What the interpreter found out about each function ([lifetime.Unit]). The functions of the
//     edited file that changed are interpreted first and their findings shown at once; then those for which
//     something that they were interpreted with has changed, to a fixed point.
//   - The comparison of imports and structs with C ([abi.Result]). Where only bodies changed, its answers
//     move with the text ([abi.Result.Moved]).
//
// Invariants:
//   - A result never changes once it is handed out, and its positions are those of its own texts.
//   - The settled result of a session is that of a run from scratch over the same texts.
//   - One goroutine works; a newer change interrupts the work on an older one.
//   - Nothing here knows of editors, versions or protocols.
package session
