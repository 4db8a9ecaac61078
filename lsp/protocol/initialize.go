package protocol

import (
	"encoding/json"

	lsp "github.com/sourcegraph/go-lsp"
)

// InitializeParams is lsp.InitializeParams with what LSP has added. The members that shadow
// embedded ones have another shape today: the token may be a number, processId and rootUri null.
type InitializeParams struct {
	lsp.InitializeParams
	ProcessID             *int               `json:"processId"`
	RootURI               *DocumentURI       `json:"rootUri"`
	RootPath              *string            `json:"rootPath,omitempty"`
	ClientInfo            *lsp.ClientInfo    `json:"clientInfo,omitempty"`
	Locale                string             `json:"locale,omitempty"`
	WorkDoneToken         Token              `json:"workDoneToken,omitzero"`
	WorkspaceFolders      []WorkspaceFolder  `json:"workspaceFolders,omitempty"`
	InitializationOptions json.RawMessage    `json:"initializationOptions,omitempty"`
	Capabilities          ClientCapabilities `json:"capabilities"`
}

// WorkspaceFolder is one root.
type WorkspaceFolder struct {
	URI  DocumentURI `json:"uri"`
	Name string      `json:"name"`
}

// DidChangeWorkspaceFoldersParams says which roots came and went.
type DidChangeWorkspaceFoldersParams struct {
	Event struct {
		Added   []WorkspaceFolder `json:"added"`
		Removed []WorkspaceFolder `json:"removed"`
	} `json:"event"`
}

// ClientCapabilities are those that pinvet looks at.
type ClientCapabilities struct {
	Workspace struct {
		ApplyEdit     bool `json:"applyEdit,omitempty"`
		WorkspaceEdit struct {
			DocumentChanges bool `json:"documentChanges,omitempty"`
		} `json:"workspaceEdit,omitzero"`
		DidChangeWatchedFiles  dynamicRegistration `json:"didChangeWatchedFiles,omitzero"`
		DidChangeConfiguration dynamicRegistration `json:"didChangeConfiguration,omitzero"`
		WorkspaceFolders       bool                `json:"workspaceFolders,omitempty"`
		Configuration          bool                `json:"configuration,omitempty"`
		Diagnostics            struct {
			RefreshSupport bool `json:"refreshSupport,omitempty"`
		} `json:"diagnostics,omitzero"`
	} `json:"workspace,omitzero"`
	TextDocument struct {
		PublishDiagnostics struct {
			RelatedInformation     bool `json:"relatedInformation,omitempty"`
			VersionSupport         bool `json:"versionSupport,omitempty"`
			CodeDescriptionSupport bool `json:"codeDescriptionSupport,omitempty"`
			DataSupport            bool `json:"dataSupport,omitempty"`
		} `json:"publishDiagnostics,omitzero"`
		Diagnostic *struct {
			RelatedDocumentSupport bool `json:"relatedDocumentSupport,omitempty"`
		} `json:"diagnostic,omitempty"`
		Hover struct {
			ContentFormat []string `json:"contentFormat,omitempty"`
		} `json:"hover,omitzero"`
		CodeAction struct {
			CodeActionLiteralSupport *struct{} `json:"codeActionLiteralSupport,omitempty"`
			DataSupport              bool      `json:"dataSupport,omitempty"`
			IsPreferredSupport       bool      `json:"isPreferredSupport,omitempty"`
		} `json:"codeAction,omitzero"`
	} `json:"textDocument,omitzero"`
	Window struct {
		WorkDoneProgress bool `json:"workDoneProgress,omitempty"`
		ShowDocument     struct {
			Support bool `json:"support,omitempty"`
		} `json:"showDocument,omitzero"`
	} `json:"window,omitzero"`
	General struct {
		PositionEncodings []PositionEncoding `json:"positionEncodings,omitempty"`
	} `json:"general,omitzero"`
}

type dynamicRegistration struct {
	DynamicRegistration bool `json:"dynamicRegistration,omitempty"`
}

// PositionEncoding says what Position.Character counts.
type PositionEncoding string

// The encodings. UTF-16 is what counts when nothing is agreed on.
const (
	UTF8  PositionEncoding = "utf-8"
	UTF16 PositionEncoding = "utf-16"
	UTF32 PositionEncoding = "utf-32"
)

// InitializeResult says what the server can do.
type InitializeResult struct {
	Capabilities ServerCapabilities `json:"capabilities"`
	ServerInfo   ServerInfo         `json:"serverInfo"`
}

// ServerInfo names the server.
type ServerInfo struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// ServerCapabilities are those that pinvet has.
type ServerCapabilities struct {
	PositionEncoding       PositionEncoding         `json:"positionEncoding,omitempty"`
	TextDocumentSync       *TextDocumentSyncOptions `json:"textDocumentSync,omitempty"`
	HoverProvider          bool                     `json:"hoverProvider,omitempty"`
	DefinitionProvider     bool                     `json:"definitionProvider,omitempty"`
	ReferencesProvider     bool                     `json:"referencesProvider,omitempty"`
	CodeActionProvider     *CodeActionOptions       `json:"codeActionProvider,omitempty"`
	DiagnosticProvider     *DiagnosticOptions       `json:"diagnosticProvider,omitempty"`
	ExecuteCommandProvider *ExecuteCommandOptions   `json:"executeCommandProvider,omitempty"`
	Workspace              *WorkspaceCapabilities   `json:"workspace,omitempty"`
}

// CodeActionOptions lists the kinds that are offered.
type CodeActionOptions struct {
	CodeActionKinds List[CodeActionKind] `json:"codeActionKinds"`
}

// DiagnosticOptions offers pull diagnostics.
type DiagnosticOptions struct {
	Identifier            string `json:"identifier,omitempty"`
	InterFileDependencies bool   `json:"interFileDependencies"`
	WorkspaceDiagnostics  bool   `json:"workspaceDiagnostics"`
}

// ExecuteCommandOptions lists commands.
type ExecuteCommandOptions struct {
	Commands List[string] `json:"commands"`
}

// WorkspaceCapabilities is what the server knows of workspaces.
type WorkspaceCapabilities struct {
	WorkspaceFolders struct {
		Supported           bool `json:"supported"`
		ChangeNotifications bool `json:"changeNotifications"`
	} `json:"workspaceFolders"`
}

// DidSaveTextDocumentParams says that a document was saved; Text is there when it was asked for.
type DidSaveTextDocumentParams struct {
	TextDocument TextDocumentIdentifier `json:"textDocument"`
	Text         *string                `json:"text,omitempty"`
}
