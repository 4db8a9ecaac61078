package protocol

import (
	"encoding/json"
	"strconv"

	lsp "github.com/sourcegraph/go-lsp"
)

// Diagnostic is lsp.Diagnostic with what LSP has added since. Code shadows the embedded one, which
// stays empty: other servers' codes are numbers.
type Diagnostic struct {
	lsp.Diagnostic
	Code               Code                    `json:"code,omitzero"`
	CodeDescription    *CodeDescription        `json:"codeDescription,omitempty"`
	Tags               []DiagnosticTag         `json:"tags,omitempty"`
	RelatedInformation []DiagnosticRelatedInfo `json:"relatedInformation,omitempty"`
	Data               json.RawMessage         `json:"data,omitempty"`
}

// CodeDescription links a code to its page.
type CodeDescription struct {
	Href string `json:"href"`
}

// DiagnosticTag asks for a special look.
type DiagnosticTag int

// The tags.
const (
	TagUnnecessary DiagnosticTag = 1
	TagDeprecated  DiagnosticTag = 2
)

// DiagnosticRelatedInfo is a step that led to a diagnostic.
type DiagnosticRelatedInfo struct {
	Location Location `json:"location"`
	Message  string   `json:"message"`
}

// Code is the code of a diagnostic: a number or a string.
type Code struct {
	Text   string // the code, or the digits of the number
	Number bool
}

// IsZero tells whether there is no code.
func (c Code) IsZero() bool { return c.Text == "" }

// MarshalJSON writes a number or a string.
func (c Code) MarshalJSON() ([]byte, error) {
	if c.Number {
		return []byte(c.Text), nil
	}
	return json.Marshal(c.Text)
}

// UnmarshalJSON takes a number, a string or null.
func (c *Code) UnmarshalJSON(data []byte) error {
	var n json.Number
	if err := json.Unmarshal(data, &c.Text); err == nil {
		c.Number = false
		return nil
	}
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	if _, err := strconv.ParseFloat(string(n), 64); err != nil {
		return err
	}
	*c = Code{string(n), true}
	return nil
}

// PublishDiagnosticsParams pushes the diagnostics of one version of one document.
type PublishDiagnosticsParams struct {
	URI         DocumentURI      `json:"uri"`
	Version     *int             `json:"version,omitempty"`
	Diagnostics List[Diagnostic] `json:"diagnostics"`
}

// DocumentDiagnosticParams asks for the diagnostics of one document (pull).
type DocumentDiagnosticParams struct {
	TextDocument     TextDocumentIdentifier `json:"textDocument"`
	Identifier       string                 `json:"identifier,omitempty"`
	PreviousResultID string                 `json:"previousResultId,omitempty"`
}

// WorkspaceDiagnosticParams asks for the diagnostics of all documents (pull).
type WorkspaceDiagnosticParams struct {
	Identifier         string             `json:"identifier,omitempty"`
	PreviousResultIDs  []PreviousResultID `json:"previousResultIds"`
	WorkDoneToken      Token              `json:"workDoneToken,omitzero"`
	PartialResultToken Token              `json:"partialResultToken,omitzero"`
}

// PreviousResultID says what a client has of a document.
type PreviousResultID struct {
	URI   DocumentURI `json:"uri"`
	Value string      `json:"value"`
}

// Kinds of reports.
const (
	ReportFull      = "full"
	ReportUnchanged = "unchanged"
)

// DocumentDiagnosticReport answers a pull. Items is nil in an unchanged one, and is absent then.
type DocumentDiagnosticReport struct {
	Kind     string            `json:"kind"`
	ResultID string            `json:"resultId,omitempty"`
	Items    *List[Diagnostic] `json:"items,omitempty"`
}

// WorkspaceDocumentDiagnosticReport is the report of one document in a workspace pull.
type WorkspaceDocumentDiagnosticReport struct {
	DocumentDiagnosticReport
	URI     DocumentURI `json:"uri"`
	Version *int        `json:"version"`
}

// WorkspaceDiagnosticReport answers a workspace pull.
type WorkspaceDiagnosticReport struct {
	Items List[WorkspaceDocumentDiagnosticReport] `json:"items"`
}
