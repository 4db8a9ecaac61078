// Package ir is the intermediate representation that both lowerings produce and that every later
// stage reads: functions of basic blocks with control-flow and exception edges, and the
// declarations of one file.
//
// In:  nothing; it is a vocabulary, a builder (builder.go) and a printer (print.go).
// Out: *File, one for each source file.
//
// The shape is a register machine over memory. Locals, fields and pointees are memory; temps are
// values and are written by exactly one instruction. A C lvalue is a temp that holds an address:
//
//	o.hEvent = h;          t1 = varaddr o; t2 = field t1 .hEvent; t3 = varaddr h; t4 = load t3; store t2, t4
//	ReadFile(f, b, 4, &n, &o)   ... arguments are temps; &o is the temp of "varaddr o" itself
//
// C# has one more way to name a member, OpMember: a dot that follows a reference by itself when
// its operand is a reference and stays inside the storage when the operand is a struct. Lowering
// does not know types of other files, so the choice is left to the interpreter.
//
// Invariants (checked by Verify, which the tests of both lowerings call):
//   - Block, Temp and Var ids are dense; id 0 of Temp means "none"; Blocks[i].ID == i.
//   - Every temp has one defining instruction.
//   - A block ends in exactly one terminator; the entry block is block 0.
//   - Blocks and instructions hold spans (byte offsets into the file's text), never text of it,
//     and names only where a name is what is meant.
//   - A body that is late (late.go) is lowered when somebody first asks for its blocks, or for variables beside the parameters; who asks
//     sees no difference. So Func.Vars and Func.NumTemps are asked for with Var, AllVars and Temps.
//   - A File depends on the content of its one file alone, so it can be cached by content hash.
//   - No API is known here: nothing in this package or in the lowerings tests a name for meaning.
package ir
