package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"path"
	"strings"
	"testing"
	"unicode"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
)

// FuzzFormats writes a report of any texts in each format. Formats that have a grammar keep to it, those
// for terminals and logs pass no control characters on, and what SARIF says reads back as what was found.
func FuzzFormats(f *testing.F) {
	f.Add("a/b.cs", "`x` is gone", "pinned here", uint16(3), uint16(4))
	f.Add("100% a,b: c/x\n.cs", "a\x1b[31m\r\n::error::b%0A ]]> </script> <!-- \xff\u202e\x00 é😀", "[l](1) \\]", uint16(0), uint16(65535))
	f.Add("", "", "", uint16(1), uint16(1))
	f.Fuzz(func(t *testing.T, file, message, text string, line, column uint16) {
		r := hostile()
		for _, x := range r.Findings {
			at := finding.Position{Line: int(line), Column: int(column), Offset: int(column)}
			x.Span = finding.Span{Path: file, Start: at, End: at}
			x.Message, x.Function, x.Subject = message, text, text
			x.Steps[0].Span, x.Steps[0].Text = x.Span, text
			x.Fixes[0].Edits[0].Span, x.Fixes[0].Edits[0].NewText = x.Span, text
		}
		r.Problems = append(r.Problems, outcome.Problem{Kind: outcome.NotAnalysed, Level: outcome.Note, Path: file, Line: int(line), Text: text})
		for _, format := range Formats {
			var out bytes.Buffer
			if err := Write(&out, format, r, TextOptions{}); err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			grammar(t, format, out.Bytes())
		}
		var out bytes.Buffer
		if err := SARIF(&out, r); err != nil {
			t.Fatal(err)
		}
		readBack(t, r, out.Bytes())
	})
}

// grammar checks what a format's readers rely on.
func grammar(t *testing.T, format string, out []byte) {
	switch format {
	case "json", "sarif", "sarif-github", "gitlab", "rdjson":
		if !json.Valid(out) {
			t.Errorf("%s: no JSON:\n%s", format, out)
		}
	case "junit":
		for d := xml.NewDecoder(bytes.NewReader(out)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v:\n%s", format, err, out)
				break
			}
		}
	}
	if format != "text" && format != "github" && format != "msbuild" {
		return
	}
	if i := bytes.IndexFunc(out, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }); i >= 0 {
		t.Errorf("%s: a control character at %d: %q", format, i, out[max(0, i-20):i+1])
	}
}

// readBack holds the results of a SARIF log to the findings.
func readBack(t *testing.T, r *Report, out []byte) {
	run := decode(t, out)
	if len(run.Results) != len(r.Findings) {
		t.Fatalf("%d results of %d findings", len(run.Results), len(r.Findings))
	}
	for _, f := range r.Findings {
		where := path.Clean(strings.ReplaceAll(f.Path, `\`, "/"))
		found := false
		for i := range run.Results {
			x := &run.Results[i]
			at := x.Locations[0].Physical
			u, err := url.Parse(at.Artifact.URI)
			if err != nil {
				t.Fatalf("%q: %v", at.Artifact.URI, err)
			}
			found = found || x.RuleID == f.Code && x.Level == sarifLevel(f.Severity) && len(x.RelatedLocations) == len(f.Steps) &&
				strings.HasPrefix(x.Message.Text, decoded(strings.TrimSuffix(f.Message, "."))) &&
				path.Clean(u.Path) == where && *at.Region.ByteOffset == f.Start.Offset
		}
		if !found {
			t.Errorf("no result for %+v in\n%s", f, out)
		}
	}
}

// decoded is what a reader of JSON gets of a text: what is no UTF-8 is replaced.
func decoded(s string) (out string) {
	text, _ := json.Marshal(s)
	_ = json.Unmarshal(text, &out)
	return out
}
