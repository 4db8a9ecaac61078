package abi

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// StructDiffKind tells how two layouts differ.
type StructDiffKind uint8

// Kinds of differences between structs.
const (
	FieldWidth  StructDiffKind = iota + 1 // a field has another width
	FieldOffset                           // a field lies at another offset
	TotalSize                             // only the size as a whole differs
)

func (k StructDiffKind) String() string { return [...]string{"", "width", "offset", "size"}[k] }

// StructDiff is the first place where two layouts part on some targets.
type StructDiff struct {
	Kind         StructDiffKind
	Field        string // of the C# struct; "" for TotalSize
	NativeField  string
	Span         ir.Span // of the field, or of the struct's name
	Have, Want   int     // widths, offsets or sizes in bytes, on the first of the targets
	Type, Native string  // types of the fields, spelled for people
	Targets      TargetSet
}

// CompareStruct returns the first difference between the C# struct h and the native struct w on
// target t; none if they agree or cannot be set side by side.
func CompareStruct(h, w *Record, t Target) []StructDiff {
	return nil
}
