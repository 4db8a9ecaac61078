package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// judge compares the analyses before and after a round. The fixes of bad findings must be taken back,
// for the reason given; among those of suspects one must be.
func judge(before, after *check.Result, chosen []Choice) (bad, suspect map[*finding.Finding]string) {
	bad, suspect = map[*finding.Finding]string{}, map[*finding.Finding]string{}
	edits := Edits(chosen)
	for _, c := range chosen {
		// One line may have several findings that differ in no more than what they point at.
		left := number(before.Findings, func(g *finding.Finding) bool { return same(c.Finding, g, nil) }) -
			number(chosen, func(d Choice) bool { return same(c.Finding, d.Finding, nil) })
		if number(after.Findings, func(g *finding.Finding) bool { return same(c.Finding, g, edits) }) > left {
			bad[c.Finding] = "the finding is still there"
		}
	}
	understood := notUnderstood(before)
	for path, n := range notUnderstood(after) {
		if n > understood[path] {
			blame(chosen, func(c Choice) bool { return changes(c, path) }, path+" would not be understood any more", suspect)
		}
	}
	was := count(before.Findings)
	for _, g := range after.Findings {
		if k := keyOf(g); was[k] > 0 {
			was[k]--
			continue
		}
		blameFor(chosen, g, suspect)
	}
	return bad, suspect
}

// same tells whether a finding after edits is the one from before them.
func same(f, g *finding.Finding, edits []finding.Edit) bool {
	return f.Code == g.Code && f.Path == g.Path && f.Subject == g.Subject && f.Function == g.Function &&
		lineBefore(edits, g.Path, g.Start.Line) == f.Start.Line
}

func number[T any](list []T, is func(T) bool) (n int) {
	for _, x := range list {
		if is(x) {
			n++
		}
	}
	return n
}

// lineBefore is the line that a line had before the edits, which are in order. Both count from 1.
func lineBefore(edits []finding.Edit, path string, line int) int {
	shift := 0
	for _, e := range edits {
		if e.Path != path {
			continue
		}
		added := strings.Count(e.NewText, "\n")
		switch from := e.Start.Line + shift; {
		case line < from:
			return line - shift
		case line < from+added:
			return e.Start.Line
		}
		shift += added - (e.End.Line - e.Start.Line)
	}
	return line - shift
}

// key is what stays of a finding when lines move.
type key struct{ code, path, function, subject string }

func keyOf(f *finding.Finding) key { return key{f.Code, f.Path, f.Function, f.Subject} }

func count(fs []*finding.Finding) map[key]int {
	n := map[key]int{}
	for _, f := range fs {
		n[keyOf(f)]++
	}
	return n
}

// notUnderstood counts, by path, the places that were not understood.
func notUnderstood(r *check.Result) map[string]int {
	n := map[string]int{}
	for _, p := range r.Problems {
		if p.Kind == outcome.NotUnderstood && p.Path != "" {
			n[p.Path]++
		}
	}
	return n
}

// blameFor finds who led to a finding that was not there before: the nearest fixes. A safe fix answers
// for errors alone: with one defect out of the way, another one behind it may show.
func blameFor(chosen []Choice, g *finding.Finding, bad map[*finding.Finding]string) {
	answers := func(c Choice) bool { return g.Severity == rules.Error || c.Fix.Safety == rules.UnsafeFix }
	why := fmt.Sprintf("it would lead to %s in line %d of %s: %s", g.Code, g.Start.Line, g.Path, g.Message)
	for _, near := range []func(Choice) bool{
		func(c Choice) bool { return c.Finding.Path == g.Path && c.Finding.Function == g.Function },
		func(c Choice) bool { return changes(c, g.Path) },
		func(Choice) bool { return true },
	} {
		if slices.ContainsFunc(chosen, near) {
			blame(chosen, func(c Choice) bool { return near(c) && answers(c) }, why, bad)
			return
		}
	}
}

func blame(chosen []Choice, who func(Choice) bool, why string, bad map[*finding.Finding]string) {
	for _, c := range chosen {
		if who(c) && bad[c.Finding] == "" {
			bad[c.Finding] = why
		}
	}
}

func changes(c Choice, path string) bool {
	return slices.ContainsFunc(c.Fix.Edits, func(e finding.Edit) bool { return e.Path == path })
}
