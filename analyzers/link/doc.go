// Package link resolves names and calls over all files of one workspace unit, inside each language and,
// for imports, function pointers and callbacks, from one to the other.
//
// In:  the lowered files (ir.File) of the unit, what its build files say (project.Set, may be nil), and the
// models of the APIs outside of it.
// Out: *Program, a set of indexes with questions: what a call reaches (Callee), what a name means
// (Name, Member), the static type of a value (TypeOf), what a type is made of (TypeDecl), where a
// field is used (FieldUses), what a constant is worth (Const), which C function an import binds
// (NativeOf, ImportsOf), and which C# methods C calls back (CallbackTargets).
//
// Invariants:
//   - New is deterministic: files are sorted by path, and no answer depends on the order in which
//     questions are asked or on the iteration order of a map.
//   - After New a Program does not change for its readers; memo tables inside are race-free, so
//     all methods may be called from several goroutines.
//   - A question never fails: what cannot be told is an empty answer (Unknown, "", nil), and that
//     claims nothing.
//   - No API is known here. Native functions, .NET members and predefined constants come from
//     package models; result types of library members, library base types and the names of
//     binding classes are tables under data.
//   - A repository holds more than one program. Where one name is declared several times, the
//     declaration closest to the asking file (same file, same folder, longest common folder) wins;
//     equally close ones are all returned.
package link
