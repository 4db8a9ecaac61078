// The messages of LSP 3.17 that pinvet or its clients send, by method, in the protocol package's own types.
import type * as p from "vscode-languageserver-protocol";

export interface Requests {
  "initialize": { params: p.InitializeParams; result: p.InitializeResult };
  "shutdown": { params?: null; result: null };
  "textDocument/hover": { params: p.HoverParams; result: p.Hover | null };
  "textDocument/definition": { params: p.DefinitionParams; result: p.Definition | p.LocationLink[] | null };
  "textDocument/references": { params: p.ReferenceParams; result: p.Location[] | null };
  "textDocument/codeAction": { params: p.CodeActionParams; result: (p.Command | p.CodeAction)[] | null };
  "codeAction/resolve": { params: p.CodeAction; result: p.CodeAction };
  "textDocument/diagnostic": { params: p.DocumentDiagnosticParams; result: p.DocumentDiagnosticReport };
  "workspace/diagnostic": { params: p.WorkspaceDiagnosticParams; result: p.WorkspaceDiagnosticReport };
  "workspace/executeCommand": { params: p.ExecuteCommandParams; result: p.LSPAny | null };
  "workspace/applyEdit": { params: p.ApplyWorkspaceEditParams; result: p.ApplyWorkspaceEditResult };
  "workspace/configuration": { params: p.ConfigurationParams; result: p.LSPAny[] };
  "workspace/workspaceFolders": { params?: null; result: p.WorkspaceFolder[] | null };
  "workspace/diagnostic/refresh": { params?: null; result: null };
  "client/registerCapability": { params: p.RegistrationParams; result: null };
  "client/unregisterCapability": { params: p.UnregistrationParams; result: null };
  "window/workDoneProgress/create": { params: p.WorkDoneProgressCreateParams; result: null };
  "window/showMessageRequest": { params: p.ShowMessageRequestParams; result: p.MessageActionItem | null };
  "window/showDocument": { params: p.ShowDocumentParams; result: p.ShowDocumentResult };
}

export interface Notifications {
  "initialized": { params: p.InitializedParams };
  "exit": { params?: null };
  "textDocument/didOpen": { params: p.DidOpenTextDocumentParams };
  "textDocument/didChange": { params: p.DidChangeTextDocumentParams };
  "textDocument/didSave": { params: p.DidSaveTextDocumentParams };
  "textDocument/didClose": { params: p.DidCloseTextDocumentParams };
  "textDocument/publishDiagnostics": { params: p.PublishDiagnosticsParams };
  "workspace/didChangeConfiguration": { params: p.DidChangeConfigurationParams };
  "workspace/didChangeWatchedFiles": { params: p.DidChangeWatchedFilesParams };
  "workspace/didChangeWorkspaceFolders": { params: p.DidChangeWorkspaceFoldersParams };
  "window/logMessage": { params: p.LogMessageParams };
  "window/showMessage": { params: p.ShowMessageParams };
  "window/workDoneProgress/cancel": { params: p.WorkDoneProgressCancelParams };
  "$/cancelRequest": { params: { id: number | string } };
  "$/setTrace": { params: p.SetTraceParams };
  "$/logTrace": { params: p.LogTraceParams };
  "$/progress": { params: { token: p.ProgressToken; value: Progress } };
}

type Progress =
  | p.WorkDoneProgressBegin
  | p.WorkDoneProgressReport
  | p.WorkDoneProgressEnd
  | p.WorkspaceDiagnosticReportPartialResult;

export interface Messages {
  requests: Requests;
  notifications: Notifications;
}
