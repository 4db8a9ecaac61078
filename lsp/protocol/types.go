package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"

	lsp "github.com/sourcegraph/go-lsp"
)

// Types that are used as go-lsp has them.
type (
	Position                        = lsp.Position // 0-based; Character in units of the position encoding
	Range                           = lsp.Range
	Location                        = lsp.Location
	TextEdit                        = lsp.TextEdit
	DocumentURI                     = lsp.DocumentURI
	TextDocumentIdentifier          = lsp.TextDocumentIdentifier
	TextDocumentItem                = lsp.TextDocumentItem
	VersionedTextDocumentIdentifier = lsp.VersionedTextDocumentIdentifier
	TextDocumentPositionParams      = lsp.TextDocumentPositionParams
	DidOpenTextDocumentParams       = lsp.DidOpenTextDocumentParams
	DidChangeTextDocumentParams     = lsp.DidChangeTextDocumentParams
	TextDocumentContentChangeEvent  = lsp.TextDocumentContentChangeEvent
	DidCloseTextDocumentParams      = lsp.DidCloseTextDocumentParams
	DidChangeConfigurationParams    = lsp.DidChangeConfigurationParams
	DidChangeWatchedFilesParams     = lsp.DidChangeWatchedFilesParams
	ConfigurationParams             = lsp.ConfigurationParams
	ConfigurationItem               = lsp.ConfigurationItem
	ShowMessageParams               = lsp.ShowMessageParams
	LogMessageParams                = lsp.LogMessageParams
	MessageType                     = lsp.MessageType
	ReferenceParams                 = lsp.ReferenceParams
	Command                         = lsp.Command
	ExecuteCommandParams            = lsp.ExecuteCommandParams
	DiagnosticSeverity              = lsp.DiagnosticSeverity
	SaveOptions                     = lsp.SaveOptions
	TextDocumentSyncOptions         = lsp.TextDocumentSyncOptions
	TextDocumentSyncKind            = lsp.TextDocumentSyncKind
)

// Kinds of messages and severities, with the types that go-lsp forgets on all but the first.
const (
	SeverityError   DiagnosticSeverity = 1
	SeverityWarning DiagnosticSeverity = 2
	SeverityInfo    DiagnosticSeverity = 3
	SeverityHint    DiagnosticSeverity = 4

	MessageError   MessageType = 1
	MessageWarning MessageType = 2
	MessageInfo    MessageType = 3
	MessageLog     MessageType = 4

	SyncIncremental TextDocumentSyncKind = 2

	FileCreated = 1
	FileChanged = 2
	FileDeleted = 3
)

// List is a slice that is [] on the wire when it is nil: many clients do not take null for an array.
type List[T any] []T

// MarshalJSON writes an array in every case.
func (l List[T]) MarshalJSON() ([]byte, error) {
	if l == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]T(l))
}

// Token is a progress token: a number or a string. It is written as it was read.
type Token struct{ raw json.RawMessage }

// StringToken makes a token of a string.
func StringToken(s string) Token {
	raw, _ := json.Marshal(s) // a string always marshals
	return Token{raw}
}

// IsZero tells whether there is no token.
func (t Token) IsZero() bool { return len(t.raw) == 0 }

// String is the token as it stands on the wire.
func (t Token) String() string { return string(t.raw) }

// MarshalJSON writes the token; null without one.
func (t Token) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return t.raw, nil
}

// UnmarshalJSON takes a number, a string or null.
func (t *Token) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case string(data) == "null":
		t.raw = nil
	case len(data) > 0 && (data[0] == '"' || data[0] == '-' || data[0] >= '0' && data[0] <= '9'):
		t.raw = bytes.Clone(data)
	default:
		return fmt.Errorf("a token is a number or a string, not %.20s", data)
	}
	return nil
}
