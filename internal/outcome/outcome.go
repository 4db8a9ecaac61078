// Package outcome is what a run has to say besides its findings: problems,
// each at a place, and counts of what was read and understood.
//
// In: whatever walk and driver met. Out: plain data for the reports.
//
// Invariants:
//   - A problem never stops a run; what it cost (a file, an analyzer) is in its
//     text, and the run goes on with the rest.
//   - Silence is no proof: a file that was skipped, or read only in part, is
//     counted with its reason.
package outcome

import (
	"cmp"
	"slices"
)

// Level says how much a problem took away.
type Level uint8

// The levels, lowest first.
const (
	Note    Level = iota + 1 // a part of a file was not understood
	Warning                  // a file or folder was not analysed
	Error                    // a part of pinvet failed
)

// String returns note, warning or error, the words of SARIF.
func (l Level) String() string {
	switch l {
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return "note"
}

// Kind names what went wrong; the word is part of the JSON and SARIF formats.
type Kind string

// The kinds of problems.
const (
	Unreadable    Kind = "unreadable"     // the disk did not give the file or folder
	NotAnalysed   Kind = "not-analysed"   // read, but too big, binary, or in a language that is not analysed
	NotUnderstood Kind = "not-understood" // a part of the file did not parse or lower
	GaveUp        Kind = "gave-up"        // a function was too much for the interpreter's bounds
	Configuration Kind = "configuration"  // a line of an .editorconfig file means nothing
	Stale         Kind = "stale-entry"    // an entry of the baseline that matches nothing any more
	Internal      Kind = "internal"       // pinvet itself failed: a bug
)

// Problem is one thing that went wrong at one place.
type Problem struct {
	Kind  Kind
	Level Level
	Path  string // as shown; "" when it is about the whole run
	Line  int    // 1-based; 0 when it is about the whole file
	Text  string // one sentence, without full stop
}

// Sort puts problems into their total order: by path, line, kind and text.
func Sort(ps []Problem) {
	slices.SortFunc(ps, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Text, b.Text),
		)
	})
}

// Reason says why a file was passed over without reading all of it.
type Reason string

// The reasons, as they are shown.
const (
	Ignored    Reason = "ignored by .gitignore"
	Excluded   Reason = "excluded by pinvet.yaml"
	TooBig     Reason = "too big"
	Binary     Reason = "not text"
	CPlusPlus  Reason = "C++"
	Link       Reason = "symbolic link"
	OtherType  Reason = "neither C# nor C"
	NoAccess   Reason = "unreadable"
	FailedHere Reason = "pinvet failed on it"
)

// Skip is a file that was passed over, or a folder: then the path ends in a slash.
type Skip struct {
	Path   string // as shown
	Reason Reason
}

// Count is a number of files with one reason.
type Count struct {
	Reason Reason `json:"reason"`
	Files  int    `json:"files"`
}

// Left names why findings are not shown although they are there.
type Left string

// The reasons to leave a finding out, as they are shown.
const (
	InBaseline Left = "in the baseline"
	AtBase     Left = "known at the merge base"
	NotStaged  Left = "not in staged files"
)

// LeftOut is a number of findings with one reason not to show them.
type LeftOut struct {
	Reason   Left `json:"reason"`
	Findings int  `json:"findings"`
}

// Stats counts the files of a run. Files = Read + the sum of Skipped; of the
// files read, Analysed went the whole way, and Partial of those have at least
// one place that was not understood. Skimmed of them were looked through for words
// and not parsed, because nothing in them matters: their functions do not count.
type Stats struct {
	Files       int     `json:"files"`
	Read        int     `json:"read"`
	Bytes       int     `json:"bytes"`
	Analysed    int     `json:"analysed"`
	Skimmed     int     `json:"skimmed,omitempty"`
	Partial     int     `json:"partial"`
	Generated   int     `json:"generated"`
	Functions   int     `json:"functions"`
	Imports     int     `json:"imports"`
	Interpreted int     `json:"interpreted"`
	Bounded     int     `json:"bounded"`
	Skipped     []Count `json:"skipped,omitempty"`

	LeftOut []LeftOut `json:"leftOut,omitempty"` // findings that do not count, in the order in which that was decided
	Stale   int       `json:"stale,omitempty"`   // entries of the baseline that match nothing
}

// Skip adds one file with reason r, keeping the reasons in order.
func (s *Stats) Skip(r Reason) {
	i, found := slices.BinarySearchFunc(s.Skipped, r, func(c Count, r Reason) int { return cmp.Compare(c.Reason, r) })
	if !found {
		s.Skipped = slices.Insert(s.Skipped, i, Count{Reason: r})
	}
	s.Skipped[i].Files++
}

// Add adds the counts of another run.
func (s *Stats) Add(o Stats) {
	s.Files += o.Files
	s.Read += o.Read
	s.Bytes += o.Bytes
	s.Analysed += o.Analysed
	s.Skimmed += o.Skimmed
	s.Partial += o.Partial
	s.Generated += o.Generated
	s.Functions += o.Functions
	s.Imports += o.Imports
	s.Interpreted += o.Interpreted
	s.Bounded += o.Bounded
	s.LeftOut = append(s.LeftOut, o.LeftOut...)
	s.Stale += o.Stale
	for _, c := range o.Skipped {
		for range c.Files {
			s.Skip(c.Reason)
		}
	}
}

// SkippedFiles is the number of files that were passed over.
func (s *Stats) SkippedFiles() int {
	n := 0
	for _, c := range s.Skipped {
		n += c.Files
	}
	return n
}
