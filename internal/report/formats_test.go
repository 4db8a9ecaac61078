package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/reviewdog/reviewdog/proto/rdf"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// hostile is a report whose texts hold what formats give a meaning to.
func hostile() *Report {
	const evil = "a\x1b[31m\r\n::error::b%0A,c ]]> </script> <!-- & \"q\" 'x' \xff\u202e\x00 é😀 d"
	at := func(path string, line, from, to int) finding.Span {
		return finding.Span{
			Path: path, Start: finding.Position{Line: line, Column: from, Offset: 7},
			End: finding.Position{Line: line, Column: to, Offset: 9},
		}
	}
	r := &Report{
		Version: "1.2.3",
		Rules:   []*rules.Rule{{Code: "PIN101", Name: "fixed-ends-pending", Title: "T", Severity: rules.Error, Since: "0.1.0", Folder: "x", Doc: "# p\n"}},
		Problems: []outcome.Problem{
			{Kind: outcome.Internal, Level: outcome.Error, Path: "b\n]]>.c", Text: evil},
			{Kind: outcome.Unreadable, Level: outcome.Warning, Path: "n\xff.c", Text: evil},
		},
		Lines: func(_ string, line int) (string, bool) {
			return "é😀 = f(b); " + evil[strings.IndexByte(evil, ']'):], line < 9
		},
	}
	for i, path := range []string{"100% a,b: c/x\n.cs", "\"<é😀>\"'&\xfe.c", "100% a,b: c/x\n.cs"} {
		r.Findings = append(r.Findings, &finding.Finding{
			Span: at(path, i+1, 7, 11), Code: "PIN101", Name: "fixed-ends-pending", Severity: rules.Severity(3 - i),
			Message: evil, Function: evil, Subject: evil, Fingerprint: "f00",
			Steps: []finding.Step{{Span: at(path, 2, 1, 2), Text: evil, Kind: "pin"}, {Span: at("other.cs", 3, 2, 4), Text: evil}},
			Fixes: []finding.Fix{{Text: evil, Edits: []finding.Edit{
				{Span: at(path, 1, 1, 2), NewText: "e"}, {Span: at(path, 2, 4, 5), NewText: evil},
			}}},
		})
	}
	return r
}

func TestFormats(t *testing.T) {
	for _, f := range Formats {
		if f != "text" && f != "json" && f != "html" && !strings.HasPrefix(f, "sarif") {
			golden(t, "report."+f, write(t, f, sample(t), TextOptions{}))
		}
	}
}

// TestLinesStayLines: text of analysed files starts no line of its own, and moves no cursor.
func TestLinesStayLines(t *testing.T) {
	for _, c := range []struct {
		format, line string
		lines        int
	}{
		{"github", `^(::(error|warning|notice) (file=[^:,\x00-\x1f]*,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?,)?title=[^:,]*::[^\x00-\x1f\x{202e}]*)$`, 4},
		{"msbuild", `^([^\x00-\x1f]*\(\d+,\d+,\d+,\d+\): (error|warning|info) PIN101: |pinvet : error PIN000: )[^\x00-\x1f\x{202e}]*$`, 4},
	} {
		out := string(write(t, c.format, hostile(), TextOptions{}))
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		if len(lines) != c.lines {
			t.Errorf("%s: %d lines, want %d:\n%s", c.format, len(lines), c.lines, out)
		}
		for _, l := range lines {
			if !regexp.MustCompile(c.line).MatchString(l) {
				t.Errorf("%s: %q", c.format, l)
			}
		}
	}
}

func TestGitHubSaysWhatItDoesNotShow(t *testing.T) {
	r := sample(t)
	for range 14 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	out := string(write(t, "github", r, TextOptions{}))
	if n := strings.Count(out, "\n::") + 1; n != 16 || !strings.HasSuffix(out, "as annotations; 5 findings are only in this log\n") {
		t.Errorf("%d annotations:\n%s", n, out)
	}
}

func TestJSONFormatsAreJSON(t *testing.T) {
	for _, format := range []string{"json", "sarif", "sarif-github", "gitlab", "rdjson"} {
		for name, r := range map[string]*Report{"hostile": hostile(), "empty": {}} {
			out := write(t, format, r, TextOptions{})
			if !json.Valid(out) || !utf8.Valid(out) || bytes.Contains(out, []byte("null")) {
				t.Errorf("%s %s: %s", format, name, out)
			}
		}
	}
}

func TestGitLabFingerprintsAreUnique(t *testing.T) {
	var issues []struct {
		Fingerprint string
		Location    struct{ Path string }
	}
	if err := json.Unmarshal(write(t, "gitlab", hostile(), TextOptions{}), &issues); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, i := range issues {
		seen[i.Fingerprint] = true
	}
	if len(issues) != 3 || len(seen) != 3 || issues[0].Fingerprint != "f00" {
		t.Errorf("%+v", issues)
	}
}

// TestRDJSON holds the output against reviewdog's own definition of the format.
func TestRDJSON(t *testing.T) {
	for name, r := range map[string]*Report{"sample": sample(t), "hostile": hostile(), "empty": {}} {
		var got rdf.DiagnosticResult
		if err := protojson.Unmarshal(write(t, "rdjson", r, TextOptions{}), &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(got.GetDiagnostics()) != len(r.Findings) {
			t.Errorf("%s: %d diagnostics", name, len(got.GetDiagnostics()))
		}
		for i, d := range got.GetDiagnostics() {
			if d.GetCode().GetValue() != r.Findings[i].Code || d.GetSeverity() == rdf.Severity_UNKNOWN_SEVERITY {
				t.Errorf("%s: %v", name, d)
			}
		}
	}
	var got rdf.DiagnosticResult
	if err := protojson.Unmarshal(write(t, "rdjson", hostile(), TextOptions{}), &got); err != nil {
		t.Fatal(err)
	}
	d := got.GetDiagnostics()[0]
	// é is 1 UTF-16 unit and 2 bytes, 😀 is 2 and 4: column 7 is byte 10.
	if s, e := d.GetLocation().GetRange().GetStart(), d.GetLocation().GetRange().GetEnd(); s.GetColumn() != 10 || e.GetColumn() != 14 {
		t.Errorf("columns %d to %d, want 10 to 14", s.GetColumn(), e.GetColumn())
	}
	x := d.GetSuggestions()[0]
	if !strings.HasPrefix(x.GetText(), "e😀 = f(b); ]]>") || !strings.Contains(x.GetText(), "\né😀a\x1b") {
		t.Errorf("two edits became %q", x.GetText())
	}
	if e := x.GetRange().GetEnd(); e.GetLine() != 2 || e.GetColumn() != 8 {
		t.Errorf("suggestion ends at %v", e)
	}
}

func TestByteColumn(t *testing.T) {
	for _, c := range []struct {
		line         string
		column, want int
	}{
		{"abc", 1, 1}, {"abc", 3, 3}, {"abc", 4, 4}, {"abc", 99, 4}, {"", 1, 1}, {"", 5, 1},
		{"éx", 2, 3}, {"😀x", 1, 1}, {"😀x", 2, 1}, {"😀x", 3, 5}, {"漢字x", 3, 7},
	} {
		if got := byteColumn(c.line, c.column); got != c.want {
			t.Errorf("byteColumn(%q, %d) = %d, want %d", c.line, c.column, got, c.want)
		}
	}
}

// TestJUnit reads the tests back, and holds the counts to them.
func TestJUnit(t *testing.T) {
	type counts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	type testcase struct {
		Class   string    `xml:"classname,attr"`
		Name    string    `xml:"name,attr"`
		Failure *struct{} `xml:"failure"`
		Error   *struct{} `xml:"error"`
		Skipped *struct{} `xml:"skipped"`
	}
	type suite struct {
		counts
		Cases []testcase `xml:"testcase"`
	}
	for name, r := range map[string]*Report{"sample": sample(t), "hostile": hostile(), "empty": {}} {
		var doc struct {
			XMLName xml.Name `xml:"testsuites"`
			counts
			Suites []suite `xml:"testsuite"`
		}
		out := write(t, "junit", r, TextOptions{})
		d := xml.NewDecoder(bytes.NewReader(out))
		if err := d.Decode(&doc); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		if _, err := d.Token(); err != io.EOF {
			t.Logf("%s: after the end: %v", name, err) // a line feed
		}
		var sum counts
		seen := map[string]bool{}
		for _, s := range doc.Suites {
			var c counts
			for _, k := range s.Cases {
				c.Tests++
				if k.Failure != nil {
					c.Failures++
				}
				if k.Error != nil {
					c.Errors++
				}
				if k.Skipped != nil {
					c.Skipped++
				}
				if id := k.Class + "." + k.Name; seen[id] {
					t.Errorf("%s: two tests %s", name, id)
				} else {
					seen[id] = true
				}
			}
			if c != s.counts {
				t.Errorf("%s: a suite says %+v, and has %+v", name, s.counts, c)
			}
			sum.Tests, sum.Failures, sum.Errors, sum.Skipped = sum.Tests+c.Tests, sum.Failures+c.Failures, sum.Errors+c.Errors, sum.Skipped+c.Skipped
		}
		if sum != doc.counts {
			t.Errorf("%s: all say %+v, and have %+v", name, doc.counts, sum)
		}
	}
}

func TestJUnitFailsWhatTheGateFails(t *testing.T) {
	r := sample(t)
	for gate, failures := range map[rules.Severity]string{0: `failures="1"`, rules.Advice: `failures="2"`} {
		r.Gate = gate
		if out := string(write(t, "junit", r, TextOptions{})); !strings.Contains(strings.SplitN(out, "\n", 3)[1], failures) {
			t.Errorf("gate %s:\n%s", gate, out)
		}
	}
}

func TestTree(t *testing.T) {
	for _, c := range []struct{ dir, top, in, want string }{
		{"", "", "a/b.cs", "a/b.cs"},
		{"", "", `a\b.cs`, "a/b.cs"},
		{"/r/sub", "/r", "a.cs", "sub/a.cs"},
		{"/r/sub", "/r", "../x/a.cs", "x/a.cs"},
		{"/r/sub", "/r", "../../out.cs", "../../out.cs"},
		{"/r/sub", "/r", "/r/x/a.cs", "x/a.cs"},
		{"/r/sub", "/r", "/r2/a.cs", "/r2/a.cs"},
		{"/r", "/r", "./a.cs", "a.cs"},
		{"C:/r/sub", "C:/r", `C:\r\x.c`, "x.c"},
		{"C:/r/sub", "C:/r", `..\y\x.c`, "y/x.c"},
		{"/sub", "/", "a.c", "sub/a.c"},
	} {
		if got := (Tree{Dir: c.dir, Top: c.top}).Path(c.in); got != c.want {
			t.Errorf("from %q in %q, %q is %q, want %q", c.dir, c.top, c.in, got, c.want)
		}
	}
}
