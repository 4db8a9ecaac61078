package difftest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/report"
	"github.com/pinvet/pinvet/rules"
)

// The parts of a SARIF log that a reader needs to have the findings back; written from the standard, not
// from what the writer has.
type (
	logged struct {
		Runs []struct {
			Results []result `json:"results"`
		} `json:"runs"`
	}
	result struct {
		RuleID    string     `json:"ruleId"`
		Level     string     `json:"level"`
		Message   text       `json:"message"`
		Locations []location `json:"locations"`
		CodeFlows []struct {
			ThreadFlows []struct {
				Locations []struct {
					Location location `json:"location"`
					Kinds    []string `json:"kinds"`
				} `json:"locations"`
			} `json:"threadFlows"`
		} `json:"codeFlows"`
		Fixes []struct {
			Description text `json:"description"`
			Changes     []struct {
				Artifact     artifact `json:"artifactLocation"`
				Replacements []struct {
					Deleted  region `json:"deletedRegion"`
					Inserted text   `json:"insertedContent"`
				} `json:"replacements"`
			} `json:"artifactChanges"`
		} `json:"fixes"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Suppressions []struct {
			Kind          string `json:"kind"`
			Justification string `json:"justification"`
		} `json:"suppressions"`
	}
	text     struct{ Text string }
	artifact struct{ URI string }
	region   struct{ StartLine, StartColumn, EndLine, EndColumn, ByteOffset, ByteLength int }
	location struct {
		Physical struct {
			Artifact artifact `json:"artifactLocation"`
			Region   region   `json:"region"`
		} `json:"physicalLocation"`
		Logical []struct{ FullyQualifiedName string } `json:"logicalLocations"`
		Message text                                  `json:"message"`
	}
)

// TestSARIFReadBack: a log holds all that was found, and reads back as that.
func TestSARIFReadBack(t *testing.T) {
	seen := 0
	for _, tree := range Trees(t) {
		t.Run(tree.Name, func(t *testing.T) {
			res := Run(t, tree.Of(check.Options{}))
			r := &report.Report{Findings: res.Findings, Suppressed: res.Suppressed, Problems: res.Problems, Stats: res.Stats, Lines: res.Line}
			var out bytes.Buffer
			if err := report.SARIF(&out, r); err != nil {
				t.Fatal(err)
			}
			var log logged
			if err := json.Unmarshal(out.Bytes(), &log); err != nil {
				t.Fatal(err)
			}
			var got, want []string
			for i := range log.Runs[0].Results {
				got = append(got, log.Runs[0].Results[i].line())
			}
			for _, f := range append(res.Findings, res.Suppressed...) {
				want = append(want, found(f))
				seen++
			}
			slices.Sort(got) // in a log, suppressed results stand among the others
			slices.Sort(want)
			Equal(t, got, want)
		})
	}
	if seen == 0 {
		t.Error("there were no findings to read back")
	}
}

func (a artifact) path() string {
	u, err := url.Parse(a.URI)
	if err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(u.Path, "./")
}

func (r region) String() string {
	return fmt.Sprintf("%d:%d-%d:%d @%d+%d", r.StartLine, r.StartColumn, r.EndLine, r.EndColumn, r.ByteOffset, r.ByteLength)
}

func place(s finding.Span) string {
	return fmt.Sprintf("%s %v", s.Path, region{s.Start.Line, s.Start.Column, s.End.Line, s.End.Column, s.Start.Offset, s.End.Offset - s.Start.Offset})
}

// line renders a result as found renders a finding.
func (r *result) line() string {
	var b strings.Builder
	at := r.Locations[0].Physical
	message, _, _ := strings.Cut(r.Message.Text, " Steps: ")
	fmt.Fprintf(&b, "%s %v %s %s %q", at.Artifact.path(), at.Region, r.RuleID, r.Level, strings.TrimSuffix(message, "."))
	for _, l := range r.Locations[0].Logical {
		fmt.Fprintf(&b, " in %s", l.FullyQualifiedName)
	}
	for _, flow := range r.CodeFlows {
		for _, s := range flow.ThreadFlows[0].Locations {
			fmt.Fprintf(&b, " | %s %v %s %q", s.Location.Physical.Artifact.path(), s.Location.Physical.Region, strings.Join(s.Kinds, ","), s.Location.Message.Text)
		}
	}
	for _, x := range r.Fixes {
		fmt.Fprintf(&b, " fix %q", x.Description.Text)
		for _, c := range x.Changes {
			for _, e := range c.Replacements {
				fmt.Fprintf(&b, " %s %v %q", c.Artifact.path(), e.Deleted, e.Inserted.Text)
			}
		}
	}
	for _, s := range r.Suppressions {
		fmt.Fprintf(&b, " suppressed %s %q", s.Kind, s.Justification)
	}
	for _, v := range r.Fingerprints {
		fmt.Fprintf(&b, " #%s", v)
	}
	return b.String()
}

func found(f *finding.Finding) string {
	var b strings.Builder
	level := map[rules.Severity]string{rules.Error: "error", rules.Warning: "warning", rules.Advice: "note"}[f.Severity]
	fmt.Fprintf(&b, "%s %s %s %q", place(f.Span), f.Code, level, f.Message)
	if f.Function != "" {
		fmt.Fprintf(&b, " in %s", f.Function)
	}
	for _, s := range f.Steps {
		fmt.Fprintf(&b, " | %s %s %q", place(s.Span), s.Kind, s.Text)
	}
	for _, x := range f.Fixes {
		if len(x.Edits) == 0 {
			continue
		}
		fmt.Fprintf(&b, " fix %q", x.Text)
		for _, e := range x.Edits {
			fmt.Fprintf(&b, " %s %q", place(e.Span), e.NewText)
		}
	}
	if s := f.Suppression; s != nil {
		fmt.Fprintf(&b, " suppressed %s %q", s.Kind, s.Justification)
	}
	return b.String() + " #" + f.Fingerprint
}
