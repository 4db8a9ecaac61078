package link

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Program is the linked unit.
type Program struct {
	Files []*ir.File // sorted by path
	DB    *models.DB
}

type typeState struct{}

// New builds the indexes over files; it does not change them.
func New(files []*ir.File, db *models.DB) *Program { return &Program{Files: files, DB: db} }

// Funcs returns all functions, by file path and position in the file.
func (p *Program) Funcs() []*ir.Func { return nil }

// Callee returns what an OpCall of f reaches; never nil. Memoised.
func (p *Program) Callee(f *ir.Func, in *ir.Instr) *Target { return &Target{} }

// Name tells what the dotted name of an OpName (or of a constant expression) means in f.
func (p *Program) Name(f *ir.Func, dotted string) Ref { return Ref{} }

// Member tells what the member name of an object of static type t is. Pointers are followed.
func (p *Program) Member(f *ir.Func, t ir.Type, name string) Ref { return Ref{} }

// TypeOf returns the static type of a value, "" when it is not known. Types are canonical: types
// of the unit have their full name, others their short name without namespace ("IntPtr",
// "List<byte>"), primitives their C# keyword; pointer stars, brackets and "?" stay. The type of a
// temp that holds an address is TypeOfPlace with a star.
func (p *Program) TypeOf(f *ir.Func, t ir.Temp) ir.Type { return "" }

// TypeOfPlace returns the type of the storage that addr addresses: of the variable, field or
// element, or the pointee if addr is a pointer value.
func (p *Program) TypeOfPlace(f *ir.Func, addr ir.Temp) ir.Type { return "" }

// IsStruct tells whether values of type t hold their members themselves. C#: a value type of the
// unit or of the library, a primitive, an enum or a pointer. C: a struct or union.
func (p *Program) IsStruct(f *ir.Func, t ir.Type) bool { return false }

// Underlying follows C typedefs (below pointers too: "PFOO" is "FOO*", then "_FOO*") and C#
// aliases, as far as the unit declares them. An enum stays the enum.
func (p *Program) Underlying(f *ir.Func, t ir.Type) ir.Type { return "" }

// TypeDecl returns the declaration of t in the unit, nil if there is none. "?", one level of
// pointer and type arguments are ignored; an array has none.
func (p *Program) TypeDecl(f *ir.Func, t ir.Type) *Type { return nil }

// FieldUses returns every use of a field (C#: owner is the full type name; C: struct name) in the
// unit, in order of file and position.
func (p *Program) FieldUses(owner, name string) []FieldUse { return nil }

// Const evaluates a named constant in the context of f (which may be nil): C# constants, enum
// members and static readonly fields whose initialiser is constant; C enumerators and #defines;
// then the predefined ones of the models. Values from 0x80000000 to 0xFFFFFFFF are given as the
// int32 with the same bits, so that -1 and 0xFFFFFFFF compare equal.
func (p *Program) Const(f *ir.Func, name string) (int64, bool) { return 0, false }

// Value evaluates the constant that temp t holds on every path: literals, casts and arithmetic of
// constants, new IntPtr(-1), named constants. The normal form is that of Const.
func (p *Program) Value(f *ir.Func, t ir.Temp) (int64, bool) { return 0, false }
