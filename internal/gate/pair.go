package gate

import (
	"fmt"
	"strings"

	"github.com/pinvet/pinvet/internal/baseline"
	"github.com/pinvet/pinvet/internal/finding"
)

// known is a finding of before: an entry of a baseline, or a finding at the base.
type known struct {
	baseline.Entry     // its path is that of now, where the file was renamed
	line           int // its line now (from 1), where that line is still there; else 0
	gone           bool
}

// candidate is a finding of now.
type candidate struct {
	baseline.Entry
	line int
}

// ranks are the likenesses by which a finding of now and one of before are the same, strongest first. Each gives a key
// to both; "" means that it says nothing. Findings pair up by the first rank that both sides have a free partner in.
var ranks = []func(e *baseline.Entry, line int, gone bool) string{
	// Equal statements in one function are told apart by their lines where those are known.
	func(e *baseline.Entry, line int, _ bool) string {
		return at(line, e.Path, e.Code, e.Function, e.Subject, e.Place)
	},
	// Edits elsewhere, other formatting.
	func(e *baseline.Entry, _ int, _ bool) string { return key(e.Path, e.Fingerprint) },
	// The function, type or namespace has another name, or the statement an ordinal that shifted.
	func(e *baseline.Entry, line int, _ bool) string { return at(line, e.Path, e.Code) },
	func(e *baseline.Entry, _ int, _ bool) string { return key(e.Path, e.Place) },
	// The file was renamed, or the code moved to another one.
	func(e *baseline.Entry, _ int, _ bool) string { return key(e.Fingerprint) },
	// A type was renamed together with its file.
	func(e *baseline.Entry, _ int, gone bool) string {
		if !gone {
			return ""
		}
		return key(e.Place, e.Function[strings.LastIndexByte(e.Function, '.')+1:])
	},
	// The statement itself was edited, and what it is about in this function has the same defect.
	func(e *baseline.Entry, _ int, _ bool) string {
		if e.Subject == "" || e.Function == "" {
			return ""
		}
		return key(e.Path, e.Code, e.Function, e.Subject)
	},
}

func key(parts ...string) string { return strings.Join(parts, "\x00") }

func at(line int, parts ...string) string {
	if line == 0 {
		return ""
	}
	return fmt.Sprintf("%s\x00%d", key(parts...), line)
}

// pair finds the partners of the findings of now among those of before, each once: the result has, for each of now, the
// index of its partner or -1.
func pair(now []candidate, before []known) []int {
	partner := make([]int, len(now))
	for i := range partner {
		partner[i] = -1
	}
	taken := make([]bool, len(before))
	for _, rank := range ranks {
		free := map[string][]int{}
		for j := range before {
			if b := &before[j]; !taken[j] {
				if k := rank(&b.Entry, b.line, b.gone); k != "" {
					free[k] = append(free[k], j)
				}
			}
		}
		for i := range now {
			if partner[i] >= 0 {
				continue
			}
			n := &now[i]
			k := rank(&n.Entry, n.line, true)
			if js := free[k]; k != "" && len(js) > 0 {
				partner[i], free[k] = js[0], js[1:]
				taken[js[0]] = true
			}
		}
	}
	return partner
}

func candidatesOf(fs []*finding.Finding, path func(string) string) []candidate {
	out := make([]candidate, len(fs))
	for i, f := range fs {
		out[i] = candidate{baseline.Of(f, path(f.Path)), f.Start.Line}
	}
	return out
}
