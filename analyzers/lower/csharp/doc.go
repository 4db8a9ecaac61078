// Package csharp lowers one C# file to the intermediate representation.
//
// In:  a source.File and its syntax trees (one for each view of the file's #if regions).
// Out: an *ir.File: every declaration, and one ir.Func with blocks for every body, lambda, local
// function, and list of field initialisers.
//
// Lower never fails and never panics: what it does not understand becomes OpUnknown, whose
// arguments are the locals that the unknown text mentions, and is counted in Func.Problems and
// File.Problems. It knows no API: the only names it looks at are those of the language and of the
// attributes that bind a method to native code.
//
// How C# maps to instructions, where the comments of package ir leave a choice:
//
//   - A dotted chain whose root is no local is one OpName: "x", "this.x", "base.x", "A.B.C",
//     "string.Empty". Type arguments and global:: are dropped from it. Calls use the same text as Path.
//   - A variable with RefLocal holds an address: x in the source is the place at the loaded value
//     of that variable. The OpVarAddr of a ref, out or in parameter is the caller's place itself.
//   - Values of ?:, ??, ?., &&, ||, switch expressions and patterns that are not used as conditions
//     go through a VarHidden variable; so do objects with initialisers and tuples, whose members
//     are stores to OpMember of that variable (Item1, Item2 or the element's name).
//   - A local function is a VarHidden variable of its name that holds its OpLambda from the start
//     of the block on; calls load it (Call.Fn).
//   - foreach: OpChoice says whether there is another element; the element is the load of
//     OpElem of the collection without index. The enumerator itself does not exist.
//   - lock and using are try/finally; what they do at the end is flagged Implicit.
//   - FuncInit "<init>" (instance) and "<cinit>" (static) hold the initialisers of one type part;
//     a primary constructor is a FuncCtor that stores its parameters to fields of their names.
//   - typeof(T) is an OpUnknown without arguments, Name "typeof" and Type T.
//   - a[1..^2], and the rest of a list in a pattern, are an Implicit call of "Slice".
//   - In a statement that the parser did not understand wholly, an OpUnknown that may change the
//     locals of the broken part goes before the rest.
//
// Of several views the first is lowered whole; of the others only members that hold conditional
// regions. They carry their view's number.
package csharp
