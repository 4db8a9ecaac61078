package suppress

import (
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// Line is the number (from 1) of the line above which a comment that stands alone speaks of the code at
// a line and column (both from 1, in UTF-16 units); false where there is none.
func Line(f *source.File, line, column int) (int, bool) {
	at, ok := syntax.NotePlace(f, f.Offset(line, column))
	if !ok {
		return 0, false
	}
	return f.Position(at).Line, true
}
