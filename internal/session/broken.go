package session

import (
	"maps"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
)

// While somebody types, a file does not parse for moments: an open brace makes the methods behind it
// local functions, an open quote makes code text. What such a file declares is not what its author
// means, and to link everything by it, and again when the brace is closed, costs more than all else. So
// an edit that makes a file with syntax errors declare something else waits until typing pauses. Until
// then the program is the last one, and the findings of the file are those from before, where they
// stand now.

// waits tells whether an edit can wait until typing pauses.
func (e *edit) waits() bool { return e.old != nil && e.now != nil && e.broken && !e.inPlace() }

// moved are the findings of a file in an earlier text, as far as the edit between the texts did not
// touch them. Their fixes are left out: they were made for the earlier text.
func moved(fs []*finding.Finding, old, now *source.File) (out []*finding.Finding) {
	move := ir.MoveOf(old.Text(), now.Text())
	span := func(s finding.Span) (finding.Span, bool) {
		at := ir.Span{Start: offsetOf(old, s.Start), End: offsetOf(old, s.End)}
		if move.Touches(at) {
			return s, false
		}
		at = move.Span(at)
		s.Start, s.End = positionOf(now, at.Start), positionOf(now, at.End)
		return s, true
	}
	for _, f := range fs {
		to, ok := span(f.Span)
		if !ok {
			continue
		}
		g := *f
		g.Span, g.Fixes, g.Steps = to, nil, nil
		for _, st := range f.Steps {
			if st.Path == f.Path {
				st.Span, _ = span(st.Span)
			}
			g.Steps = append(g.Steps, st)
		}
		out = append(out, &g)
	}
	return out
}

func offsetOf(f *source.File, p finding.Position) uint32 { return uint32(f.Offset(p.Line, p.Column)) }

func positionOf(f *source.File, offset uint32) finding.Position {
	p := f.Position(int(offset))
	return finding.Position{Line: p.Line, Column: p.Col, Offset: f.DiskOffset(int(offset))}
}

// publishMoved hands out the findings of a file that waits, where they stand now.
func (u *unit) publishMoved(files []*source.File, path string) {
	last := u.s.Result()
	r := &Result{files: files, Findings: maps.Clone(last.Findings)}
	if old, now := last.File(path), r.File(path); old != nil && now != nil {
		r.Findings[path] = moved(last.Findings[path], old, now)
	}
	if len(r.Findings[path]) == 0 {
		delete(r.Findings, path)
	}
	u.s.publish(r)
}
