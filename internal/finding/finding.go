package finding

import (
	"cmp"

	"github.com/pinvet/pinvet/rules"
)

// Position is a place in a file as it is on disk.
type Position struct {
	Line   int // 1-based
	Column int // 1-based, in UTF-16 code units, as editors and SARIF count
	Offset int // 0-based, in bytes of the file on disk, byte-order mark included
}

// Span is a half-open range of one file.
type Span struct {
	Path  string // as shown to the user: slashes, relative to where pinvet runs
	Start Position
	End   Position // the position after the last character
}

// StepKind names what a step of a trace does, in one word of a closed list;
// the list is in analyzers/lifetime.
type StepKind string

// Step is one link of the chain that leads to a finding.
type Step struct {
	Span
	Text string // "pinned here"
	Kind StepKind
}

// Edit replaces the bytes of a span by new text. Offsets are those of the file
// on disk; NewText is UTF-8 with "\n" line ends, and whoever applies the edit
// encodes it as the file is encoded.
type Edit struct {
	Span
	NewText string
}

// Fix is one way to mend a finding.
type Fix struct {
	Text   string // what it does: "free the handle in a finally block"
	Safety rules.FixSafety
	Edits  []Edit // never overlapping, in order of path and offset
}

// BaselineState says how a finding compares with an earlier state of the code; the words are those
// of SARIF's baselineState.
type BaselineState string

// The states.
const (
	New       BaselineState = "new"       // it is not known from before, or lies on what changed since
	Unchanged BaselineState = "unchanged" // it is known from before, so it is left out
)

// Finding is one defect as it is shown.
type Finding struct {
	Span // what the caret points at

	Code       string
	Name       string
	Severity   rules.Severity
	Confidence rules.Confidence
	Message    string // one sentence: which buffer or handle, and why it is unsafe
	Function   string // the enclosing function, qualified; "" at file level
	Subject    string // the buffer, handle or object that it is about; may be ""
	Statement  string // the source text of the enclosing statement
	Generated  bool   // the file is generated code
	Steps      []Step
	Fixes      []Fix
	CWE        int // 0: none fits

	// Baseline is New or Unchanged where findings were compared with an earlier state of the code,
	// else "".
	Baseline BaselineState

	// Fingerprint identifies the finding across edits elsewhere in the file;
	// set by the pipeline.
	Fingerprint string

	// Suppression says that somebody decided against showing the finding; nil: nobody did.
	Suppression *Suppression
}

// SuppressionKind says where a finding is suppressed, in the words of SARIF.
type SuppressionKind string

// The kinds of suppressions.
const (
	InSource SuppressionKind = "inSource" // a comment, pragma or attribute in the code
	External SuppressionKind = "external" // in a file of its own; no such files are read
)

// Suppression is the decision not to show a finding.
type Suppression struct {
	Kind          SuppressionKind
	Justification string // the reason given; "" where none is asked for
	Span                 // of the comment, pragma or attribute; no Path where it has no place
}

// Compare is the total order of the output: path, start, code, message, then
// everything else that can differ, so that equal inputs give equal bytes.
func Compare(a, b *Finding) int {
	return cmp.Or(
		cmp.Compare(a.Path, b.Path),
		cmp.Compare(a.Start.Line, b.Start.Line),
		cmp.Compare(a.Start.Column, b.Start.Column),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Subject, b.Subject),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(a.Confidence, b.Confidence),
		cmp.Compare(len(a.Steps), len(b.Steps)),
		cmp.Compare(a.Message, b.Message),
		cmp.Compare(a.End.Offset, b.End.Offset),
		compareSteps(a.Steps, b.Steps),
	)
}

func compareSteps(a, b []Step) int {
	for i := range a {
		if i >= len(b) {
			return 1
		}
		c := cmp.Or(
			cmp.Compare(a[i].Path, b[i].Path),
			cmp.Compare(a[i].Start.Offset, b[i].Start.Offset),
			cmp.Compare(a[i].End.Offset, b[i].End.Offset),
			cmp.Compare(a[i].Text, b[i].Text),
		)
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}
