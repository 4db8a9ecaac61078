// Package baseline is the file that holds the findings a project has accepted for now.
//
// In: findings, or a file. Out: a file, or its entries.
//
// The file is made for review and for merges:
//
//   - It is JSON, one entry a line, in order of path and place in it. Each entry's line begins with the comma that
//     separates it from the one before, so that any set of such lines is valid, and a merge that keeps the lines of
//     both sides is right.
//   - It holds no line numbers, so edits elsewhere leave it alone, and no message, so that better words do.
//   - Paths are slashed and relative to the folder of the file, wherever pinvet is started.
//   - The first line names the version of the format. Equal findings give equal bytes.
package baseline
