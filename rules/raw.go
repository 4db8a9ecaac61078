package rules

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// Loc is a place in a lowered file: byte offsets into the file's text.
type Loc struct {
	File *ir.File
	Span ir.Span
}

// Step is one link of the chain that leads to a finding.
type Step struct {
	Loc
	Kind string // one word: "pin", "start", "end"
	Text string // "pinned here"
}

// Edit replaces a place by new text.
type Edit struct {
	Loc
	NewText string
}

// Fix is one way to mend a finding.
type Fix struct {
	Text   string // "free the handle in a finally block"
	Safety FixSafety
	Edits  []Edit
}

// Raw is a finding as a rule reports it. Message, place, function and code come
// from [Pass.Report]; a rule sets the rest where it differs from its card.
type Raw struct {
	Loc
	Rule       *Rule // whose code it has
	Severity   Severity
	Confidence Confidence
	Message    string   // one sentence that names the buffer or handle and says why it is unsafe
	Func       *ir.Func // the enclosing function; nil at file level
	Subject    string   // the buffer, handle or object, as written; "" if it has no name
	Steps      []Step
	Fixes      []Fix
}
