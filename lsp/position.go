package lsp

import (
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/lsp/protocol"
)

// spanIn turns a span into a range of the file that it refers to.
func spanIn(f *source.File, s finding.Span, enc protocol.PositionEncoding) protocol.Range {
	return protocol.Range{Start: positionIn(f, s.Start, enc), End: positionIn(f, s.End, enc)}
}

func positionIn(f *source.File, p finding.Position, enc protocol.PositionEncoding) protocol.Position {
	out := protocol.Position{Line: max(p.Line-1, 0), Character: max(p.Column-1, 0)}
	if enc != protocol.UTF16 && f != nil {
		at := f.Position(f.Offset(p.Line, p.Column))
		out.Character = at.ColByte - 1
		if enc == protocol.UTF32 {
			out.Character = at.ColRune - 1
		}
	}
	return out
}

// offsetsIn turns byte offsets of a file's text into a range.
func offsetsIn(f *source.File, start, end int, enc protocol.PositionEncoding) protocol.Range {
	at := func(offset int) protocol.Position {
		p := f.Position(offset)
		col := p.Col
		switch enc {
		case protocol.UTF8:
			col = p.ColByte
		case protocol.UTF32:
			col = p.ColRune
		}
		return protocol.Position{Line: p.Line - 1, Character: col - 1}
	}
	return protocol.Range{Start: at(start), End: at(end)}
}

// overlaps tells whether two ranges share a place; touching counts.
func overlaps(a, b protocol.Range) bool { return !before(a.End, b.Start) && !before(b.End, a.Start) }

// within tells whether p lies in r, or at its end.
func within(p protocol.Position, r protocol.Range) bool {
	return !before(p, r.Start) && !before(r.End, p)
}

func before(a, b protocol.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Character < b.Character
}
