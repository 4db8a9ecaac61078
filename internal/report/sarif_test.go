package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gosarif "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// settled is the sample with a finding that is suppressed and one that is known from before.
func settled(t *testing.T) *Report {
	r := sample(t)
	c := "native/dev.c"
	suppressed, old := *r.Findings[0], *r.Findings[0]
	suppressed.Fingerprint, suppressed.Severity = strings.Repeat("5", 32), rules.Error
	suppressed.Suppression = &finding.Suppression{Kind: finding.InSource, Justification: "closed by [the] driver", Span: spanOf(t, c, 1, "void")}
	old.Fingerprint, old.Baseline = strings.Repeat("6", 32), finding.Unchanged
	r.Suppressed = []*finding.Finding{&suppressed}
	r.Unchanged = []*finding.Finding{&old}
	for i, f := range r.Findings {
		g := *f
		g.Baseline = finding.New
		r.Findings[i] = &g
	}
	return r
}

func decode(t *testing.T, out []byte) sarifRun {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal(out, &log); err != nil {
		t.Fatal(err)
	}
	return log.Runs[0]
}

func TestSARIF(t *testing.T) {
	golden(t, "report.sarif", write(t, "sarif", settled(t), TextOptions{}))
}

// TestSARIFIsValid holds the names and types of the log's fields against an
// independent library's. (Its own Validate rejects what it encodes itself.)
func TestSARIFIsValid(t *testing.T) {
	for name, r := range map[string]*Report{"full": settled(t), "hostile": hostile(), "empty": {}} {
		out := write(t, "sarif", r, TextOptions{})
		var log gosarif.Report
		strict := json.NewDecoder(bytes.NewReader(out))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&log); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var v any
		if err := json.Unmarshal(out, &v); err != nil || holdsNull(v) {
			t.Errorf("%s: holds null, which the standard nowhere allows", name)
		}
	}
}

func holdsNull(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(v)), holdsNull)
	case []any:
		return slices.ContainsFunc(v, holdsNull)
	}
	return v == nil
}

// multitool is Microsoft's validator for SARIF: SARIF_MULTITOOL names the folder of the npm package
// @microsoft/sarif-multitool-linux (or -darwin); make validate installs it.
func multitool(t *testing.T) (tool, schema string) {
	dir := os.Getenv("SARIF_MULTITOOL")
	if dir == "" {
		t.Skip("SARIF_MULTITOOL is not set: make validate runs this")
	}
	return filepath.Join(dir, "Sarif.Multitool"), filepath.Join(dir, "sarif-2.1.0.json")
}

// fine are rules of the validator that ask for what is not wanted here: texts in the rules instead of
// the results, the version control, reachable addresses, more of the source.
var fine = regexp.MustCompile(`^(SARIF2002|SARIF2003|SARIF2006|SARIF2010|SARIF2011)$`)

// TestSARIFByItsMakers asks the validator of the standard's editors. Its exit code says nothing: its
// report does. SARIF_FILES names more files to ask it about.
func TestSARIFByItsMakers(t *testing.T) {
	tool, schemaFile := multitool(t)
	schema, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := filepath.SplitList(os.Getenv("SARIF_FILES"))
	none := sample(t)
	none.Findings = nil
	for name, r := range map[string]*Report{"full": settled(t), "hostile": hostile(), "none": none} {
		for _, format := range []string{"sarif", "sarif-github"} {
			file := filepath.Join(dir, name+"."+format+".sarif")
			if err := os.WriteFile(file, write(t, format, r, TextOptions{}), 0o666); err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		t.Logf("%s: %d results", filepath.Base(file), len(decode(t, text).Results))
	}
	complaints := judge(t, tool, files)
	for _, c := range complaints[:min(len(complaints), 20)] {
		t.Error(c)
	}
	t.Logf("%d complaints", len(complaints))
}

// judge runs the validator on files and reads its report.
func judge(t *testing.T, tool string, files []string) (complaints []string) {
	out := filepath.Join(t.TempDir(), "verdict.sarif")
	args := append([]string{"validate"}, files...)
	c := exec.Command(tool, append(args, "--output", out, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--max-file-size-in-kb", "2000000")...)
	said, err := c.CombinedOutput()
	text, readErr := os.ReadFile(out)
	if readErr != nil {
		t.Fatalf("no report: %v %v\n%s", readErr, err, said)
	}
	var verdict struct {
		Runs []struct {
			Invocations []struct{ ExecutionSuccessful bool }
			Results     []struct {
				RuleID  string
				Level   string
				Message struct {
					ID        string
					Arguments []string
				}
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &verdict); err != nil {
		t.Fatal(err)
	}
	run := verdict.Runs[0]
	if len(run.Invocations) != 1 || !run.Invocations[0].ExecutionSuccessful {
		t.Fatalf("the validator failed:\n%s", said)
	}
	if want := fmt.Sprintf("%d files scanned", len(files)); !bytes.Contains(said, []byte(want)) {
		t.Fatalf("the validator read other files:\n%s", said)
	}
	for _, r := range run.Results {
		if !fine.MatchString(r.RuleID) {
			at := r.Locations[0].PhysicalLocation
			complaints = append(complaints, fmt.Sprintf("%s:%d: %s %s %q", at.ArtifactLocation.URI, at.Region.StartLine, r.Level, r.RuleID, r.Message.Arguments))
		}
	}
	return complaints
}

func TestSARIFCodeFlowFollowsTheSteps(t *testing.T) {
	r := sample(t)
	r.Findings[1].Steps[1].Text = `a[0] \ started`
	run := decode(t, write(t, "sarif", r, TextOptions{}))
	res := run.Results[1]
	flow := res.CodeFlows[0].ThreadFlows[0].Locations
	if len(flow) != 3 || flow[2].Location.Message.Text != "block ends here, still pending" {
		t.Errorf("flow: %+v", flow)
	}
	if at := res.Locations[0].Physical; at.Artifact.URI != "src/Lese%20ger%C3%A4t.cs" || at.Artifact.Base != srcRoot || at.Region.Snippet.Text != "ReadFile(h, p, 64, null, o)" {
		t.Errorf("location %+v %+v", at.Artifact, at.Region)
	}
	if rule := run.Tool.Driver.Rules[res.RuleIndex]; rule.ID != res.RuleID {
		t.Errorf("ruleIndex points to %s", rule.ID)
	}
	want := "the buffer `b` is unpinned while the read may still write to it. Steps: [pinned here](1), [a\\[0\\] \\\\ started](2), [block ends here, still pending](3)."
	if res.Message.Text != want {
		t.Errorf("message %s", res.Message.Text)
	}
	for i, l := range res.RelatedLocations {
		if *l.ID != i+1 {
			t.Errorf("related location %d has id %d", i, *l.ID)
		}
	}
}

func TestSARIFTellsWhatIsSettled(t *testing.T) {
	states := func(format string) (out string) {
		for _, res := range decode(t, write(t, format, settled(t), TextOptions{})).Results {
			out += res.RuleID + " " + res.BaselineState
			for _, s := range res.Suppressions {
				out += fmt.Sprint(" ", s.Kind, " ", s.Justification, " ", s.Location.Physical.Region.StartLine)
			}
			out += "\n"
		}
		return out
	}
	if got, want := states("sarif"), "PIN401  inSource closed by [the] driver 1\nPIN401 new\nPIN401 unchanged\nPIN101 new\n"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got, want := states("sarif-github"), "PIN401 new\nPIN101 new\n"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestSARIFKeepsToTheLimits(t *testing.T) {
	var all []*finding.Finding
	for i := range 30 {
		f := &finding.Finding{Span: finding.Span{Path: fmt.Sprintf("%02d.c", i)}, Severity: rules.Severity(1 + i%3)}
		if i%10 == 9 {
			f.Suppression = &finding.Suppression{Kind: finding.External}
		}
		all = append(all, f)
	}
	s := &sarifWriter{Report: &Report{}}
	kept, said := sarifLimits{results: 9, shown: 5, bytes: 1 << 20}.keep(all, s.result)
	if len(kept) != 9 || len(said) != 2 {
		t.Fatalf("%d kept, %+v", len(kept), said)
	}
	for i, f := range kept {
		if f.Severity != rules.Error || f.Suppression != nil || i > 0 && f.Path < kept[i-1].Path {
			t.Errorf("kept %s %s", f.Path, f.Severity)
		}
	}
	if text := said[0].Message.Text; !strings.HasPrefix(text, "21 findings are of the least severity") {
		t.Errorf("says %q", text)
	}
	if kept, said := (sarifLimits{results: 99, shown: 99, bytes: 1 << 20}).keep(all, s.result); len(kept) != 30 || said != nil {
		t.Errorf("%d kept, %+v", len(kept), said)
	}

	// By size: what is written must be near below the limit.
	for i := range 20000 {
		all = append(all, &finding.Finding{Severity: rules.Error, Message: fmt.Sprintf("%x", i*2654435761), Fingerprint: fmt.Sprintf("%032x", i*i*i*40503)})
	}
	limit := sarifLimits{results: 1 << 20, shown: 1 << 20, bytes: 300 << 10}
	kept, said = limit.keep(all, s.result)
	if len(said) != 1 || len(kept) > 15000 || len(kept) < 1000 {
		t.Errorf("%d kept, %+v", len(kept), said)
	}
	var n counter
	for _, f := range kept {
		b, err := json.Marshal(s.result(f))
		if err != nil {
			t.Fatal(err)
		}
		n += counter(len(b))
	}
	t.Logf("%d of %d results, %d bytes as JSON", len(kept), len(all), n)
}

// TestSARIFBoundsItsNotes: notes on places are many; what is worse than a note is always there.
func TestSARIFBoundsItsNotes(t *testing.T) {
	r := &Report{}
	for i := range 3 * maxNotes {
		r.Problems = append(r.Problems, outcome.Problem{Kind: outcome.Stale, Level: outcome.Note, Path: "a.c", Line: i + 1, Text: "note"})
	}
	r.Problems = append(r.Problems, outcome.Problem{Kind: outcome.Unreadable, Level: outcome.Warning, Path: "b.c", Text: "no"})
	run := decode(t, write(t, "sarif", r, TextOptions{}))
	said := run.Invocations[0].Notifications
	if len(said) != maxNotes+2 || said[maxNotes].Message.Text != "no" {
		t.Fatalf("%d notifications", len(said))
	}
	last := said[maxNotes+1]
	if last.Message.Text != "and 2000 more notes: pinvet check --verbose lists all" {
		t.Errorf("%+v", last)
	}
	if !slices.ContainsFunc(run.Tool.Driver.Notifications, func(k sarifRule) bool { return k.ID == last.Descriptor.ID }) {
		t.Errorf("%s is not described", last.Descriptor.ID)
	}
}

func TestRulesKeepToGitHubsTags(t *testing.T) {
	for _, r := range settled(t).Rules {
		if tags := sarifRuleOf(r).Properties["tags"].([]string); len(tags) > 10 {
			t.Errorf("%s has %d tags; GitHub shows 10", r.Code, len(tags))
		}
	}
}

func TestFileURI(t *testing.T) {
	for in, want := range map[string]string{
		"a/b.cs":      "a/b.cs",
		"../x/y.c":    "../x/y.c",
		"a b/ü#?.cs":  "a%20b/%C3%BC%23%3F.cs",
		"100%.cs":     "100%25.cs",
		"😀.c":         "%F0%9F%98%80.c",
		"x:y.c":       "./x:y.c",
		"./a.c":       "a.c",
		"/abs/a.c":    "file:///abs/a.c",
		"C:/src/a.c":  "file:///C:/src/a.c",
		`C:\src\a.c`:  "file:///C:/src/a.c",
		`sub\dir\a.c`: "sub/dir/a.c",
	} {
		if got := fileURI(in); got != want {
			t.Errorf("fileURI(%q) = %q, want %q", in, got, want)
		}
	}
}
