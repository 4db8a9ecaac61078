// Package facts keeps what one run knows of its files for runs that analyse others together with them.
//
// In:  the files of a unit (a project, a native library, a folder), read and lowered, and the build files
// beside them. Out: one file of facts, and from it the same again.
//
// A file of facts begins with two lines of text: what it is, who wrote it and with which choice of files;
// then the SHA-256 of the rest. The rest is one part after the other, each packed with zstd: a table of
// the files, their texts, their lowered code (see irenc).
//
// Invariants:
//   - Equal files give equal bytes, whatever the number of workers: remote caches rest on that. There is
//     no time, no machine and no absolute path in them.
//   - What another build of pinvet wrote, what is broken, and what was made with another choice of files
//     is an error that says so, never an answer.
//   - Paths are relative to the folder that runs start in. One path means one text: where two units, or a
//     unit and the disk, hold different ones, Add says which.
package facts
