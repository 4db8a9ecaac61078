package link

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// MaxTargets is the largest number of bodies that one call is resolved to.
const MaxTargets = 4

// Target is what a call reaches. Several groups of fields may be set at once: a library that is
// itself part of the unit has Funcs and Members.
type Target struct {
	// Funcs are the bodies that the call may reach: overloads that could not be told apart, and
	// overrides. At most MaxTargets; when there are more, none. Complete says that these are all
	// (with no Funcs: that there is no body to look at, as for an implicit constructor).
	Funcs    []*ir.Func
	Complete bool

	// Import is the C# declaration of the native function that is called.
	Import *ir.Import
	// NativeName is the name of the export, after EntryPoint and the A/W rules of CharSet and
	// ExactSpelling ("#12" for an ordinal); in C the name that is called, when it is not defined in
	// the unit. Native is what the models know of it, nil if nothing or if the library is not a
	// system library.
	NativeName string
	Native     *models.Func
	// Bound is the C side of Import in the same unit (see Program.NativeOf), nil if there is none or
	// if it is a guess (Low). CFunc is its definition, nil if there is only a prototype. Argument i
	// of the call is parameter Param(i) of Import and, unless the marshaller adds or drops one
	// (PreserveSig, a result passed by pointer), of CFunc. Funcs and Complete say nothing of it.
	Bound *NativeBinding
	CFunc *ir.Func

	// MemberName is "Type.Member" with short names ("GCHandle.Alloc", "FileStream..ctor"): a .NET
	// member called on a type that the unit does not declare. Type is the one under which the models
	// know the member, which may be a base type of the receiver's ("SafeHandle.Dispose"; Recv has
	// the receiver's own). Members are the overloads in the models, nil if they know none.
	MemberName string
	Members    []*models.Member

	// Ret is the static type of the result in canonical form (see Program.TypeOf), "" when it
	// cannot be told.
	Ret ir.Type

	// ArgShift is 1 for an extension method that is called with a receiver: that is parameter 0.
	ArgShift int
	// Params maps argument i to the index of its parameter (shift included), nil when that is
	// i+ArgShift for all. Use Param.
	Params []int

	// RecvPath is the dotted path of the receiver when the call names it by a path that turned out
	// to be a field or property ("A" in A.F(x), "a.B" in a.B.F(x)), "this" or "base"; the call's
	// Recv is 0 then. "" for static calls and calls with a receiver value.
	RecvPath string
	// Recv is the static type of the receiver of an instance call, "" when unknown or static.
	Recv ir.Type

	Delegate bool   // through a delegate or function pointer value
	Opaque   bool   // C: a macro or name that nothing in the unit or the models declares
	Leaves   bool   // with Opaque: a macro of another file, of which every definition ends in a return or a goto
	Guard    *Guard // with Opaque: a macro of another file that does so where an argument has some value
	// Words are those of the text of a macro that leaves, and of the macros that it uses: it can touch no other variable
	// of the function that uses it. Nil if the text is not known, or goes to a label.
	Words    map[string]bool
	NoReturn bool // C: a declaration that the caller sees says so; use NeverReturns
	Virtual  bool // dispatched at run time: Funcs holds the overrides
	New      bool // constructs an object: Funcs are constructors

	// Otherwise are the native functions that a C call means where its name is no macro, or another one.
	Otherwise []string
}

// NeverReturns tells whether a declaration or the models say that the call does not return.
func (t *Target) NeverReturns() bool {
	return t.NoReturn || t.Native != nil && t.Native.NoReturn
}

// Param returns the index of the parameter that argument i (0-based) binds. It can lie past the
// last parameter (C varargs, C# params arrays).
func (t *Target) Param(i int) int {
	if i >= 0 && i < len(t.Params) {
		return t.Params[i]
	}
	return i + t.ArgShift
}

// Arg returns the argument that binds parameter p (0-based), -1 if none does (the receiver of an
// extension method, an optional parameter). n is the number of arguments.
func (t *Target) Arg(p, n int) int {
	for i := 0; i < n; i++ {
		if t.Param(i) == p {
			return i
		}
	}
	return -1
}

// Known tells whether anything at all is known of what the call does.
func (t *Target) Known() bool {
	return len(t.Funcs) > 0 || t.Native != nil || t.CFunc != nil || len(t.Members) > 0
}

// RefKind tells what a name means.
type RefKind uint8

// What a name can mean.
const (
	Unknown    RefKind = iota
	Const              // C# const, static readonly constant; C #define; predefined constant
	EnumMember         // of an enum: Value when Known
	Field              // C#: field or auto-property; C: struct member
	Prop               // C# property or indexer with bodies, or a property of a library type
	TypeName           // a type
	Namespace          // a namespace
	Global             // C global variable
	Function           // C function, C# method group
)

func (k RefKind) String() string {
	return [...]string{"unknown", "const", "enum", "field", "prop", "type", "namespace", "global", "function"}[k]
}

// Ref is what a name means.
type Ref struct {
	Kind  RefKind
	Value int64 // of a constant, when Known; see Const for the normal form
	Known bool
	// Field is the declaration; nil for members of library types (SafeHandle.handle).
	Field          *ir.Field
	Prop           *ir.Prop
	Getter, Setter *ir.Func         // of Prop, nil if it has none
	Func           *ir.Func         // of Function: the first body of that name
	Members        []*models.Member // of a library member that the models know
	Owner          string           // full name of the declaring type; short name for library types
	Static         bool
	Type           ir.Type // of the value, canonical (see Program.TypeOf); for TypeName the type itself
	// Rest is what remains of a dotted name after the member that was resolved: "IsInvalid" for
	// the field handle of "handle.IsInvalid".
	Rest string
	// Path identifies statics and globals: "Ns.T.F"; a C name; "path:name" for a C file static.
	Path string
}

// Type is a type declared in the unit, with all parts of a partial type. All slices are in order
// of file path and position.
type Type struct {
	Name    string // full name, "Ns.Outer.Inner"; C: tag or typedef name
	Kind    ir.TypeKind
	Lang    ir.Lang
	Flags   ir.Flags // of all parts
	Parts   []*ir.TypeDecl
	Files   []*ir.File // of the parts, same order
	Fields  []*ir.Field
	Props   []*ir.Prop
	Methods []*ir.Func // all functions of the type except lambdas and local functions
	Imports []*ir.Import
	Consts  []*ir.Constant
	// Bases are the direct base types and interfaces: full names of types of the unit, short
	// names (without type arguments) of others.
	Bases []string

	Inits     []*ir.Func // field initialisers (ir.FuncInit)
	Ctors     []*ir.Func
	Finalizer *ir.Func
	Dispose   []*ir.Func // Dispose(), Dispose(bool), DisposeAsync(), DisposeAsyncCore(), Close(); declared here, not in bases

	IsSafeHandle bool // derives from SafeHandle or CriticalHandle, also through types of the unit
	Disposable   bool // implements IDisposable or IAsyncDisposable, also through types of the unit

	state typeState
}

// UseKind tells how a field is used.
type UseKind uint8

// Uses of a field.
const (
	UseLoad  UseKind = iota // value read
	UseStore                // value written
	UseAddr                 // address taken: ref, out or & argument, or kept; may be written
	UseInner                // a member of it or an element is accessed
)

// FieldUse is one use of a field.
type FieldUse struct {
	Func *ir.Func
	Addr *ir.Instr // computes the address of the field (OpName, OpField, OpMember), or a call whose receiver is a path with the field
	At   *ir.Instr // the load, store, call ... that uses the address; Addr itself if nothing does
	Kind UseKind
}
