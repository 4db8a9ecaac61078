package rules

import (
	"fmt"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// ReportMismatch reports one difference between an import and the function behind it, at the
// parameter or at the name of the import.
func (p *Pass) ReportMismatch(ch *abi.Check, d *abi.Difference) *Raw {
	at := d.Span
	if d.Param < 0 {
		at = ch.Import.NameSpan
	}
	raw := p.ReportAt(ch.File, at, "%s", mismatch(ch, d))
	raw.Subject = ch.Import.Name
	if b := ch.Binding; b != nil {
		raw.Steps = append(raw.Steps, Step{Loc{b.File, nativePlace(b, d)}, "note", "the C side: " + nativeSide(d)})
	}
	p.mendMismatch(raw, ch, d)
	return raw
}

// nativePlace is the parameter or the function in the C source that a difference is about.
func nativePlace(b *link.NativeBinding, d *abi.Difference) ir.Span {
	switch {
	case b.Func != nil && d.Param >= 0 && d.Param < len(b.Func.Params):
		return b.Func.Var(b.Func.Params[d.Param]).Span
	case b.Func != nil:
		return b.Func.NameSpan
	case d.Param >= 0 && d.Param < len(b.Proto.Params):
		return b.Proto.Params[d.Param].Span
	}
	return b.Proto.Span
}

func nativeSide(d *abi.Difference) string {
	if d.Param == abi.ReturnValue {
		return "returns " + d.Want
	}
	return d.Want
}

// mismatch words one difference.
func mismatch(ch *abi.Check, d *abi.Difference) string {
	message := subject(ch, d) + " is " + predicate(d)
	if where := d.Targets.Within(ch.Targets); where != "" {
		message += " " + where
	}
	return message
}

// subject names the parameter or result: "parameter `x` of `ReadFile`".
func subject(ch *abi.Check, d *abi.Difference) string {
	export := Quote(ch.Export, "the import")
	switch d.Param {
	case abi.Whole:
		return export
	case abi.ReturnValue:
		return "the result of " + export
	}
	switch d.Name {
	case "":
		return fmt.Sprintf("parameter %d of %s", d.Param+1, export)
	case abi.HResultParam:
		return "the out parameter for the result of " + export
	}
	return Quote(d.Name, "") + " of " + export
}

// predicate says what is wrong with the subject, which "is declared as ...".
func predicate(d *abi.Difference) string {
	have, want := Quote(d.Have, "that"), Quote(d.Want, "another type")
	declared, widths := "declared as "+have+", but ", sized(d.HaveSize)+" against "+sized(d.WantSize)
	switch d.Kind {
	case abi.Count:
		if d.HaveSize > d.WantSize {
			return "declared with " + d.Have + ", but the function has " + d.Want + ": it never reads the others"
		}
		return "declared with " + d.Have + ", but the function has " + d.Want + ": what it takes for the others is undefined"
	case abi.PointerSize:
		if d.Behind {
			return declared + "the function writes or reads " + want + " there, as wide as a pointer: it reaches past the variable"
		}
		return declared + want + " is as wide as a pointer: the upper half is lost"
	case abi.BoolWidth:
		return declared + "a bool is marshalled as " + sized(d.HaveSize) + " and the native type " + want + " has " + sized(d.WantSize)
	case abi.Indirection:
		return declared + "the function takes " + want + ": one is an address and the other a value"
	case abi.Pointee:
		return declared + "the function takes " + want + ": what it points to differs in width, " + widths
	case abi.Class:
		return declared + "the function has " + want + ": integers and floating-point numbers pass in different registers"
	case abi.Encoding:
		return declared + "it is marshalled in another encoding than that of " + want
	case abi.Direction:
		return declared + "the function has it as " + want + ": the other direction"
	case abi.Return:
		return declared + "the function returns " + want + ": the value is undefined"
	case abi.Convention:
		return "imported as " + d.Have + ", but the function is " + d.Want + ": the stack is unbalanced after the call"
	}
	return declared + "the function has " + want + ": the widths differ, " + widths
}

func sized(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}

// ReportLayout reports the first difference between a C# struct and the native one that it stands
// for, at the field.
func (p *Pass) ReportLayout(s *abi.StructCheck, d *abi.StructDiff) *Raw {
	file, at := d.File, d.Span
	if file == nil || d.Kind == abi.TotalSize {
		file, at = s.File, s.Decl.NameSpan
	}
	message := layout(s, d)
	if where := d.Targets.Within(s.Targets); where != "" {
		message += " " + where
	}
	raw := p.ReportAt(file, at, "%s", message)
	raw.Subject = s.Name
	if s.Import != nil {
		raw.Steps = append(raw.Steps, Step{Loc{s.ImportFile, s.Import.NameSpan}, "note", "this import takes it for " + s.Native})
	}
	if s.NativeDecl != nil && s.NativeFile != nil {
		raw.Steps = append(raw.Steps, Step{Loc{s.NativeFile, s.NativeDecl.NameSpan}, "note", "the native struct"})
	}
	p.mendLayout(raw, s)
	return raw
}

func layout(s *abi.StructCheck, d *abi.StructDiff) string {
	field, native := Quote(d.Field, "the field")+" of "+Quote(s.Name, "the struct"), Quote(d.NativeField, "the field")+" of "+Quote(s.Native, "the native struct")
	switch d.Kind {
	case abi.FieldOffset:
		return fmt.Sprintf("%s lies at offset %d, but %s at %d: all from there on is read and written at the wrong place", field, d.Have, native, d.Want)
	case abi.FieldWidth:
		return fmt.Sprintf("%s has %s as %s, but %s has %d as %s", field, sized(d.Have), Quote(d.Type, "that"), native, d.Want, Quote(d.Native, "another type"))
	}
	return fmt.Sprintf("%s has %s, but %s has %d", Quote(s.Name, "the struct"), sized(d.Have), Quote(s.Native, "the native struct"), d.Want)
}
