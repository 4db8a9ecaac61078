package check

import (
	"hash/fnv"
	"slices"
	"sync"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
)

// Places of a result move when lines before them come or go. What is said of a file whose edit touches nothing (see untouched.go) stays
// right as long as it is said of lines that the edit did not change, and identity, which rests on the statement around a place, is the same.

// place is where somebody asked what line it is.
type place struct {
	StartLine, StartColumn, EndLine, EndColumn int32
	Statement                                  uint64 // hash of the statement around it, if it is that of a finding; else 0
}

// places collects them, by path.
type places struct {
	mu sync.Mutex
	of map[string][]place
}

// add notes a place; p may be nil.
func (p *places) add(at finding.Span, statement string) {
	if p == nil || at.Path == "" {
		return
	}
	x := place{int32(at.Start.Line), int32(at.Start.Column), int32(at.End.Line), int32(at.End.Column), 0}
	if statement != "" {
		x.Statement = hashOf([]byte(statement))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == nil {
		p.of = map[string][]place{}
	}
	p.of[at.Path] = append(p.of[at.Path], x)
}

func hashOf(text []byte) uint64 {
	h := fnv.New64a()
	h.Write(text)
	return h.Sum64() | 1 // 0 is none
}

// linesOf are hashes of the lines of a file, line ends included.
func linesOf(f *source.File) []uint64 {
	out, text := make([]uint64, f.Lines()), f.Text()
	for i := range out {
		out[i] = hashOf(text[f.LineStart(i+1):f.LineStart(i+2)])
	}
	return out
}

// shift is what an edit does to the places of one file.
type shift struct {
	path         string
	first, last  int // lines up to the first, and behind the last, are as they were: the lines of before
	lines, bytes int // by how much those behind have moved
}

// shiftOf compares the lines of a file of before with those of now; false if its places cannot be told from these.
func shiftOf(was *basisFile, now *source.File) (*shift, bool) {
	lines := linesOf(now)
	if len(was.Lines) == 0 || was.Begin != now.DiskOffset(0) || was.Encoding != now.Encoding {
		return nil, false
	}
	most := min(len(was.Lines), len(lines))
	first := 0
	for first < most && was.Lines[first] == lines[first] {
		first++
	}
	same := 0
	for same < most-first && was.Lines[len(was.Lines)-1-same] == lines[len(lines)-1-same] {
		same++
	}
	return &shift{now.Path, first, len(was.Lines) - same, len(lines) - len(was.Lines), now.Size - was.Size}, true
}

// line is where a line is now; false if the edit changed it.
func (s *shift) line(n int) (int, bool) {
	switch {
	case n <= s.first:
		return n, true
	case n > s.last:
		return n + s.lines, true
	}
	return 0, false
}

func (s *shift) position(p *finding.Position) bool {
	n, ok := s.line(p.Line)
	if p.Line > s.last {
		p.Offset += s.bytes
	}
	p.Line = n
	return ok
}

// span moves a span; false if the edit lies in it. Those of other files stay.
func (s *shift) span(at *finding.Span) bool {
	if at.Path != s.path {
		return true
	}
	within := at.Start.Line <= s.first && at.End.Line > s.first
	return s.position(&at.Start) && s.position(&at.End) && !within
}

// keeps tells whether all that was asked for by its place is there still, in statements that are the same.
func (s *shift) keeps(was *basisFile, now *source.File) bool {
	return !slices.ContainsFunc(was.Places, func(p place) bool {
		at := finding.Span{Path: s.path, Start: finding.Position{Line: int(p.StartLine)}, End: finding.Position{Line: int(p.EndLine)}}
		if !s.span(&at) {
			return true
		}
		start, end := now.Offset(at.Start.Line, int(p.StartColumn)), now.Offset(at.End.Line, int(p.EndColumn))
		return p.Statement != 0 && p.Statement != hashOf([]byte(statement(now.Text(), start, end)))
	})
}

// move moves all that a result says of the file; false if it says something of what the edit changed.
func (s *shift) move(e *kept) bool {
	for _, f := range slices.Concat(e.Findings, e.Suppressed) {
		if !s.span(&f.Span) || f.Suppression != nil && !s.span(&f.Suppression.Span) {
			return false
		}
		for i := range f.Steps {
			if !s.span(&f.Steps[i].Span) {
				return false
			}
		}
		for i := range f.Fixes {
			for j := range f.Fixes[i].Edits {
				if !s.span(&f.Fixes[i].Edits[j].Span) {
					return false
				}
			}
		}
	}
	return s.problems(e.Problems)
}

// problems moves those of the file.
func (s *shift) problems(ps []outcome.Problem) bool {
	for i := range ps {
		p := &ps[i]
		if p.Path != s.path || p.Line == 0 {
			continue
		}
		n, ok := s.line(p.Line)
		if !ok {
			return false
		}
		p.Line = n
	}
	return true
}
