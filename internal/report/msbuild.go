package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// MSBuild writes a line for each finding in the form that MSBuild and Visual Studio read from the
// output of a tool. Lines and columns count from 1, columns in UTF-16 code units; the end is the place
// after the last character. Advice is "info", as the C# compiler has it: a line in the log, nothing in
// the error list.
func MSBuild(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	for _, f := range r.Findings {
		fmt.Fprintf(out, "%s(%d,%d,%d,%d): %s %s: %s\n", clean(f.Path),
			f.Start.Line, f.Start.Column, f.End.Line, f.End.Column, msbuildSeverity(f.Severity), f.Code, clean(f.Message))
	}
	for _, p := range r.Problems {
		if p.Level == outcome.Error {
			fmt.Fprintf(out, "pinvet : error PIN000: pinvet failed: %s\n", clean(problemLine(p)))
		}
	}
	return out.Flush()
}

func msbuildSeverity(s rules.Severity) string {
	if s == rules.Advice {
		return "info"
	}
	return s.String()
}
