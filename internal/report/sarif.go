package report

import (
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// What the readers of SARIF do with it, and so what is written:
//
//   - GitHub code scanning places a result by the first location, resolves a
//     relative URI against the root of the repository, shows the rule's help in
//     Markdown, filters by the tags and problem.severity of the rule, and matches
//     results of two commits by partialFingerprints. It shows codeFlows as
//     "show paths", and related locations only where the message links to them.
//   - Editors' viewers place by region and offer threadFlows step by step; they
//     count columns as columnKind says. Ours is utf16CodeUnits.
//   - A URI without a base is relative to the folder in which pinvet was started.
const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

	// fingerprintKey names the version of the fingerprint; a change in how it
	// is made changes this name.
	fingerprintKey = "pinvet/v1"
)

// SARIF writes r as a SARIF 2.1.0 log with one run.
func SARIF(w io.Writer, r *Report) error {
	index := map[string]int{}
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name: "pinvet", Version: r.Version, InformationURI: Home, Rules: []sarifRule{},
			Notifications: notificationKinds(r.Problems),
		}},
		Invocations: []sarifInvocation{{
			ExecutionSuccessful: !hasFailed(r.Problems),
			Notifications:       notifications(r.Problems),
		}},
		ColumnKind: "utf16CodeUnits",
		Results:    []sarifResult{},
		Properties: map[string]any{"stats": r.Stats},
	}
	for i, rule := range r.Rules {
		index[rule.Code] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(rule))
	}
	for _, f := range r.Findings {
		run.Results = append(run.Results, sarifResultOf(f, index))
	}
	return encode(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

func sarifRuleOf(r *rules.Rule) sarifRule {
	tags := []string{"interop", r.FamilyTitle()}
	for _, l := range r.Langs {
		tags = append(tags, rules.LangName(l))
	}
	if r.CWE != 0 {
		tags = append(tags, fmt.Sprintf("external/cwe/cwe-%03d", r.CWE))
	}
	return sarifRule{
		ID:               r.Code,
		Name:             pascal(r.Name),
		ShortDescription: &sarifText{Text: plain(r.Title) + "."},
		FullDescription:  &sarifText{Text: plain(rules.Summary(r)), Markdown: rules.Summary(r)},
		Help:             &sarifText{Text: plain(r.Doc), Markdown: r.Doc},
		HelpURI:          RuleURL(r),
		DefaultConfig:    &sarifRuleConfig{Level: sarifLevel(r.Severity)},
		Properties: map[string]any{
			"tags":             tags,
			"precision":        "high",
			"problem.severity": githubSeverity(r.Severity),
			"since":            r.Since,
		},
	}
}

func sarifResultOf(f *finding.Finding, index map[string]int) sarifResult {
	loc := sarifLocation{Physical: physical(f.Span)}
	if f.Function != "" {
		loc.Logical = []sarifLogical{{FullyQualifiedName: f.Function, Kind: "function"}}
	}
	res := sarifResult{
		RuleID:       f.Code,
		RuleIndex:    -1,
		Level:        sarifLevel(f.Severity),
		Message:      sarifText{Text: f.Message},
		Locations:    []sarifLocation{loc},
		Fingerprints: map[string]string{fingerprintKey: f.Fingerprint},
		Properties:   map[string]any{"confidence": f.Confidence.String()},
	}
	if i, ok := index[f.Code]; ok {
		res.RuleIndex = i
	}
	var flow []sarifFlowLocation
	for i, s := range f.Steps {
		at := sarifLocation{Physical: physical(s.Span), Message: &sarifText{Text: s.Text}}
		step := sarifFlowLocation{Location: at, Importance: "essential"}
		if s.Kind != "" {
			step.Kinds = []string{string(s.Kind)}
		}
		flow = append(flow, step)
		id := i + 1
		at.ID = &id
		res.RelatedLocations = append(res.RelatedLocations, at)
	}
	if flow != nil {
		res.CodeFlows = []sarifCodeFlow{{ThreadFlows: []sarifThreadFlow{{Locations: flow}}}}
	}
	for _, x := range f.Fixes {
		if len(x.Edits) > 0 { // the standard wants at least one change
			res.Fixes = append(res.Fixes, sarifFixOf(x))
		}
	}
	return res
}

// sarifFixOf groups the edits, which come in order of path, by file.
func sarifFixOf(x finding.Fix) sarifFix {
	fix := sarifFix{Description: sarifText{Text: x.Text}, Changes: []sarifArtifactChange{}}
	for i, e := range x.Edits {
		if i == 0 || e.Path != x.Edits[i-1].Path {
			fix.Changes = append(fix.Changes, sarifArtifactChange{Artifact: sarifArtifact{fileURI(e.Path)}})
		}
		c := &fix.Changes[len(fix.Changes)-1]
		c.Replacements = append(c.Replacements, sarifReplacement{
			Deleted: *region(e.Span), Inserted: sarifText{Text: e.NewText},
		})
	}
	return fix
}

func physical(s finding.Span) *sarifPhysical {
	return &sarifPhysical{Artifact: sarifArtifact{fileURI(s.Path)}, Region: region(s)}
}

func region(s finding.Span) *sarifRegion {
	offset, length := s.Start.Offset, s.End.Offset-s.Start.Offset
	return &sarifRegion{
		StartLine: s.Start.Line, StartColumn: s.Start.Column,
		EndLine: s.End.Line, EndColumn: s.End.Column,
		ByteOffset: &offset, ByteLength: &length,
	}
}

// fileURI makes a relative reference of a slashed path. A first segment with a
// colon would read as a scheme, so such a path gets a "./" in front.
func fileURI(p string) string {
	p = path.Clean(strings.ReplaceAll(p, `\`, "/"))
	if path.IsAbs(p) || len(p) > 2 && p[1] == ':' && p[2] == '/' {
		return (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(p, "/")}).String()
	}
	return (&url.URL{Path: p}).String()
}

// notificationKinds describes the kinds of problems that occur in ps.
func notificationKinds(ps []outcome.Problem) (out []sarifRule) {
	texts := []struct {
		kind outcome.Kind
		text string
	}{
		{outcome.Unreadable, "A file or folder could not be read."},
		{outcome.NotAnalysed, "A file was found but not analysed."},
		{outcome.NotUnderstood, "A part of a file was not understood; the rest was analysed."},
		{outcome.GaveUp, "A function is beyond the bounds of the analysis."},
		{outcome.Internal, "A part of pinvet failed."},
	}
	present := map[outcome.Kind]bool{}
	for _, p := range ps {
		present[p.Kind] = true
	}
	for _, t := range texts {
		if present[t.kind] {
			out = append(out, sarifRule{ID: string(t.kind), ShortDescription: &sarifText{Text: t.text}})
		}
	}
	return out
}

func notifications(ps []outcome.Problem) (out []sarifNotification) {
	for _, p := range ps {
		n := sarifNotification{
			Descriptor: sarifRef{ID: string(p.Kind)},
			Level:      p.Level.String(),
			Message:    sarifText{Text: p.Text},
		}
		if p.Path != "" {
			at := sarifPhysical{Artifact: sarifArtifact{fileURI(p.Path)}}
			if p.Line > 0 {
				at.Region = &sarifRegion{StartLine: p.Line}
			}
			n.Locations = []sarifLocation{{Physical: &at}}
		}
		out = append(out, n)
	}
	return out
}

func sarifLevel(s rules.Severity) string {
	if s == rules.Advice {
		return "note"
	}
	return s.String()
}

func githubSeverity(s rules.Severity) string {
	if s == rules.Advice {
		return "recommendation"
	}
	return s.String()
}

// pascal turns "fixed-ends-pending" into "FixedEndsPending", the form that the
// standard recommends for names.
func pascal(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "-") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}

// plain strips the marks of inline Markdown for readers of plain text.
func plain(s string) string { return strings.ReplaceAll(s, "`", "") }
