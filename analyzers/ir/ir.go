package ir

// Lang is the language of a file.
type Lang uint8

// The two languages that are lowered.
const (
	C Lang = iota + 1
	CSharp
)

func (l Lang) String() string {
	switch l {
	case C:
		return "c"
	case CSharp:
		return "cs"
	}
	return "?"
}

// Span is a half-open range of byte offsets into the text (source.File.Text) of the file.
type Span struct{ Start, End uint32 }

// Contains tells whether o lies within s.
func (s Span) Contains(o Span) bool { return s.Start <= o.Start && o.End <= s.End }

// Temp names a value of one function; 0 is no value. VarID and BlockID index Func.Vars and Func.blocks.
type (
	Temp    int32
	VarID   int32
	BlockID int32
)

// NoVar and NoBlock say that there is none.
const (
	NoVar   VarID   = -1
	NoBlock BlockID = -1
)

// FuncKind tells what a Func was in the source.
type FuncKind uint8

// Kinds of functions.
const (
	FuncPlain      FuncKind = iota // C function or C# method
	FuncCtor                       // C# instance constructor
	FuncStaticCtor                 // C# type initialiser
	FuncFinalizer                  // C# ~T()
	FuncGetter                     // property or indexer get
	FuncSetter                     // property or indexer set/init; event add/remove
	FuncLocal                      // C# local function
	FuncLambda                     // lambda or anonymous method
	FuncInit                       // initialisers of fields and auto-properties of a type part, in order
	FuncOperator                   // user-defined operator or conversion
	FuncTopLevel                   // C# top-level statements
)

// Flags of a function, variable, field or type.
type Flags uint32

// The flags.
const (
	Static Flags = 1 << iota
	ReadOnly
	Const
	Async
	Iterator
	Unsafe
	Virtual // virtual, abstract or override: a call may reach another body
	Override
	Abstract
	Extern
	Partial
	Public
	Private
	Property // a Field that is an auto-implemented property
	Volatile
	Generated // the lowering made it; there is no such declaration in the source
	NoReturn  // the declaration says that it does not return
	Exported  // C: dllexport or an export macro
	Union     // C union
	RefLocal  // C# ref local: holds an address
	Params    // C# params array / C varargs
	Sealed
	Fixed    // C# pointer declared in a fixed statement; or fixed-size buffer field
	UsingVar // C# using local; C variable that is cleaned up at the end of its scope
	Scoped   // C# scoped
	Typedef  // C struct declared through a typedef
	Required
	Extension // C# method that is called on a value of the type of its first parameter
	Elsewhere // C: a function as other systems than Windows compile it
)

// RefKind is how an argument or parameter passes.
type RefKind uint8

// Passing by value, ref, out or in (and ref readonly).
const (
	ByValue RefKind = iota
	ByRef
	ByOut
	ByIn
)

func (r RefKind) String() string { return [...]string{"", "ref", "out", "in"}[r] }

// Type is a type as it is written, normalised: white space and qualifiers (const, volatile,
// struct, readonly, global::) removed, pointer stars and array brackets as suffixes:
// "byte[]", "NativeOverlapped*", "Span<byte>", "HANDLE", "unsigned int", "char[64]", "int?".
// "" is unknown and "var" is inferred.
type Type string

// VarKind tells what a variable is.
type VarKind uint8

// Kinds of variables.
const (
	VarLocal VarKind = iota
	VarParam
	VarThis     // C# receiver, parameter -1 so to say; Params does not list it
	VarCaptured // in a lambda or local function: Outer names the variable of the parent
	VarSelector // set and tested by the lowering only: which way a finally block continues
	VarHidden   // made by the lowering (foreach enumerator, lock object, value of a switch)
)

// Var is a local, parameter or hidden variable: a piece of stack storage of the function.
type Var struct {
	Name  string
	Type  Type
	Kind  VarKind
	Ref   RefKind // of a parameter
	Flags Flags
	Outer VarID // VarCaptured: the variable of the parent function
	Span  Span  // of the name where it is declared
}

// Func is one function with its body. Block 0 is the entry. Exit is the block of normal return and
// Unwind the block that an uncaught exception reaches; both are empty and end in their own terminator.
type Func struct {
	Name     string // "Read", ".ctor", ".cctor", "~", "get_P", "set_P", "op_Implicit", "<lambda>"; in C the function's name
	Owner    string // C#: full name of the type, "Ns.Outer.Inner" without type parameters
	Kind     FuncKind
	View     uint8 // which view of the file (conditional compilation) it was lowered from: 0 in the first or in all
	Flags    Flags
	File     *File
	Index    int // in File.Funcs
	Parent   int // lambda or local function: index of the enclosing function in File.Funcs, else -1
	Ret      Type
	Params   []VarID
	This     VarID // NoVar in C and in static members
	Vars     []Var // whoever looks at them asks Var and AllVars
	Exit     BlockID
	Unwind   BlockID
	NumTemps int // temps are 1..NumTemps; whoever looks at it asks Temps
	Attrs    []Attr
	Span     Span // whole declaration
	NameSpan Span
	Problems int // statements or expressions that were not understood in its body

	Code   []Block // the body as it was lowered or read; whoever looks at it asks Blocks
	defs   []instrRef
	packed *packedBody // the body, if Code is not
}

type instrRef struct {
	block BlockID
	index int32
}

// FullName is Owner and Name joined with a dot, or the C name.
func (f *Func) FullName() string {
	if f.Owner == "" {
		return f.Name
	}
	return f.Owner + "." + f.Name
}

// Extent is the smallest span around the function and all places in its body. Where a file does not
// parse, a body can reach beyond the declaration.
func (f *Func) Extent() Span {
	out := f.Span
	add := func(s Span) {
		if s != (Span{}) {
			out.Start, out.End = min(out.Start, s.Start), max(out.End, s.End)
		}
	}
	add(f.NameSpan)
	for i := range f.NumVars() {
		add(f.Var(VarID(i)).Span)
	}
	for i := range f.Blocks() {
		add(f.Blocks()[i].Term.Span)
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			add(in.Span)
			if in.Call != nil {
				add(in.Call.NameSpan)
			}
		}
	}
	return out
}

// DefBehindCasts returns the instruction that defines t, or what t is cast from; nil where there is none.
func (f *Func) DefBehindCasts(t Temp) *Instr {
	d := f.Def(t)
	for d != nil && d.Op == OpCast {
		d = f.Def(d.A)
	}
	return d
}

// Def returns the instruction that defines t, or nil.
func (f *Func) Def(t Temp) *Instr {
	blocks, defs := f.Code, f.defs
	if f.packed != nil {
		body := f.unpacked()
		blocks, defs = body.blocks, body.defs
	}
	if t <= 0 || int(t) >= len(defs) {
		return nil
	}
	r := defs[t]
	if r.index < 0 {
		return nil
	}
	return &blocks[r.block].Instrs[r.index]
}

// IndexDefs must be called once after the blocks are complete or were read from a cache.
func (f *Func) IndexDefs() {
	if f.packed == nil {
		f.defs = indexDefs(make([]instrRef, f.NumTemps+1), f.Code)
	}
}

func indexDefs(defs []instrRef, blocks []Block) []instrRef {
	for i := range defs {
		defs[i].index = -1
	}
	for bi := range blocks {
		for ii := range blocks[bi].Instrs {
			if d := blocks[bi].Instrs[ii].Dst; d > 0 && int(d) < len(defs) {
				defs[d] = instrRef{BlockID(bi), int32(ii)}
			}
		}
	}
	return defs
}

// Block is a basic block. Handler is the block that receives an exception thrown by an instruction
// of this block, or NoBlock: then it leaves the function through Unwind.
type Block struct {
	ID      BlockID
	Instrs  []Instr
	Term    Term
	Handler BlockID
}

// TermKind is how a block ends.
type TermKind uint8

// Terminators.
const (
	TermNone        TermKind = iota // under construction
	TermJump                        // Succs[0]
	TermBranch                      // Cond true: Succs[0], false: Succs[1]
	TermSelect                      // value of the selector Var: Succs[value]
	TermReturn                      // only the Exit block
	TermThrow                       // to Handler or Unwind
	TermUnwind                      // only the Unwind block
	TermUnreachable                 // after a call that does not return, or dead code
)

// Term is a terminator.
type Term struct {
	Kind  TermKind
	Cond  Temp
	Var   VarID
	Succs []BlockID
	Span  Span // of the condition, throw or jump statement
	Loop  bool // a jump or branch back to a loop head
}

// Op is what an instruction does.
type Op uint8

// The instructions. A, B, Dst are temps; see Instr.
const (
	OpNop        Op = iota
	OpConst         // Dst = literal: Const kind, Int, Name (string value or text)
	OpName          // Dst = address of what the (dotted) Name means: field of this, static, global, constant, function, type
	OpVarAddr       // Dst = address of Var
	OpField         // Dst = address of member Name in the object at address A (C "." and "->", C# "->")
	OpMember        // Dst = address of member Name of A (C# "."): A is an address if AddrOperand, else a value
	OpElem          // Dst = address of element B of array value or pointer A
	OpLoad          // Dst = value at address A
	OpStore         // value B to address A
	OpZero          // fill the storage at address A with zeros ({0}, default of a struct)
	OpUnary         // Dst = Sub A
	OpBin           // Dst = A Sub B
	OpCast          // Dst = A as Type
	OpIs            // Dst = A is Type (C# type test)
	OpCall          // Dst = call Call
	OpNewArray      // Dst = new Type[] with A elements (A may be 0); Args in Call are initial elements
	OpStackAlloc    // Dst = pointer to stack storage that lives until the function returns
	OpLambda        // Dst = closure of function Int (index in File.Funcs)
	OpFixed         // pin A for a fixed block: Var (its pointer variable) = Dst = pinned address. A: array, string, span or address
	OpUnfix         // the fixed block of Var ends
	OpDecl          // Var begins its life, not initialised
	OpScopeEnd      // the storage of Vars ends
	OpLock          // enter lock on A
	OpUnlock        // leave lock on A
	OpAwait         // Dst = await A
	OpYield         // yield return A; control may never come back
	OpCatch         // handler entered: Dst = the exception; Type its type ("" all)
	OpChoice        // Dst = a truth value that is not known; equal Names have equal values in one run of the function
	OpRet           // sets the result to A (0: none); the jump to Exit follows, perhaps through finally blocks
	OpThrow         // throws A (0: rethrow); TermThrow follows
	OpUnknown       // not understood: Dst is anything, Args in Call may be kept or changed
)

// Sub is an operator.
type Sub uint8

// Operators of OpUnary and OpBin.
const (
	SubNone Sub = iota
	Not         // logical
	Neg
	Compl
	Eq
	Ne
	Lt
	Le
	Gt
	Ge
	Add
	Subtract
	Mul
	Div
	Rem
	And
	Or
	Xor
	Shl
	Shr
	Text // unary: the text of a value, for an interpolated string
)

// ConstKind tells literals apart.
type ConstKind uint8

// Kinds of literals.
const (
	ConstInt     ConstKind = iota
	ConstNull              // null, NULL, nullptr
	ConstBool              // Int is 0 or 1
	ConstString            // Name is the text without quotes
	ConstFloat             // value not kept
	ConstDefault           // default, default(T), new T() of a struct type given in Type: all zero
	ConstSizeof            // size of Type in bytes, not known here
	ConstFunc              // address of the C function Name, or C# method group Name
)

// InstrFlags qualify an instruction.
type InstrFlags uint8

// Flags of instructions.
const (
	AddrOperand InstrFlags = 1 << iota // OpMember: A is an address
	Init                               // OpStore: initialises the variable at its declaration
	Implicit                           // nobody wrote it: Dispose at the end of using, enumerator of foreach
	Checked                            // unused by the interpreter
	Compound                           // OpStore of x op= y, x++, ??=
	NullCond                           // member or call after ?.
)

// Instr is one instruction.
type Instr struct {
	Op    Op
	Sub   Sub
	Const ConstKind
	Flags InstrFlags
	Dst   Temp
	A, B  Temp
	Var   VarID // only for ops that name one; else NoVar
	Int   int64
	Name  string
	Type  Type
	Call  *Call
	Vars  []VarID // OpScopeEnd; OpLambda: captured variables of this function
	Span  Span
}

// Call describes a call.
//
//	C:   f(x)            Name "f", Path "f"
//	     p->ops->f(x)    Fn = the loaded pointer, Name "f"
//	C#:  F(x)            Name "F", Path "F"
//	     A.B.F(x)        Name "F", Path "A.B.F" when A is no local (type, namespace, field or property: link decides)
//	     v.F(x), e().F() Name "F", Recv = value of v, RecvAddr = its address when it is an lvalue
//	     d(x)            Fn = value of the local d, Name "d"
//	     new T(x)        New, Type "T", Name ".ctor"
//	     base.F(x)       Path "base.F"; this.F(x): Path "this.F"
type Call struct {
	Name     string
	Path     string
	Recv     Temp
	RecvAddr Temp
	Fn       Temp
	New      bool
	Type     Type
	TypeArgs []Type
	Args     []Arg
	NameSpan Span
}

// Arg is an argument. Val is its value (for ref/out: the address that is passed). Addr is the
// address of an lvalue argument that passes by value, or 0.
type Arg struct {
	Val  Temp
	Addr Temp
	Ref  RefKind
	Name string // C# named argument
	Span Span
}
