package report

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/webpage"
	"github.com/pinvet/pinvet/rules"
)

var (
	//go:embed html/page.html
	htmlPage string
	//go:embed html/page.css
	htmlStyle string
	//go:embed html/page.js
	htmlScript string
)

var htmlFrame = sync.OnceValue(func() webpage.Frame { return webpage.Build(htmlPage, htmlStyle, htmlScript) })

// HTML writes r as one page that needs nothing else: the findings in a list that can be filtered and
// searched, each with its steps in the source. The page holds its data as JSON, and a script shows it;
// only what is in sight is laid out, so that ten thousand findings open at once.
func HTML(w io.Writer, r *Report) error {
	all := slices.Concat(r.Findings, r.Suppressed, r.Unchanged)
	slices.SortStableFunc(all, finding.Compare)
	out := bufio.NewWriter(w)
	h := &htmlWriter{Report: r, w: out, files: filesOf(all)}
	out.WriteString(htmlFrame().Before)
	h.write("{\"version\":", r.Version)
	h.write(",\"stats\":", r.Stats)
	h.write(",\"rules\":", h.rules(all))
	h.write(",\"problems\":", h.problems())
	out.WriteString(",\"files\":[")
	for i, f := range h.files.list {
		h.write(comma(i), h.file(f))
	}
	out.WriteString("],\"findings\":[")
	for i, f := range all {
		h.write(comma(i), h.finding(f))
	}
	out.WriteString("]}")
	out.WriteString(htmlFrame().After)
	if h.err != nil {
		return h.err
	}
	return out.Flush()
}

func comma(i int) string {
	if i == 0 {
		return "\n"
	}
	return ",\n"
}

// The data of the page. Lines and columns count from 1; columns are UTF-16 code units, as in JavaScript.
type (
	htmlRule struct {
		Name  string `json:"name"`
		Title string `json:"title"`
		Help  string `json:"help"` // HTML
	}
	htmlFile struct {
		Path  string    `json:"path"`
		Lang  string    `json:"lang"`
		Lines []htmlRun `json:"lines"`
	}
	htmlRun struct {
		From int      `json:"from"`
		Text []string `json:"text"`
	}
	htmlSpan struct {
		File    int `json:"file"`
		Line    int `json:"line"`
		Col     int `json:"col"`
		EndLine int `json:"endLine"`
		EndCol  int `json:"endCol"`
	}
	htmlFinding struct {
		ID         string     `json:"id"`
		Code       string     `json:"code"`
		Severity   string     `json:"severity"`
		Confidence string     `json:"confidence"`
		Message    string     `json:"message"`
		At         htmlSpan   `json:"at"`
		Fn         string     `json:"fn,omitempty"`
		Subject    string     `json:"subject,omitempty"`
		CWE        int        `json:"cwe,omitempty"`
		State      string     `json:"state,omitempty"`
		Why        string     `json:"why,omitempty"`
		Steps      []htmlStep `json:"steps"`
		Fixes      []htmlFix  `json:"fixes"`
	}
	htmlStep struct {
		At   htmlSpan `json:"at"`
		Text string   `json:"text"`
	}
	htmlFix struct {
		Text   string     `json:"text"`
		Safety string     `json:"safety"`
		Edits  []htmlStep `json:"edits"`
	}
	htmlProblem struct {
		Level string `json:"level"`
		Path  string `json:"path,omitempty"`
		Line  int    `json:"line,omitempty"`
		Text  string `json:"text"`
	}
)

type htmlWriter struct {
	*Report
	w     *bufio.Writer
	files *htmlFiles
	ids   func(*finding.Finding) string
	buf   bytes.Buffer
	err   error
}

// write writes v behind a piece of text. The encoder escapes <, > and &, so nothing ends the element
// that holds the data.
func (h *htmlWriter) write(before string, v any) {
	h.buf.Reset()
	if err := json.NewEncoder(&h.buf).Encode(v); err != nil {
		h.err = err
		return
	}
	h.w.WriteString(before)
	h.w.Write(bytes.TrimRight(h.buf.Bytes(), "\n"))
}

// rules describes the rules that found something.
func (h *htmlWriter) rules(all []*finding.Finding) map[string]htmlRule {
	out := map[string]htmlRule{}
	found := map[string]bool{}
	for _, f := range all {
		found[f.Code] = true
	}
	for _, r := range h.Rules {
		if found[r.Code] {
			out[r.Code] = htmlRule{r.Name, plain(r.Title), h.help(r)}
		}
	}
	return out
}

// help is the page of a rule below its heading, as HTML. HTML in the page is left out.
func (h *htmlWriter) help(r *rules.Rule) string {
	_, body, ok := strings.Cut(r.Doc, "\n")
	if !strings.HasPrefix(r.Doc, "# ") || !ok {
		body = r.Doc
	}
	var b strings.Builder
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert([]byte(body), &b); err != nil {
		h.err = err
	}
	return b.String()
}

func (h *htmlWriter) problems() []htmlProblem {
	out := []htmlProblem{}
	for _, level := range []outcome.Level{outcome.Error, outcome.Warning, outcome.Note} {
		for _, p := range h.Problems {
			if p.Level == level {
				out = append(out, htmlProblem{p.Level.String(), p.Path, p.Line, p.Text})
			}
		}
	}
	return out
}

func (h *htmlWriter) finding(f *finding.Finding) htmlFinding {
	if h.ids == nil {
		h.ids = uniqueIDs()
	}
	out := htmlFinding{
		ID: h.ids(f), Code: f.Code, Severity: f.Severity.String(), Confidence: f.Confidence.String(), Message: f.Message,
		At: h.span(f.Span), Fn: f.Function, Subject: f.Subject, CWE: f.CWE, State: string(f.Baseline),
		Steps: []htmlStep{}, Fixes: []htmlFix{},
	}
	if f.Suppression != nil {
		out.State, out.Why = "suppressed", f.Suppression.Justification
	}
	for _, s := range f.Steps {
		out.Steps = append(out.Steps, htmlStep{h.span(s.Span), s.Text})
	}
	for _, x := range f.Fixes {
		fix := htmlFix{Text: x.Text, Safety: x.Safety.String(), Edits: []htmlStep{}}
		for _, e := range x.Edits {
			fix.Edits = append(fix.Edits, htmlStep{h.span(e.Span), e.NewText})
		}
		out.Fixes = append(out.Fixes, fix)
	}
	return out
}

func (h *htmlWriter) span(s finding.Span) htmlSpan {
	return htmlSpan{h.files.index[s.Path], s.Start.Line, s.Start.Column, s.End.Line, s.End.Column}
}
