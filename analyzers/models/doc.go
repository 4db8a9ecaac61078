// Package models answers questions about APIs: what a function acquires,
// releases, keeps, starts or waits for, what its parameters are, what a
// constant is worth, and the same for the members of the .NET library.
//
// In: the text tables under data (generated from the collected facts by
// internal/tools/modelgen) and under curated (written by hand), both embedded,
// plus the user's own models (YAML, see LoadUser). Out: immutable plain
// structs, found by the name used at the call.
//
// Invariants:
//   - Facts live in tables, never in Go: no function of this package compares
//     a name with a literal API name.
//   - A table is a text of lines sorted bytewise by their first field; a lookup
//     is a binary search in the text, so that nothing is parsed at start-up
//     and only what is asked for is ever decoded.
//   - Tables are layered: data, then curated, then the user's. For one relation
//     and one function the highest layer that has rows wins, whole.
//   - Everything returned is shared and must not be changed by the caller. All
//     methods are safe for concurrent use.
//   - Unknown means nil (or false): silence about a function is not a claim.
//
// Sources and licences of the facts: data/SOURCES.md.
package models
