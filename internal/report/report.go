package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// Home is where the rules' pages can be read.
const Home = "https://github.com/pinvet/pinvet"

// RuleURL is the address of a rule's page.
func RuleURL(r *rules.Rule) string {
	return Home + "/blob/main/" + rules.PagePath(r)
}

// Report is everything that a writer needs.
type Report struct {
	Version  string        // of pinvet
	Rules    []*rules.Rule // those that ran, by code
	Findings []*finding.Finding

	Suppressed []*finding.Finding // not shown; each has its Suppression
	Unchanged  []*finding.Finding // not shown, as they are known from before; Baseline is "unchanged"

	Problems []outcome.Problem
	Skipped  []outcome.Skip // shown by the text writer when it is to list everything
	Stats    outcome.Stats
	Lines    Lines          // where writers find the source; may be nil
	Tree     Tree           // for formats whose paths count from the top of the repository
	Gate     rules.Severity // findings from here on fail the run; 0 is error
}

// fails says whether f makes the run fail.
func (r *Report) fails(f *finding.Finding) bool {
	return f.Severity >= cmp.Or(r.Gate, rules.Error)
}

// Lines gives the text of one line (1-based, without its line end) of a file
// that was analysed, and false where it is not to be had.
type Lines func(path string, line int) (string, bool)

// Tally counts findings by severity.
type Tally struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Advice   int `json:"advice"`
}

// Count tallies findings.
func Count(fs []*finding.Finding) Tally {
	var t Tally
	for _, f := range fs {
		switch f.Severity {
		case rules.Error:
			t.Errors++
		case rules.Warning:
			t.Warnings++
		default:
			t.Advice++
		}
	}
	return t
}

// writers are the formats, in the order in which they are listed.
var writers = []struct {
	name  string
	write func(io.Writer, *Report) error
}{
	{"text", nil}, // has options
	{"json", JSON},
	{"sarif", SARIF},
	{"sarif-github", SARIFForGitHub},
	{"github", GitHub},
	{"gitlab", GitLab},
	{"rdjson", RDJSON},
	{"msbuild", MSBuild},
	{"junit", JUnit},
	{"html", HTML},
}

// Formats lists the names that [Write] takes.
var Formats = func() (names []string) {
	for _, x := range writers {
		names = append(names, x.name)
	}
	return names
}()

// Write writes r in the named format. The options matter to text only.
func Write(w io.Writer, format string, r *Report, o TextOptions) error {
	for _, x := range writers {
		switch {
		case x.name != format:
		case x.write == nil:
			return Text(w, r, o)
		default:
			return x.write(w, r)
		}
	}
	return fmt.Errorf("%q is no format: use one of %v", format, Formats)
}

// hasFailed says whether a part of pinvet itself failed.
func hasFailed(ps []outcome.Problem) bool {
	return slices.ContainsFunc(ps, func(p outcome.Problem) bool { return p.Level == outcome.Error })
}
