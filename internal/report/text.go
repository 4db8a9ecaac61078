package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// TextOptions says how the text report looks.
type TextOptions struct {
	Color   bool
	Verbose bool // list what was not understood, and why
	Quiet   bool // no summary
}

// Text writes r for people: each finding with its source line, a caret line
// and its numbered steps, then a summary.
func Text(w io.Writer, r *Report, o TextOptions) error {
	p := &printer{w: bufio.NewWriter(w), lines: r.Lines, paint: painter(o.Color)}
	explained := map[string]bool{}
	for _, f := range r.Findings {
		p.finding(f, !explained[f.Code])
		explained[f.Code] = true
	}
	p.problems(r.Problems, o.Verbose)
	if o.Verbose {
		for _, s := range r.Skipped {
			fmt.Fprintf(p.w, "%s: %s: %s\n", clean(s.Path), p.paint.in(cyan, "passed over"), s.Reason)
		}
	}
	if !o.Quiet {
		p.summary(r, o.Verbose)
	}
	return p.w.Flush()
}

// Summary writes the line that ends a text report, for runs whose report goes
// elsewhere.
func Summary(w io.Writer, r *Report) {
	p := &printer{w: bufio.NewWriter(w)}
	p.summary(r, false)
	p.w.Flush()
}

type printer struct {
	w     *bufio.Writer
	lines Lines
	paint painter
}

func (p *printer) finding(f *finding.Finding, explain bool) {
	gutter := p.gutter(f)
	fmt.Fprintf(p.w, "%s: %s %s: %s\n",
		p.paint.bold(place(f.Span)),
		p.paint.severity(f.Severity, f.Severity.String()+" "+f.Code),
		f.Name, clean(f.Message))
	p.source(f.Span, gutter, '^', f.Severity)
	shown := f.Span
	for i, s := range f.Steps {
		fmt.Fprintf(p.w, "%*s %d. %s: %s\n", gutter, "", i+1, place(s.Span), clean(s.Text))
		if s.Span != shown { // it stands right above otherwise
			p.source(s.Span, gutter, '-', 0)
		}
		shown = s.Span
	}
	for _, fix := range f.Fixes {
		fmt.Fprintf(p.w, "%*s = fix: %s\n", gutter, "", clean(fix.Text))
	}
	if f.Confidence == rules.Low {
		fmt.Fprintf(p.w, "%*s = the proof is weak, so this is shown as %s\n", gutter, "", f.Severity)
	}
	if explain {
		fmt.Fprintf(p.w, "%*s = more: pinvet explain %s\n", gutter, "", f.Code)
	}
	fmt.Fprintln(p.w)
}

// source prints the line of s with its number, and a line of marks under the
// columns of s. Where the line is not to be had, it prints nothing.
func (p *printer) source(s finding.Span, gutter int, mark byte, sev rules.Severity) {
	if p.lines == nil {
		return
	}
	text, ok := p.lines(s.Path, s.Start.Line)
	if !ok {
		return
	}
	endColumn := s.End.Column
	if s.End.Line != s.Start.Line {
		endColumn = 0 // to the end of the line
	}
	v := view(text, s.Start.Column, endColumn)
	marks := strings.Repeat(string(mark), v.width)
	fmt.Fprintf(p.w, "%s %s\n",
		p.paint.dim(fmt.Sprintf("%*d |", gutter, s.Start.Line)), v.text)
	fmt.Fprintf(p.w, "%s %*s%s\n",
		p.paint.dim(fmt.Sprintf("%*s |", gutter, "")), v.indent, "", p.paint.severity(sev, marks))
}

// gutter is the width of the widest line number that f shows.
func (p *printer) gutter(f *finding.Finding) int {
	last := f.Start.Line
	for _, s := range f.Steps {
		last = max(last, s.Start.Line)
	}
	return max(3, len(strconv.Itoa(last)))
}

// problems prints what failed; with all, also what was not understood.
func (p *printer) problems(ps []outcome.Problem, all bool) {
	for _, q := range ps {
		if q.Level == outcome.Note && !all {
			continue
		}
		fmt.Fprintf(p.w, "%s%s: %s\n", clean(where(q)), p.paint.problem(q), clean(q.Text))
	}
}

// where is the place of a problem with a colon behind it, or "".
func where(p outcome.Problem) string {
	switch {
	case p.Path != "" && p.Line > 0:
		return fmt.Sprintf("%s:%d: ", p.Path, p.Line)
	case p.Path != "":
		return p.Path + ": "
	}
	return ""
}

// problemLine is a problem in one line.
func problemLine(p outcome.Problem) string { return where(p) + p.Text }

func (p *printer) summary(r *Report, verbose bool) {
	s, t := &r.Stats, Count(r.Findings)
	fmt.Fprintf(p.w, "%s, %s, %s in %s read",
		plural(t.Errors, "error"), plural(t.Warnings, "warning"), plural(t.Advice, "piece of advice"), plural(s.Read, "file"))
	if n := len(r.Suppressed); n > 0 {
		fmt.Fprintf(p.w, ", %d suppressed", n)
	}
	fmt.Fprintf(p.w, " (%d analysed", s.Analysed)
	if s.Partial > 0 {
		fmt.Fprintf(p.w, ", %d not fully understood", s.Partial)
	}
	bounds := gaveUp(r.Problems)
	if bounds > 0 {
		fmt.Fprintf(p.w, ", %s hit", plural(bounds, "bound"))
	}
	if s.Generated > 0 {
		fmt.Fprintf(p.w, ", %d generated", s.Generated)
	}
	if n := s.SkippedFiles(); n > 0 {
		fmt.Fprintf(p.w, "; %d passed over", n)
	}
	fmt.Fprint(p.w, ")\n")
	p.leftOut(s)
	if !verbose {
		switch {
		case s.Partial > 0:
			fmt.Fprintln(p.w, "--verbose lists what was not understood; silence there is no proof")
		case bounds > 0:
			fmt.Fprintln(p.w, "--verbose lists what was too much to be followed; silence there is no proof")
		}
		return
	}
	for _, c := range s.Skipped {
		fmt.Fprintf(p.w, "  passed over: %d %s\n", c.Files, c.Reason)
	}
	if s.Skimmed > 0 {
		fmt.Fprintf(p.w, "  not parsed, because their words tell that nothing in them matters: %s\n", plural(s.Skimmed, "C# file"))
	}
	fmt.Fprintf(p.w, "  %s, %d of them interpreted, %d not to the end; %s\n",
		plural(s.Functions, "function"), s.Interpreted, s.Bounded, plural(s.Imports, "import"))
}

// gaveUp counts what was too much.
func gaveUp(ps []outcome.Problem) (n int) {
	for _, p := range ps {
		if p.Kind == outcome.GaveUp {
			n++
		}
	}
	return n
}

// leftOut says what does not count and why, and how much of the baseline is no longer needed.
func (p *printer) leftOut(s *outcome.Stats) {
	for i, l := range s.LeftOut {
		sep := ", "
		if i == 0 {
			sep = "left out: "
		}
		fmt.Fprintf(p.w, "%s%d %s", sep, l.Findings, l.Reason)
	}
	if len(s.LeftOut) > 0 {
		fmt.Fprintln(p.w)
	}
	if s.Stale > 0 {
		fmt.Fprintf(p.w, "%s of the baseline: what %s for is gone, and pinvet baseline --prune drops %s\n",
			count(s.Stale, "stale entry", "stale entries"), pick(s.Stale, "it stands", "they stand"), pick(s.Stale, "it", "them"))
	}
}

// pick is the word for one, or that for another number.
func pick(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func place(s finding.Span) string {
	return fmt.Sprintf("%s:%d:%d", clean(s.Path), s.Start.Line, s.Start.Column)
}

// count is n with the words for one, or those for another number.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if head, tail, ok := strings.Cut(what, " "); ok {
		return fmt.Sprintf("%d %ss %s", n, head, tail)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
