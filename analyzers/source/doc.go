// Package source reads source files and hands them on as UTF-8.
//
// In go paths (and, for a server, buffers that are not saved yet). Out comes an
// immutable [Snapshot] of [File] values: the bytes on disk, the same text as
// UTF-8 without a byte order mark, the hash and the line table.
//
// Invariants:
//   - No other package reads source text from the disk.
//   - A file's identity is the hash of its bytes on disk; nothing else, neither
//     time nor inode, decides whether two files are the same.
//   - File.Text is what every later stage indexes, in bytes. Line ends are kept
//     as they are (CRLF stays CRLF). Positions shown to a user and edits refer
//     to the file on disk: Position, Offset and DiskOffset translate.
//   - A File never changes once made; its Text must not be written to.
//
// Encodings read: UTF-8 with and without a byte order mark, UTF-16 in both
// byte orders with and without one, and, for whatever is not valid UTF-8,
// Windows-1252. Bytes that are not text at all (NUL, control bytes) are ErrBinary.
package source
