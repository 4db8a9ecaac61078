package abi

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// Kind is what a value is to those who pass it.
type Kind uint8

// The kinds.
const (
	Unknown Kind = iota
	Void
	Int     // a number: integers, enums, characters, BOOLs
	Float   // passed in other registers than integers on most targets
	Pointer // certainly an address: pointers, strings, arrays, function pointers, COM interfaces
	Word    // as wide as a pointer, and may be one: IntPtr, handles, LPARAM
	Struct  // by value
)

// Text is the encoding of the characters behind a pointer.
type Text uint8

// The encodings.
const (
	NoText Text = iota
	Ansi        // char*, also UTF-8
	Wide        // UTF-16
	BSTR        // UTF-16 with a length in front
)

func (t Text) String() string {
	return [...]string{"no text", "8-bit text", "UTF-16 text", "a BSTR"}[t]
}

// Type is a type as it crosses, on one target.
type Type struct {
	Kind  Kind
	Size  int // of the value itself; 0 for Void and Unknown
	Align int // inside of a structure
	// Bool: a C# bool; on the native side BOOL, BOOLEAN, VARIANT_BOOL or bool.
	Bool   bool
	Signed bool // Int
	Handle bool // Word: a handle
	Func   bool // Pointer to a function
	Char   bool // Int: a character
	Text   Text // Pointer to characters
	Writes bool // C# Pointer through which native code may write: StringBuilder, arrays, ref
	Array  bool // Pointer to several elements
	Buffer bool // Pointer to one byte: may stand for memory of any size
	Elem   *Type
	Rec    *Record
	Decl   *link.Type // C#: the struct or enum of the unit that it is a value of
	Name   string     // as the source spells it
	Why    string     // of Unknown, half a sentence: "the type T is not declared here"
}

func unknown(name, why string) Type { return Type{Name: name, Why: why} }

// Dir is the direction of what is behind a pointer.
type Dir uint8

// Directions.
const (
	DirUnknown Dir = iota
	DirIn
	DirOut
	DirInOut
)

// Param is a parameter as it crosses.
type Param struct {
	Name     string
	Type     Type
	Dir      Dir
	Optional bool
	Freed    bool    // native side: the function releases the value itself
	Span     ir.Span // in the file that declares it; zero for models
}

// Conv is a calling convention of 32-bit x86.
type Conv uint8

// Conventions.
const (
	ConvUnknown Conv = iota
	Stdcall
	Cdecl
	Fastcall
	Thiscall
)

func (c Conv) String() string {
	return [...]string{"an unknown convention", "stdcall", "cdecl", "fastcall", "thiscall"}[c]
}

// Func is a function as it is called, on one target.
type Func struct {
	Name    string
	Ret     Type
	RetSpan ir.Span
	Params  []Param
	Varargs bool // Params are those before the dots
	Conv    Conv
	Spelled bool // Conv is written there, not taken for want of another
	HResult bool // C#: PreserveSig=false, which adds an out parameter for the result and returns an HRESULT
}

// HResultParam names the out parameter that takes the result of an import with PreserveSig=false.
const HResultParam = "the result"

// Record is the layout of a struct or union on one target.
type Record struct {
	Name   string
	Size   int
	Align  int
	Pack   int // 0 = natural
	Union  bool
	Fields []Field // by declaration; members of nested nameless records are listed among them
	Tail   bool    // ends in an array of unknown length
	Model  bool    // of a Windows structure
	Why    string  // why the layout is unknown; then Size is 0
	Decl   *ir.TypeDecl
	File   *ir.File

	typ *link.Type // of C#
	raw bool       // of C#: as its bytes are in memory
}

// Field is a member of a Record.
type Field struct {
	Name   string
	Offset int
	Type   Type
	Count  int // elements of an inline array, 0 = no array
	Bits   int // width of a bit-field in bits; Offset is that of its unit
	Span   ir.Span
	File   *ir.File // nil for models
}

// Size is the room of the field in bytes.
func (f *Field) Size() int { return f.Type.Size * max(f.Count, 1) }

// integer is an Int of that many bytes.
func integer(size int, signed bool, name string) Type {
	return Type{Kind: Int, Size: size, Align: size, Signed: signed, Name: name}
}

func (t Target) eight(ty Type) Type {
	if ty.Size == 8 && ty.Align == 8 {
		ty.Align = t.Align8()
	}
	return ty
}

func (t Target) pointer(elem *Type, name string) Type {
	return Type{Kind: Pointer, Size: t.Ptr(), Align: t.Ptr(), Elem: elem, Name: name}
}

func (t Target) word(handle bool, name string) Type {
	return Type{Kind: Word, Size: t.Ptr(), Align: t.Ptr(), Handle: handle, Name: name}
}

func record(r *Record) Type {
	if r.Why != "" {
		return Type{Kind: Unknown, Name: r.Name, Why: r.Why, Rec: r}
	}
	return Type{Kind: Struct, Size: r.Size, Align: r.Align, Rec: r, Name: r.Name}
}
