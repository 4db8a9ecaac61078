package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

func sarifRuleOf(r *rules.Rule) sarifRule {
	tags := []string{"interop", r.FamilyTitle()}
	for _, l := range r.Langs {
		tags = append(tags, rules.LangName(l))
	}
	if r.CWE != 0 {
		tags = append(tags, fmt.Sprintf("external/cwe/cwe-%03d", r.CWE))
	}
	doc := cmp.Or(r.Doc, r.Title+".")
	return sarifRule{
		ID:               r.Code,
		Name:             pascal(r.Name),
		ShortDescription: &sarifText{Text: plain(r.Title) + "."},
		FullDescription:  &sarifText{Text: plain(rules.Summary(r)), Markdown: rules.Summary(r)},
		Help:             &sarifText{Text: plain(doc), Markdown: doc},
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

// notificationTexts describes the kinds of problems.
var notificationTexts = []struct{ id, name, text string }{
	{string(outcome.Unreadable), "UnreadableFile", "A file or folder could not be read."},
	{string(outcome.NotAnalysed), "FileNotAnalysed", "A file was found but not analysed."},
	{string(outcome.NotUnderstood), "CodeNotUnderstood", "A part of a file was not understood; the rest was analysed."},
	{string(outcome.Stale), "StaleBaselineEntry", "An entry of the baseline matches nothing any more."},
	{string(outcome.GaveUp), "FunctionGivenUp", "A function is beyond the bounds of the analysis."},
	{string(outcome.Internal), "InternalFailure", "A part of pinvet failed."},
	{leftOut, "ResultsLeftOut", "The log does not show all findings."},
}

// notificationKinds describes the kinds of notifications that occur.
func notificationKinds(ps []outcome.Problem, more []sarifNotification) (out []sarifRule) {
	present := map[string]bool{}
	for _, p := range ps {
		present[string(p.Kind)] = true
	}
	for _, n := range more {
		present[n.Descriptor.ID] = true
	}
	describe := func(id, name, text string) {
		t := &sarifText{Text: text}
		out = append(out, sarifRule{ID: id, Name: name, ShortDescription: t, FullDescription: t, Help: t})
		delete(present, id)
	}
	for _, t := range notificationTexts {
		if present[t.id] {
			describe(t.id, t.name, t.text)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(present)) {
		describe(id, pascal(id)+"Problem", "Something to know about the run.")
	}
	return out
}

// maxNotes bounds the notifications on single places: on a large tree, thousands are not understood.
const maxNotes = 1000

func (s *sarifWriter) notifications(ps []outcome.Problem) (out []sarifNotification) {
	notes := 0
	var beyond outcome.Kind // of the first note that is left out
	for _, p := range ps {
		if p.Level == outcome.Note {
			if notes++; notes > maxNotes {
				beyond = cmp.Or(beyond, p.Kind)
				continue
			}
		}
		n := sarifNotification{
			Descriptor: sarifRef{ID: string(p.Kind)},
			Level:      p.Level.String(),
			Message:    sarifText{Text: p.Text},
		}
		if p.Path != "" {
			at := sarifPhysical{Artifact: s.artifact(p.Path)}
			if p.Line > 0 {
				at.Region = &sarifRegion{StartLine: p.Line}
			}
			n.Locations = []sarifLocation{{Physical: &at}}
		}
		out = append(out, n)
	}
	if notes > maxNotes {
		out = append(out, sarifNotification{
			Descriptor: sarifRef{ID: string(beyond)}, Level: "note",
			Message: sarifText{Text: fmt.Sprintf("and %s: pinvet check --verbose lists all", count(notes-maxNotes, "more note", "more notes"))},
		})
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
