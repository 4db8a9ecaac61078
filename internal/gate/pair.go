package gate

import (
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/internal/baseline"
	"github.com/pinvet/pinvet/internal/finding"
)

// known is a finding of before: an entry of a baseline, or a finding at the base.
type known struct {
	baseline.Entry // its path is that of now, where git says that the file was renamed
	trail
}

// trail is what helps to find something again that is not where it was.
type trail struct {
	line  int  // where it is now (from 1), if that is known; else 0
	moved bool // the file no longer has that function, or is gone
	gone  bool // the file is gone
}

// candidate is a finding of now.
type candidate struct {
	baseline.Entry
	line int
}

// ranks are the likenesses by which a finding of now and one of before are the same, strongest first. Each gives a key
// to both; "" means that it says nothing. Findings pair up by the first rank in which both are free.
var ranks = []func(e *baseline.Entry, t trail) string{
	// Equal statements in one function are told apart by their lines where those are known.
	func(e *baseline.Entry, t trail) string {
		return onLine(t, e.Path, e.Code, e.Function, e.Subject, e.Place)
	},
	// Edits elsewhere, other formatting.
	func(e *baseline.Entry, _ trail) string { return key(e.Path, e.Fingerprint) },
	func(e *baseline.Entry, t trail) string { return onLine(t, e.Path, e.Code) },
	// The function, type or namespace has another name.
	func(e *baseline.Entry, t trail) string { return given(t.moved, e.Path, e.Place) },
	// The file was renamed, or the code moved to another one.
	func(e *baseline.Entry, t trail) string { return given(t.moved, e.Fingerprint) },
	// A type was renamed together with its file.
	func(e *baseline.Entry, t trail) string {
		return given(t.gone, e.Place, e.Function[strings.LastIndexByte(e.Function, '.')+1:])
	},
	// The statement itself was edited, and what it is about in this function has the same defect.
	func(e *baseline.Entry, _ trail) string {
		return given(e.Subject != "" && e.Function != "", e.Path, e.Code, e.Function, e.Subject)
	},
}

func key(parts ...string) string { return strings.Join(parts, "\x00") }

func given(ok bool, parts ...string) string {
	if !ok {
		return ""
	}
	return key(parts...)
}

func onLine(t trail, parts ...string) string {
	return given(t.line > 0, append(parts, strconv.Itoa(t.line))...)
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
				if k := rank(&b.Entry, b.trail); k != "" {
					free[k] = append(free[k], j)
				}
			}
		}
		for i := range now {
			if partner[i] >= 0 {
				continue
			}
			n := &now[i]
			k := rank(&n.Entry, trail{n.line, true, true})
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
