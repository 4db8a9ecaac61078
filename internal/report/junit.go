package report

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
)

// JUnit writes r as test results. A rule is a suite: a passed test where it found nothing, else a test
// for each finding. What fails the run failed, what is below the gate was skipped. The name of a test
// holds no line number, so that a site recognises it when lines move. What pinvet could not analyse is
// a suite of its own.
func JUnit(w io.Writer, r *Report) error {
	x := &junit{r: r, w: bufio.NewWriter(w)}
	x.raw(xml.Header)
	byRule := map[string][]*finding.Finding{}
	for _, f := range r.Findings {
		byRule[f.Code] = append(byRule[f.Code], f)
	}
	suites := r.junitSuites(byRule)
	var sum junitCounts
	for _, s := range suites {
		sum = sum.plus(s.counts)
	}
	x.raw("<testsuites")
	x.attr("name", "pinvet")
	x.counts(sum)
	x.raw(">\n")
	for _, s := range suites {
		x.suite(s, byRule[s.code])
	}
	x.raw("</testsuites>\n")
	return x.w.Flush()
}

type (
	junitCounts struct{ tests, failures, errors, skipped int }
	junitSuite  struct {
		code, name string
		counts     junitCounts
		problems   []outcome.Problem
	}
)

func (a junitCounts) plus(b junitCounts) junitCounts {
	return junitCounts{a.tests + b.tests, a.failures + b.failures, a.errors + b.errors, a.skipped + b.skipped}
}

// junitSuites lists the suites: the rules that ran, by code, then what could not be analysed.
func (r *Report) junitSuites(byRule map[string][]*finding.Finding) (out []junitSuite) {
	names := map[string]string{}
	for _, rule := range r.Rules {
		names[rule.Code] = rule.Name
	}
	for code, fs := range byRule {
		names[code] = fs[0].Name
	}
	for _, code := range slices.Sorted(maps.Keys(names)) {
		s := junitSuite{code: code, name: code + " " + names[code], counts: junitCounts{tests: max(1, len(byRule[code]))}}
		for _, f := range byRule[code] {
			if r.fails(f) {
				s.counts.failures++
			} else {
				s.counts.skipped++
			}
		}
		out = append(out, s)
	}
	s := junitSuite{name: "files"}
	for _, p := range r.Problems {
		switch p.Level {
		case outcome.Error:
			s.counts.errors++
		case outcome.Warning:
			s.counts.skipped++
		default:
			continue
		}
		s.counts.tests++
		s.problems = append(s.problems, p)
	}
	if len(s.problems) > 0 {
		out = append(out, s)
	}
	return out
}

type junit struct {
	r *Report
	w *bufio.Writer
}

func (x *junit) suite(s junitSuite, fs []*finding.Finding) {
	x.raw("  <testsuite")
	x.attr("name", s.name)
	x.counts(s.counts)
	x.raw(">\n")
	names := map[string]int{}
	for _, f := range fs {
		x.finding(f, names)
	}
	for _, p := range s.problems {
		x.problem(p, names)
	}
	if len(fs)+len(s.problems) == 0 {
		x.raw("    <testcase")
		x.attr("classname", s.code)
		x.attr("name", "no findings")
		x.raw("/>\n")
	}
	x.raw("  </testsuite>\n")
}

func (x *junit) finding(f *finding.Finding, names map[string]int) {
	file := x.r.Tree.Path(f.Path)
	x.raw("    <testcase")
	x.attr("classname", f.Code)
	x.attr("name", numbered(names, strings.Join(strings.Fields(clean(file)+" "+clean(f.Function)+" "+clean(f.Subject)), " ")))
	x.attr("file", clean(file))
	x.attr("line", fmt.Sprint(f.Start.Line))
	x.raw(">")
	if x.r.fails(f) {
		x.raw("<failure")
		x.attr("type", f.Severity.String())
		x.attr("message", clean(f.Message))
		x.raw(">")
		x.text(x.trace(f))
		x.raw("</failure>")
	} else {
		x.raw("<skipped")
		x.attr("message", f.Severity.String()+": "+clean(f.Message))
		x.raw("/>")
	}
	x.raw("</testcase>\n")
}

// trace is what a reader of the failure wants to know: place, message, steps.
func (x *junit) trace(f *finding.Finding) string {
	at := f.Span
	at.Path = x.r.Tree.Path(at.Path)
	return fmt.Sprintf("%s: %s %s %s: %s\n", place(at), f.Severity, f.Code, f.Name, annotation(x.r, f))
}

func (x *junit) problem(p outcome.Problem, names map[string]int) {
	x.raw("    <testcase")
	x.attr("classname", "files")
	x.attr("name", numbered(names, strings.TrimSpace(string(p.Kind)+" "+clean(x.path(p)))))
	x.raw(">")
	tag := "skipped"
	if p.Level == outcome.Error {
		tag = "error"
	}
	x.raw("<" + tag)
	x.attr("message", clean(p.Text))
	x.raw("/></testcase>\n")
}

func (x *junit) path(p outcome.Problem) string {
	if p.Path == "" {
		return ""
	}
	return x.r.Tree.Path(p.Path)
}

// numbered makes a name unique by a number behind it.
func numbered(names map[string]int, name string) string {
	names[name]++
	if n := names[name]; n > 1 {
		return fmt.Sprintf("%s (%d)", name, n)
	}
	return name
}

func (x *junit) counts(c junitCounts) {
	fmt.Fprintf(x.w, ` tests="%d" failures="%d" errors="%d" skipped="%d"`, c.tests, c.failures, c.errors, c.skipped)
}

func (x *junit) raw(s string) { x.w.WriteString(s) }

func (x *junit) attr(name, value string) {
	x.raw(" " + name + `="`)
	x.text(value)
	x.raw(`"`)
}

// text writes s with its marks escaped; what XML cannot hold becomes U+FFFD. Errors stay in the writer.
func (x *junit) text(s string) { _ = xml.EscapeText(x.w, []byte(s)) }
