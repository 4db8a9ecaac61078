package report

import (
	"io"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
)

// JSONVersion is the version of the JSON format. It rises when a field is
// removed or changes its meaning; new fields do not raise it.
const JSONVersion = 1

// The JSON format, described for others by schema/report.schema.json.
type (
	jsonReport struct {
		Version    int              `json:"version"`
		Tool       jsonTool         `json:"tool"`
		Findings   []jsonFinding    `json:"findings"`
		Suppressed []jsonSuppressed `json:"suppressed"`
		Problems   []jsonProblem    `json:"problems"`
		Stats      jsonStats        `json:"stats"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonFinding struct {
		Code        string     `json:"code"`
		Name        string     `json:"name"`
		Severity    string     `json:"severity"`
		Confidence  string     `json:"confidence"`
		Message     string     `json:"message"`
		Path        string     `json:"path"`
		Start       jsonPos    `json:"start"`
		End         jsonPos    `json:"end"`
		Function    string     `json:"function,omitempty"`
		Subject     string     `json:"subject,omitempty"`
		CWE         int        `json:"cwe,omitempty"`
		Fingerprint string     `json:"fingerprint"`
		Steps       []jsonStep `json:"steps"`
		Fixes       []jsonFix  `json:"fixes"`
	}
	jsonSuppressed struct {
		jsonFinding
		Suppression jsonSuppression `json:"suppression"`
	}
	jsonSuppression struct {
		Kind   string `json:"kind"`
		Reason string `json:"reason,omitempty"`
		*jsonSpan
	}
	jsonSpan struct {
		Path  string  `json:"path"`
		Start jsonPos `json:"start"`
		End   jsonPos `json:"end"`
	}
	jsonPos struct {
		Line   int `json:"line"`
		Column int `json:"column"`
		Offset int `json:"offset"`
	}
	jsonStep struct {
		Path  string  `json:"path"`
		Start jsonPos `json:"start"`
		End   jsonPos `json:"end"`
		Kind  string  `json:"kind"`
		Text  string  `json:"text"`
	}
	jsonFix struct {
		Text   string     `json:"text"`
		Safety string     `json:"safety"`
		Edits  []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		Path    string  `json:"path"`
		Start   jsonPos `json:"start"`
		End     jsonPos `json:"end"`
		NewText string  `json:"newText"`
	}
	jsonProblem struct {
		Kind  string `json:"kind"`
		Level string `json:"level"`
		Path  string `json:"path,omitempty"`
		Line  int    `json:"line,omitempty"`
		Text  string `json:"text"`
	}
	jsonStats struct {
		outcome.Stats
		Skipped []outcome.Count `json:"skipped"`
		Shown   Tally           `json:"shown"`
	}
)

// JSON writes r as one JSON document that ends in a line feed.
func JSON(w io.Writer, r *Report) error {
	doc := jsonReport{
		Version:    JSONVersion,
		Tool:       jsonTool{"pinvet", r.Version},
		Findings:   []jsonFinding{},
		Suppressed: []jsonSuppressed{},
		Problems:   []jsonProblem{},
		Stats:      jsonStats{Stats: r.Stats, Skipped: append([]outcome.Count{}, r.Stats.Skipped...), Shown: Count(r.Findings)},
	}
	for _, f := range r.Suppressed {
		doc.Suppressed = append(doc.Suppressed, jsonSuppressed{toJSON(f), suppressionJSON(f.Suppression)})
	}
	for _, p := range r.Problems {
		doc.Problems = append(doc.Problems, jsonProblem{string(p.Kind), p.Level.String(), p.Path, p.Line, p.Text})
	}
	return encodeAround(w, doc, "findings", "    ", func(add func(any)) {
		for _, f := range r.Findings {
			add(toJSON(f))
		}
	})
}

func suppressionJSON(x *finding.Suppression) jsonSuppression {
	out := jsonSuppression{Kind: string(x.Kind), Reason: x.Justification}
	if x.Path != "" {
		out.jsonSpan = &jsonSpan{x.Path, jsonPos(x.Start), jsonPos(x.End)}
	}
	return out
}

func toJSON(f *finding.Finding) jsonFinding {
	out := jsonFinding{
		Code: f.Code, Name: f.Name, Severity: f.Severity.String(), Confidence: f.Confidence.String(),
		Message: f.Message, Path: f.Path, Start: jsonPos(f.Start), End: jsonPos(f.End),
		Function: f.Function, Subject: f.Subject, CWE: f.CWE, Fingerprint: f.Fingerprint,
		Steps: []jsonStep{}, Fixes: []jsonFix{},
	}
	for _, s := range f.Steps {
		out.Steps = append(out.Steps, jsonStep{s.Path, jsonPos(s.Start), jsonPos(s.End), string(s.Kind), s.Text})
	}
	for _, x := range f.Fixes {
		fix := jsonFix{Text: x.Text, Safety: x.Safety.String(), Edits: []jsonEdit{}}
		for _, e := range x.Edits {
			fix.Edits = append(fix.Edits, jsonEdit{e.Path, jsonPos(e.Start), jsonPos(e.End), e.NewText})
		}
		out.Fixes = append(out.Fixes, fix)
	}
	return out
}
