package report

import (
	"fmt"
	"strings"

	"github.com/pinvet/pinvet/internal/finding"
)

// Of a result GitHub keeps 100 locations, and 1,000 steps of a path; 1,000 and 10,000 make it refuse the file.
const (
	maxRelated = 99
	maxFlow    = 1000
)

func (s *sarifWriter) result(f *finding.Finding) sarifResult {
	loc := sarifLocation{Physical: s.physical(f.Span)}
	loc.Physical.Region.Snippet = s.snippet(f.Span)
	if f.Function != "" {
		loc.Logical = []sarifLogical{{FullyQualifiedName: f.Function, Kind: "function"}}
	}
	res := sarifResult{
		RuleID:        f.Code,
		RuleIndex:     -1,
		Level:         sarifLevel(f.Severity),
		Message:       sarifText{Text: linked(f)},
		Locations:     []sarifLocation{loc},
		Fingerprints:  map[string]string{fingerprintKey: f.Fingerprint},
		BaselineState: string(f.Baseline),
		Properties:    map[string]any{"confidence": f.Confidence.String()},
	}
	if i, ok := s.index[f.Code]; ok {
		res.RuleIndex = i
	}
	if f.Suppression != nil {
		res.Suppressions = []sarifSuppression{s.suppression(f.Suppression)}
	}
	s.steps(&res, f)
	for _, x := range f.Fixes {
		if len(x.Edits) > 0 { // the standard wants at least one change
			res.Fixes = append(res.Fixes, s.fix(x))
		}
	}
	return res
}

// steps tells the way to f twice: as a path to follow, and as places that the message links.
func (s *sarifWriter) steps(res *sarifResult, f *finding.Finding) {
	var flow []sarifFlowLocation
	for i, step := range f.Steps[:min(len(f.Steps), maxFlow)] {
		at := sarifLocation{Physical: s.physical(step.Span), Message: &sarifText{Text: step.Text}}
		l := sarifFlowLocation{Location: at, Importance: "essential"}
		if step.Kind != "" {
			l.Kinds = []string{string(step.Kind)}
		}
		flow = append(flow, l)
		if i < maxRelated {
			id := i + 1
			at.ID = &id
			res.RelatedLocations = append(res.RelatedLocations, at)
		}
	}
	if flow != nil {
		res.CodeFlows = []sarifCodeFlow{{ThreadFlows: []sarifThreadFlow{{Locations: flow}}}}
	}
}

// linked is the message of f as one sentence, with links to the steps behind it.
func linked(f *finding.Finding) string {
	text := strings.TrimSuffix(f.Message, ".") + "."
	for i, step := range f.Steps[:min(len(f.Steps), maxRelated)] {
		sep := ", "
		if i == 0 {
			sep = " Steps: "
		}
		text += fmt.Sprintf("%s[%s](%d)", sep, linkText(step.Text), i+1)
	}
	if len(f.Steps) > 0 {
		text += "."
	}
	return text
}

// linkText escapes what ends the text of a link.
func linkText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(s)
}

func (s *sarifWriter) suppression(x *finding.Suppression) sarifSuppression {
	out := sarifSuppression{Kind: string(x.Kind), Status: "accepted", Justification: x.Justification}
	if x.Path != "" {
		out.Location = &sarifLocation{Physical: s.physical(x.Span)}
	}
	return out
}

// fix groups the edits, which come in order of path, by file.
func (s *sarifWriter) fix(x finding.Fix) sarifFix {
	fix := sarifFix{Description: sarifText{Text: x.Text}, Changes: []sarifArtifactChange{}}
	for i, e := range x.Edits {
		if i == 0 || e.Path != x.Edits[i-1].Path {
			fix.Changes = append(fix.Changes, sarifArtifactChange{Artifact: s.artifact(e.Path)})
		}
		c := &fix.Changes[len(fix.Changes)-1]
		c.Replacements = append(c.Replacements, sarifReplacement{
			Deleted: *region(e.Span), Inserted: sarifText{Text: e.NewText},
		})
	}
	return fix
}

func (s *sarifWriter) physical(at finding.Span) *sarifPhysical {
	return &sarifPhysical{Artifact: s.artifact(at.Path), Region: region(at)}
}

// maxSnippet bounds the text of the code that a result carries, in lines.
const maxSnippet = 20

// snippet is the code that a result is about, for readers that do not have it.
func (s *sarifWriter) snippet(at finding.Span) *sarifText {
	if at.End.Line-at.Start.Line >= maxSnippet {
		return nil
	}
	if text, ok := s.textBetween(at.Path, at.Start, at.End); ok {
		return &sarifText{Text: text}
	}
	return nil
}

func region(s finding.Span) *sarifRegion {
	offset, length := s.Start.Offset, s.End.Offset-s.Start.Offset
	return &sarifRegion{
		StartLine: s.Start.Line, StartColumn: s.Start.Column,
		EndLine: s.End.Line, EndColumn: s.End.Column,
		ByteOffset: &offset, ByteLength: &length,
	}
}
