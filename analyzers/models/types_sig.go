package models

// Signature is the prototype of an export.
type Signature struct {
	Export        string // the export it belongs to ("CreateFileW" for CreateFile)
	DLL           string
	Return        TypeCode
	Params        []Param
	SetsLastError bool
	CallConv      CallConv
	Varargs       bool // Params are the fixed ones
	Obsolete      bool
	RealName      string // real export name or #ordinal where it differs
	Arch          string // "" = all, else "x86", "x64", "arm64" separated by ","
	Confidence    Confidence
}

// CallConv is a calling convention of 32-bit x86.
type CallConv uint8

// Calling conventions.
const (
	Stdcall CallConv = iota
	Cdecl
	CallConvUnsure // the sources do not state it; the metadata says stdcall
)

// Param is one parameter.
type Param struct {
	Name     string
	Type     TypeCode
	Dir      Dir // DirUnknown for unannotated pointers that may be written
	Optional bool
	Reserved bool
	// Sizes of the memory it points to; -1 = not stated.
	CountParam int // parameter (0-based) that holds the number of elements
	CountConst int // constant number of elements
	BytesParam int // parameter that holds the number of bytes
	Array      bool
	DoubleNull bool // list ended by two NULs
}

// IsHandle tells whether the parameter is a handle by value.
func (p *Param) IsHandle() bool { return p.Type.IsHandle() }

// IsCallback tells whether the parameter is a function pointer.
func (p *Param) IsCallback() bool { return p.Type.PtrDepth == 0 && p.Type.Base == "fn" }

// TypeCode is a type as the signature tables write it: "*" for each level of
// pointer, a base code and, for some, a name ("h:HKEY", "s:OVERLAPPED").
type TypeCode struct {
	Code     string // as written: "**s:ADDRINFOA"
	PtrDepth int    // number of "*"
	Base     string // "u32", "h", "s", "fn", "lpwstr" ...
	Name     string // after ":", "" when none
}

// IsHandle tells whether the type is a handle by value (pointer-sized or not).
func (t TypeCode) IsHandle() bool {
	if t.PtrDepth > 0 {
		return false
	}
	if t.Base == "h" {
		return true
	}
	return t.Name != "" && (t.Base == "u32" || t.Base == "u64" || t.Base == "i64")
}

// IsPointer tells whether the type is a pointer, handles excluded.
func (t TypeCode) IsPointer() bool {
	if t.PtrDepth > 0 {
		return true
	}
	switch t.Base {
	case "lpstr", "lpwstr", "bstr", "fn", "com":
		return true
	}
	return false
}

// Size is the size in bytes of a value of the type on a target with pointers of
// ptr bytes (4 or 8); 0 when unknown (structures by value, void).
func (t TypeCode) Size(ptr int) int {
	if t.IsPointer() || (t.PtrDepth == 0 && t.Base == "h") {
		return ptr
	}
	switch t.Base {
	case "i8", "u8", "c8", "b8", "e8":
		return 1
	case "i16", "u16", "c16", "b16", "e16":
		return 2
	case "i32", "u32", "f32", "b32", "e32", "hr", "nt":
		return 4
	case "i64", "u64", "f64", "e64":
		return 8
	case "ip", "up":
		return ptr
	case "guid":
		return 16
	}
	return 0
}

// Callback is a function pointer type.
type Callback struct {
	Name   string
	Arch   string // as in Signature
	Return TypeCode
	Params []Param
}

// Struct is the layout of a structure or union.
type Struct struct {
	Name    string
	Size    [2]int // bytes on x86 and x64; -1 = does not exist there
	Align   [2]int
	Pack    [2]int // 0 = natural
	Union   bool
	Fields  []Field // x64 order; Offset[0] is -1 for members that x86 lacks, and the reverse
	Checked bool    // layout compared with a compiler
}

// Field is a member. Nested anonymous members are written "outer.inner".
type Field struct {
	Name   string
	Kind   string // type code, "[n]" appended for inline arrays, "[]" for a flexible tail
	Offset [2]int // bytes on x86 and x64, -1 = absent
}
