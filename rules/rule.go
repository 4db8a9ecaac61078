package rules

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Severity says what a finding asks of its reader. The zero value is no
// severity: "take the rule's own".
type Severity uint8

// The severities, lowest first, so that they compare with < and >=.
const (
	Advice  Severity = iota + 1 // could be better; nothing is broken
	Warning                     // probably wrong, or wrong on a rare path
	Error                       // wrong; gates a build by default
)

// String returns the word that users read and type: advice, warning, error.
func (s Severity) String() string {
	switch s {
	case Advice:
		return "advice"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return "none"
}

// ParseSeverity is the inverse of [Severity.String]. It also takes the short
// forms E, W and I of the rule tables.
func ParseSeverity(s string) (Severity, error) {
	switch strings.ToLower(s) {
	case "advice", "i", "info", "note":
		return Advice, nil
	case "warning", "w", "warn":
		return Warning, nil
	case "error", "e":
		return Error, nil
	}
	return 0, fmt.Errorf("%q is no severity: use error, warning or advice", s)
}

// Confidence says how strong the proof behind a finding is. The zero value is
// High: a rule states it only when its proof is weaker.
type Confidence uint8

// The confidences, strongest first.
const (
	High   Confidence = iota // every step is in the code that was read
	Medium                   // rests on one assumption that is usual
	Low                      // rests on a guess, such as a merged state
)

// String returns high, medium or low.
func (c Confidence) String() string {
	switch c {
	case High:
		return "high"
	case Medium:
		return "medium"
	}
	return "low"
}

// Lowered returns s as it is shown at confidence c: a finding of low
// confidence is one severity below what the rule says, and never below advice.
func (s Severity) Lowered(c Confidence) Severity {
	if c == Low && s > Advice {
		return s - 1
	}
	return s
}

// LangName returns the name of a language that users read: "C#" or "C".
func LangName(l ir.Lang) string {
	if l == ir.CSharp {
		return "C#"
	}
	return "C"
}

// FixSafety says whether a rule offers an edit, and whether the edit can
// change what correct code does.
type FixSafety uint8

// The fix safeties.
const (
	NoFix     FixSafety = iota // the page says what to do; no edit is offered
	SafeFix                    // applied by --fix
	UnsafeFix                  // applied only when asked for by name
)

// String returns none, safe or unsafe.
func (f FixSafety) String() string {
	switch f {
	case SafeFix:
		return "safe"
	case UnsafeFix:
		return "unsafe"
	}
	return "none"
}

// Rule is one code: its card and the analysis behind it. Rules that are one
// defect in two languages share one Analyzer.
type Rule struct {
	Code     string    // "PIN101": what goes into settings, pragmas and SARIF
	Name     string    // "fixed-ends-pending": reads well after "allow"
	Title    string    // one line, no full stop
	Langs    []ir.Lang // the languages of the code it reports on
	Severity Severity  // what a finding of High confidence has
	CWE      int       // 0 where no entry fits
	Since    string    // the first release that had it
	Fix      FixSafety // whether an edit is offered
	Folder   string    // below rules/: "pins"
	Doc      string    // the page, in Markdown (the embedded PINxxx.md)

	Analyzer *analysis.Analyzer // set by [Define]; its result is []Raw
}

// Family returns the prefix that the rule shares with its neighbours, such as
// "PIN3" for PIN301. It can be given wherever a rule can be selected.
func (r *Rule) Family() string {
	if len(r.Code) < 4 {
		return r.Code
	}
	return r.Code[:4]
}

// FamilyTitle names the family of r for tables and headings.
func (r *Rule) FamilyTitle() string {
	if t, ok := familyTitles[r.Family()]; ok {
		return t
	}
	return r.Family()
}

var familyTitles = map[string]string{
	"PIN0": "suppressions",
	"PIN1": "overlapped I/O in C#",
	"PIN2": "overlapped I/O in C",
	"PIN3": "pins and the pinned object heap",
	"PIN4": "handles and other native resources",
	"PIN5": "imports",
	"PIN6": "GC transition",
	"PIN7": "contracts between C# and C",
	"PIN8": "kernel-mode C",
}
