// Package irenc writes lowered files as bytes and reads them back.
//
// In:  an ir.File. Out: bytes, and from these an equal ir.File (reflect.DeepEqual, nil and empty slices
// told apart). Two runs write the same bytes for equal files.
//
// The form of an encoded file: the number of its strings, their lengths, their bytes; the columns of
// places, of temps and of strings (by number); then the file, field by field, without what stands in the
// columns. Of a struct, a bit mask comes first that says which fields are not zero, and only those
// follow. Numbers are varints; places and temps are written as differences to the one before.
// File and defs of a function are not written, but set again by Decode.
//
// codec.go is generated from the types of package ir: a new field is part of the form as soon as
// go generate has run, and a test fails until it has. Schema is another one then, so whoever keeps
// encoded files names it beside them.
//
// Invariants:
//   - Decode survives any bytes: it returns an error, allocates no more than some hundred times their
//     number, and never panics.
//   - What it returns passes for a lowered file only if Append wrote it: it does not check ids. Keep a
//     checksum beside the bytes.
package irenc

//go:generate go run ./gen -o codec.go
