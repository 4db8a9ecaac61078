// Package normalize makes source text ready for a tree-sitter grammar.
//
// In goes a file's text. Out come one to three views of it: copies in which what
// the grammar does not know is blanked or written differently, and the tables
// that say what was there. It is a scan of tokens in plain Go.
//
// Invariants, for every input:
//   - A view is as long as the text, and every CR and LF is at its place: an
//     offset in a view is an offset in the text.
//   - The text itself is never changed, and what the view lost is in a table:
//     Marks for annotations, conventions and macros, Rewrites for the rest.
//   - The result depends on the text alone.
//
// # Conditional compilation
//
// All lines that start with # are blanked. A macro has one value in a view. In
// the first view it has the value that makes the condition true in which it is
// met first (macros.txt knows better for some: C is read as for 64-bit Windows).
// Each further view changes as few values as it takes to show arms that no view
// has shown; what no view shows are arms under constants (#if 0), C++ arms, and
// what does not fit into three views. A further view is not made when the
// braces balance in the first view but would not in the other. Of macros that arms
// of one #if define, each for its system, a view has one (tags.go). Arm.Taken tells
// in which views an arm is; equal bytes in two views mean equal code.
//
// # C#
//
// The grammar takes * before lvalues only, an assignment to lvalues only, and
// lags behind the language. So
//
//	x = *p++, *(T*)p    reads x = ~p++, ~(T*)p       DerefValue
//	*(T*)p = v          reads [(T*)p]= v             DerefStore
//	*(T*)p=v            reads *p=v                   LostCast, the span of (T*)
//	*p++=v, *--p=v      reads [p ]=v, *p=v           LostStep, the span of the operator
//	x?.y = v, x?[i] = v reads x!.y = v, x![i] = v    NullAssign
//	extension(T x) {    reads struct E (T x) {       ExtensionBlock
//	(ref x) => ...      reads (x) => ...             LambdaModifier
//	allows ref struct   reads struct, or nothing     RefStruct
//	operator +=         reads operator +             CompoundOperator
//	[.. var x]          reads [var x]                SlicePattern
//	async as a name     reads _sync                  OtherRewrite
//
// Package syntax undoes DerefValue and DerefStore in the tree; for the rest see
// the table and the file's text, which is what Tree.Text gives.
//
// [Outline] also says what of a view need not be parsed with its file (bodies.go): long blocks of methods and accessors in which no
// function is declared, comments, arguments of SuppressMessage attributes that do not name pinvet, and members of a further view that read as in the first. It goes
// by tokens alone, and keeps what it is not sure of.
//
// # C
//
// words_c.txt lists what is blanked by name. Project macros are found by the
// rule that two names that follow one another are a type and a declared name,
// so that further ones are macros (Marks of class Linkage). Then
//
//	CONST               reads const                  OtherRewrite
//	MACRO(x) at the top of a file: blanked           MacroCall
//	MACRO(x) stmt;      reads MACRO(x);stmt;         MacroSemicolon
//	MACRO               reads MACRO                  MacroSemicolon
//	  x = 1;                   ;x = 1;
//	FOREACH(x, y) {     reads while (x, y) {         MacroLoop
//	f(struct s, char *) reads f(s, _har) in calls    TypeArgument
//	f({a, b})           reads f((a, b)), or f(0)     BraceArgument
//	f(==, a), f(.m = a) reads f(a)                   MacroCall
//	"a" STR(x) "b"      reads "a" "b"                MacroCall
//	offsetof(S, a.b)    reads offsetof(S, a)         MacroCall
//	try, except, finally read __try, ...             SEH
//	the same without room: {...}, if (...) {...}     SEHBlanked
//
// # Limits
//
// What is nested or chained beyond the limits in guard.go is blanked and is a Problem.
package normalize
