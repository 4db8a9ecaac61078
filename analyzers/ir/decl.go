package ir

// File is what the lowering of one file gives.
type File struct {
	Path       string
	Lang       Lang
	Usings     []Using
	Types      []*TypeDecl
	Fields     []*Field
	Props      []*Prop
	Funcs      []*Func
	Imports    []*Import
	Consts     []*Constant
	Typedefs   []*TypedefDecl
	Protos     []*Proto
	Macros     []*Macro
	Heads      []*Macro // object-like macros of words alone, as in heads of declarations; Func is -1
	Exits      []*Macro // object-like macros that end in a return; Func is -1
	Includes   []string
	Problems   []Problem
	Generated  bool // the head of the file says that a tool wrote it
	Directives []Directive
	CPlusPlus  bool     // a header that is C++: its declarations may be members of classes
	Arms       []Span   // arms of conditional compilation, as they come; they nest
	Conds      []string // C#: what #if asks for each of them, "" for #else

	room *Room // see BuildIn
	hold *Hold // see UnpackIn

	lower   Lowerer                  // of late bodies
	known   func() map[int]*LateBody // see LateFrom
	lateKey [32]byte
	asked   *Asked // see NoteIn
	names   string // see LateNames
}

// Problem is a place that was not understood: the rest of the file is sound.
type Problem struct {
	Span Span
	Text string
}

// Directive is a comment, pragma or attribute meant for a linter, kept for later stages.
type Directive struct {
	Kind DirectiveKind
	Span Span
	Text string // as written
	// About is the code that it speaks of: of a comment its line, or the head of what stands below it;
	// of an attribute the declaration. Empty for pragmas and attributes of the assembly.
	About Span
	Attr  *Attr // DirectiveAttribute
	List  Span  // DirectiveAttribute: the brackets around it, where it is alone in them
}

// DirectiveKind is what a directive is written as.
type DirectiveKind uint8

// Kinds of directives.
const (
	DirectiveComment   DirectiveKind = iota // a comment with DirectiveMark in it
	DirectivePragma                         // C#: #pragma warning
	DirectiveAttribute                      // C#: SuppressMessage
)

// DirectiveMark is in every comment that is a directive.
const DirectiveMark = "pinvet:ignore"

// Using is a C# using directive.
type Using struct {
	Name   string // namespace or type
	Alias  string
	Static bool
	Global bool
}

// TypeKind is the kind of a type declaration.
type TypeKind uint8

// Kinds of types.
const (
	TypeClass TypeKind = iota
	TypeStruct
	TypeInterface
	TypeEnum
	TypeDelegate
	TypeRecord
	TypeRecordStruct
	TypeUnion
)

// TypeDecl is one declaration (one part, if partial) of a C# type or a C struct, union or enum.
type TypeDecl struct {
	Name       string // full: "Ns.Outer.Inner"; in C the tag or typedef name
	Kind       TypeKind
	Flags      Flags
	Bases      []Type
	TypeParams int
	Attrs      []Attr
	Pack       int // C: #pragma pack in force, 0 natural
	Ret        Type
	Params     []Param // delegates
	Span       Span
	NameSpan   Span
}

// Field is a field, or an auto-implemented property (flag Property); in C a struct member or a
// global variable (Owner "").
type Field struct {
	Owner string
	Name  string
	Type  Type
	Flags Flags
	Bits  int // C bit-field width, -1 if it is no plain number
	Attrs []Attr
	Span  Span
}

// Prop is a C# property with bodies: its accessors are Funcs named get_X and set_X of the same owner.
type Prop struct {
	Owner  string
	Name   string
	Type   Type
	Flags  Flags
	Getter int // index in File.Funcs, -1 none
	Setter int
	Span   Span
}

// Attr is a C# attribute as written, without the "Attribute" suffix, or a C annotation.
type Attr struct {
	Name   string
	Target string // "return", "assembly", ... or ""
	Args   []AttrArg
	Span   Span
}

// AttrArg is an attribute's argument.
type AttrArg struct {
	Name string
	Text string // source text; for a string literal its value
	Str  bool
	Expr *Expr // when it is a constant expression
}

// Find returns the attribute of that short name ("DllImport"), or nil.
func Find(attrs []Attr, name string) *Attr {
	for i := range attrs {
		if attrs[i].Name == name {
			return &attrs[i]
		}
	}
	return nil
}

// Arg returns the named argument, or nil.
func (a *Attr) Arg(name string) *AttrArg {
	if a == nil {
		return nil
	}
	for i := range a.Args {
		if a.Args[i].Name == name {
			return &a.Args[i]
		}
	}
	return nil
}

// Param is a parameter of a declaration without body.
type Param struct {
	Name  string
	Type  Type
	Ref   RefKind
	Flags Flags
	Attrs []Attr
	Span  Span
}

// Import is a C# method that binds to native code: DllImport, LibraryImport or extern.
type Import struct {
	Owner         string
	Name          string // of the method
	Library       string // as written: "kernel32.dll"; a constant's name if LibraryIsName
	LibraryIsName bool
	EntryPoint    string // "" when it is the name
	SetLastError  bool
	CharSet       string // "Ansi", "Unicode", "Auto" or ""; LibraryImport: StringMarshalling as "Utf16"/"Utf8"
	ExactSpelling bool
	PreserveSig   bool // true unless switched off
	CallConv      string
	Generated     bool // LibraryImport: the marshalling code is generated
	Ret           Type
	RetAttrs      []Attr
	Params        []Param
	Flags         Flags
	Attrs         []Attr
	Span          Span
	NameSpan      Span
	View          uint8
}

// OfRuntime tells whether the runtime implements the method (InternalCall, bindings of an engine), and no library: arguments are not marshalled, and
// delegates are objects to it, whose exceptions come back to the caller.
func (i *Import) OfRuntime() bool { return i.Library == "" && !i.LibraryIsName }

// Constant is a named constant: C# const or enum member ("Owner.Name"), C enumerator, or an
// object-like macro whose body is a constant expression.
type Constant struct {
	Owner string
	Name  string
	Type  Type
	Value *Expr // nil: enum member that follows the one before it
	Enum  bool
	Prev  int // enum member without value: index in File.Consts of the one before, -1 none
	Span  Span
}

// Expr is a constant expression that link evaluates once all names are known.
type Expr struct {
	Op   Op // OpConst, OpName, OpUnary, OpBin or OpCast
	Sub  Sub
	Kind ConstKind
	Int  int64
	Name string // OpName; the string of a ConstString
	Type Type
	L, R *Expr
}

// TypedefDecl is a C typedef or a C# alias of a type.
type TypedefDecl struct {
	Name string
	Type Type
	// Func is set when Type is a function (pointer) type.
	Func   bool
	Ret    Type
	Params []Param
	Span   Span
}

// Proto is a C function declaration without body.
type Proto struct {
	Name     string
	Ret      Type
	Params   []Param
	Varargs  bool
	Flags    Flags
	CallConv string
	Words    []string // macros in its head that may hide a calling convention
	Behind   []string // macros behind its parameters
	Span     Span
}

// Macro is a function-like macro that is a plain expression or one call: "CLOSE(h)" -> "CloseHandle(h)".
// The C lowering expands those itself where they are defined in the same file; others are kept for link.
type Macro struct {
	Name   string
	Params []string
	Body   string
	Func   int    // index in File.Funcs of the body lowered as a function, -1 when it could not be
	Leaves bool   // its text ends in a return or a goto: nothing goes on behind a use of it
	Guard  *Guard // it leaves where an argument has some value, and only then
	Span   Span
}

// Guard is what a macro does that leaves on a condition: "if (!(x)) return FALSE", or a use of another macro.
type Guard struct {
	Param int    // the parameter that is tested
	Test  string // a function of it that is true where the macro leaves, "==" or another comparison with Than, "" for itself
	Than  string // a number or a name
	Not   bool   // the macro leaves where the test is false

	Via  string // the text is one use of this macro, and there is nothing of the above
	Args []int  // the parameters that are its arguments, -1 for what is none
}
