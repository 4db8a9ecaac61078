package ruletest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// expectation is one want or step comment.
type expectation struct {
	file    string
	line    int // 1-based; where the finding or step starts
	code    string
	step    int // 0: a finding
	pattern *regexp.Regexp
	met     bool
}

func (e *expectation) String() string {
	what := "want " + e.code
	if e.step > 0 {
		what = fmt.Sprintf("step %s:%d", e.code, e.step)
	}
	return fmt.Sprintf("%s:%d: %s %q", e.file, e.line, what, e.pattern)
}

var (
	comment = regexp.MustCompile(`(//|/\*)\s*(want|step)\b.*`)
	clause  = regexp.MustCompile(`\b(want|step)(?::([+-]\d+))?\s+(PIN\d{3})(?::(\d+))?(?:\s+("(?:[^"\\]|\\.)*"))?`)
)

// expectations reads the comments of one file.
func expectations(file, text string) (list []*expectation, err error) {
	for i, line := range strings.Split(text, "\n") {
		c := comment.FindString(line)
		if c == "" {
			continue
		}
		clauses := clause.FindAllStringSubmatch(c, -1)
		if len(clauses) == 0 {
			return nil, fmt.Errorf("%s:%d: not understood: %s", file, i+1, c)
		}
		for _, m := range clauses {
			e, err := parseClause(m)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
			}
			e.file, e.line = file, e.line+i+1
			list = append(list, e)
		}
	}
	return list, nil
}

// parseClause reads a match of clause; its line is relative.
func parseClause(m []string) (*expectation, error) {
	kind, offset, code, step, quoted := m[1], m[2], m[3], m[4], m[5]
	if (kind == "step") != (step != "") {
		return nil, fmt.Errorf("%s %s: a step has a number (step PIN101:1), a want has none", kind, code)
	}
	e := &expectation{code: code}
	e.line, _ = strconv.Atoi(offset) // empty is 0; the pattern allows digits only
	e.step, _ = strconv.Atoi(step)
	text := ""
	if quoted != "" {
		// Only the quote is escaped; a backslash belongs to the expression.
		text = strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
	}
	var err error
	e.pattern, err = regexp.Compile(text)
	return e, err
}
