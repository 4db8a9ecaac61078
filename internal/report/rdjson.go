package report

import (
	"io"
	"strings"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/rules"
)

// The Reviewdog Diagnostic Format. Lines and columns count from 1, columns in bytes of UTF-8, ends are
// exclusive. Paths are relative to the folder in which pinvet was started, where reviewdog is too.
type (
	rdResult struct {
		Source      rdSource       `json:"source"`
		Diagnostics []rdDiagnostic `json:"diagnostics"`
	}
	rdSource struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	rdDiagnostic struct {
		Message     string         `json:"message"`
		Location    rdLocation     `json:"location"`
		Severity    string         `json:"severity"`
		Code        rdCode         `json:"code"`
		Suggestions []rdSuggestion `json:"suggestions,omitempty"`
		Related     []rdRelated    `json:"relatedLocations,omitempty"`
	}
	rdLocation struct {
		Path  string  `json:"path"`
		Range rdRange `json:"range"`
	}
	rdRange struct {
		Start rdPosition `json:"start"`
		End   rdPosition `json:"end"`
	}
	rdPosition struct {
		Line   int `json:"line"`
		Column int `json:"column"`
	}
	rdCode struct {
		Value string `json:"value"`
		URL   string `json:"url,omitempty"`
	}
	rdSuggestion struct {
		Range rdRange `json:"range"`
		Text  string  `json:"text"`
	}
	rdRelated struct {
		Message  string     `json:"message"`
		Location rdLocation `json:"location"`
	}
)

// RDJSON writes r for reviewdog.
func RDJSON(w io.Writer, r *Report) error {
	urls := map[string]string{}
	for _, rule := range r.Rules {
		urls[rule.Code] = RuleURL(rule)
	}
	doc := rdResult{Source: rdSource{"pinvet", Home}, Diagnostics: []rdDiagnostic{}}
	return encodeAround(w, doc, "diagnostics", "    ", func(add func(any)) {
		for _, f := range r.Findings {
			d := rdDiagnostic{
				Message: f.Message, Location: r.rdLocation(f.Span), Severity: rdSeverity(f.Severity),
				Code: rdCode{f.Code, urls[f.Code]},
			}
			for _, s := range f.Steps {
				d.Related = append(d.Related, rdRelated{s.Text, r.rdLocation(s.Span)})
			}
			for _, x := range f.Fixes {
				if s, ok := r.rdSuggestion(f, x); ok {
					d.Suggestions = append(d.Suggestions, s)
				}
			}
			add(d)
		}
	})
}

func (r *Report) rdLocation(s finding.Span) rdLocation {
	return rdLocation{s.Path, rdRange{
		rdPosition{s.Start.Line, r.byteColumnOf(s.Path, s.Start)},
		rdPosition{s.End.Line, r.byteColumnOf(s.Path, s.End)},
	}}
}

// rdSuggestion makes one replacement of a fix. Several suggestions are alternatives to reviewdog, so a
// fix with several edits becomes one edit from the first to the last, with the text between them as it
// is; a fix of more than one file, or of another than the finding's, cannot be told.
func (r *Report) rdSuggestion(f *finding.Finding, x finding.Fix) (rdSuggestion, bool) {
	var text strings.Builder
	for i, e := range x.Edits {
		if e.Path != f.Path {
			return rdSuggestion{}, false
		}
		if i > 0 {
			between, ok := r.textBetween(f.Path, x.Edits[i-1].End, e.Start)
			if !ok {
				return rdSuggestion{}, false
			}
			text.WriteString(between)
		}
		text.WriteString(e.NewText)
	}
	if len(x.Edits) == 0 {
		return rdSuggestion{}, false
	}
	whole := finding.Span{Path: f.Path, Start: x.Edits[0].Start, End: x.Edits[len(x.Edits)-1].End}
	return rdSuggestion{r.rdLocation(whole).Range, text.String()}, true
}

// textBetween is the text of a file from one place to another, with "\n" at the ends of lines.
func (r *Report) textBetween(file string, from, to finding.Position) (string, bool) {
	if r.Lines == nil {
		return "", false
	}
	var b strings.Builder
	for n := from.Line; n <= to.Line; n++ {
		line, ok := r.Lines(file, n)
		if !ok {
			return "", false
		}
		start, end := 0, len(line)
		if n == from.Line {
			start = byteColumn(line, from.Column) - 1
		}
		if n == to.Line {
			end = byteColumn(line, to.Column) - 1
		}
		if start > end {
			return "", false
		}
		b.WriteString(line[start:end])
		if n < to.Line {
			b.WriteByte('\n')
		}
	}
	return b.String(), true
}

func rdSeverity(s rules.Severity) string {
	if s == rules.Advice {
		return "INFO"
	}
	return strings.ToUpper(s.String())
}
