package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// githubShown is how many annotations of one kind GitHub takes from one step of a workflow.
const githubShown = 10

// GitHub writes the workflow commands that make annotations on GitHub: a line for each finding, with
// the steps in its message. GitHub takes ten errors, ten warnings and ten notices of a step; where
// there are more, a last line says so.
//
// Columns are UTF-16 code units, the end is the one after the last character; GitHub wants them only
// where both ends are on one line.
func GitHub(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	kinds := map[string]int{}
	for _, f := range r.Findings {
		kind := githubKind(f.Severity)
		kinds[kind]++
		file := property(clean(r.Tree.Path(f.Path)))
		fmt.Fprintf(out, "::%s file=%s,line=%d,endLine=%d", kind, file, f.Start.Line, f.End.Line)
		if f.Start.Line == f.End.Line {
			fmt.Fprintf(out, ",col=%d,endColumn=%d", f.Start.Column, f.End.Column)
		}
		fmt.Fprintf(out, ",title=%s::%s\n", property(f.Code+" "+f.Name), data(annotation(r, f)))
	}
	for _, p := range r.Problems {
		if p.Level == outcome.Error {
			fmt.Fprintf(out, "::error title=pinvet failed::%s\n", data(clean(problemLine(p))))
		}
	}
	if over := max(kinds["error"]-githubShown, 0) + max(kinds["warning"]-githubShown, 0) + max(kinds["notice"]-githubShown, 0); over > 0 {
		fmt.Fprintf(out, "pinvet: GitHub shows the first %d errors, warnings and notices of a step as annotations; %s only in this log\n",
			githubShown, count(over, "finding is", "findings are"))
	}
	return out.Flush()
}

func githubKind(s rules.Severity) string {
	if s == rules.Advice {
		return "notice"
	}
	return s.String()
}

// annotation is the message of f and, a line each, its steps.
func annotation(r *Report, f *finding.Finding) string {
	var b strings.Builder
	b.WriteString(clean(f.Message))
	for i, s := range f.Steps {
		s.Path = r.Tree.Path(s.Path)
		fmt.Fprintf(&b, "\n%d. %s: %s", i+1, place(s.Span), clean(s.Text))
	}
	return b.String()
}

// data escapes what follows the :: of a workflow command.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes the value of a property of a workflow command.
func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
