package syntax

import (
	"bytes"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// Note is a comment or a #pragma line, which may speak to a linter.
type Note = normalize.Note

// Notes lists the comments of a file that hold mark, and its #pragma warning lines where the language
// has them, in order. Nearly all files hold neither, and are not split into tokens for it.
func Notes(f *source.File, mark string) []Note {
	pragmas := f.Lang == source.CSharp && bytes.Contains(f.Text(), []byte("pragma")) && bytes.Contains(f.Text(), []byte("warning"))
	if !pragmas && !bytes.Contains(f.Text(), []byte(mark)) {
		return nil
	}
	var out []Note
	for _, n := range normalize.Notes(f.Lang, f.Text(), mark) {
		if !n.Pragma || pragmas && bytes.Contains(f.Text()[n.Start:n.End], []byte("warning")) {
			out = append(out, n)
		}
	}
	return out
}

// NotePlace is the start of the line above which a comment that stands alone speaks of the code at
// offset; false where there is no such line.
func NotePlace(f *source.File, offset int) (int, bool) {
	return normalize.NotePlace(f.Lang, f.Text(), offset)
}
