package rules

import (
	"fmt"

	"github.com/pinvet/pinvet/analyzers/abi"
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
	return raw
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
	if d.Name == "" {
		return fmt.Sprintf("parameter %d of %s", d.Param+1, export)
	}
	return Quote(d.Name, "") + " of " + export
}

// predicate says what is wrong with the subject, which "is declared as ...".
func predicate(d *abi.Difference) string {
	have, want := Quote(d.Have, "that"), Quote(d.Want, "another type")
	declared, widths := "declared as "+have+", but ", sized(d.HaveSize)+" against "+sized(d.WantSize)
	switch d.Kind {
	case abi.Count:
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
