package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var sources = map[string][]string{
	"src/Lese gerät.cs": {
		"class R {",
		"    unsafe void Read(byte[] b) {",
		"\tfixed (byte* p = b)",
		"\t{",
		"\t\t/* 漢字 */ ReadFile(h, p, 64, null, o);",
		"\t}",
	},
	"native/dev.c": {"void f(void) {", "    HANDLE h = CreateFileW(name);", "}"},
}

func sourceLine(path string, line int) (string, bool) {
	lines, ok := sources[path]
	if !ok || line < 1 || line > len(lines) {
		return "", false
	}
	return lines[line-1], true
}

// spanOf finds text in a line of sources; columns are UTF-16, and all test
// sources lie in the basic plane.
func spanOf(t *testing.T, path string, line int, text string) finding.Span {
	t.Helper()
	src, _ := sourceLine(path, line)
	at := strings.Index(src, text)
	if at < 0 {
		t.Fatalf("%s:%d has no %q", path, line, text)
	}
	col := len([]rune(src[:at])) + 1
	end := col + len([]rune(text))
	return finding.Span{
		Path:  path,
		Start: finding.Position{Line: line, Column: col, Offset: line*100 + at},
		End:   finding.Position{Line: line, Column: end, Offset: line*100 + at + len(text)},
	}
}

func sample(t *testing.T) *Report {
	cs, c := "src/Lese gerät.cs", "native/dev.c"
	page := "# PIN101 fixed-ends-pending\n\n## What it does\nFinds `fixed` blocks that end\ntoo early.\n\n## Why\n"
	r := &Report{
		Version: "1.2.3",
		Lines:   sourceLine,
		Rules: []*rules.Rule{
			{Code: "PIN101", Name: "fixed-ends-pending", Title: "`fixed` block ends with I/O pending", Langs: []ir.Lang{ir.CSharp},
				Severity: rules.Error, CWE: 416, Since: "0.1.0", Folder: "overlappedcs", Doc: page},
			{Code: "PIN401", Name: "handle-leak", Title: "C handle leak", Langs: []ir.Lang{ir.C}, Severity: rules.Error, Since: "0.1.0"},
		},
		Problems: []outcome.Problem{
			{Kind: outcome.NotUnderstood, Level: outcome.Note, Path: c, Line: 9, Text: "syntax error"},
			{Kind: outcome.Unreadable, Level: outcome.Warning, Path: "native/x.c", Text: "permission denied"},
		},
		Stats: outcome.Stats{Files: 4, Read: 3, Bytes: 900, Analysed: 3, Partial: 1, Functions: 7, Imports: 1},
	}
	r.Stats.Skip(outcome.NoAccess)
	end := spanOf(t, cs, 6, "}")
	r.Findings = finding.Process([]*finding.Finding{
		{
			Span: spanOf(t, cs, 5, "ReadFile(h, p, 64, null, o)"), Code: "PIN101", Name: "fixed-ends-pending",
			Severity: rules.Error, Message: "the buffer `b` is unpinned while the read may still write to it",
			Function: "R.Read", Subject: "b", Statement: "ReadFile(h, p, 64, null, o);", CWE: 416,
			Steps: []finding.Step{
				{Span: spanOf(t, cs, 3, "byte* p = b"), Kind: "pin", Text: "pinned here"},
				{Span: spanOf(t, cs, 5, "ReadFile"), Kind: "start", Text: "read started here"},
				{Span: end, Kind: "end", Text: "block ends here, still pending"},
			},
			Fixes: []finding.Fix{{Text: "wait before the block ends", Safety: rules.UnsafeFix,
				Edits: []finding.Edit{{Span: finding.Span{Path: cs, Start: end.Start, End: end.Start}, NewText: "Wait(o);\n"}}}},
		},
		{
			Span: spanOf(t, c, 2, "h"), Code: "PIN401", Name: "handle-leak", Severity: rules.Warning, Confidence: rules.Low,
			Message: "`h` is not closed", Function: "f", Subject: "h", Statement: "HANDLE h = CreateFileW(name);",
		},
	}, finding.Options{})
	return r
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (-update rewrites it); got:\n%s", file, got)
	}
}

func write(t *testing.T, format string, r *Report, o TextOptions) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, r, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestText(t *testing.T) {
	golden(t, "report.txt", write(t, "text", sample(t), TextOptions{Verbose: true}))
}

func TestTextColor(t *testing.T) {
	plain := write(t, "text", sample(t), TextOptions{})
	if bytes.ContainsRune(plain, '\x1b') {
		t.Error("escape sequences without colour")
	}
	colored := write(t, "text", sample(t), TextOptions{Color: true})
	for _, code := range []string{reset, bold, dim, red, yellow, cyan} {
		colored = bytes.ReplaceAll(colored, []byte(code), nil)
	}
	if !bytes.Equal(colored, plain) {
		t.Error("colour changes more than colours")
	}
}

func TestTextNeverPassesControlCharacters(t *testing.T) {
	r := sample(t)
	r.Lines = func(string, int) (string, bool) { return "a\x1b[2J\u202eb\x07", true }
	r.Findings[0].Message = "evil \x1b]0;title\x07"
	r.Problems[1].Path = "bad\nname.c"
	out := write(t, "text", r, TextOptions{})
	if bytes.ContainsAny(out, "\x1b\x07\u202e") || bytes.Contains(out, []byte("bad\nname")) {
		t.Errorf("control characters reach the terminal: %q", out)
	}
}

func TestView(t *testing.T) {
	long := strings.Repeat("x", 300) + "MARK" + strings.Repeat("y", 300)
	for _, c := range []struct {
		name, line    string
		start, end    int
		text          string
		indent, width int
	}{
		{"plain", "int x = f(y);", 9, 13, "int x = f(y);", 8, 4},
		{"tabs", "\tx\ty", 4, 5, "    x   y", 8, 1},
		{"wide", "漢字 = x", 6, 7, "漢字 = x", 7, 1},
		{"astral", "😀😀x", 5, 6, "😀😀x", 4, 1},
		{"to the end of the line", "  while (x) {  ", 3, 0, "  while (x) {", 2, 11},
		{"empty range", "abc", 2, 2, "abc", 1, 1},
		{"past the end", "abc", 9, 12, "abc", 3, 1},
		{"empty line", "", 1, 0, "", 0, 1},
		{"long", long, 301, 305, "…" + strings.Repeat("x", 40) + "MARK" + strings.Repeat("y", 96) + "…", 41, 4},
	} {
		v := view(c.line, c.start, c.end)
		if v.text != c.text || v.indent != c.indent || v.width != c.width {
			t.Errorf("%s: got %q, %d, %d; want %q, %d, %d", c.name, v.text, v.indent, v.width, c.text, c.indent, c.width)
		}
	}
}

func TestJSONMatchesItsSchema(t *testing.T) {
	out := write(t, "json", settled(t), TextOptions{})
	golden(t, "report.json", out)
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("schema", "report.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string][]byte{"full": out, "empty": write(t, "json", &Report{}, TextOptions{})} {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := Write(&bytes.Buffer{}, "xml", &Report{}, TextOptions{}); err == nil {
		t.Error("xml was accepted")
	}
}
