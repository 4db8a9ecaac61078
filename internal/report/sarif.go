package report

import (
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/internal/finding"
)

// What the readers of SARIF do with it, and so what is written:
//
//   - GitHub code scanning places a result by the first location, resolves a
//     relative URI against the root of the repository, shows the rule's help in
//     Markdown, filters by the tags and problem.severity of the rule, and matches
//     results of two commits by partialFingerprints (its upload action adds one that
//     it makes of the line). It shows codeFlows as "show paths", and related locations
//     only where the message links to them. It knows neither suppressions nor
//     baselineState: such results are open alerts there, so SARIFForGitHub leaves
//     them out. What it takes of one file is in sarif_limit.go.
//   - Editors' viewers place by region and offer threadFlows step by step; they
//     count columns as columnKind says. Ours is utf16CodeUnits.
//   - A URI is relative to the top of the repository, which has the base
//     %SRCROOT%; where that lies is for the reader to know.
const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

	// fingerprintKey names the version of the fingerprint; a change in how it
	// is made changes this name.
	fingerprintKey = "pinvet/v1"

	srcRoot = "%SRCROOT%"
)

// SARIF writes r as a SARIF 2.1.0 log with one run, with all findings: also those that somebody
// suppressed and those known from before, marked as such.
func SARIF(w io.Writer, r *Report) error {
	all := slices.Concat(r.Findings, r.Suppressed, r.Unchanged)
	slices.SortStableFunc(all, finding.Compare)
	return writeSARIF(w, r, all)
}

// SARIFForGitHub writes the findings that are to be alerts on GitHub, in a log like that of [SARIF].
func SARIFForGitHub(w io.Writer, r *Report) error {
	return writeSARIF(w, r, r.Findings)
}

func writeSARIF(w io.Writer, r *Report, all []*finding.Finding) error {
	s := &sarifWriter{Report: r, index: map[string]int{}}
	run := sarifRun{
		Tool:       sarifTool{Driver: sarifDriver{Name: "pinvet", Version: r.Version, InformationURI: Home, Rules: []sarifRule{}}},
		BaseIDs:    map[string]sarifBase{srcRoot: {sarifText{Text: "The top of the repository."}}},
		ColumnKind: "utf16CodeUnits",
		Results:    []sarifResult{},
		Properties: map[string]any{"stats": r.Stats},
	}
	for i, rule := range r.Rules {
		s.index[rule.Code] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(rule))
	}
	kept, left := githubLimits.keep(all, s.result)
	run.Tool.Driver.Notifications = notificationKinds(r.Problems, left)
	run.Invocations = []sarifInvocation{{
		ExecutionSuccessful: !hasFailed(r.Problems),
		Notifications:       append(left, s.notifications(r.Problems)...),
	}}
	return encodeAround(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}}, "results", "        ", func(add func(any)) {
		for _, f := range kept {
			add(s.result(f))
		}
	})
}

// sarifWriter makes the parts of a log.
type sarifWriter struct {
	*Report
	index map[string]int // of the rules
}

func (s *sarifWriter) artifact(p string) sarifArtifact {
	p = s.Tree.Path(p)
	a := sarifArtifact{URI: fileURI(p)}
	if !isAbs(p) && p != ".." && !strings.HasPrefix(p, "../") {
		a.Base = srcRoot
	}
	return a
}

// fileURI makes a relative reference of a slashed path. A first segment with a
// colon would read as a scheme, so such a path gets a "./" in front.
func fileURI(p string) string {
	p = path.Clean(strings.ReplaceAll(p, `\`, "/"))
	if isAbs(p) {
		return (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(p, "/")}).String()
	}
	return (&url.URL{Path: p}).String()
}
