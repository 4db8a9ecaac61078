// Package abi compares how values cross between C# and native code: the native view of a C#
// import or struct, as the marshaller lays it out, against the prototype or struct that is really
// there.
//
// In:  a linked program (link.Program) and the models of Windows functions and structures.
// Out: one Check for each import, with the differences to its prototype, and the differences of
// the structs that imports hand over (Result). The prototype is that of the C function of the same
// unit if there is one, else that of the models.
//
// Everything is computed for one Target at a time (system and architecture), because widths and
// alignments differ; a Difference lists the targets on which it exists. Sizes and offsets are in
// bytes unless said otherwise, parameter indexes are 0-based.
//
// The files, from the bottom: target; view (types as they cross); code (type codes of the models
// and of the tables under data); marshal and csharp (C# types), csrecord (C# structs); ctype and
// crecord (C types and structs); proto (prototypes); compare, pointee and layout (comparisons);
// check and stage (imports of a unit).
//
// Invariants:
//   - What is not known for certain is Unknown with a reason, and an Unknown is never compared: it
//     claims neither equality nor difference.
//   - Two spellings that pass the same bits are equal, whatever they mean: int and uint; IntPtr,
//     handle, pointer and reference; a struct of eight bytes and a long.
//   - One defect is one Difference: a struct that is laid out wrongly is reported at the struct, not
//     at each import that uses it.
//   - No API is named here. Types that neither unit nor models declare are rows of the tables under
//     data.
//   - Nothing depends on the order of questions; nothing is computed before it is asked for.
package abi
