// Package clower lowers one C file or header to the intermediate representation.
//
// In:  a source.File and its syntax.Result.
// Out: *ir.File: functions with control flow, declarations, constants, macros.
//
// Lower never fails and never panics: what is not understood becomes OpUnknown (it may keep or
// change what it mentions) and is counted as a Problem, and the rest of the file is lowered.
//
// Decisions that a reader of the IR needs:
//   - The result depends on this one file. A name that no local declares is OpName; what it means
//     (constant, function, global of another file) is for link to say. A struct member's type is
//     known only when this file defines the struct.
//   - The value of an array is its address: "buf", "&buf" and "&buf[0]" of a local array are all
//     the address of its storage. So are arrays of this file's globals and structs.
//   - && || ?: ! are control flow. Where their value is needed it passes through a hidden variable.
//   - A back edge of a loop is marked Loop, also that of continue and of a backward goto.
//   - A local's storage ends at the brace that closes its block, or where a jump leaves it. Parameters
//     and static locals are in no OpScopeEnd.
//   - Blocks that nothing reaches are removed. A temp that only they defined has no definition.
//   - A function-like macro of the file is lowered as a function (flag Generated) and a use of it is a call
//     by name, unless only its text says what it does: it jumps, assigns a parameter, takes its address,
//     pastes tokens, or uses a local of the caller. Then it is expanded in place, and every span is
//     that of the use.
//   - An element of an initialiser whose member name is unknown (positional, struct of another file)
//     makes the whole initialiser an OpUnknown with the variable's address.
package clower
