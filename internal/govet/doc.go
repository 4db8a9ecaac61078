// Package govet lets pinvet run as "go vet -vettool=pinvet ./...": it checks the C files of Go packages
// that use cgo.
//
// In: a command line of the vet protocol. Out: what the go command expects.
//
//	-V=full     the program and a hash of it, for the go command's cache
//	-flags      the flags that "go vet" takes for this tool, as JSON
//	x.cfg       check the package that this file describes
//
// The go command does not name the C files of a package. They lie beside its Go files, and those that
// cgo rewrote say in a //line comment where they come from. All .c and .h files of that folder are read,
// but for those that build constraints leave out.
//
// Invariants:
//   - A package without cgo costs next to nothing.
//   - The file for facts is always written: without it the go command does not cache the result.
//   - With -json findings go to where the description says, and the run counts as one that went well.
package govet
