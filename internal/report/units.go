package report

import (
	"unicode/utf16"

	"github.com/pinvet/pinvet/internal/finding"
)

// byteColumn turns a column in UTF-16 code units into one in bytes of UTF-8; both count from 1. A
// column inside a surrogate pair becomes that of the character, one past the end that of the end.
func byteColumn(line string, column int) int {
	unit := 1
	for i, r := range line {
		next := unit + max(1, utf16.RuneLen(r))
		if column < next {
			return i + 1
		}
		unit = next
	}
	return len(line) + 1
}

// byteColumnOf is byteColumn for a place in a file. Where the line is not to be had, the column stays.
func (r *Report) byteColumnOf(file string, p finding.Position) int {
	if r.Lines == nil {
		return p.Column
	}
	line, ok := r.Lines(file, p.Line)
	if !ok {
		return p.Column
	}
	return byteColumn(line, p.Column)
}
