package check

import (
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/rules"
)

// resolve turns a raw finding into one with positions; nil if it has no place.
func (r *Result) resolve(raw *rules.Raw) *finding.Finding {
	at, src := r.span(raw.Loc)
	if src == nil {
		return nil
	}
	f := &finding.Finding{
		Span:       at,
		Code:       raw.Rule.Code,
		Name:       raw.Rule.Name,
		Severity:   raw.Severity,
		Confidence: raw.Confidence,
		Message:    raw.Message,
		Subject:    raw.Subject,
		Statement:  statement(src.Text(), int(raw.Span.Start), int(raw.Span.End)),
		CWE:        raw.Rule.CWE,
	}
	if f.Severity == 0 {
		f.Severity = raw.Rule.Severity
	}
	f.Severity = f.Severity.Lowered(raw.Confidence)
	r.places.add(at, f.Statement)
	if raw.Func != nil {
		f.Function = raw.Func.FullName()
	}
	for _, s := range raw.Steps {
		if at, src := r.span(s.Loc); src != nil {
			f.Steps = append(f.Steps, finding.Step{Span: at, Text: s.Text, Kind: finding.StepKind(s.Kind)})
		}
	}
	for _, x := range raw.Fixes {
		f.Fixes = append(f.Fixes, r.fix(x))
	}
	return f
}

func (r *Result) fix(x rules.Fix) finding.Fix {
	out := finding.Fix{Text: x.Text, Safety: x.Safety}
	for _, e := range x.Edits {
		if at, src := r.span(e.Loc); src != nil {
			out.Edits = append(out.Edits, finding.Edit{Span: at, NewText: e.NewText})
		}
	}
	return out
}

// span resolves a place; the file is nil where the place is in no file that was
// read.
func (r *Result) span(l rules.Loc) (finding.Span, *source.File) {
	if l.File == nil {
		return finding.Span{}, nil
	}
	src := r.Source(l.File.Path)
	if src == nil {
		return finding.Span{}, nil
	}
	start := int(l.Span.Start)
	end := max(start, int(l.Span.End))
	at := finding.Span{Path: src.Path, Start: position(src, start), End: position(src, end)}
	r.places.add(at, "")
	return at, src
}

func position(f *source.File, offset int) finding.Position {
	p := f.Position(offset)
	return finding.Position{Line: p.Line, Column: p.Col, Offset: f.DiskOffset(offset)}
}
