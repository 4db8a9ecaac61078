package fix

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
)

// ErrOverlap says that two edits are about the same bytes.
var ErrOverlap = errors.New("edits overlap")

// Apply returns the bytes of a file after edits, in any order, all of which are about it. Everything
// outside of them stays as it is. The error says that edits overlap or lie outside of the file, or
// that the file's encoding lacks a character (it wraps source.ErrNotEncodable).
func Apply(f *source.File, edits []finding.Edit) ([]byte, error) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, compareEdits)
	out := make([]byte, 0, len(f.Raw())+256)
	at := 0
	for i, e := range edits {
		from, to := e.Start.Offset, e.End.Offset
		if from < at || i > 0 && from == edits[i-1].Start.Offset {
			return nil, fmt.Errorf("%s:%d: %w", e.Path, e.Start.Line, ErrOverlap)
		}
		if to < from || to > len(f.Raw()) {
			return nil, fmt.Errorf("%s:%d: an edit lies outside of the file", e.Path, e.Start.Line)
		}
		text, err := f.Encoding.Encode(withLineEnds(e.NewText, lineEndAt(f, e.Start.Line)))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", e.Path, e.Start.Line, err)
		}
		out = append(append(out, f.Raw()[at:from]...), text...)
		at = to
	}
	return append(out, f.Raw()[at:]...), nil
}

func compareEdits(a, b finding.Edit) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Start.Offset, b.Start.Offset), cmp.Compare(a.End.Offset, b.End.Offset))
}

func withLineEnds(text, end string) string {
	if end == "\n" {
		return text
	}
	return strings.ReplaceAll(text, "\n", end)
}

// LineEnd is the line end that new text at a line (from 1) of a file gets: the line's own, or that of
// the nearest line before it that has one; "\n" in a file without any.
func LineEnd(f *source.File, line int) string { return lineEndAt(f, line) }

func lineEndAt(f *source.File, line int) string {
	for l := min(max(line, 1), f.Lines()); l >= 1; l-- {
		if end := string(f.Text()[f.LineStart(l)+len(f.LineText(l)) : f.LineStart(l+1)]); end != "" {
			return end[:min(len(end), endLength(end))]
		}
	}
	return "\n"
}

// endLength is the length of the line end that begins text: a line of nothing but carriage returns is
// several ends.
func endLength(text string) int {
	if strings.HasPrefix(text, "\r\n") {
		return 2
	}
	return 1
}
